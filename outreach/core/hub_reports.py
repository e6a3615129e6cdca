"""A department's view of its programs: whose month return came, whose is late, and what all of them add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar

from outreach.core.counted import Counted
from outreach.core.indicators import Indicator, Indicators, Listed, Ratio, Source, Stocked, Visited
from outreach.core.packs import Pack, PackLine
from outreach.core.periods import Period, PeriodKind, parse_month, period_of
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import EventSum, Groupings, LineSum, Report, Row, Visits, in_order
from outreach.core.reports import groupings as checked
from outreach.core.supplies import Item

DUE_DAY = 15
"""A month is expected by this day of the next one, unless the department says another."""
ROLES = (N_("Program officer"), N_("Data reviewer"), N_("Clinical reviewer"))
"""Who may have looked a return over: a role, so that no name is kept."""
NOT_IN_RETURNS = N_("Month returns do not hold this.")
NO_REGION = "no region"
"""Where a program stands in totals by region when nobody has said where it lies."""


class NotADueDay(Refusal):
    sentence = N_("Type a day from 1 to 28. Every month has those. Nothing was changed.")


class NotARole(Refusal):
    sentence = N_("{given} is no role that looks returns over. Roles: {known}. Nothing was changed.")


class NotWholeMonths(Refusal):
    sentence = N_("Returns are of whole months. {period} is not made of whole months.")


class State(Enum):
    """Where a program's return of a month stands."""

    REPORTED = "reported"
    LATE = "late"
    OPEN = "open"
    """Not here, and not due yet."""
    NOT_EXPECTED = "not-expected"


@dataclass(frozen=True, slots=True)
class Reporter:
    """A program that reports: its code and name, its region, and its first month as "2026-07".

    One that is not `expected` sends when it likes and is never late.
    """

    code: str
    name: str = ""
    region: str = ""
    since: str = ""
    expected: bool = True

    @property
    def called(self) -> str:
        """Its name, or its code while it has said none."""
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class Received:
    """The return that counts of one program and month: its edition, how it differs from the one before, who saw it."""

    id: str
    program: str
    month: str
    edition: int = 1
    changed: int = 0
    """Lines of this edition that are other ones than in the one before."""
    seen: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One cell of programs by months."""

    program: str
    month: str
    state: State
    received: Received | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """Every program by every month, and how each month stands for all of them."""

    reporters: tuple[Reporter, ...]
    months: tuple[str, ...]
    cells: Mapping[tuple[str, str], Standing]

    def of(self, state: State, month: str) -> tuple[Reporter, ...]:
        """The programs whose return of a month stands so."""
        return tuple(each for each in self.reporters if self.cells[each.code, month].state is state)

    def late(self) -> dict[Reporter, tuple[str, ...]]:
        """The months that each program is late with, for those that are late with any."""
        found = {
            each: tuple(month for month in self.months if self.cells[each.code, month].state is State.LATE)
            for each in self.reporters
        }
        return {reporter: months for reporter, months in found.items() if months}

    def unseen(self) -> tuple[Received, ...]:
        """Returns that nobody has looked over in the edition that counts, latest month first."""
        found = [each.received for each in self.cells.values() if each.received and not each.received.seen]
        place = {each.code: i for i, each in enumerate(self.reporters)}
        by_program = sorted(found, key=lambda each: place[each.program])
        return tuple(sorted(by_program, key=lambda each: each.month, reverse=True))


def role(given: str) -> str:
    """A role by its name; refuses any other text, which could be somebody's name."""
    if given not in ROLES:
        raise NotARole(given=given, known=", ".join(ROLES))
    return given


def due_day(given: int) -> int:
    """A day by which a month is expected."""
    if not 1 <= given <= 28:
        raise NotADueDay()
    return given


def due(month: str, day: int = DUE_DAY) -> date:
    """The last day on which a month's return is not late."""
    return (parse_month(month).last + timedelta(days=1)).replace(day=day)


def months_before(today: date, how_many: int) -> tuple[str, ...]:
    """The last months that are over, oldest first."""
    month, found = period_of(PeriodKind.MONTH, today), []
    for _ in range(how_many):
        month = period_of(PeriodKind.MONTH, month.first - timedelta(days=1))
        found.append(month.name)
    return tuple(reversed(found))


