"""Stock as it is saved: what came, what a count found, what was moved or thrown away, each a closed sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from outreach.core.funders import NOBODY
from outreach.core.lots import NO_LOT, taken
from outreach.core.particulars import ACT, COUNTED, EXPIRES, is_lot
from outreach.core.refusal import N_, Implausible, OutOfStep, Refusal
from outreach.core.sheets import ClosedSheet, Kind, Line, Movement, SiteCode, in_order
from outreach.core.stock import on_hand
from outreach.core.supplies import Item
from outreach.core.tally import ask_about_day, ask_about_quantity
from outreach.services import shelves
from outreach.services.funders import funders
from outreach.services.program import Program
from outreach.services.signing import Origin, save_next


class NothingTyped(Refusal):
    sentence = N_("No number above 0 was typed. Type how many of at least one thing. Nothing was saved.")


class NotALot(Refusal):
    sentence = N_("{lot} is not a lot number. Type it as it stands on the box, at most 40 letters. Nothing was saved.")


class LastDayNeedsALot(Refusal):
    sentence = N_("A last day belongs to a lot. Type the lot number from the box as well. Nothing was saved.")


class OddLastDay(Implausible):
    sentence = N_("These boxes expired on {day}, before they came. Nothing was saved.")


class OtherLastDay(Implausible):
    sentence = N_("Lot {lot} is on the book with {known} as its last day, not {day}. Nothing was saved.")


class MoreThanThere(Implausible):
    sentence = N_(
        "{quantity} of {item} is more than the {there} that the book of {site} says are there. Nothing was saved."
    )


class MoreThanInLot(MoreThanThere):
    sentence = N_(
        "{quantity} of {item} is more than the {there} of lot {lot} that the book of {site} says are there. "
        "Nothing was saved."
    )


class NotStock(Refusal):
    sentence = N_("This is no stock sheet. Nothing was saved.")


class TakenBackAlready(OutOfStep):
    sentence = N_("This sheet was taken back already. Nothing was saved.")


class MoveThemBack(Refusal):
    sentence = N_("A move is two sheets, one at each site. Move the things back instead. Nothing was saved.")


class DaysAreGone(Refusal):
    sentence = N_(
        "The days up to {day} were folded into months, so nobody knows what was handed out before and after that day. "
        "Use a later day. Nothing was saved."
    )


class SameSite(Refusal):
    sentence = N_("Things move from one site to another. Choose two sites. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Boxes:
    """What came of one item: how many, and what the box and the receipt say."""

    item: str
    quantity: int
    lot: str = ""
    expires: date | None = None
    funder: str = NOBODY


@dataclass(frozen=True, slots=True)
class Taken:
    """What leaves a shelf of one item; no lot means whichever expires first."""

    item: str
    quantity: int
    lot: str = ""


def receive(
    program: Program, site: str, came: Sequence[Boxes], day: date, today: date, sure: bool = False
) -> ClosedSheet:
    """Save that these came to a site on a day.

    Refuses unknown sites, items and funders, and what a funder's money may not buy. Asks about an odd
    day or quantity, and about boxes that had expired when they came, unless `sure`.
    """
    at = program.ledger().sites.get(site)
    came = [each for each in came if each.quantity]
    _ask(program, [(each.item, each.quantity) for each in came], day, today, sure)
    expires: dict[str, dict[str, str]] = {}
    for each in came:
        _check_lot(each.lot)
        if each.expires is not None:
            if not each.lot:
                raise LastDayNeedsALot()
            if each.expires < day and not sure:
                raise OddLastDay(day=each.expires)
            known = program.ledger().sums.expiries().get((each.item, each.lot), each.expires)
            if known != each.expires and not sure:
                raise OtherLastDay(lot=each.lot, known=known, day=each.expires)
            expires.setdefault(each.item, {})[each.lot] = each.expires.isoformat()
        parts = (program.catalog.get(part) for part in program.catalog.parts(each.item, 1, day))
        funders(program).check(each.funder, (part for part in parts if isinstance(part, Item)), day)
    lines = [Line(each.item, Movement.RECEIVED, each.quantity, each.lot, each.funder) for each in came]
    return save(program, at.code, day, lines, x={EXPIRES: expires} if expires else {})


def count(
    program: Program, site: str, counted: Mapping[str, int], day: date, today: date, sure: bool = False
) -> ClosedSheet:
    """Save what was found on a shelf when a day was over: the difference to the book, also when there is none."""
    at = program.ledger().sites.get(site)
    _ask(program, list(counted.items()), day, today, sure)
    with program.ledger().together():
        book = book_at(program, at.code, counted, day)
        lines = [Line(item, Movement.ADJUSTED, found - book[item]) for item, found in counted.items()]
        return save(program, at.code, day, lines, act=COUNTED)


def book_at(program: Program, site: str, items: Iterable[str], day: date) -> dict[str, int]:
    """What the book says of these items when a day is over, for a book that begins on that day at the latest."""
    ledger = program.ledger()
    begins = shelves.starts(ledger)
    begins = {(site, item): min(begins.get((site, item), day), day) for item in items}
    held = on_hand(shelves.up_to(ledger, begins, day), begins)
    return {item: held[site, item] for item in items}


def discard(
    program: Program, site: str, away: Sequence[Taken], day: date, today: date, sure: bool = False
) -> ClosedSheet:
    """Save that these were thrown away: expired, broken or recalled. Asks about more than the book has."""
    at = program.ledger().sites.get(site)
    away = [each for each in away if each.quantity]
    _ask(program, [(each.item, each.quantity) for each in away], day, today, sure)
    for each in away:
        _check_lot(each.lot)
    if not sure:
        _ask_if_there(program, at.code, at.name or at.code, away, day)
    return save(program, at.code, day, [Line(each.item, Movement.DISCARDED, each.quantity, each.lot) for each in away])


def move(
    program: Program, site: str, to: str, moved: Sequence[Taken], day: date, today: date, sure: bool = False
) -> tuple[ClosedSheet, ClosedSheet]:
    """Save that these went from one site to another: two sheets, both or none. Lots go with the boxes."""
    ledger = program.ledger()
    at, there = ledger.sites.get(site), ledger.sites.get(to)
    if at.code == there.code:
        raise SameSite()
    moved = [each for each in moved if each.quantity]
    _ask(program, [(each.item, each.quantity) for each in moved], day, today, sure)
    for each in moved:
        _check_lot(each.lot)
    if not sure:
        _ask_if_there(program, at.code, at.name or at.code, moved, day)
    with ledger.together():
        boxes: dict[tuple[str, str], int] = {}
        for each in moved:
            for lot, quantity in by_lot(program, at.code, each, day).items():
                boxes[each.item, lot] = boxes.get((each.item, lot), 0) + quantity
        away = [Line(item, Movement.MOVED, -quantity, lot) for (item, lot), quantity in boxes.items()]
        came = [Line(item, Movement.MOVED, quantity, lot) for (item, lot), quantity in boxes.items()]
        return save(program, at.code, day, away), save(program, there.code, day, came)


def by_lot(program: Program, site: str, each: Taken, day: date) -> dict[str, int]:
    """From which lots of a site's shelf so many are taken on a day; its own lot when it names one."""
    if each.lot:
        return {each.lot: each.quantity}
    there = shelves.lots_there(program, site, each.item, day)
    if there is None:
        return {NO_LOT: each.quantity}
    return taken(there, each.quantity, each.item, program.ledger().sums.expiries())


