"""What a team did in a month, said to the team; and why no names are kept, said to those who ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from outreach.core.answers import Question, figures
from outreach.core.languages import as_set
from outreach.core.periods import Period
from outreach.core.refusal import N_
from outreach.printing.document import Block, Document
from outreach.services import settings
from outreach.services.held_words import in_the_ledger, what_is_not_here
from outreach.services.holding import holdings
from outreach.services.packs import plain
from outreach.services.presenting import Reader, document

THANKED = (
    ("A1", N_("Visits. Each time, someone was there.")),
    ("N1", N_("Naloxone doses in people's hands")),
    ("N4", N_("Reversals that people told of. Each time someone breathed again.")),
    ("S1", N_("Sterile syringes given")),
    ("S4", N_("Test strips given")),
    ("L1", N_("Referrals made")),
    ("E1", N_("Trainings held")),
    ("A3", N_("Sessions held")),
)
"""Indicators that a team may be glad of, by id, and what is said of each."""

TITLE = N_("What we did together")
THANKS = N_("Thank you. From {first} to {last} this team did all of this.")
SO_FAR = N_("Thank you. Since {first} this team did all of this.")
"""Said of a month that is not over."""

LETTER_TITLE = N_("Why we hold no names")
LETTER = (
    N_("This program counts what it hands out. It does not record who comes."),
    N_(
        "People come to a service that does not ask for their name. A list of people who use drugs can be lost, "
        "stolen, or asked for by a court. What is not held cannot be lost and cannot be handed over."
    ),
    N_(
        "The counts answer what public health asks: how many visits, how much naloxone, how many syringes, where "
        "and when. A visit is not a person: the same person may come many times. We do not report visits "
        "as people served."
    ),
    N_("If you need to know about people, a survey that asks each person once and keeps no names can tell you more."),
)
INVENTORY = N_("What our file holds, read from the file itself on {day}:")


@dataclass(frozen=True, slots=True)
class Thanked:
    """One thing to be glad of: how many, and the words after the number."""

    indicator: str
    value: int | float
    words: str


def month(asked: Question) -> tuple[Thanked, ...]:
    """What there was, without the zeros: nobody is thanked for none."""
    found = []
    for indicator, words in THANKED:
        value: int | Fraction | None = figures(asked.indicators.get(indicator), asked)[0].value
        told = plain(value)
        if told:
            found.append(Thanked(indicator, told, words))
    return tuple(found)


def thank_you(period: Period, today: date) -> str:
    """The sentence of thanks, to be filled with the first and last day."""
    return THANKS if period.last < today else SO_FAR


def poster(reader: Reader, thanked: tuple[Thanked, ...], sentence: str, first: str, last: str) -> Document:
    """A page for the team's wall: large figures. `first` and `last` are the days in words."""
    name = settings.all_settings(reader.program)["program-name"]
    blocks = [
        Block("title", reader.say(TITLE)),
        Block("lead", _set(reader, reader.say(sentence).format(first=first, last=last))),
    ]
    blocks += [Block("big", f"{each.value:,}", rows=((_set(reader, reader.say(each.words)),),)) for each in thanked]
    return document(reader, reader.say(TITLE), (*blocks, *([Block("note", name)] if name else [])))


def letter(reader: Reader, day: str) -> Document:
    """The letter with the inventory of the live file, to print and sign by hand. `day` is today in words."""
    name = settings.all_settings(reader.program)["program-name"]
    found = holdings(reader.program)
    blocks = [Block("title", reader.say(LETTER_TITLE)), *([Block("lead", name)] if name else [])]
    blocks += [Block("text", _set(reader, reader.say(each))) for each in LETTER]
    if found.tables:
        blocks.append(Block("text", _set(reader, reader.say(INVENTORY).format(day=day))))
        blocks += in_the_ledger(reader, found)
    blocks.append(Block("text", what_is_not_here(reader, found)))
    return document(reader, reader.say(LETTER_TITLE), tuple(blocks))


def _set(reader: Reader, text: str) -> str:
    return as_set(text, reader.language.direction)
