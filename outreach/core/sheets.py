"""The closed sheet: everything recorded is one of these, immutable, and known by the hash of what it says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, NewType

from outreach.core import particulars, plainjson
from outreach.core.refusal import N_, Refusal

SheetId = NewType("SheetId", str)
SiteCode = NewType("SiteCode", str)

FORMAT = 1
PROGRAM_WIDE = SiteCode("program")
"""Where a sheet stands that is about the whole program. No site has this code."""

QUANTITY_MAX = 500_000
"""More than this in one line cannot be: a sheet is one session at one site."""

_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_HOURS = re.compile(r"-?[0-9]{1,4}(?:\.(?:25|5|75))?")
"""A Fraction would read much more than we write, and take 1e999999999 for something to work out."""


class BadSheet(Refusal):
    """The words of a sheet do not make one; the message says which."""

    sentence = N_("This sheet cannot be read: {why} Nothing was saved.")


class Kind(Enum):
    """What a sheet records: a session, stock, a correction, past totals brought in, days folded into a month."""

    TALLY = "tally"
    STOCK = "stock"
    CORRECTION = "correction"
    IMPORT = "import"
    FOLD = "fold"


class Movement(Enum):
    """Which way an item went. Only `adjusted` and `moved` (and corrections) carry a minus."""

    GIVEN = "given"
    RETURNED = "returned"
    RECEIVED = "received"
    DISCARDED = "discarded"
    ADJUSTED = "adjusted"
    MOVED = "moved"


class ServiceModel(Enum):
    """How a site is served (SHaRP indicator 05)."""

    FIXED = "fixed"
    MOBILE = "mobile"
    STREET = "street"
    MAIL = "mail"
    VENDING = "vending"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Line:
    """One item, one movement, a whole quantity; `lot` and `funder` only where stock is concerned."""

    item: str
    movement: Movement
    quantity: int
    lot: str = ""
    funder: str = ""

    def __post_init__(self) -> None:
        if not particulars.is_code(self.item):
            raise BadSheet(why=f"{self.item!r} is not an item code.")
        if (self.lot != "" and not particulars.is_lot(self.lot)) or (
            self.funder != "" and not particulars.is_code(self.funder)
        ):
            raise BadSheet(why=f"the lot or funder of {self.item} is none.")
        if type(self.quantity) is not int:  # a bool is an int to isinstance
            raise BadSheet(why=f"the quantity of {self.item} is not a whole number.")
        if abs(self.quantity) > QUANTITY_MAX:
            raise BadSheet(why=f"{self.quantity:,} of {self.item} is more than a sheet can hold.")

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.item, self.movement.value, self.lot, self.funder

    def to_dict(self) -> dict[str, Any]:
        row: dict[str, Any] = {"item": self.item, "movement": self.movement.value, "quantity": self.quantity}
        if self.lot:
            row["lot"] = self.lot
        if self.funder:
            row["funder"] = self.funder
        return row


@dataclass(frozen=True, slots=True)
class ClosedSheet:
    """One session, stock movement, correction, import or fold, as it is signed, merged and counted.

    `program` and `device` are 32 hex digits; `seq` counts a device's sheets from 1 and is the only
    order kept; `prev` is the id of the device's sheet before. `encounters` and `others` are None
    when they were not counted: zero is a value, blank is "not reported". `hours` are quarter hours
    as a Fraction. `replaces` (folds) and `x` (later additions: see `particulars`) are kept verbatim.
    """

    program: str
    device: str
    seq: int
    prev: str | None
    kind: Kind
    site: SiteCode
    day: date
    model: ServiceModel | None
    lines: tuple[Line, ...]
    encounters: int | None = None
    others: int | None = None
    hours: Fraction | None = None
    corrects: SheetId | None = None
    replaces: tuple[SheetId, ...] = ()
    x: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_origin()
        self._check_counts()
        self._check_lines()
        if self.act == particulars.MONTHLY:
            self._check_monthly()
        try:
            particulars.check(self.x, QUANTITY_MAX, self.kind is Kind.CORRECTION)
        except (AttributeError, TypeError) as problem:
            raise BadSheet(why="what it says beside its lines cannot be read.") from problem
        except ValueError as problem:
            raise BadSheet(why=str(problem)) from problem

    def _check_origin(self) -> None:
        if not _HEX32.fullmatch(self.program) or not _HEX32.fullmatch(self.device):
            raise BadSheet(why="it does not say which program and laptop it comes from.")
        if type(self.seq) is not int or self.seq < 1:
            raise BadSheet(why="its place in the laptop's order is missing.")
        if (self.prev is None) != (self.seq == 1):
            raise BadSheet(why="only a laptop's first sheet has none before it.")
        one = [link for link in (self.prev, self.corrects) if link is not None]
        for link in (*one, *self.replaces):
            if link is None or not _HEX64.fullmatch(link):
                raise BadSheet(why="it points to a sheet by something that is not a sheet's id.")
        if not particulars.is_code(self.site):
            raise BadSheet(why=f"{self.site!r} is not a site code.")
        if (self.corrects is not None) != (self.kind is Kind.CORRECTION):
            raise BadSheet(why="a correction, and only a correction, points to the sheet it corrects.")
        if len(set(self.replaces)) != len(self.replaces):
            raise BadSheet(why="a fold replaces each sheet once.")
        if bool(self.replaces) != (self.kind is Kind.FOLD):
            raise BadSheet(why="a fold, and only a fold, lists the sheets it replaces.")

    def _check_counts(self) -> None:
        signed = self.kind is Kind.CORRECTION
        for name, count in (("encounters", self.encounters), ("others", self.others)):
            if count is None:
                continue
            if type(count) is not int or abs(count) > QUANTITY_MAX or (count < 0 and not signed):
                raise BadSheet(why=f"{count} cannot be a number of {name}.")
        if self.hours is not None:
            if (self.hours * 4).denominator != 1:
                raise BadSheet(why=f"{self.hours} hours: give hours in quarters, such as 3.25.")
            if abs(self.hours) > 24 * 31 or (self.hours < 0 and not signed):
                raise BadSheet(why=f"{self.hours} hours cannot be.")

    def _check_lines(self) -> None:
        keys = [line.key for line in self.lines]
        if keys != sorted(set(keys)):
            raise BadSheet(why="its lines are not in order, or one appears twice.")
        signed = (Movement.ADJUSTED, Movement.MOVED)
        for line in self.lines:
            if line.quantity < 0 and self.kind is not Kind.CORRECTION and line.movement not in signed:
                raise BadSheet(why=f"{line.quantity} of {line.item} cannot be {line.movement.value}.")

    def _check_monthly(self) -> None:
        """A month's sheet says nothing that could join it to the supplies of a session, a site or a day."""
        counted = self.lines or any(each is not None for each in (self.model, self.encounters, self.others, self.hours))
        whole = self.site == PROGRAM_WIDE and self.day.day == 1
        if counted or not whole or self.kind not in (Kind.IMPORT, Kind.CORRECTION):
            raise BadSheet(why="what is counted by month names a month and events, and nothing else.")

    def to_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "format": FORMAT,
            "program": self.program,
            "device": self.device,
            "seq": self.seq,
            "prev": self.prev,
            "kind": self.kind.value,
            "site": self.site,
            "day": self.day.isoformat(),
            "model": self.model.value if self.model else None,
            "corrects": self.corrects,
            "encounters": self.encounters,
            "others": self.others,
            "hours": None if self.hours is None else _quarters(self.hours),
            "lines": [line.to_dict() for line in self.lines],
            "x": dict(self.x),
        }
        if self.replaces:
            body["replaces"] = list(self.replaces)
        return body

    def canonical(self) -> bytes:
        """The bytes that are hashed and signed: sorted keys, ASCII, no spaces, whole numbers only."""
        return plainjson.write(self.to_dict())

    @property
    def id(self) -> SheetId:
        return SheetId(hashlib.sha256(self.canonical()).hexdigest())

    @property
    def events(self) -> dict[str, int]:
        """How often each event happened, by its code."""
        return particulars.events(self.x)

    @property
    def act(self) -> str | None:
        """What a stock sheet did, such as "assembled"; None for any other sheet."""
        return self.x.get(particulars.ACT)


