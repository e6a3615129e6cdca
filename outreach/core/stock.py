"""Supplies before they are handed out: what each movement does to a shelf, and what is on hand by the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core.particulars import PAST
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


def begun(sums: Iterable[StockSum]) -> dict[tuple[str, str], date]:
    """The day on which the book of each (site, item) begins: its first receipt, count, move or discard.

    Before that day nobody kept stock of it there: what was handed out came from no shelf that is known.
    """
    first: dict[tuple[str, str], date] = {}
    for each in sums:
        if each.change and each.movement is not Movement.GIVEN:
            key = each.site, each.item
            first[key] = min(each.day, first.get(key, each.day))
    return first


def on_hand(sums: Iterable[StockSum]) -> dict[tuple[str, str], int]:
    """Units by (site, item) that the book says are there; kits count as the kits they are."""
    known = list(sums)
    shelf = dict.fromkeys(begun(known), 0)
    starts = begun(known)
    for each in known:
        key = each.site, each.item
        if key in shelf and each.day >= starts[key]:
            shelf[key] += each.change
    return shelf
