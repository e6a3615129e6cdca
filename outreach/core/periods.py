"""Spans of days: as a person types them and as a report names them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from outreach.core.refusal import N_, Refusal


class NotAPeriod(Refusal):
    sentence = N_(
        "{given} is not a period. Write a year (2026), a quarter (2026-Q3), a month (2026-07), a year to the end of "
        "June (SFY2026) or a year to the end of September (FFY2026)."
    )


class NotAMonth(Refusal):
    sentence = N_("{given} is not a month. Write it as year-month, such as 2026-07. Nothing was saved.")


class EndsBeforeItStarts(Refusal):
    sentence = N_("The period ends on {last}, before it starts on {first}. Change one of the two days.")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included. `name` is how it was asked for, if it has one."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise EndsBeforeItStarts(first=self.first.isoformat(), last=self.last.isoformat())

    def __str__(self) -> str:
        return self.name or f"{self.first.isoformat()} to {self.last.isoformat()}"


class PeriodKind(StrEnum):
    """The spans that reports are sent for. A fiscal year is named after the year in which it ends."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FISCAL_JUL = "fiscal-jul"
    FISCAL_OCT = "fiscal-oct"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3}.get(self.value, 12)

    @property
    def starts(self) -> int:
        """The month in which a year of it begins, 1 to 12."""
        return {"fiscal-jul": 7, "fiscal-oct": 10}.get(self.value, 1)

    def is_one(self, period: Period) -> bool:
        """Whether the period is exactly one of these, from its first day to its last."""
        whole = period_of(self, period.first)
        return (whole.first, whole.last) == (period.first, period.last)


_FISCAL = {"S": PeriodKind.FISCAL_JUL, "F": PeriodKind.FISCAL_OCT}
_NAMED = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?|(?P<whose>[SF])FY(?P<ends>[0-9]{4})",
    re.IGNORECASE,
)


def parse_period(given: str) -> Period:
    """A year, quarter or month, such as 2026, 2026-Q3 or 2026-07; SFY2026 ends in June 2026, FFY2026 in September."""
    match = _NAMED.fullmatch(given.strip())
    year = int((match["year"] or match["ends"]) if match else 0)
    if not match or not 0 < year < 9999:
        raise NotAPeriod(given=given)
    if match["whose"]:
        return period_of(_FISCAL[match["whose"].upper()], date(year, 1, 1))
    if match["quarter"]:
        return period_of(PeriodKind.QUARTER, date(year, int(match["quarter"]) * 3, 1))
    if match["month"]:
        return period_of(PeriodKind.MONTH, date(year, int(match["month"]), 1))
    return period_of(PeriodKind.YEAR, date(year, 1, 1))


def parse_month(given: str) -> Period:
    """A month, such as 2026-07; refuses any other span."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", given.strip()):
        raise NotAMonth(given=given)
    try:
        return parse_period(given)
    except NotAPeriod:
        raise NotAMonth(given=given) from None


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which `day` lies, by its name."""
    months = day.year * 12 + day.month - 1
    first = months - (months - kind.starts + 1) % kind.months
    start, after = _first_of(first), _first_of(first + kind.months)
    return Period(start, after - timedelta(days=1), _name(kind, start, after - timedelta(days=1)))


def _name(kind: PeriodKind, first: date, last: date) -> str:
    match kind:
        case PeriodKind.MONTH:
            return f"{first:%Y-%m}"
        case PeriodKind.QUARTER:
            return f"{first:%Y}-Q{last.month // 3}"
        case PeriodKind.YEAR:
            return f"{first:%Y}"
        case PeriodKind.FISCAL_JUL:
            return f"SFY{last:%Y}"
        case PeriodKind.FISCAL_OCT:
            return f"FFY{last:%Y}"


def kind_of(period: Period) -> PeriodKind | None:
    """Which kind of period this is exactly; None for any other span."""
    return next((kind for kind in PeriodKind if kind.is_one(period)), None)


def latest_of(kind: PeriodKind, today: date, how_many: int) -> tuple[Period, ...]:
    """The one that `today` lies in and those before it, latest first."""
    found = [period_of(kind, today)]
    while len(found) < how_many:
        found.append(period_of(kind, found[-1].first - timedelta(days=1)))
    return tuple(found)


def cut(period: Period, days: Iterable[date]) -> tuple[Period, ...]:
    """The period in pieces, a new one beginning on each of these days that lies in it."""
    starts = [period.first, *sorted({day for day in days if period.first < day <= period.last})]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), period.last]
    return tuple(Period(first, last) for first, last in zip(starts, ends, strict=True))


def months_of(period: Period) -> tuple[str, ...]:
    """The months that a period touches, such as "2026-07", in order."""
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    return tuple(f"{_first_of(each):%Y-%m}" for each in range(first, last + 1))


def _first_of(months: int) -> date:
    """The first day of a month that is counted from the year 0."""
    return date(months // 12, months % 12 + 1, 1)


def within_a_year(day: date, today: date) -> bool:
    """Whether `day` is not to come and less than 12 months ago: how long a call or a check counts."""
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return day <= today and months < 12


def year_from(day: date) -> date:
    """The last day of the 12 months that begin with `day`."""
    leap = (day.month, day.day) == (2, 29)
    return (date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)) - timedelta(days=1)
