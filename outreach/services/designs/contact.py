"""Cards that say a few lines of their own beside the program's name, phone and hours."""

from __future__ import annotations

from outreach.content.printables import read_card_words
from outreach.core.cards import Card
from outreach.core.languages import Language, Wording
from outreach.core.refusal import N_, Refusal
from outreach.services import settings
from outreach.services.designs.asking import Answer, Asked, Source, Strings, refuse_missing, said, stands_alone
from outreach.services.designs.coding import TAKES
from outreach.services.phones import notes
from outreach.services.program import Program


class NoContact(Refusal):
    sentence = N_(
        "The card {card} says how to reach the program, and this one has no name and no phone yet. Type one in "
        "Settings, or `outreach settings program-phone 555-0100`. Nothing was printed."
    )
    on_pages = N_(
        "This card says how to reach the program, and no name and no phone are here yet. Type one in Settings. Nothing "
        "was printed."
    )


def answer(asked: Asked) -> Answer:
    """`told` by key in the card's language and, under a draft, `english`; `hours` where the program saved some."""
    told = _told(asked, asked.language)
    refuse_missing(asked, told)
    english = {} if stands_alone(asked, told.values()) else _told(asked, asked.program.source)
    hours = notes(asked.program, asked.language).hours
    context = {
        "told": {key: said(wording) for key, wording in told.items()},
        "english": {key: said(wording) for key, wording in english.items()},
        "hours": said(hours) if hours else None,
    }
    return Answer(context, list(told.values()))


def _told(asked: Asked, language: Language) -> dict[str, Wording]:
    title = asked.program.wording(language, f"card.{asked.card.id}.title", asked.card.title)
    lines = {key: asked.line(key, language) for key in asked.card.lines}
    return {"title": title, "anyone": asked.word("anyone", language), **lines}


def reachable(asked: Asked) -> Answer:
    """The same, refused while there is nothing to reach the program by."""
    settled = settings.needed_on_cards(asked.program)
    if not settled["program-name"] and not settled["program-phone"]:
        raise NoContact(card=asked.card.id)
    return answer(asked)


def needed(program: Program, card: Card) -> Strings:
    return [("card.anyone", read_card_words()["anyone"])]


LINES, REACHABLE = Source(answer, needed), Source(reachable, needed, TAKES)
