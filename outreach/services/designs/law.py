"""The law of one state on a card: 911 first, what the law may cover, what it might not, who checked it and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from outreach.content.laws import find_law, read_law_lines
from outreach.content.topics import find_topic
from outreach.core.cards import Card
from outreach.core.languages import Language, Wording
from outreach.core.law_checks import LawCheck
from outreach.core.laws import CARD_EVERYWHERE, CHOOSE, LineId, StateLaw
from outreach.core.refusal import N_, Refusal
from outreach.services import law_checks
from outreach.services.designs.asking import (
    Answer,
    Asked,
    Context,
    Source,
    Strings,
    refuse_missing,
    said,
    stands_alone,
)
from outreach.services.laws import EVERYWHERE, TOPIC, SaidLaw, SaidPart, law_in
from outreach.services.program import Program

LEFT_OUT = {"supplies-covered", "supervision-yes", "possession-procedural-too", *EVERYWHERE}
"""Lines that a pocket has no room for: further help that some laws may give, and what `card-everywhere` says."""


class NoState(Refusal):
    sentence = N_("Say which state the card is for, such as UT. Nothing was printed.")


def answer(asked: Asked) -> Answer:
    """`front` in the card's language; `back` is "english" beside a draft, else "sources" with strips and statutes."""
    if "state" not in asked.given:
        raise NoState()
    law = find_law(asked.given["state"])
    check = law_checks.printable(asked.program, law, asked.today)
    told = _told(asked, law, asked.language)
    refuse_missing(asked, told)
    alone = stands_alone(asked, told.values())
    back = _sources(asked, law) if alone else _face(asked, law, check, asked.program.source)
    context = {
        "front": _face(asked, law, check, asked.language),
        "back": {"kind": "sources" if alone else "english", **back},
    }
    return Answer(context, list(told.values()))


def needed(program: Program, card: Card) -> Strings:
    topic = find_topic(program.topics, TOPIC)
    lines = [(f"law.{line.id}", line.text) for line in read_law_lines().values() if line.id != CHOOSE]
    titles = [(f"{TOPIC}.section.{each.id}", each.title) for each in topic.sections if each.id in ("may", "not")]
    return lines + titles


SOURCE = Source(answer, needed, frozenset({"state"}))


def _told(asked: Asked, law: StateLaw, language: Language) -> dict[str, Wording]:
    """Everything that a face says in words of ours, by key."""
    whole = law_in(asked.program, law, language)
    told = {"call-first": whole.first, "checked": asked.line("checked", language)}
    for part in _parts(whole):
        told[part.id] = part.title
        told |= {"help-title": part.lead} if part.lead else {}
        told |= dict(_lines(asked, part, language))
    return told | ({"as-of": whole.parts[1].as_of} if whole.parts[1].as_of else {})


def _parts(whole: SaidLaw) -> tuple[SaidPart, ...]:
    return whole.parts[:2]


def _lines(asked: Asked, part: SaidPart, language: Language) -> Iterator[tuple[str, Wording]]:
    yield from ((line.id, line.text) for line in part.lines if line.id not in LEFT_OUT)
    if part.id == "not":
        yield CARD_EVERYWHERE, _law_line(asked, CARD_EVERYWHERE, language)


def _law_line(asked: Asked, line: LineId, language: Language) -> Wording:
    return asked.program.wording(language, f"law.{line}", read_law_lines()[line].text)


def _face(asked: Asked, law: StateLaw, check: LawCheck, language: Language) -> Context:
    whole = law_in(asked.program, law, language)
    dated = whole.parts[1].as_of  # the oldest day that a line of either part rests on
    checked = asked.line("checked", language)
    filled = checked.text.replace("{by}", check.by).replace("{day}", check.day.isoformat())
    return {
        "first": said(whole.first),
        "state": said(whole.name),
        "parts": [
            {
                "id": part.id,
                "title": said(part.title),
                "lead": said(part.lead) if part.lead else None,
                "lines": [said(wording) for _, wording in _lines(asked, part, language)],
            }
            for part in _parts(whole)
        ],
        "dated": [said(each) for each in (dated, replace(checked, text=filled)) if each],
    }


def _sources(asked: Asked, law: StateLaw) -> Context:
    """Test strips, the statutes and where the row comes from."""
    whole = law_in(asked.program, law, asked.language)
    strips = whole.parts[2]
    origins = (law.law_source, law.selling_source, law.strips_source)
    return {
        "state": said(whole.name),
        "strips": {
            "title": said(strips.title),
            "lines": [said(line.text) for line in strips.lines],
            "dated": said(strips.as_of) if strips.as_of else None,
        },
        "statute": said(whole.statute_label),
        "statutes": [each for each in dict.fromkeys(origin.statute for origin in origins) if each],
        "sources": list(dict.fromkeys(f"{origin.source}, {origin.as_of}" for origin in origins)),
    }
