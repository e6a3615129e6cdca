"""One card in one language, ready for its template: the words of its source and those that every card has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from outreach.content.printables import CardFolder, read_card_words
from outreach.core.cards import Card, Printable
from outreach.core.languages import Language, Wording
from outreach.core.refusal import N_, Refusal
from outreach.core.review import latest
from outreach.printing.job import Design
from outreach.services import settings
from outreach.services.designs import blank_sheet, coding, contact, counsel, labels, law, pointing, steps
from outreach.services.designs.asking import Asked, Context, Source, Strings, said
from outreach.services.program import Program, all_reviewed


class UnknownSource(Refusal):
    sentence = N_("The card {card} takes its words from {words}, and that is nowhere. Places: {known}.")


SOURCES: dict[str, Source] = {
    "steps": steps.SOURCE,
    "law": law.SOURCE,
    "lines": contact.LINES,
    "contact": contact.REACHABLE,
    "kit": labels.KIT,
    "naloxone": labels.NALOXONE,
    "board": pointing.SOURCE,
    "tally": blank_sheet.SOURCE,
    "counsel": counsel.SOURCE,
}
"""By the name that `words` has in card.toml."""


def source_of(card: Card) -> Source:
    """Where a card's words come from; refuses one that names no place there is."""
    if card.words not in SOURCES:
        raise UnknownSource(card=card.id, words=card.words, known=", ".join(SOURCES))
    return SOURCES[card.words]


def takes(card: Card) -> frozenset[str]:
    """What an order may say beside a card, its languages and copies."""
    return source_of(card).takes | (coding.TAKES if card.qr else frozenset())


def needed(program: Program, card: Card, language: Language) -> Strings:
    """What a card cannot do without in a language, as (context, English). What its code says may stay in English: it
    has to be short, and some scripts take three bytes a letter."""
    own = [(context, english) for context, english in card.strings() if context != f"card.{card.id}.qr"]
    key = "draft-english" if language.is_source else "draft-translation"
    return [*own, (f"card.{key}", read_card_words()[key]), *source_of(card).needed(program, card)]


def design(
    program: Program,
    folder: CardFolder,
    language: Language,
    given: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Design:
    """Everything that stands on the card. Refuses when a word of it is missing, or its source has a reason."""
    card = folder.card
    asked = Asked(program, card, language, given or {}, today or date.today())
    answer = source_of(card).answer(asked)
    own = [asked.wording(context, english) for context, english in card.strings()]
    settled = settings.on_cards(program)
    anyone, questions = asked.word("anyone"), asked.word("questions")
    qr_text, qr_says = coding.code(asked)
    context: Context = {
        "title": said(asked.wording(f"card.{card.id}.title", card.title)),
        "lines": {key: said(asked.line(key)) for key in card.lines},
        "english_lines": {key: said(asked.line(key, program.source)) for key in card.lines},
        "draft_words": _checked_words(asked, [*own, *answer.wordings]),
        "qr_says": qr_says,
        "anyone": said(anyone) if anyone.language == language else None,
        "phones": [settled["program-phone"]] if settled["program-phone"] else [],
        "program": settled["program-name"],
        "questions": said(questions) if questions.language == language else None,
        "demo": said(asked.word("demo")) if program.home.is_demo else None,
    }
    return Design(
        printable=Printable(card.id, language.tag),
        folder=folder.folder,
        sides=card.sides,
        direction=language.direction.value,
        scripts=tuple(dict.fromkeys(("latin", language.script))),
        context=context | answer.context,
        qr_text=qr_text,
    )


def _checked_words(asked: Asked, wordings: list[Wording]) -> Context | None:
    """What the card says about itself: reviewed by which role on which day, or that it is a draft."""
    clinician = latest(each.clinician for each in wordings)
    speaker = latest(each.speaker for each in wordings if each.is_translation)
    if all_reviewed(wordings) and not clinician:
        return None  # reviewed where it was made, before it was shipped; who and when stand in locales/
    if asked.language.is_source:
        key = "reviewed-english" if clinician else "draft-english"
    elif speaker:
        key = "reviewed-translation" if clinician else "draft-checked"
    else:
        key = "draft-translation"
    told = asked.word(key)
    days = {
        "day": clinician.day.isoformat() if clinician else "",
        "checked": speaker.day.isoformat() if speaker else "",
    }
    return said(replace(told, text=told.text.format(**days)))
