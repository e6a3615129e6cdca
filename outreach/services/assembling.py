"""Kits made up from parts: parts go down and kits up by the recipe of the day, and kits given that nobody made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core.lots import NO_LOT, lots_of_kits
from outreach.core.particulars import ASSEMBLED, EXPIRES
from outreach.core.periods import Period
from outreach.core.refusal import N_, Implausible, Refusal
from outreach.core.sheets import ClosedSheet, Line, Movement
from outreach.core.stock import PROGRAM, Place, on_hand
from outreach.core.supplies import Item, ItemCode, Kit
from outreach.core.tally import ask_about_day, ask_about_quantity
from outreach.services import shelves
from outreach.services.program import Program
from outreach.services.stock import NothingTyped, Taken, by_lot, save


class NotAKit(Refusal):
    sentence = N_("{item} is not a kit: it has no parts. Nothing was saved.")


class PartShort(Implausible):
    sentence = N_(
        "For {kits} of {kit} it takes {need} of {part}, and the book of {site} has {there}. Nothing was saved."
    )


class NoPartThere(Refusal):
    sentence = N_("No part of {kit} is kept at {site}. Choose one of {known}. Nothing was saved.")


class NoneToMakeUp(Refusal):
    sentence = N_("No more kits were given than made up. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class NotMadeUp:
    """Kits that were given and never made up, while parts of them are kept: the parts are still on the book.

    `kept_at` are the sites that keep a book of a part, the one with the most on hand first.
    """

    kit: str
    quantity: int
    kept_at: tuple[str, ...]


def assemble(
    program: Program, site: str, kits: dict[str, int], day: date, today: date, sure: bool = False
) -> ClosedSheet:
    """Save that kits were made up at a site. Asks when the book there is short of a part, unless `sure`."""
    at = program.ledger().sites.get(site)
    kits = {code: quantity for code, quantity in kits.items() if quantity}
    if not kits:
        raise NothingTyped()
    for code, quantity in kits.items():
        thing = program.catalog.get(code)
        if not isinstance(thing, Kit):
            raise NotAKit(item=thing.name)
        if not sure:
            ask_about_quantity(thing.name, quantity)
    if not sure:
        ask_about_day(day, today)
    with program.ledger().together():
        if not sure:
            _ask_if_short(program, at.code, at.name or at.code, kits, day)
        return _made_up(program, at.code, kits, day)


def _ask_if_short(program: Program, site: str, name: str, kits: dict[str, int], day: date) -> None:
    held = shelves.on_shelves(program.ledger(), day)
    for code, quantity in kits.items():
        for part, need in program.catalog.parts(code, quantity, day).items():
            there = held.get((site, part))
            if there is None:
                continue  # nobody keeps a book of it here
            if there < need:
                raise PartShort(
                    kits=f"{quantity:,}",
                    kit=program.catalog.get(code).name,
                    need=f"{need:,}",
                    part=program.catalog.get(part).name,
                    site=name,
                    there=f"{max(there, 0):,}",
                )
            held[site, part] = there - need


def _made_up(program: Program, site: str, kits: dict[str, int], day: date) -> ClosedSheet:
    lines: list[Line] = []
    expires: dict[str, dict[str, str]] = {}
    known = program.ledger().sums.expiries()
    for code, quantity in kits.items():
        # A kit goes by the box of naloxone that is in it: the rest of it keeps longer.
        lots = {NO_LOT: quantity}
        for part, need in program.catalog.parts(code, quantity, day).items():
            boxes = by_lot(program, site, Taken(part, need), day)
            lines += [Line(part, Movement.ADJUSTED, -n, lot) for lot, n in boxes.items()]
            thing = program.catalog.get(part)
            if isinstance(thing, Item) and thing.doses:
                lots = lots_of_kits(boxes, need // quantity, quantity, part, known)
                dated = {lot: known[part, lot].isoformat() for lot in lots if (part, lot) in known}
                if dated:
                    expires[code] = dated
        lines += [Line(code, Movement.ADJUSTED, n, lot) for lot, n in lots.items()]
    return save(program, site, day, lines, act=ASSEMBLED, x={EXPIRES: expires} if expires else {})


def not_made_up(program: Program) -> list[NotMadeUp]:
    """Kits of which the program gave more than it ever made up or received, while it keeps stock of a part."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return []
    begins = _kits_begin(program, shelves.starts(ledger))
    places = {place: day for place, day in begins.items() if place[0] == PROGRAM}
    held = on_hand(shelves.up_to(ledger, places, date.max), places)
    short = [kit for kit in program.catalog.kits if held.get((PROGRAM, kit.code), 0) < 0]
    shelf = shelves.on_shelves(ledger) if short else {}
    known = {each.code for each in ledger.sites.all()} if short else set()
    found = [NotMadeUp(kit.code, -held[PROGRAM, kit.code], _kept_at(kit, shelf, known)) for kit in short]
    # Kits that came as kits may be given by more than the book has, too: no part of those is kept anywhere.
    return [each for each in found if each.kept_at]


