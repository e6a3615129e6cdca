"""Ordering cards: what is asked for, the words that go on it, and the press that prints it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outreach.content.laws import find_state
from outreach.content.layouts import find_layout
from outreach.content.printables import CardFolder, find_card, read_card_words
from outreach.content.topics import find_topic, picture_svg
from outreach.core.cards import COPIES_MAX, Card, Copies, LayoutDoesNotFitCard, NotACount, Order
from outreach.core.languages import LINE_MAY_END, Language, Languages, LanguageTag, Wording, keep_words
from outreach.core.layouts import Layout, sheets_needed
from outreach.core.refusal import N_, Refusal
from outreach.core.review import latest
from outreach.core.topics import Topic
from outreach.printing.job import Design, Printed, PrintJob
from outreach.printing.press import Press, printing_refusal
from outreach.services import settings
from outreach.services.program import Program, all_reviewed

__all__ = [
    "Press",
    "Printed",
    "card_languages",
    "card_list",
    "layout_list",
    "new_press",
    "order",
    "print_order",
    "printing_refusal",
    "prints_whole",
]

Context = dict[str, Any]


class NoState(Refusal):
    sentence = N_("The card {card} prints nothing about {state}. Leave --state out. Nothing was printed.")


class StepNotTranslated(Refusal):
    sentence = N_("The card {card} in {language} was not printed: the words of {steps} are not translated.")


class NothingToPrint(Refusal):
    sentence = N_("No cards were asked for. Type how many of at least one language. Nothing was printed.")


def new_press() -> Press:
    """A press with its own worker process, started when the first card is printed."""
    return Press()


def card_list(program: Program, language: Language) -> list[tuple[Card, Wording]]:
    return [
        (each.card, program.wording(language, f"card.{each.card.id}.title", each.card.title))
        for each in program.cards.values()
    ]


def layout_list(program: Program) -> list[Layout]:
    return list(program.layouts.values())


def card_languages(program: Program, card: str | None = None) -> Languages:
    """The languages that a card, or any card, may be asked for in: the guide's, and those with all of its words.

    A language may have its emergency card before it has a guide.
    """
    folders = list(program.cards.values()) if card is None else [find_card(program.cards, card)]
    return Languages(
        tuple(
            row
            for row in program.known_languages
            if row.tag in program.languages
            or any(program.says_all(row, _needed(program, each, row)) for each in folders)
        )
    )


def prints_whole(program: Program, language: Language) -> bool:
    """Whether any card can be printed in this language without a word of it missing."""
    return any(program.says_all(language, _needed(program, each, language)) for each in program.cards.values())


def _needed(program: Program, folder: CardFolder, language: Language) -> list[tuple[str, str]]:
    """What a card cannot do without, as (context, English). What its code says may stay in English: it has to be
    short, and some scripts take three bytes a letter."""
    card, topic = folder.card, find_topic(program.topics, folder.card.topic)
    own = [(context, english) for context, english in card.strings() if context != f"card.{card.id}.qr"]
    key = "draft-english" if language.is_source else "draft-translation"
    return [*own, (f"card.{key}", read_card_words()[key]), *(_string(topic, step) for step in card.steps)]


def order(
    program: Program,
    card: str,
    copies: dict[str, int],
    layout: str | None = None,
    skip: int = 0,
    state: str | None = None,
) -> Order:
    """An order checked from end to end before anything is rendered.

    `copies` by language tag; `layout` by id or stock number, the card's first one by default.
    """
    found = find_card(program.cards, card).card
    stock = find_layout(program.layouts, layout or found.layouts[0])
    if stock.id not in found.layouts:
        raise LayoutDoesNotFitCard(card=found.id, layout=stock.id, known=", ".join(found.layouts))
    if state is not None:
        raise NoState(card=found.id, state=find_state(state))
    if not copies:
        raise NothingToPrint()
    known = card_languages(program, found.id)
    wanted: dict[LanguageTag, int] = {}
    for each, count in copies.items():
        tag = known.get(each).tag
        wanted[tag] = wanted.get(tag, 0) + count
    asked = Order(found.id, tuple(Copies(tag, count) for tag, count in wanted.items()), stock.id, skip)
    if asked.total > COPIES_MAX:
        raise NotACount(given=f"{asked.total:,}", most=f"{COPIES_MAX:,}")
    sheets_needed(asked.total, stock, skip)
    return asked


def print_order(program: Program, press: Press, asked: Order) -> Printed:
    """Render, prove and repeat. Refuses, with nothing handed over, when any card is not right."""
    folder = find_card(program.cards, asked.card)
    known = card_languages(program, asked.card)
    designs = {each.language: design(program, folder, known.get(each.language)) for each in asked.copies}
    return press.print(PrintJob(folder.card, folder.folder, program.layouts[asked.layout], asked, designs))


def design(program: Program, folder: CardFolder, language: Language) -> Design:
    """One card's words in one language, ready for its template."""
    card, topic = folder.card, find_topic(program.topics, folder.card.topic)
    steps = {step: _words(program, topic, step, language) for step in (*card.steps, *card.how_to)}
    missing = [step for step in card.steps if steps[step].language != language]
    if missing:
        # On a screen a missing step is shown in English; on paper the card would speak two languages.
        raise StepNotTranslated(card=card.id, language=language.tag, steps=", ".join(missing))
    title = program.wording(language, f"card.{card.id}.title", card.title)
    code = program.wording(language, f"card.{card.id}.qr", card.qr)
    code_says = program.wording(language, f"card.{card.id}.qr-says", card.qr_says)
    reviewed = all_reviewed([title, code, code_says, *steps.values()])
    own = settings.all_settings(program)
    context: Context = {
        "title": _said(title),
        "steps": _steps(topic, card.steps, steps),
        "back": _back(program, folder, topic, language, steps, reviewed),
        "draft_words": _checked_words(program, language, [title, code, code_says, *steps.values()]),
        "qr_says": _said(code_says),
        "phones": [own["program-phone"]] if own["program-phone"] else [],
        "program": own["program-name"],
        "demo": _card_word(program, language, "demo") if program.home.is_demo else None,
    }
    return Design(
        language=language.tag,
        direction=language.direction.value,
        scripts=tuple(dict.fromkeys(("latin", language.script))),
        context=context,
        qr_text=code.text.replace(LINE_MAY_END, ""),
    )


