"""A department's questions over month returns: who reported, what all add up to, and what the public may be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from outreach.core import hub_reports as core
from outreach.core.answers import Question
from outreach.core.counted import Counted
from outreach.core.hub_reports import Received, Standings, State
from outreach.core.indicators import Indicators, Kind, Typed
from outreach.core.month_return import EVENT, KITS, VISITS, Change, Total
from outreach.core.packs import Pack, PackLine, Release, work_out
from outreach.core.periods import Period, PeriodKind, kind_of, parse_month
from outreach.core.refusal import N_, Misuse, NotThere
from outreach.core.reports import EventSum, LineSum, Report, Visits
from outreach.core.sheets import Movement
from outreach.core.suppression import DEFAULT_THRESHOLD, Margin
from outreach.services import packs as packing
from outreach.services.packs import as_report, indicators, row_of
from outreach.services.presenting import Reader, Value
from outreach.services.program import Program
from outreach.services.releases import NotAPublicPeriod
from outreach.services.releasing import Ground, Safe, made_safe, split_by, told_in

EVERY = "every-number"
"""The pack of every number that returns can answer, in this program's own words."""
MARGINS = {"": Margin.TOTAL, "program": Margin.SITE, "region": Margin.REGION, "month": Margin.MONTH}
BYS = (*MARGINS, "quarter", "year")


MISSING = N_("Returns of these months that are not here yet, and in no total: {count}.")
HOW = (
    N_("Only the latest edition of each return counts. What no shared item is named for is in no total."),
    N_("What was given in a kit is in the totals of its parts. Kits have lines of their own: do not add them up."),
    N_("Visits are not people. The same person can come more than once."),
)
"""How state totals are counted."""


class NotSplitSo(Misuse):
    sentence = N_("Numbers in someone's own words are told together, or by program, region or month.")


