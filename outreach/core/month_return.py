"""The return: a program's totals of one month by site, county or as a whole, as it goes to a department."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

from outreach.core import plainjson
from outreach.core.counted import Counted
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import LineSum
from outreach.core.sheets import PROGRAM_WIDE, Movement
from outreach.core.supplies import Catalog, Kit

ReturnId = NewType("ReturnId", str)

FORMAT = 1
NAME_MAX, PLACE_MAX = 80, 60
TOTALS_MAX = 50_000
QUANTITY_MAX = 100_000_000
"""More than this in one month at one place cannot be."""

RETURN = "return:"
"""What a ledger keeps as sent for a return, where a pack's name would stand; no pack can be called so."""

KITS, EVENT, VISITS = "kits", "event", "visits"
"""What a total can be of beside a line's movement: whole kits given (their parts are in `given`), something that
happened, or one of COUNTS."""

SESSIONS, ENCOUNTERS, OTHERS = COUNTS = ("sessions", "encounters", "others")
WAYS = (*(each.value for each in Movement), KITS, EVENT, VISITS)
_SIGNED = (Movement.ADJUSTED.value, Movement.MOVED.value)

_HEX32 = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


class BadReturn(Refusal):
    """The words of a return do not make one; the message says which."""

    sentence = N_("This return cannot be read: {why} Nothing was saved.")


class NoCounty(Refusal):
    sentence = N_("No county is known for {sites}. Write it into returns.toml, then try again. Nothing was written.")


class By(StrEnum):
    """What a place of a return is."""

    SITE = "site"
    COUNTY = "county"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """One number of a month. `way` is one of WAYS, `item` the code of an item, kit or event, or one of COUNTS."""

    place: str
    way: str
    item: str
    quantity: int

    def __post_init__(self) -> None:
        if not is_line(self.place, PLACE_MAX):
            raise BadReturn(why=f"a place is one line of at most {PLACE_MAX} letters.")
        if self.way not in WAYS:
            raise BadReturn(why=f"{self.way!r} is nothing that is counted.")
        if not isinstance(self.item, str) or len(self.item) > PLACE_MAX or not _CODE.fullmatch(self.item):
            raise BadReturn(why=f"{self.item!r} is not a code.")
        if self.way == VISITS and self.item not in COUNTS:
            raise BadReturn(why=f"{self.item} is nothing that is counted at visits.")
        if type(self.quantity) is not int:  # a bool is an int to isinstance
            raise BadReturn(why=f"the quantity of {self.item} is not a whole number.")
        if abs(self.quantity) > QUANTITY_MAX or (self.quantity < 0 and self.way not in _SIGNED):
            raise BadReturn(why=f"{self.quantity:,} of {self.item} at {self.place} cannot be {self.way}.")

    @property
    def key(self) -> tuple[str, str, str]:
        return self.place, self.way, self.item


@dataclass(frozen=True, slots=True)
class MonthReturn:
    """What a program reports of one month. Never a day, never a sheet.

    `program` is 32 hex digits, `name` what it calls itself, `month` such as "2026-07". Of two returns of one
    month the later `edition` counts. A count that is absent was not reported, which is not zero.
    """

    program: str
    name: str
    month: str
    by: By
    edition: int
    totals: tuple[Total, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.program, str) or not _HEX32.fullmatch(self.program):
            raise BadReturn(why="it does not say which program it comes from.")
        if self.name != "" and not is_line(self.name, NAME_MAX):
            raise BadReturn(why=f"a program's name is one line of at most {NAME_MAX} letters.")
        if not isinstance(self.month, str) or not _MONTH.fullmatch(self.month):
            raise BadReturn(why="it does not say which month it is of.")
        if type(self.edition) is not int or not 1 <= self.edition <= 1_000_000:
            raise BadReturn(why="it does not say which edition it is.")
        if len(self.totals) > TOTALS_MAX:
            raise BadReturn(why=f"it holds more than {TOTALS_MAX:,} totals.")
        keys = [each.key for each in self.totals]
        if any(earlier >= later for earlier, later in zip(keys, keys[1:], strict=False)):
            raise BadReturn(why="its totals are not in order, or one appears twice.")
        if self.by is By.PROGRAM and any(each.place != PROGRAM_WIDE for each in self.totals):
            raise BadReturn(why="it is of the program as a whole and names places.")

    def canonical(self) -> bytes:
        """The bytes that are hashed and signed."""
        return plainjson.write(
            {
                "format": FORMAT,
                "program": self.program,
                "name": self.name,
                "month": self.month,
                "by": self.by.value,
                "edition": self.edition,
                "totals": [[each.place, each.way, each.item, each.quantity] for each in self.totals],
            }
        )

    @property
    def id(self) -> ReturnId:
        return ReturnId(hashlib.sha256(self.canonical()).hexdigest())

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.place for each in self.totals))


