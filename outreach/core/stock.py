"""Supplies before they are handed out: what each movement does to a shelf, and the book of it over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from outreach.core.particulars import ASSEMBLED, COUNTED, PAST
from outreach.core.periods import Period
from outreach.core.sheets import Movement

# What each movement does to the shelf of the sheet's site. Returned syringes are used ones: they
# go to disposal and never back on the shelf.
_SIGN: Mapping[Movement, int] = {
    Movement.RECEIVED: 1,
    Movement.GIVEN: -1,
    Movement.DISCARDED: -1,
    Movement.ADJUSTED: 1,
    Movement.MOVED: 1,
    Movement.RETURNED: 0,
}

PROGRAM = ""
"""The site of the whole program taken as one shelf; a real site's code is never empty."""

Place = tuple[str, str]
"""A site and an item: one book."""


@dataclass(frozen=True, slots=True)
class StockSum:
    """What the ledger holds of one item, movement, lot and funder at one site on one day, corrections included.

    `act` is what the stock sheets did, such as "assembled"; empty for tallies and plain receipts.
    """

    site: str
    day: date
    act: str
    item: str
    movement: Movement
    lot: str
    funder: str
    quantity: int

    @property
    def change(self) -> int:
        """Units by which the shelf grows. Totals of the past never lay on a shelf of this ledger."""
        return 0 if self.act == PAST else _SIGN[self.movement] * self.quantity

    @property
    def place(self) -> Place:
        return self.site, self.item

    @property
    def begins(self) -> bool:
        """Whether this can open a book: something came, left other than by being used, or was counted.

        Handing out opens none, nor do parts that went into kits: they came from no shelf that is known.
        """
        if self.act == ASSEMBLED:
            return self.change > 0
        if self.act == COUNTED and self.movement is Movement.ADJUSTED:
            return True  # also when the book was right: 0 is a count
        return bool(self.change) and self.movement is not Movement.GIVEN


def as_one(sums: Iterable[StockSum]) -> Iterator[StockSum]:
    """The same sums with the whole program as one shelf: a site without stock of its own takes from the program's."""
    return (replace(each, site=PROGRAM) for each in sums)


def begun(sums: Iterable[StockSum]) -> dict[Place, date]:
    """The day on which the book of each (site, item) begins: its first receipt, count, move or discard.

    Before that day nobody kept stock of it there: what was handed out came from no shelf that is known.
    """
    first: dict[Place, date] = {}
    for each in sums:
        if each.begins:
            first[each.place] = min(each.day, first.get(each.place, each.day))
    return first


def on_hand(sums: Iterable[StockSum], starts: Mapping[Place, date] | None = None) -> dict[Place, int]:
    """Units by (site, item) that the book says are there; kits count as the kits they are.

    `starts` is when each book begins, for sums that say it no more: then a sum may stand for many days.
    """
    known = list(sums)
    starts = begun(known) if starts is None else starts
    shelf = dict.fromkeys(starts, 0)
    for each in known:
        if each.place in shelf and each.day >= starts[each.place]:
            shelf[each.place] += each.change
    return shelf


@dataclass(slots=True)
class Book:
    """One item at one site over a period (reporting K1 to K8), in units.

    `opening + received + moved - out - discarded + made_up + found = closing`, always. `made_up` is what
    kits took and became, `found` what counting put right. `counted` is what the last count of the period
    found, `off` how much the counts of that day changed; None when nobody counted.
    """

    site: str
    item: str
    opening: int = 0
    received: dict[str, int] = field(default_factory=dict)
    out: int = 0
    moved: int = 0
    made_up: int = 0
    found: int = 0
    discarded: int = 0
    closing: int = 0
    counted: int | None = None
    off: int | None = None
    days_out: int = 0

    @property
    def received_in_all(self) -> int:
        return sum(self.received.values())

    @property
    def adjusted(self) -> int:
        return self.made_up + self.found

    @property
    def discrepancy(self) -> Fraction | None:
        """How far the count was from the book, in percent of the book; None where there is nothing to compare."""
        if self.counted is None or self.off is None:
            return None
        if self.off == 0:
            return Fraction(0)
        by_book = self.counted - self.off
        return Fraction(self.off * 100, by_book) if by_book > 0 else None

    def add(self, each: StockSum) -> None:
        """Take one sum of the period into its line."""
        if each.movement is Movement.RECEIVED:
            self.received[each.funder] = self.received.get(each.funder, 0) + each.change
        elif each.movement is Movement.GIVEN:
            self.out -= each.change
        elif each.movement is Movement.MOVED:
            self.moved += each.change
        elif each.movement is Movement.DISCARDED:
            self.discarded -= each.change
        elif each.act == ASSEMBLED:
            self.made_up += each.change
        else:
            self.found += each.change


def books(
    before: Iterable[StockSum], within: Iterable[StockSum], starts: Mapping[Place, date], period: Period, until: date
) -> tuple[Book, ...]:
    """The book of every (site, item) that has begun by the end of the period, in that order.

    `before` may be summed as coarsely as the days in `starts` allow, `within` is by day. Days without
    stock are counted up to `until`: the days to come are not among them.
    """
    opening = on_hand(before, starts)
    days: dict[Place, dict[date, list[StockSum]]] = defaultdict(lambda: defaultdict(list))
    for each in within:
        if period.first <= each.day <= period.last and each.place in starts and each.day >= starts[each.place]:
            days[each.place][each.day].append(each)
    last = min(period.last, until)
    return tuple(
        _book(place, opening.get(place, 0), days[place], max(start, period.first), last)
        for place, start in sorted(starts.items())
        if start <= period.last
    )


def _book(place: Place, opening: int, days: Mapping[date, list[StockSum]], first: date, last: date) -> Book:
    book = Book(*place, opening=opening)
    held, since = opening, first
    for day in sorted(days):
        if held <= 0:
            book.days_out += _days(since, min(day, last + timedelta(days=1)))
        counts = [each for each in days[day] if each.act == COUNTED and each.movement is Movement.ADJUSTED]
        for each in days[day]:
            book.add(each)
            held += each.change
        if counts:
            # A shelf is counted when its day is over and the day's sheets are in.
            book.counted, book.off = held, sum(each.change for each in counts)
        since = day
    if held <= 0:
        book.days_out += _days(since, last + timedelta(days=1))
    book.closing = held
    return book


def _days(first: date, after: date) -> int:
    return max(0, (after - first).days)
