"""What funders ask for, as questions: an indicator, its definition, its unit, and what it is counted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Movement


class UnknownIndicator(Refusal):
    sentence = N_("There is no indicator called {id}. Indicators: {known}.")


class Kind(StrEnum):
    """What an indicator counts. Few people, or few things that happened to them, never stand in a public release."""

    PEOPLE = "people"
    EVENTS = "events"
    ITEMS = "items"
    RATIO = "ratio"
    LIST = "list"

    @property
    def is_suppressed(self) -> bool:
        return self in (Kind.PEOPLE, Kind.EVENTS)


class Amount(StrEnum):
    """In what a supply is said: as itself, in naloxone doses or boxes of two, or as the kits that hold it."""

    UNITS = "units"
    DOSES = "doses"
    BOXES = "boxes"
    KITS = "kits"


# --- what a number is counted from ---

STOCK_LINES = ("opening", "received", "moved", "adjusted", "discarded", "closing", "counted", "discrepancy", "out-days")
"""The lines of the stock account (reporting K1 to K8)."""


@dataclass(frozen=True, slots=True)
class Visited:
    """A count that a sheet has besides its lines: `encounters`, `others`, `sessions` or `hours`."""

    count: str

    def __post_init__(self) -> None:
        if self.count not in ("encounters", "others", "sessions", "hours"):
            raise ValueError(f"visits is 'encounters', 'others', 'sessions' or 'hours', not {self.count!r}")


@dataclass(frozen=True, slots=True)
class Happened:
    """Events, by their code or by its beginning and a star, so that a program's own ones count too.

    A `ranged` one may come with CODE-low and CODE-high, the range of an estimate. `monthly` ones are counted
    by month for the whole program, so they have no sites and no days.
    """

    events: tuple[str, ...]
    ranged: bool = False
    monthly: bool = False

    def holds(self, code: str) -> bool:
        return any(code == each or (each.endswith("*") and code.startswith(each[:-1])) for each in self.events)


@dataclass(frozen=True, slots=True)
class Handled:
    """Items that moved, kits opened; at least one of `items`, `counts_as` and `naloxone` says which."""

    items: frozenset[str] = frozenset()
    counts_as: str | None = None
    naloxone: bool = False
    amount: Amount = Amount.UNITS
    movement: Movement = Movement.GIVEN

    def __post_init__(self) -> None:
        if not self.items and self.counts_as is None and not self.naloxone:
            raise ValueError("no item, no counts_as and no naloxone says what is counted")
        if self.counts_as not in (None, "", "syringe", "needle"):
            raise ValueError("counts_as is 'syringe', 'needle' or 'neither'")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Other indicators' first numbers, added up, and divided by one more or by a number that is typed."""

    top: tuple[str, ...]
    bottom: str | None = None
    times: int = 1
    each: int = 1
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Stocked:
    """A line of the stock account, such as `opening`."""

    line: str

    def __post_init__(self) -> None:
        if self.line not in STOCK_LINES:
            raise ValueError(f"stock is one of {', '.join(STOCK_LINES)}, not {self.line!r}")


@dataclass(frozen=True, slots=True)
class Listed:
    """How many `sites` or service `models` there were."""

    what: str

    def __post_init__(self) -> None:
        if self.what not in ("sites", "models"):
            raise ValueError(f"list is 'sites' or 'models', not {self.what!r}")


Source = Visited | Happened | Handled | Ratio | Stocked | Listed


# --- the questions ---


@dataclass(frozen=True, slots=True)
class Band:
    """A class that a yearly number falls in, from `least` on, or only above it when `over`."""

    label: str
    least: int
    over: bool = False

    def holds(self, value: int | Fraction) -> bool:
        return value > self.least if self.over else value >= self.least


@dataclass(frozen=True, slots=True)
class Number:
    """One number of an indicator: what it is called, its unit, and where it comes from."""

    label: str
    unit: str
    source: Source
    bands: tuple[Band, ...] = ()
    goals: tuple[int, ...] = ()

    def band_of(self, value: int | Fraction) -> str:
        """The last band that holds the value; none below the first."""
        return next((band.label for band in reversed(self.bands) if band.holds(value)), "")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A question with one answer, or a few that are never added up: no two of its numbers share a unit."""

    id: str
    name: str
    kind: Kind
    definition: str
    formula: str
    numbers: tuple[Number, ...]
    on: bool = True

    def __post_init__(self) -> None:
        units = [number.unit for number in self.numbers]
        if len(set(units)) != len(units):
            raise ValueError("two of its numbers have the same unit, which is how packs tell them apart")

    @property
    def monthly(self) -> bool:
        """Whether it is kept only by a program that asks for it, so that few want to read that it is not reported."""
        return all(isinstance(each.source, Happened) and each.source.monthly for each in self.numbers)

    def number(self, unit: str = "") -> Number | None:
        """Its number of that unit; without one, its first."""
        return next((each for each in self.numbers if each.unit == unit), None) if unit else self.numbers[0]


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that nobody counts and a ratio needs, typed with the report."""

    id: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Indicators:
    """Every indicator in its order, and the numbers that may be typed."""

    rows: tuple[Indicator, ...]
    typed: tuple[Typed, ...]
    _by_id: Mapping[str, Indicator] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {row.id: row for row in self.rows}
        typed = {each.id for each in self.typed}
        if len(by_id) != len(self.rows) or typed & by_id.keys():
            raise ValueError("two indicators or typed numbers have the same id")
        for row in self.rows:
            for number in row.numbers:
                if isinstance(number.source, Ratio):
                    self._check(row, number.source, by_id, typed)
        object.__setattr__(self, "_by_id", by_id)

    @staticmethod
    def _check(row: Indicator, ratio: Ratio, by_id: Mapping[str, Indicator], typed: set[str]) -> None:
        if not ratio.top:
            raise ValueError(f"{row.id} has nothing on top")
        for other in (*ratio.top, *([ratio.bottom] if ratio.bottom and ratio.bottom not in typed else [])):
            # A ratio of ratios could come back to itself.
            if other not in by_id or isinstance(by_id[other].numbers[0].source, Ratio):
                raise ValueError(f"{row.id} is made from {other}, which is no indicator that is counted")

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.rows)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._by_id

    def get(self, id_: str) -> Indicator:
        """The indicator of that id; refuses with the list."""
        if id_ not in self._by_id:
            raise UnknownIndicator(id=id_, known=", ".join(self._by_id))
        return self._by_id[id_]

    def is_typed(self, id_: str | None) -> bool:
        return any(each.id == id_ for each in self.typed)