def save(
    program: Program, site: str, day: date, lines: Iterable[Line], act: str = "", x: Mapping[str, object] | None = None
) -> ClosedSheet:
    """Save lines as the next stock sheet of a site. Refuses when there are none, and days that were folded.

    Folding keeps what was given before and after each stock sheet apart; one that comes later has no such line.
    """
    ordered = in_order(_added(lines))
    if not ordered:
        raise NothingTyped()
    folded = program.ledger().sums.last_folded()
    if folded and day <= folded:
        raise DaysAreGone(day=folded)
    said = dict(x or {}) | ({ACT: act} if act else {})

    def make(origin: Origin) -> ClosedSheet:
        return ClosedSheet(**origin, kind=Kind.STOCK, site=SiteCode(site), day=day, model=None, lines=ordered, x=said)

    return save_next(program, make)


def _added(lines: Iterable[Line]) -> list[Line]:
    """One line for each item, movement, lot and funder."""
    sums: dict[tuple[str, str, str, str], Line] = {}
    for line in lines:
        before = sums.get(line.key)
        quantity = line.quantity + (before.quantity if before else 0)
        sums[line.key] = Line(line.item, line.movement, quantity, line.lot, line.funder)
    return list(sums.values())


def _ask(program: Program, things: Sequence[tuple[str, int]], day: date, today: date, sure: bool) -> None:
    if not things:
        raise NothingTyped()
    for item, quantity in things:
        name = program.catalog.get(item).name
        if not sure:
            ask_about_quantity(name, quantity)
    if not sure:
        ask_about_day(day, today)


def _check_lot(lot: str) -> None:
    if lot and not is_lot(lot):
        raise NotALot(lot=lot)


def _ask_if_there(program: Program, site: str, name: str, away: Sequence[Taken], day: date) -> None:
    """Ask when the book knows the shelf and has less; a shelf that nobody keeps a book of has nothing to say."""
    held = shelves.on_shelves(program.ledger(), day)
    asked = dict.fromkeys((each.item, lot) for each in away for lot in (each.lot, NO_LOT))
    for item, lot in asked:
        quantity = sum(each.quantity for each in away if each.item == item and lot in (each.lot, NO_LOT))
        there = held.get((site, item))
        if lot and there is not None:
            in_lots = shelves.lots_there(program, site, item, day)
            there = None if in_lots is None else in_lots.get(lot, 0)
        if there is not None and quantity > there:
            named = {"item": program.catalog.get(item).name, "site": name, "lot": lot}
            odd = MoreThanInLot if lot else MoreThanThere
            raise odd(quantity=f"{quantity:,}", there=f"{there:,}", **named)


def take_back(program: Program, sheet: ClosedSheet) -> ClosedSheet:
    """Save a correction that takes a whole stock sheet back, once: typed wrong, it never was."""
    if sheet.kind is not Kind.STOCK:
        raise NotStock()
    if any(line.movement is Movement.MOVED for line in sheet.lines):
        raise MoveThemBack()
    lines = in_order(Line(each.item, each.movement, -each.quantity, each.lot, each.funder) for each in sheet.lines)

    def make(origin: Origin) -> ClosedSheet:
        if program.ledger().corrections(sheet.id):
            raise TakenBackAlready()
        return ClosedSheet(
            **origin,
            kind=Kind.CORRECTION,
            site=sheet.site,
            day=sheet.day,
            model=None,
            lines=lines,
            corrects=sheet.id,
            x={ACT: sheet.act} if sheet.act else {},
        )

    return save_next(program, make)
