"""What the ledger's sheets add up to, summed by the engine as coarsely as the question allows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from outreach.core.periods import Period
from outreach.core.reports import EventSum, LineSum, Visits
from outreach.core.sheets import Movement
from outreach.core.stock import StockSum
from outreach.store import rows
from outreach.store.engine import Connection, reading


class Sums:
    """The ledger's sums by site and, as `grain` says, by "day", by "month" or over "all" days of a period.

    Corrections are in them. Each names a `day`: that day itself, or the first day of its month that lies in
    the period, or the period's first day; no period means all days. A site means that one only.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(self, period: Period | None = None, site: str | None = None, grain: str = "day") -> tuple[LineSum, ...]:
        """Every item's sum by movement, over all lots and funders."""
        return tuple(
            LineSum(at, day, item, Movement(movement), quantity)
            for at, day, item, movement, quantity in self._ask(rows.line_sums(grain), period, site)
        )

    def events(self, period: Period | None = None, site: str | None = None, grain: str = "day") -> tuple[EventSum, ...]:
        """How often each event happened. One that nobody counted is absent, which is not zero."""
        found = self._ask(rows.event_sums(grain), period, site)
        return tuple(EventSum(at, day, event, quantity) for at, day, event, quantity in found)

    def visits(self, period: Period | None = None, site: str | None = None, grain: str = "day") -> tuple[Visits, ...]:
        """Sessions and visits.

        Only a tally sheet is a session; a correction or past totals add to the counts beside it. Where
        nobody reported a count there is None, which is not zero.
        """
        return tuple(Visits(at, day, *counts) for at, day, *counts in self._ask(rows.visits(grain), period, site))

    def stock(self, period: Period | None = None, site: str | None = None, grain: str = "day") -> tuple[StockSum, ...]:
        """As `lines`, by lot, funder and what a stock sheet did."""
        return self._stock(rows.stock_sums(grain), period, site)

    def stocked(self) -> tuple[StockSum, ...]:
        """As `stock` by day, but only what came, was moved, thrown away, made up or counted."""
        return self._stock(rows.stock_sums("day", rows.STOCKED), None, None)

    def with_lots(self, site: str | None = None) -> tuple[StockSum, ...]:
        """As `stock` by day, of those items only that have a lot with a last day."""
        return self._stock(rows.stock_sums("day", rows.WITH_LOTS), None, site)

    def _stock(self, question: str, period: Period | None, site: str | None) -> tuple[StockSum, ...]:
        return tuple(
            StockSum(at, day, act, item, Movement(movement), lot, funder, quantity)
            for at, day, act, item, movement, lot, funder, quantity in self._ask(question, period, site)
        )

    def first_day(self) -> date | None:
        """The first day that anything at all is of; None before anything was saved."""
        return self._a_day(rows.FIRST_DAY)

    def last_folded(self) -> date | None:
        """The last day of all that was folded with others into one sheet; None when nothing was."""
        return self._a_day(rows.LAST_FOLDED)

    def _a_day(self, question: str) -> date | None:
        with reading(self._connection):
            (found,) = self._connection.execute(question).fetchone()
        return date.fromisoformat(found) if found else None

    def last_day(self) -> date | None:
        """The last such day."""
        return self._a_day(rows.LAST_DAY)

    def sessions_before(self, day: date) -> int:
        """How many sessions of single days lie before `day`; those of folded months are not among them."""
        with reading(self._connection):
            (found,) = self._connection.execute(rows.SESSIONS_BEFORE, (day.isoformat(),)).fetchone()
        return int(found)

    def fingerprint(self) -> str:
        """64 hex digits that stand for exactly these sheets: those that count, those that wait, and bundles kept."""
        with reading(self._connection):
            found = self._connection.execute(rows.SHEET_IDS).fetchall()
        return hashlib.sha256("".join(sheet for (sheet,) in found).encode("ascii")).hexdigest()

    def expiries(self) -> dict[tuple[str, str], date]:
        """The last day of each (item, lot), as the latest sheet that names it says."""
        with reading(self._connection):
            found = self._connection.execute(rows.LOTS_EXPIRE).fetchall()
        return {(item, lot): date.fromisoformat(day) for item, lot, day in found}

    def _ask(self, question: str, period: Period | None, site: str | None) -> Iterator[tuple[Any, ...]]:
        with reading(self._connection):
            found = self._connection.execute(question, rows.asked(period, site)).fetchall()
        first = period.first if period else date.min
        days: dict[str, date] = {}
        for at, when, *rest in found:
            day = days.get(when)
            if day is None:
                # "2026-07-04", "2026-07" or "": the first day of it, but none before the period.
                day = days[when] = max(first, date.fromisoformat((when + "-01-01")[:10])) if when else first
            yield at, day, *rest