def standings(
    reporters: Sequence[Reporter],
    received: Iterable[Received],
    months: Sequence[str],
    today: date,
    day: int = DUE_DAY,
) -> Standings:
    """How every program stands with every month. One is expected from its first month on, and from none before."""
    here = {(each.program, each.month): each for each in received}
    cells = {}
    for reporter in reporters:
        for month in months:
            got = here.get((reporter.code, month))
            if got:
                state = State.REPORTED
            elif not reporter.expected or not reporter.since or month < reporter.since:
                state = State.NOT_EXPECTED
            else:
                state = State.LATE if today > due(month, day) else State.OPEN
            cells[reporter.code, month] = Standing(reporter.code, month, state, got)
    return Standings(tuple(reporters), tuple(months), cells)


# --- what they add up to: a program stands where a site stands on a laptop, a month on its first day ---


def groupings(regions: Mapping[str, str]) -> Groupings:
    """How a department puts programs' months together."""
    return {
        "program": lambda program, _: program,
        "region": lambda program, _: regions.get(program) or NO_REGION,
        "month": lambda _, day: f"{day:%Y-%m}",
        "quarter": lambda _, day: period_of(PeriodKind.QUARTER, day).name,
        "year": lambda _, day: f"{day:%Y}",
    }


def whole_months(period: Period) -> Period:
    """The period, if it begins and ends with a month; refuses any other."""
    starts = period_of(PeriodKind.MONTH, period.first).first == period.first
    if not starts or period_of(PeriodKind.MONTH, period.last).last != period.last:
        raise NotWholeMonths(period=period)
    return period


Sums = TypeVar("Sums", LineSum, Visits, EventSum)


def by_region(counted: Counted, regions: Mapping[str, str]) -> Counted:
    """The same sums with each program's region in its place."""

    def moved(rows: Iterable[Sums]) -> tuple[Sums, ...]:
        return tuple(replace(row, site=regions.get(row.site) or NO_REGION) for row in rows)

    return replace(
        counted,
        lines=moved(counted.lines),
        visits=moved(counted.visits),
        events=moved(counted.events),
        kits=moved(counted.kits),
    )


def totals(counted: Counted, by: tuple[str, ...], known: Groupings) -> Report:
    """Every item's total by movement and grouping, kits beside what was in them: the two are never added up."""
    by, catalog = checked(by, known), counted.catalog
    sums: Counter[tuple[str, ...]] = Counter()
    for each in (*counted.lines, *counted.kits):
        sums[(*(known[name](each.site, each.day) for name in by), each.item, each.movement.value)] += each.quantity
    rows = []
    for key in sorted(sums, key=in_order(catalog)):
        *where, item, movement = key
        thing, quantity = catalog.get(item) if item in catalog else None, sums[key]
        row: Row = dict(zip(by, where, strict=True)) | {"item": item, "movement": movement, "quantity": quantity}
        row["units"] = thing.units if thing else ""
        row["doses"] = quantity * thing.doses if isinstance(thing, Item) and thing.doses else None
        rows.append(row)
    return Report("totals", counted.period, (*by, "item", "movement", "quantity", "units", "doses"), tuple(rows))


def is_in_returns(source: Source, known: Indicators) -> bool:
    """Whether a number can be worked out from month returns: they hold no shelves, hours or lists of sites."""
    if isinstance(source, Ratio):
        others = [each for each in (*source.top, source.bottom) if each and each in known]
        return all(is_in_returns(known.get(each).numbers[0].source, known) for each in others)
    if isinstance(source, Visited):
        return source.count != "hours"
    return not isinstance(source, Stocked | Listed)


def for_returns(pack: Pack, known: Indicators) -> Pack:
    """A funder's pack as returns can answer it: what they do not hold is a blank line that says so.

    What the funder asks by site or by way of serving is told as a total: a department's return has neither.
    """
    return replace(pack, lines=tuple(_for_returns(line, known) for line in pack.lines))


def _for_returns(line: PackLine, known: Indicators) -> PackLine:
    indicator: Indicator | None = line.asks_for(known)
    if indicator is None:
        return line
    source = indicator.numbers[0].source
    if not is_in_returns(source, known):
        return replace(line, indicator="", unit="", by="", only=frozenset(), blank=NOT_IN_RETURNS)
    return replace(line, by=line.by if line.by in ("item", "month") else "")