def _kept_at(kit: Kit, shelf: Mapping[Place, int], known: Container[str]) -> tuple[str, ...]:
    parts, there = _parts(kit), Counter[str]()
    for (site, part), quantity in shelf.items():
        if part in parts and site in known:
            there[site] += max(quantity, 0)
    return tuple(sorted(there, key=lambda site: (-there[site], site)))


def _parts(kit: Kit) -> set[ItemCode]:
    return {part for recipe in kit.recipes for part in recipe.parts}


def _kits_begin(program: Program, starts: dict[Place, date]) -> dict[Place, date]:
    """When the program's book of each kit begins: its own, or else the first of its parts'."""
    begins: dict[Place, date] = {}
    for kit in program.catalog.kits:
        of_parts = [starts[PROGRAM, part] for part in _parts(kit) if (PROGRAM, part) in starts]
        own = starts.get((PROGRAM, kit.code))
        if own is not None or of_parts:
            begins[PROGRAM, kit.code] = own if own is not None else min(of_parts)
    return begins


def save_as_made_up(program: Program, kit: str, site: str) -> list[ClosedSheet]:
    """Save the kits that were given and not made up, as made up when they were given.

    A sheet for each month and recipe, where they were given; where no part is kept, at `site`.
    """
    ledger = program.ledger()
    at = ledger.sites.get(site).code
    with ledger.together():
        waiting = next((each for each in not_made_up(program) if each.kit == kit), None)
        if not waiting:
            raise NoneToMakeUp()
        if at not in waiting.kept_at:
            # Parts taken where there are none, and kits that never were: the book of that site would be wrong twice.
            keepers = [ledger.sites.get(each) for each in waiting.kept_at]
            known = ", ".join(each.name or each.code for each in keepers)
            raise NoPartThere(kit=program.catalog.get(kit).name, site=ledger.sites.get(at).name or at, known=known)
        begins = shelves.starts(ledger)
        first = _kits_begin(program, begins)[PROGRAM, kit]
        found = program.catalog.get(kit)
        assert isinstance(found, Kit)
        sheets: dict[tuple[str, int, int, date], tuple[date, int]] = {}
        for day, given_at, quantity in _given_backward(program, kit, first, waiting.quantity):
            recipe = found.recipe_on(day)
            kept = any((given_at, part) in begins for part in recipe.parts)
            key = given_at if kept else at, day.year, day.month, recipe.start
            before = sheets.get(key, (day, 0))
            sheets[key] = min(day, before[0]), before[1] + quantity
        return [_made_up(program, key[0], {kit: n}, day) for key, (day, n) in sorted(sheets.items())]


def _given_backward(program: Program, kit: str, first: date, short: int) -> Iterator[tuple[date, str, int]]:
    """The latest givings of a kit that make up the shortage, newest first."""
    sums = program.ledger().sums.lines(Period(first, date.max))
    given = [each for each in sums if each.item == kit and each.movement is Movement.GIVEN and each.quantity > 0]
    for each in sorted(given, key=lambda each: (each.day, each.site), reverse=True):
        if not short:
            return
        quantity = min(short, each.quantity)
        short -= quantity
        yield each.day, each.site, quantity