def is_line(text: object, most: int) -> bool:
    """Whether `text` is one short line without anything invisible in it."""
    return isinstance(text, str) and 0 < len(text) <= most and text == " ".join(text.split()) and text.isprintable()


def from_canonical(body: bytes) -> MonthReturn:
    """Read a return back; refuses with BadReturn unless writing it again gives the very same bytes."""
    try:
        row: dict[str, Any] = plainjson.read(body, most_deep=3)
        if row["format"] != FORMAT:
            raise BadReturn(why=f"its format is {row['format']!r:.40}; this version reads {FORMAT}.")
        found = MonthReturn(
            row["program"],
            row["name"],
            row["month"],
            By(row["by"]),
            row["edition"],
            tuple(Total(place, way, item, quantity) for place, way, item, quantity in row["totals"]),
        )
        whole = found.canonical() == body
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadReturn(why="it is not in the form of a return.") from problem
    if not whole:
        raise BadReturn(why="it is not in its canonical form.")
    return found


def totals_of(counted: Counted, by: By, counties: Mapping[str, str]) -> tuple[Total, ...]:
    """What a month's sums make of a return. `counties` names each site's. Raises NoCounty or BadReturn.

    What was given in a kit is in the totals of its parts, by the recipe of that day.
    """
    if by is By.COUNTY:
        sites = {each.site for rows in (counted.lines, counted.visits, counted.events) for each in rows}
        missing = sorted(sites - counties.keys() - {PROGRAM_WIDE})
        if missing:
            raise NoCounty(sites=", ".join(missing))
    place = _placing(by, counties)
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for each in counted.lines:
        for way, item, quantity in _unpacked(each, counted.catalog):
            found[place(each.site), way, item] += quantity
    for said in counted.events:
        found[place(said.site), EVENT, said.event] += said.quantity
    for row in counted.visits:
        for count, value in zip(COUNTS, (row.sessions, row.encounters, row.others), strict=True):
            if value is not None:
                found[place(row.site), VISITS, count] += value
    return tuple(Total(*key, quantity) for key, quantity in sorted(found.items()))


def _placing(by: By, counties: Mapping[str, str]) -> Callable[[str], str]:
    if by is By.PROGRAM:
        return lambda site: PROGRAM_WIDE
    if by is By.COUNTY:
        return lambda site: counties.get(site, PROGRAM_WIDE)
    return lambda site: site


def _unpacked(line: LineSum, catalog: Catalog) -> Iterator[tuple[str, str, int]]:
    if line.movement is Movement.GIVEN and line.item in catalog and isinstance(catalog.get(line.item), Kit):
        yield KITS, line.item, line.quantity
    for part, quantity in catalog.parts(line.item, line.quantity, line.day).items():
        yield line.movement.value, part, quantity


@dataclass(frozen=True, slots=True)
class Change:
    """A number that a later edition says otherwise; None where an edition says nothing of it."""

    place: str
    way: str
    item: str
    before: int | None
    after: int | None


def changes(before: Iterable[Total], after: Iterable[Total]) -> tuple[Change, ...]:
    """What the later of two editions says otherwise, in the order of a return."""
    old, new = ({each.key: each.quantity for each in totals} for totals in (before, after))
    return tuple(
        Change(*key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def digits(public: bytes) -> str:
    """Eight digits of a program's key, to be compared on the phone before its first return counts."""
    number = int.from_bytes(hashlib.sha256(b"outreach: digits\n" + public).digest()[:8], "big") % 10**8
    return f"{number // 10**4:04}-{number % 10**4:04}"
