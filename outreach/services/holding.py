"""What this laptop holds, looked up in its live files: which there are, what is in them, and who could read that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from outreach.core.refusal import N_, Refusal
from outreach.core.tally import OpenSheet
from outreach.services.keyring import Locked
from outreach.services.program import Program
from outreach.store.engine import ENCRYPTED
from outreach.store.inventory import TableHeld

TABLES = {
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
    "waiting": N_("Sheets of other laptops that do not count yet, as they were signed."),
    "edition": N_("The program's laptops by the names of their vans, and what it shares with them."),
    "hello": N_("Laptops that ask to be let in, by the names of their vans."),
    "elsewhere": N_("The names that other laptops gave to their sites."),
    "last": N_("How many sheets each other laptop has closed."),
    "kept": N_("Files of a newer version, sealed, until they can be read."),
    "_sqlite_migrations": N_("Which version of this program made the file."),
}
"""What each table of the ledger holds, in plain words, what matters most first."""

COLUMNS = {
    "setting": ("key", "value"),
    "site": ("code", "name", "model"),
    "device": ("id", "public_key"),
    "sheet": (
        "id", "device", "seq", "prev", "program", "kind", "site", "day", "model", "corrects",
        "encounters", "others", "quarter_hours", "act", "sessions",
    ),
    "line": ("sheet", "item", "movement", "lot", "funder", "quantity"),
    "event": ("sheet", "event", "quantity"),
    "lot": ("sheet", "item", "lot", "expires"),
    "signed": ("sheet", "body", "signature"),
    "release": ("id", "pack", "first", "last", "day", "body"),
    "tombstone": ("sheet", "fold", "device", "seq"),
    "edition": ("kind", "number", "body", "signer", "signature"),
    "waiting": ("sheet", "device", "seq", "why", "body", "signature"),
    "hello": ("device", "public", "name", "recipient", "program", "coordinator"),
    "kept": ("id", "body"),
    "elsewhere": ("device", "code", "name", "model", "same"),
    "last": ("device", "seq", "sheet"),
    "_sqlite_migrations": ("id", "migration_set", "name", "applied_at"),
}  # fmt: skip
"""The columns that those words are true of. Written down here: one that is only made elsewhere counts as unknown."""


class Guard(Enum):
    """What stands before a file."""

    NONE = "none"
    LEDGERS = "ledger's key"
    WORDS = "passphrase"


class Who(Enum):
    """Who can read it, of those who take this laptop."""

    ANYONE = "anyone"
    WORDS = "whoever has the passphrase"
    NOBODY = "says nothing"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its words, the paths of a home that it goes by, and what stands before it."""

    words: str
    pattern: re.Pattern[str]
    guard: Guard = Guard.NONE


def _kind(words: str, pattern: str, guard: Guard = Guard.NONE) -> Kind:
    return Kind(words, re.compile(pattern), guard)


_HEX = "[0-9a-f]+"
KINDS = (
    _kind(N_("The ledger: everything that was counted and closed."), r"outreach\.db(-journal)?", Guard.LEDGERS),
    _kind(N_("Copies of the ledger. Older ones may hold days that were folded."), r"backups/[^/]+", Guard.LEDGERS),
    _kind(N_("Sheets that are open: a site, a day, counts."), rf"open/{_HEX}\.(db(-journal)?|gone)"),
    _kind(N_("The key of each open sheet. It lies here until the sheet is closed."), rf"keys/open-{_HEX}\.key"),
    _kind(N_("The key of the ledger, and the one that signs sheets."), r"keys/(ledger|device)\.key(\.next|\.old)?"),
    _kind(N_("Both keys, locked by the passphrase."), r"keys/wrapped\.json(\.next|\.old)?", Guard.WORDS),
    _kind(N_("What opens the staff pages while outreach runs."), r"token|running"),
    _kind(N_("When this laptop locks, and how long days are kept."), r"safety\.toml"),
    _kind(
        N_(
            "The program's own texts, lines, cards and choices. Who checked a law or a text stands here as they signed."
        ),
        r"(phones|events|tally|stock|funders|weighing|returns|alerts|supplies|printers|law-checks|participation|review)\.toml"
        r"|(topics|packs|printables|locales|sounds|replaced)/.+|DEMO|edition",
    ),
    _kind(N_("Room kept free for a full disk. Nothing is in it."), r"ballast"),
    _kind(
        N_("Something that was being written when this computer stopped."),
        r"(.+/)?\..+\.part|.+\.new(-journal)?|clearing|taking/.+",
    ),
)
"""Every kind of file that this version ever makes in a home; any other is named as unknown."""
_EMPTY = {"ballast"}