def _checked_words(program: Program, language: Language, wordings: list[Wording]) -> Context | None:
    """What the card says about itself: reviewed by which role on which day, or that it is a draft."""
    clinician = latest(each.clinician for each in wordings)
    speaker = latest(each.speaker for each in wordings if each.is_translation)
    if all_reviewed(wordings) and not clinician:
        return None  # reviewed where it was made, before it was shipped; who and when stand in locales/
    if language.is_source:
        key = "reviewed-english" if clinician else "draft-english"
    elif speaker:
        key = "reviewed-translation" if clinician else "draft-checked"
    else:
        key = "draft-translation"
    said = program.wording(language, f"card.{key}", read_card_words()[key])
    days = {
        "day": clinician.day.isoformat() if clinician else "",
        "checked": speaker.day.isoformat() if speaker else "",
    }
    return _said(replace(said, text=said.text.format(**days)))


def _back(
    program: Program,
    folder: CardFolder,
    topic: Topic,
    language: Language,
    steps: dict[str, Wording],
    reviewed: bool,
) -> Context:
    """A draft translation carries the same steps in English; English and reviewed words leave room for the how-to."""
    card = folder.card
    if language.is_source or reviewed:
        return {
            "kind": "how-to",
            "title": _card_word(program, language, "how-to"),
            "steps": _steps(topic, card.how_to, steps),
        }
    english = {step: _words(program, topic, step, program.source) for step in card.steps}
    return {
        "kind": "english",
        "title": _said(program.wording(program.source, f"card.{card.id}.title", card.title)),
        "steps": _steps(topic, card.steps, english),
    }


def _words(program: Program, topic: Topic, step_id: str, language: Language) -> Wording:
    return program.wording(language, *_string(topic, step_id))


def _string(topic: Topic, step_id: str) -> tuple[str, str]:
    """What a card prints of a step, as (context, English): its short form where it has one."""
    step = topic.step(step_id)
    if step.short:
        return f"{topic.id}.{step.id}.short", step.short
    return f"{topic.id}.{step.id}", step.text


def _card_word(program: Program, language: Language, key: str) -> Context:
    return _said(program.wording(language, f"card.{key}", read_card_words()[key]))


def _said(wording: Wording) -> Context:
    return {"text": keep_words(wording.shown), "lang": wording.language.tag, "dir": wording.language.direction.value}


def _steps(topic: Topic, ids: tuple[str, ...], said: dict[str, Wording]) -> list[Context]:
    return [
        {"number": n, "picture": _picture(topic, step_id), **_said(said[step_id])} for n, step_id in enumerate(ids, 1)
    ]


def _picture(topic: Topic, step_id: str) -> str:
    name = topic.step(step_id).picture
    return picture_svg(name) if name else ""
