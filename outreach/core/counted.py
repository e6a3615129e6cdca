"""What a report is worked out from: the sums of a period, and where kits change their recipe in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from outreach.core.periods import Period, cut
from outreach.core.reports import EventSum, LineSum, Visits
from outreach.core.sheets import Movement
from outreach.core.stock import Book
from outreach.core.supplies import Catalog, Kit


@dataclass(frozen=True, slots=True)
class Counted:
    """The sums of a period. Every `day` in them lies in the period and has the recipes of the days it stands for."""

    period: Period
    catalog: Catalog
    lines: tuple[LineSum, ...] = ()
    visits: tuple[Visits, ...] = ()
    events: tuple[EventSum, ...] = ()
    books: tuple[Book, ...] = ()
    """The stock account of each item over the period, of one site or of the program as one shelf."""
    kits: tuple[LineSum, ...] = ()
    """Whole kits whose parts are in `lines` already, as month returns tell them."""

    def unpacked(self, movement: Movement) -> Iterator[LineSum]:
        """The lines of a movement with kits taken apart into the plain items they held on their day."""
        for each in self.lines:
            if each.movement is movement:
                for part, quantity in self.catalog.parts(each.item, each.quantity, each.day).items():
                    yield replace(each, item=part, quantity=quantity)


def spans(period: Period, catalog: Catalog) -> tuple[Period, ...]:
    """The period cut where a kit's recipe changes, so that one day of a span speaks for all of it."""
    changes = {recipe.start for thing in catalog.handed_out() if isinstance(thing, Kit) for recipe in thing.recipes}
    return cut(period, changes)
