"""Lots: which boxes are still on a shelf, and which of them expire soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.core.stock import Place, StockSum, begun

Expiries = Mapping[tuple[str, str], date]
"""The last day of each (item, lot)."""

NO_LOT = ""
SOON = (30, 60)
"""Days ahead that a program is told of: time to hand out, and time to reorder."""


@dataclass(frozen=True, slots=True)
class LotOnHand:
    """What is left of one lot at one site. No lot: what came without one, less what is missing from every box."""

    site: str
    item: str
    lot: str
    expires: date | None
    quantity: int

    def expired(self, today: date) -> bool:
        """Whether it is past the last day printed on it; on that day itself it is still good."""
        return self.expires is not None and self.expires < today

    def expires_within(self, days: int, today: date) -> bool:
        return self.expires is not None and today <= self.expires <= today + timedelta(days=days)


def lots_on_hand(
    sums: Iterable[StockSum], expiries: Expiries, starts: Mapping[Place, date] | None = None
) -> tuple[LotOnHand, ...]:
    """What is on hand by lot; the lots of a place add up to what `on_hand` says of it.

    What left without naming a lot is taken from the lot that expires first, day by day, and never from one
    that had not come yet. What no lot can cover makes the quantity without a lot negative: a count is due.
    """
    known = list(sums)
    starts = begun(known) if starts is None else starts
    days: dict[Place, dict[date, list[StockSum]]] = defaultdict(lambda: defaultdict(list))
    for each in known:
        if each.change and each.place in starts and each.day >= starts[each.place]:
            days[each.place][each.day].append(each)
    found = []
    for place in sorted(days):
        shelf: dict[str, int] = {}
        for day in sorted(days[place]):
            _one_day(shelf, days[place][day], place[1], expiries)
        ordered = sorted(shelf, key=lambda lot: _first_out(place[1], lot, expiries))
        found += [
            LotOnHand(*place, lot, expiries.get((place[1], lot)), shelf[lot]) for lot in ordered if shelf[lot] != 0
        ]
    return tuple(found)


def _one_day(shelf: dict[str, int], changes: Sequence[StockSum], item: str, expiries: Expiries) -> None:
    """What comes on a day can leave on it; what names its lot leaves before what does not."""
    by_lot: dict[str, int] = defaultdict(int)
    out = 0
    for each in changes:
        if each.change > 0:
            shelf[each.lot] = shelf.get(each.lot, 0) + each.change
        elif each.lot == NO_LOT:
            out -= each.change
        else:
            by_lot[each.lot] -= each.change
    for lot, quantity in by_lot.items():
        there = max(0, min(quantity, shelf.get(lot, 0)))
        shelf[lot] = shelf.get(lot, 0) - there
        out += quantity - there
    for lot, quantity in taken(shelf, out, item, expiries).items():
        shelf[lot] = shelf.get(lot, 0) - quantity


def taken(shelf: Mapping[str, int], quantity: int, item: str, expiries: Expiries) -> dict[str, int]:
    """From which lots `quantity` is taken, the one that expires first before the others; the rest from no lot."""
    from_lots: dict[str, int] = {}
    for lot in sorted(shelf, key=lambda lot: _first_out(item, lot, expiries)):
        there = min(quantity, shelf[lot])
        if there > 0:
            from_lots[lot] = there
            quantity -= there
    if quantity:
        from_lots[NO_LOT] = from_lots.get(NO_LOT, 0) + quantity
    return from_lots


def _first_out(item: str, lot: str, expiries: Expiries) -> tuple[date, str]:
    return expiries.get((item, lot), date.max), lot


def lots_of_kits(parts: Mapping[str, int], each: int, kits: int, item: str, expiries: Expiries) -> dict[str, int]:
    """How many of `kits` carry which lot, when every kit holds `each` of a part that comes from `parts` by lot.

    A kit goes by the box in it that expires first.
    """
    boxes = sorted(parts, key=lambda lot: _first_out(item, lot, expiries))
    by_lot: dict[str, int] = {}
    at, left = 0, dict(parts)
    for _ in range(kits):
        need, first = each, None
        while need and at < len(boxes):
            there = min(need, left[boxes[at]])
            if there and first is None:
                first = boxes[at]
            left[boxes[at]] -= there
            need -= there
            if not left[boxes[at]]:
                at += 1
        lot = first or NO_LOT
        by_lot[lot] = by_lot.get(lot, 0) + 1
    return by_lot


def not_in_time(expiring: Sequence[int], used: Sequence[int]) -> tuple[int, ...]:
    """Of what expires by the end of each span, how much is left then, when so much is used in each and in that order.

    What is used comes from what expires first; what is left when its span is over is lost.
    """
    left, lost = list(expiring), []
    for at, out in enumerate(used):
        for later in range(at, len(left)):
            there = min(out, left[later])
            left[later] -= there
            out -= there
        lost.append(left[at])
    return tuple(lost)
