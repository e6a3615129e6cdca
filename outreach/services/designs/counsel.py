"""The participation card: counsel's wording as it was given, and nothing of ours, no number, no name, no code."""

from __future__ import annotations

from outreach.core.cards import Card
from outreach.core.refusal import N_, Refusal
from outreach.services.designs.asking import Answer, Asked, Source, Strings
from outreach.services.participation import entered
from outreach.services.program import Program


class ParticipationOff(Refusal):
    sentence = N_(
        "The participation card is off. It tells whoever finds it that its carrier comes to the program. Only where a "
        "statute says that such a card helps, ask counsel for its wording and enter it: `outreach participation "
        "--state XX --statute TEXT --wording FILE --by GROUP --day DAY`. Nothing was printed."
    )
    on_pages = N_(
        "The participation card is off. It tells whoever finds it that its carrier comes to the program. Only where a "
        "statute says that such a card helps, ask counsel for its wording. No page takes the wording in: whoever looks "
        "after this laptop enters it once, by a command. Nothing was printed."
    )


class OnlyAsGiven(Refusal):
    sentence = N_(
        "Counsel's wording for the participation card was given in {given} and is printed only so, not in {language}. "
        "Nothing was printed."
    )


def answer(asked: Asked) -> Answer:
    found = entered(asked.program)
    if found is None:
        raise ParticipationOff()
    if found.language != asked.language.tag:
        raise OnlyAsGiven(given=found.language, language=asked.language.tag)
    return Answer({"paragraphs": list(found.paragraphs), "statute": found.statute})


def needed(program: Program, card: Card) -> Strings:
    return []


SOURCE = Source(answer, needed)
