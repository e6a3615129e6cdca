"""What this laptop holds, said in plain words: the same blocks for a page, for paper and for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outreach.core.languages import Direction, as_set
from outreach.core.refusal import N_
from outreach.i18n.days import day_in
from outreach.printing.document import Block, Document
from outreach.services.holding import TABLES, Holdings, Who
from outreach.services.keyring import Locked
from outreach.services.presenting import HEADS, Reader, document
from outreach.store.inventory import TableHeld

TITLE = N_("What this computer holds")
NOTHING = N_("Nothing was counted on this computer.")
NOT_ENCRYPTED = N_("The counts are not encrypted here. Whoever takes this computer can read all of this.")
KEY_BESIDE = N_(
    "There is no passphrase. Whoever takes this computer can read all of this: the key lies beside the ledger."
)
BEHIND_WORDS = N_(
    "Without the passphrase, whoever takes this computer sees the names and sizes of these files, and reads those that "
    "say anyone. With it, they read all of this."
)
WOULD_READ = N_(
    "They would read where a team was and on which days, from {first} to {last}, how many visits there were, and what "
    "was handed out. Sites: {sites}."
)
NOT_OPENED = N_("This is locked: what is in the ledger was not read for this page.")
FILES, SIZE, WHO = N_("Files"), N_("Size"), N_("Who can read it")
IN_THE_LEDGER, WHAT, ROWS = N_("In the ledger"), N_("What is held"), N_("Rows")
FOR_A_TECHNICIAN = N_("For a technician: every column")
COLUMNS_ARE = N_("Every column: {columns}. Always empty: {empty}.")
EMPTY = "applied_at"
"""The one column whose name tells of a time; `store.migrations` leaves it empty."""
OPEN_SHEETS = N_("Sheets that are open")
UNREADABLE = N_("Open sheets that cannot be read: {count}.")
UNKNOWN = N_("Not known to this version")
UNKNOWN_TABLE = N_("A table that this version does not know: {name} ({columns}).")
UNKNOWN_COLUMN = N_("A column that this version does not know: {name}.")
UNKNOWN_FILE = N_("A file that this version does not make: {name}.")
NOT_HELD = N_(
    "It has no place for a person: no name, code, initials, birth date or address of anyone who comes, no notes, "
    "no clock times and no network addresses."
)
CANNOT_SAY = N_("What is not here cannot be said: not everything was read, or something here is not known.")
TYPED = N_(
    "Site names and the program's own texts are whatever the program typed. No name of anyone who comes belongs there."
)
BEYOND = N_(
    "This cannot see files that were saved or printed from here, what the browser and this computer keep of their own, "
    "or what a disk keeps of removed files."
)
WHOSE = {Who.ANYONE: N_("anyone"), Who.WORDS: N_("who has the passphrase"), Who.NOBODY: N_("nothing to read")}


def blocks(reader: Reader, found: Holdings) -> Iterator[Block]:
    """All of it, from top to bottom."""
    yield Block("title", reader.say(TITLE))
    yield Block("lead", reader.say(_lead(found)))
    if found.first and found.last:
        first, last = (day_in(day, reader.language) for day in (found.first, found.last))
        words = reader.say(WOULD_READ).format(first=first, last=last, sites=", ".join(found.sites))
        yield Block("text", _set(reader, words))
    if isinstance(found.unread, Locked):
        yield Block("text", reader.say(NOT_OPENED))
    elif found.unread is not None:
        yield Block("text", _set(reader, reader.say(found.unread.sentence).format(**found.unread.values)))
    yield from _unknown(reader, found)
    if found.piles:
        yield _files(reader, found)
    yield from _open(reader, found)
    if found.tables:
        yield Block("heading", reader.say(IN_THE_LEDGER))
        yield from in_the_ledger(reader, found)
    if found.tables or not found.all_known:
        yield Block("text", what_is_not_here(reader, found))
    yield Block("text", reader.say(TYPED))
    yield Block("text", _set(reader, reader.say(BEYOND)))


def _lead(found: Holdings) -> str:
    if not found.tables and found.unread is None and not found.open_sheets:
        return NOTHING
    if not found.encrypted:
        return NOT_ENCRYPTED
    return BEHIND_WORDS if found.has_passphrase else KEY_BESIDE


def _unknown(reader: Reader, found: Holdings) -> Iterator[Block]:
    """What this version does not know, by its name, before everything else."""
    said = [table_words(reader, each) for each in found.unknown_tables]
    said += [reader.say(UNKNOWN_COLUMN).format(name=each) for each in found.unknown_columns]
    said += [reader.say(UNKNOWN_FILE).format(name=each) for each in found.unknown_files]
    if said:
        yield Block("heading", reader.say(UNKNOWN))
        yield from (Block("text", _set(reader, each)) for each in said)


def _files(reader: Reader, found: Holdings) -> Block:
    rows = tuple(
        (
            _set(reader, reader.say(each.kind.words)),
            reader.say(WHOSE[each.who]),
            f"{each.files:,}",
            _size(reader, each.size),
        )
        for each in found.piles
    )
    heads = tuple(map(reader.say, (WHAT, WHO, FILES, SIZE)))
    return Block("table", heads=heads, rows=rows, numbers=(2, 3))


def _size(reader: Reader, size: int) -> str:
    told = f"{-(-size // 1000):,} kB"
    return f"\u2068{told}\u2069" if reader.language.direction is Direction.RTL else told


def _open(reader: Reader, found: Holdings) -> Iterator[Block]:
    if found.open_sheets:
        rows = tuple((str(each.site), day_in(each.day, reader.language)) for each in found.open_sheets)
        yield Block("heading", reader.say(OPEN_SHEETS))
        yield Block("table", heads=(reader.say(HEADS["site"]), reader.say(HEADS["day"])), rows=rows)
    if found.unread_sheets:
        yield Block("text", reader.say(UNREADABLE).format(count=found.unread_sheets))


def in_the_ledger(reader: Reader, found: Holdings) -> list[Block]:
    """The tables with their rows, and every column by its name."""
    rows = tuple((_set(reader, table_words(reader, each)), f"{each.rows:,}") for each in found.tables)
    columns = sorted({column for each in found.tables for column in each.columns})
    all_columns = reader.say(COLUMNS_ARE).format(columns=", ".join(columns), empty=EMPTY)
    return [
        Block("table", heads=(reader.say(WHAT), reader.say(ROWS)), rows=rows, numbers=(1,)),
        Block("note", _set(reader, all_columns), heads=(reader.say(FOR_A_TECHNICIAN),)),
    ]


def table_words(reader: Reader, table: TableHeld) -> str:
    """What a table holds, in words; its name and columns when this version does not know it."""
    if table.name in TABLES:
        return reader.say(TABLES[table.name])
    return reader.say(UNKNOWN_TABLE).format(name=table.name, columns=", ".join(table.columns))


def what_is_not_here(reader: Reader, found: Holdings) -> str:
    """That no person and no clock time is here: said only where all that is here was read and is known."""
    return _set(reader, reader.say(NOT_HELD if found.all_known else CANNOT_SAY))


def paper(reader: Reader, found: Holdings, today: date) -> Document:
    """The same as pages for a lawyer or a funder."""
    title, *rest = blocks(reader, found)
    return document(reader, title.text, (title, Block("note", day_in(today, reader.language)), *rest))


def _set(reader: Reader, text: str) -> str:
    return as_set(text, reader.language.direction)
