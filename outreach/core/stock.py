"""Supplies before they are handed out: lots, who paid, and what is on hand by the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core.sheets import ClosedSheet, Movement

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
class Lot:
    """A batch as the box names it. `expires` is the last day printed on it."""

    code: str
    item: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Funder:
    """Who paid for a receipt; what their money may buy is dated data elsewhere."""

    code: str
    name: str


def on_hand(sheets: Iterable[ClosedSheet]) -> dict[tuple[str, str], int]:
    """Units by (site, item) that the book says are there; kits count as the kits they are."""
    shelf: dict[tuple[str, str], int] = {}
    for sheet in sheets:
        for line in sheet.lines:
            change = _SIGN[line.movement] * line.quantity
            if change:
                key = sheet.site, line.item
                shelf[key] = shelf.get(key, 0) + change
    return shelf
