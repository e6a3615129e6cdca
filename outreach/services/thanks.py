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
from outreach.services.packs import plain
from outreach.services.presenting import Reader, document
from outreach.store.inventory import TableHeld

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

HELD = {
    "setting": N_("The program's name, phone and addresses, as printed on its cards."),
    "site": N_("The names that the program gave to its sites."),
    "device": N_("The public key of each laptop, to check its signature."),
    "sheet": N_("Sheets: a site, a day, visits, others supplied for, hours. One for each session, none for a person."),
    "line": N_("Lines: an item, which way it went, how many, and for stock the lot and who paid."),
    "event": N_("Events by number: reversals told of, referrals, trainings. Never whose."),
    "lot": N_("When lots expire."),
    "signed": N_("The same sheets once more, as they were signed."),
    "release": N_("Reports that were marked as sent."),
    "tombstone": N_("Which sheets were folded into a month, by their numbers alone."),
    "_sqlite_migrations": N_("Which version of this program made the file."),
}
"""What each table of the ledger holds, in plain words."""

UNKNOWN = N_("A table that this version does not know: {name} ({columns}).")
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
NOT_HELD = N_(
    "It has no place for a person: no name, code, initials, birth date or address of anyone who comes, no notes, "
    "no clock times and no network addresses."
)
WHAT, ROWS = N_("What is held"), N_("Rows")
COLUMNS_ARE = N_("Every column: {columns}.")


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


def held(reader: Reader) -> tuple[TableHeld, ...]:
    """The ledger's tables as they are now, what matters most first; none before anything was saved."""
    ledger = reader.program.ledger_if_any()
    order = {name: at for at, name in enumerate(HELD)}
    found = ledger.inventory() if ledger else ()
    return tuple(sorted(found, key=lambda each: order.get(each.name, len(order))))


def held_words(reader: Reader, table: TableHeld) -> str:
    """What a table holds, in words."""
    if table.name in HELD:
        return reader.say(HELD[table.name])
    return reader.say(UNKNOWN).format(name=table.name, columns=", ".join(table.columns))


def letter(reader: Reader, day: str) -> Document:
    """The letter with the inventory of the live file, to print and sign by hand. `day` is today in words."""
    name = settings.all_settings(reader.program)["program-name"]
    tables = held(reader)
    columns = sorted({column for each in tables for column in each.columns})
    blocks = [Block("title", reader.say(LETTER_TITLE)), *([Block("lead", name)] if name else [])]
    blocks += [Block("text", _set(reader, reader.say(each))) for each in LETTER]
    if tables:
        rows = tuple((_set(reader, held_words(reader, each)), f"{each.rows:,}") for each in tables)
        blocks.append(Block("text", _set(reader, reader.say(INVENTORY).format(day=day))))
        blocks.append(Block("table", heads=(reader.say(WHAT), reader.say(ROWS)), rows=rows, numbers=(1,)))
        blocks.append(Block("note", _set(reader, reader.say(COLUMNS_ARE).format(columns=", ".join(columns)))))
    blocks.append(Block("text", _set(reader, reader.say(NOT_HELD))))
    return document(reader, reader.say(LETTER_TITLE), tuple(blocks))


def _set(reader: Reader, text: str) -> str:
    return as_set(text, reader.language.direction)
