"""Spans of days: as a person types them and as a report names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.core.refusal import N_, Refusal


class NotAPeriod(Refusal):
    sentence = N_("{given} is not a period. Write a year (2026), a quarter (2026-Q3) or a month (2026-07).")


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


_NAMED = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.IGNORECASE)


def parse_period(given: str) -> Period:
    """A year, quarter or month, such as 2026, 2026-Q3 or 2026-07."""
    match = _NAMED.fullmatch(given.strip())
    if not match or match["year"] == "0000" or match["year"] == "9999":
        raise NotAPeriod(given=given)
    year = int(match["year"])
    if match["quarter"]:
        start, length = int(match["quarter"]) * 3 - 2, 3
    elif match["month"]:
        start, length = int(match["month"]), 1
    else:
        start, length = 1, 12
    after = start + length
    end = date(year + (after > 12), after - 12 if after > 12 else after, 1)
    return Period(date(year, start, 1), end - timedelta(days=1), given.strip().upper())


def within_a_year(day: date, today: date) -> bool:
    """Whether `day` is not to come and less than 12 months ago: how long a call or a check counts."""
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return day <= today and months < 12


def year_from(day: date) -> date:
    """The last day of the 12 months that begin with `day`."""
    leap = (day.month, day.day) == (2, 29)
    return (date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)) - timedelta(days=1)
