"""Cards that were printed, taken into the stock of a site once somebody says that they came out."""

from __future__ import annotations

from datetime import date

from outreach.core.cards import Order
from outreach.core.sheets import ClosedSheet, Line, Movement
from outreach.core.supplies import ItemCode
from outreach.services.print_work import PrintWork
from outreach.services.program import Program
from outreach.services.stock import save

PRINTED_CARD = ItemCode("printed-card")


def cards_for_stock(program: Program, order: Order) -> int:
    """How many cards of an order are handed out; what the team keeps, such as labels, is no stock."""
    return sum(each.count for each in order.copies if program.cards[each.printable.card].card.handed_out)


def they_printed(program: Program, work: PrintWork, site: str, day: date) -> ClosedSheet:
    """Add an order's cards to the stock of a site. Said again, it answers with what was saved the first time."""
    with work.once:
        if work.stocked is None:
            at = program.ledger().sites.get(site)
            cards = cards_for_stock(program, work.order)
            work.stocked = save(program, at.code, day, [Line(PRINTED_CARD, Movement.RECEIVED, cards)])
        return work.stocked
