"""What lies on the shelves by the book: on hand, days of cover, low levels, what expires, and a period's book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

from outreach.content.stocking import read_levels
from outreach.content.writing import toml_table
from outreach.core.lots import SOON, LotOnHand, lots_on_hand
from outreach.core.particulars import ASSEMBLED
from outreach.core.periods import Period, cut
from outreach.core.refusal import Refusal
from outreach.core.sheets import Movement
from outreach.core.stock import PROGRAM, Book, Place, StockSum, as_one, begun, books, on_hand
from outreach.core.supplies import Item, ItemCode
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program
from outreach.store.ledger import Ledger

COVER_FROM = 28
"""Days whose use says how long the rest will last: four weeks, so that each weekday is in it alike."""

_writing = Lock()


@dataclass(frozen=True, slots=True)
class OnHand:
    """One item on one shelf, as the stock page shows it. `cover` is in days; None where nothing was used."""

    site: str
    item: str
    quantity: int
    used: int
    cover: int | None
    level: int | None = None

    @property
    def low(self) -> bool:
        return self.level is not None and self.quantity < self.level


@dataclass(frozen=True, slots=True)
class SoonOver:
    """A lot of the program that has expired or soon will: what is left of it, in doses too, and where it lies."""

    lot: LotOnHand
    doses: int
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Naloxone:
    """Naloxone doses by the book that have expired, or will within so many days and no earlier span."""

    expired: int
    within: Mapping[int, int]

    def __bool__(self) -> bool:
        return bool(self.expired or any(self.within.values()))


def starts(ledger: Ledger) -> dict[Place, date]:
    """When each book begins, by site and for the program as one shelf."""
    stocked = ledger.sums.stocked()
    return begun(stocked) | begun(as_one(stocked))


def up_to(ledger: Ledger, begins: Mapping[Place, date], last: date) -> list[StockSum]:
    """All sums up to a day, by site and for the program, as coarsely as the beginnings of books allow."""
    cuts = sorted({day for day in begins.values() if day <= last})
    if not cuts:
        return []
    sums = [each for span in cut(Period(cuts[0], last), cuts) for each in ledger.sums.stock(span, grain="all")]
    return [*sums, *as_one(sums)]


def on_shelves(ledger: Ledger, last: date = date.max) -> dict[Place, int]:
    """Units by (site, item), the program's as those of the site ``PROGRAM``, when a day was over."""
    begins = {place: day for place, day in starts(ledger).items() if day <= last}
    return on_hand(up_to(ledger, begins, last), begins)


def stand(program: Program, today: date) -> list[OnHand]:
    """Every item that is kept anywhere, the whole program first and then site by site, in the catalog's order."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return []
    held, known = on_shelves(ledger), levels_or_none(program)
    lately = ledger.sums.stock(Period(today - timedelta(days=COVER_FROM - 1), today), grain="all")
    used: dict[Place, int] = {}
    for each in (*lately, *as_one(lately)):
        into_kits = each.act == ASSEMBLED and each.change < 0
        if each.movement is Movement.GIVEN or into_kits:
            used[each.place] = used.get(each.place, 0) - each.change
    order = {thing.code: i for i, thing in enumerate(program.catalog.handed_out())}
    return [
        OnHand(
            site,
            item,
            quantity,
            used.get((site, item), 0),
            max(quantity, 0) * COVER_FROM // used[site, item] if used.get((site, item), 0) > 0 else None,
            known.get(item) if site == PROGRAM else None,
        )
        for (site, item), quantity in sorted(
            held.items(), key=lambda each: (each[0][0], order.get(ItemCode(each[0][1]), len(order)), each[0][1])
        )
    ]


# --- lots ---

_kept: dict[Path, tuple[int, tuple[LotOnHand, ...]]] = {}


def lots(program: Program) -> tuple[LotOnHand, ...]:
    """What is on hand by lot, by site and for the program; only of items with a lot whose last day is known.

    Kept while the ledger holds as many sheets: it only grows, and the desk asks at every view.
    """
    ledger = program.ledger_if_any()
    if ledger is None:
        return ()
    count = ledger.count()
    kept = _kept.get(program.home.ledger)
    if kept is None or kept[0] != count:
        sums = ledger.sums.with_lots()
        found = lots_on_hand((*sums, *as_one(sums)), ledger.sums.expiries())
        kept = _kept[program.home.ledger] = (count, found)
    return kept[1]


def lots_there(program: Program, site: str, item: str, day: date) -> dict[str, int] | None:
    """What a site's shelf holds of an item by lot when a day was over; None when no lot of it has a last day."""
    sums = program.ledger().sums
    expiries = sums.expiries()
    if not any(known == item for known, _ in expiries):
        return None
    known = [row for row in sums.with_lots(site) if row.item == item]
    held = lots_on_hand([row for row in known if row.day <= day], expiries, begun(known))
    return {lot.lot: lot.quantity for lot in held}