@dataclass(frozen=True, slots=True)
class Pile:
    """The files of one kind."""

    kind: Kind
    files: int
    size: int
    who: Who


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is here. Of a ledger that is locked or damaged only its files are known, and `unread` says why."""

    piles: tuple[Pile, ...] = ()
    unknown_files: tuple[str, ...] = ()
    has_passphrase: bool = False
    encrypted: bool = ENCRYPTED
    tables: tuple[TableHeld, ...] = ()
    unread: Refusal | None = None
    open_sheets: tuple[OpenSheet, ...] = ()
    unread_sheets: int = 0
    sites: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    unknown_tables: tuple[TableHeld, ...] = field(default=())
    unknown_columns: tuple[str, ...] = field(default=())

    @property
    def all_known(self) -> bool:
        """Whether everything was read and all of it is known: only then can be said what is not here."""
        unknown = self.unknown_files or self.unknown_tables or self.unknown_columns
        return not unknown and self.unread is None and not self.unread_sheets


def holdings(program: Program) -> Holdings:
    """Look it all up now. Writes nothing, asks for no passphrase, and refuses nothing that it can say instead."""
    passphrase = program.keyring.has_passphrase
    piles, unknown_files = _files(program, passphrase)
    sheets = program.sheets()
    tables: tuple[TableHeld, ...] = ()
    unread: Refusal | None = None
    sites: list[str] = []
    first = last = None
    try:
        if program.is_locked:
            raise Locked()
        ledger = program.ledger_if_any()
        if ledger is not None:
            tables = tuple(sorted(ledger.inventory(), key=lambda each: _place(each.name)))
            sites = [each.name or each.code for each in ledger.sites.all()]
            first, last = ledger.sums.first_day(), ledger.sums.last_day()
            unread = ledger.refuses  # damaged, or newer: what could be read of it is told, with that
    except Refusal as refusal:
        tables, unread = (), refusal
    return Holdings(
        piles=piles,
        unknown_files=unknown_files,
        has_passphrase=passphrase,
        tables=tables,
        unread=unread,
        open_sheets=tuple(sheets.all()),
        unread_sheets=len(sheets.unreadable()),
        sites=tuple(sites),
        first=first,
        last=last,
        unknown_tables=tuple(each for each in tables if each.name not in COLUMNS),
        unknown_columns=tuple(_unknown_columns(tables)),
    )


def _place(table: str) -> int:
    return [*TABLES, table].index(table)


def _unknown_columns(tables: tuple[TableHeld, ...]) -> Iterator[str]:
    for table in tables:
        known = COLUMNS.get(table.name, table.columns)
        yield from (f"{table.name}.{column}" for column in table.columns if column not in known)


def kind_of(path: str) -> Kind | None:
    """The kind that a file of a home is of, by its path in it; None for one that this version never makes."""
    return next((kind for kind in KINDS if kind.pattern.fullmatch(path)), None)


def paths(program: Program) -> list[str]:
    """Every file of the home, by its path in it."""
    home = program.home.path
    found = (each for each in home.rglob("*") if not each.is_dir()) if home.is_dir() else ()
    return sorted(each.relative_to(home).as_posix() for each in found)


def _files(program: Program, passphrase: bool) -> tuple[tuple[Pile, ...], tuple[str, ...]]:
    sizes: dict[Kind, list[int]] = {}
    unknown = []
    for path in paths(program):
        kind = kind_of(path)
        if kind is None:
            unknown.append(path)
            continue
        try:
            size = (program.home.path / path).lstat().st_size
        except FileNotFoundError:  # closed or put away since
            continue
        sizes.setdefault(kind, []).append(size)
    piles = (Pile(kind, len(sizes[kind]), sum(sizes[kind]), _who(kind, passphrase)) for kind in KINDS if kind in sizes)
    return tuple(piles), tuple(unknown)


def _who(kind: Kind, passphrase: bool) -> Who:
    if kind.pattern.pattern in _EMPTY:
        return Who.NOBODY
    behind_words = kind.guard is Guard.WORDS or (kind.guard is Guard.LEDGERS and passphrase and ENCRYPTED)
    return Who.WORDS if behind_words else Who.ANYONE