class NoSuchReturn(NotThere):
    sentence = N_("There is no return {id}. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A program whose first return, or first with another key, waits for the department's yes."""

    id: str
    name: str
    digits: str
    months: tuple[str, ...]
    changed: bool = False

    @property
    def code(self) -> str:
        """A code to begin with, from its name."""
        return "-".join(re.findall(r"[a-z0-9]+", self.name.lower()))[:48].strip("-")


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What a program calls its own way and no shared item is named for."""

    program: str
    item: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page is about: how programs stand with the last months, and what waits for someone here."""

    standings: Standings
    due_day: int
    waiting: tuple[Waiting, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()

    @property
    def month(self) -> str:
        """The last month that is over."""
        return self.standings.months[-1]

    @property
    def due(self) -> date:
        return core.due(self.month, self.due_day)

    @property
    def here(self) -> int:
        return len(self.standings.of(State.REPORTED, self.month))

    @property
    def late_now(self) -> int:
        return len(self.standings.of(State.LATE, self.month))

    @property
    def open_now(self) -> int:
        return len(self.standings.of(State.OPEN, self.month))

    @property
    def expected(self) -> int:
        return self.here + self.late_now + self.open_now


@dataclass(frozen=True, slots=True)
class Asked:
    """What a state report is asked for: whole months, apart for one of BYS, in a pack's words, public or not."""

    period: Period
    by: str = ""
    pack: str = ""
    public: bool = False
    threshold: int = DEFAULT_THRESHOLD
    typed: Mapping[str, int | Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A state report; `visits` beside supplies, `typed` what a pack needs typed, `missing` returns not here yet."""

    title: str
    report: Report
    visits: Report
    missing: int
    typed: tuple[Typed, ...] = ()

    def notes(self, say: Callable[[str], str]) -> tuple[str, ...]:
        """How it is counted, for the foot of a file."""
        told = say(MISSING).format(count=f"{self.missing:,}") if self.missing else ""
        return tuple(each for each in (told, *map(say, HOW)) if each)


@dataclass(frozen=True, slots=True)
class One:
    """A return, what it says otherwise than the edition before, and whether it is the one that counts."""

    received: Received
    totals: tuple[Total, ...]
    changes: tuple[Change, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class MonthSum:
    """One number of the month rollup, in shared codes. `program` is the hub's own code of it."""

    program: str
    month: str
    way: str
    item: str
    quantity: int


def counted(program: Program, period: Period, sums: Iterable[MonthSum]) -> Counted:
    """Rollups as what reports are worked out from: a program where a site stands, a month on its first day."""
    lines: list[LineSum] = []
    kits: list[LineSum] = []
    events: list[EventSum] = []
    seen: dict[tuple[str, date], dict[str, int]] = {}
    for each in sums:
        day = parse_month(each.month).first
        if each.way == VISITS:
            seen.setdefault((each.program, day), {})[each.item] = each.quantity
        elif each.way == EVENT:
            events.append(EventSum(each.program, day, each.item, each.quantity))
        elif each.way == KITS:
            kits.append(LineSum(each.program, day, each.item, Movement.GIVEN, each.quantity))
        else:
            lines.append(LineSum(each.program, day, each.item, Movement(each.way), each.quantity))
    rows = tuple(
        Visits(code, day, told.get("sessions", 0), told.get("encounters"), told.get("others"), None)
        for (code, day), told in seen.items()
    )
    return Counted(period, program.catalog, tuple(lines), rows, tuple(events), kits=tuple(kits))


def every_number(known: Indicators) -> Pack:
    """Each number that month returns hold, in this program's own words."""
    lines = [
        PackLine(each.name if len(each.numbers) == 1 else f"{each.name}: {number.label}", each.id, number.unit)
        for each in known
        if each.on and not (each.monthly and each.kind is Kind.PEOPLE)
        for number in each.numbers
        if core.is_in_returns(number.source, known)
    ]
    return Pack(
        id=EVERY,
        title="Every number",
        funder="",
        release=Release.PUBLIC,
        period=PeriodKind.MONTH,
        source="The definitions of this program",
        url="",
        checked=date(2026, 11, 29),
        lines=tuple(lines),
    )


def pack_of(program: Program, asked: Asked) -> Pack:
    """The pack that is asked for as returns can answer it; every number where none is named."""
    known = indicators(program)
    found = every_number(known) if asked.pack in ("", EVERY) else packing.find_pack(program, asked.pack)
    return replace(core.for_returns(found, known), threshold=asked.threshold)


def told_report(pack: Pack, asked: Asked, question: Question, regions: Mapping[str, str]) -> Report:
    """A pack's numbers as they are, for those whom a contract gives them to."""
    if asked.by not in MARGINS:
        raise NotSplitSo()
    if asked.by:
        pack, question = split_by(pack, question, MARGINS[asked.by], regions)
    return as_report(pack, asked.period, map(row_of, work_out(pack, question)))


def public_report(
    pack: Pack, asked: Asked, question: Question, earlier: Iterable[str], regions: Mapping[str, str], today: date
) -> Safe:
    """A pack's numbers made safe beside `earlier`, the bodies of all public releases before."""
    if asked.by not in MARGINS:
        raise NotSplitSo()
    if kind_of(asked.period) is None or asked.period.last >= today:
        raise NotAPublicPeriod(period=asked.period)
    of_counted = question.counted
    told = (of_counted.lines, of_counted.visits, of_counted.events)
    # A program without a return of these months has not said zero.
    codes = sorted({row.site for rows in told for row in rows})
    lies = {code: regions.get(code) or core.NO_REGION for code in codes}
    return made_safe(pack, question, Ground(codes, told_in(earlier), MARGINS[asked.by], lies))


@dataclass(frozen=True, slots=True)
class StateReader(Reader):
    """Whom a state report is presented to: programs have names, and no site has one."""

    names: Mapping[str, str] = field(default_factory=dict)

    def called(self, column: str, value: Value) -> Value:
        """As any report's, with programs by their names."""
        if column == "program":
            return self.names.get(str(value), str(value))
        return Reader.called(self, column, value)

    def part(self, code: str) -> str:
        """A program by its name, a region as it is, anything else as in any report."""
        parts = [self.names.get(each, each) for each in code.split(", ")]
        known = code in self.program.catalog or code in self.program.events or code[:4].isdigit()
        return Reader.part(self, code) if known else ", ".join(parts)