def lots_left(program: Program) -> list[LotOnHand]:
    """Every lot of which some is left in the whole program, what is over first; those without a last day at the end."""
    left = [lot for lot in lots(program) if lot.site == PROGRAM and lot.lot and lot.quantity > 0]
    return sorted(left, key=lambda lot: (lot.expires or date.max, lot.item, lot.lot))


def soon_over(program: Program, today: date) -> list[SoonOver]:
    """The lots that have expired or will within 60 days, what is over first.

    Of the whole program taken as one shelf: a site without stock of its own takes from the program's, so
    what a site's own book still says of a lot may be gone.
    """
    known = [lot for lot in lots(program) if lot.quantity > 0]
    over = [
        lot for lot in known if lot.site == PROGRAM and (lot.expired(today) or lot.expires_within(max(SOON), today))
    ]
    return [
        SoonOver(
            lot,
            lot.quantity * doses_in(program, lot.item, today),
            tuple(each.site for each in known if each.site != PROGRAM and (each.item, each.lot) == (lot.item, lot.lot)),
        )
        for lot in sorted(over, key=lambda lot: (lot.expires or date.max, lot.item, lot.lot))
    ]


def naloxone_in(over: Iterable[SoonOver], today: date) -> Naloxone:
    """The naloxone doses among what is over soon: expired, within 30 days, and after that within 60."""
    expired, within = 0, dict.fromkeys(SOON, 0)
    for each in over:
        if each.lot.expired(today):
            expired += each.doses
        else:
            within[next(days for days in SOON if each.lot.expires_within(days, today))] += each.doses
    return Naloxone(expired, within)


def naloxone_soon_over(program: Program, today: date) -> Naloxone:
    """Naloxone doses of the whole program that have expired, and that soon will."""
    return naloxone_in(soon_over(program, today), today)


def doses_in(program: Program, code: str, day: date) -> int:
    """Naloxone doses in one of it, a kit by its recipe of the day."""
    if code not in program.catalog:
        return 0
    things = ((program.catalog.get(part), n) for part, n in program.catalog.parts(code, 1, day).items())
    return sum(thing.doses * n for thing, n in things if isinstance(thing, Item))


# --- the book of a period ---


def book(program: Program, period: Period, today: date, site: str = PROGRAM) -> list[Book]:
    """Opening, received, out and so on to closing of each item of a site, or of the program as one shelf."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return []
    if site != PROGRAM:
        ledger.sites.get(site)
    begins = {place: day for place, day in starts(ledger).items() if place[0] == site}
    within = ledger.sums.stock(period, site or None)
    before = up_to(ledger, begins, period.first - timedelta(days=1)) if period.first > date.min else []
    found = books(before, as_one(within) if site == PROGRAM else within, begins, period, today)
    order = {thing.code: i for i, thing in enumerate(program.catalog.handed_out())}
    return sorted(found, key=lambda each: (order.get(ItemCode(each.item), len(order)), each.item))


# --- how much there should be ---


def levels(program: Program) -> dict[str, int]:
    """The least that should be on hand, by item; refused when the file cannot be read."""
    return read_if_changed(program.home.stock, read_levels)


def levels_or_none(program: Program) -> dict[str, int]:
    """As `levels`, and none while their file is damaged: the shelves can be looked at all the same."""
    try:
        return levels(program)
    except Refusal:
        return {}


def set_levels(program: Program, least: Mapping[str, int | None]) -> None:
    """Keep the least of each item that should be on hand, or none for it; those not named stay. All or none."""
    wanted: dict[str, int | None] = {program.catalog.get(item).code: level for item, level in least.items()}
    with _writing:
        rows: dict[str, int | None] = {**levels(program), **wanted}
        table = toml_table("[levels]", {item: level for item, level in sorted(rows.items()) if level is not None})
        write_own(program.home, program.home.stock, "The least of each item that should be on hand.", [table])