def sorted_lines(lines: Mapping[tuple[str, Movement], int]) -> tuple[Line, ...]:
    """Counts by item and movement as the lines of a sheet, in the order a sheet keeps."""
    return in_order(Line(item, movement, quantity) for (item, movement), quantity in lines.items())


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines in the order a sheet keeps."""
    return tuple(sorted(lines, key=lambda line: line.key))


def _quarters(hours: Fraction) -> str:
    """Hours as text, such as "3.25": a decimal, because sheets hold no floating point numbers."""
    whole, quarter = divmod(abs(hours) * 4, 4)
    sign = "-" if hours < 0 else ""
    return sign + str(whole) + ("", ".25", ".5", ".75")[int(quarter)]


def _hours(text: str) -> Fraction:
    if not _HOURS.fullmatch(text):
        raise BadSheet(why="its hours are none.")
    return Fraction(text)


def _line(row: dict[str, Any]) -> Line:
    return Line(row["item"], Movement(row["movement"]), row["quantity"], row.get("lot", ""), row.get("funder", ""))


def from_canonical(body: bytes) -> ClosedSheet:
    """Read a sheet back; refuses unless writing it again gives the very same bytes."""
    try:
        row = plainjson.read(body, once=False)
        if row.get("format") != FORMAT:
            raise BadSheet(why=f"its format is {row.get('format')!r}; this version reads {FORMAT}.")
        sheet = ClosedSheet(
            program=row["program"],
            device=row["device"],
            seq=row["seq"],
            prev=row["prev"],
            kind=Kind(row["kind"]),
            site=SiteCode(row["site"]),
            day=date.fromisoformat(row["day"]),
            model=ServiceModel(row["model"]) if row["model"] is not None else None,
            lines=tuple(_line(each) for each in row["lines"]),
            encounters=row["encounters"],
            others=row["others"],
            hours=None if row["hours"] is None else _hours(row["hours"]),
            corrects=row["corrects"],
            replaces=tuple(row.get("replaces", ())),
            x=row["x"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadSheet(why="it is not in the form of a sheet.") from problem
    if sheet.canonical() != body:
        raise BadSheet(why="it is not in its canonical form.")
    return sheet
