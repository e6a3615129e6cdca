"""Naloxone that will expire, month by month, against how much of it goes out in an average month."""

from __future__ import annotations

from datetime import date, timedelta

from outreach.core.answers import Figure, broken_down
from outreach.core.lots import not_in_time
from outreach.core.periods import Period, PeriodKind, latest_of, period_of
from outreach.core.stock import PROGRAM
from outreach.services.packs import plain, question
from outreach.services.program import Program
from outreach.services.shelves import doses_in, lots

BACK, AHEAD = 6, 6
"""Whole months that an average is taken of, and months in which something may expire: this one and the next."""


def months_ahead(today: date) -> tuple[Period, ...]:
    """This month and those after it."""
    found = [period_of(PeriodKind.MONTH, today)]
    while len(found) < AHEAD:
        found.append(period_of(PeriodKind.MONTH, found[-1].last + timedelta(days=1)))
    return tuple(found)


def doses_expiring(program: Program, months: tuple[Period, ...], today: date) -> tuple[int, ...]:
    """Naloxone doses on hand of the whole program by the month of their last day; not those that have expired."""
    found = dict.fromkeys(months, 0)
    for lot in lots(program):
        if lot.site != PROGRAM or lot.quantity <= 0 or lot.expires is None or lot.expired(today):
            continue
        month = period_of(PeriodKind.MONTH, lot.expires)
        if month in found:
            found[month] += lot.quantity * doses_in(program, lot.item, today)
    return tuple(found.values())


def doses_in_a_month(program: Program, today: date) -> int | None:
    """Naloxone doses handed out in an average month of the last whole ones; None if nobody counted in any."""
    months = latest_of(PeriodKind.MONTH, today, BACK + 1)[1:]
    asked = question(program, Period(months[-1].first, months[0].last), stock=False)
    found = broken_down(asked.indicators.get("N1"), asked, "month")
    known = [value for month in months if (value := first_number(found, month.name)) is not None]
    return round(sum(known) / len(known)) if known else None


def lost_doses(expiring: tuple[int, ...], average: int, this_month: Period, today: date) -> tuple[int, ...]:
    """What expires before it is handed out, by month; of this month only the days that are left count."""
    days, left = ((this_month.last - day).days + 1 for day in (this_month.first, today))
    return not_in_time(expiring, (average * left // days, *(average for _ in expiring[1:])))


def first_number(parts: dict[str, tuple[Figure, ...]], name: str) -> int | None:
    """The first number of a part, whole; None where nobody counted."""
    value = plain(parts[name][0].value) if name in parts else None
    return None if value is None else int(value)
