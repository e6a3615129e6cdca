"""Stock: what came in, saved as a closed sheet of its own, and an order of cards that came out of the printer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from outreach.core.cards import Order
from outreach.core.sheets import ClosedSheet, Kind, Movement, SiteCode, sorted_lines
from outreach.core.supplies import ItemCode
from outreach.services.print_work import PrintWork
from outreach.services.program import Program
from outreach.services.signing import save_next

PRINTED_CARD = ItemCode("printed-card")


def receive(program: Program, site: str, came: Mapping[ItemCode, int], day: date) -> ClosedSheet:
    """Save that these came to a site on a day. Refuses an unknown site."""
    at = program.ledger().sites.get(site)
    lines = sorted_lines({(item, Movement.RECEIVED): quantity for item, quantity in came.items()})
    return save_next(
        program,
        lambda origin: ClosedSheet(**origin, kind=Kind.STOCK, site=SiteCode(at.code), day=day, model=None, lines=lines),
    )


def cards_for_stock(program: Program, order: Order) -> int:
    """How many cards of an order are handed out; what the team keeps, such as labels, is no stock."""
    return sum(each.count for each in order.copies if program.cards[each.printable.card].card.handed_out)


def they_printed(program: Program, work: PrintWork, site: str, day: date) -> ClosedSheet:
    """Add an order's cards to the stock of a site. Said again, it answers with what was saved the first time."""
    with work.once:
        if work.stocked is None:
            work.stocked = receive(program, site, {PRINTED_CARD: cards_for_stock(program, work.order)}, day)
        return work.stocked
