"""The shelves of the made-up program: boxes by lot and funder, kits made up, vans restocked, shelves counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from outreach.core.supplies import ItemCode, Kit
from outreach.services import assembling, funders, stock, weighing
from outreach.services.program import Program
from outreach.services.stock import Boxes, Taken

STORE = "drop-in"
"""Where boxes come and kits are made up; the other sites are restocked from here."""

Given = Mapping[tuple[str, date], Mapping[str, int]]
"""What each session hands out, by site and day."""

_FUNDERS = (("county", "County health", "local"), ("state-award", "State award", "samhsa"))
# Who pays for what; the rest comes from the county.
_AWARD = ("naloxone-nasal", "naloxone-im", "alcohol-swab")
_LOTS = ("naloxone-nasal", "naloxone-im")
_SPARE_KITS = 20
"""Made up each month beside those that will go: vans take whole tens."""
_KEEPS = timedelta(days=1000)


def prepare(program: Program, first: date) -> None:
    """Funders, and the program's own weighing; sessions rest on it."""
    for code, name, kind in _FUNDERS:
        funders.add_funder(program, code, name, kind)
    weighing.set_weighing(program, "310", ("842", "861", "850"), first, first)
    weighing.set_container(program, "1 gallon", "90", "160")


def before_sessions(program: Program, given: Given, last: date) -> int:
    """Boxes each quarter and a month of supplies to each van before it begins; the number of sheets."""
    sheets = 0
    months = sorted({(day.year, day.month) for _, day in given})
    for at, (year, month) in enumerate(months):
        first = min(day for _, day in given if (day.year, day.month) == (year, month))
        if at % 3 == 0:
            quarter = set(months[at : at + 3])
            need = _unpacked(program, _used(given, quarter), first)
            boxes = [_boxes(item, n, first, at) for item, n in sorted(need.items())]
            for funder in sorted({each.funder for each in boxes}):
                came = [each for each in boxes if each.funder == funder]
                stock.receive(program, STORE, came, first, last, sure=True)
                sheets += 1
        kits = {code: n + _SPARE_KITS for code, n in _used(given, {(year, month)}).items() if _is_kit(program, code)}
        if kits:
            assembling.assemble(program, STORE, kits, first, last, sure=True)
            sheets += 1
        for site in sorted({site for site, _ in given} - {STORE}):
            load = _used(given, {(year, month)}, site)
            taken = [Taken(item, -(-n // 10) * 10) for item, n in sorted(load.items())]
            if taken:  # a year may begin between two visits to a site
                stock.move(program, STORE, site, taken, first, last, sure=True)
                sheets += 2
    return sheets


def after_sessions(program: Program, given: Given, last: date) -> int:
    """A count each quarter, what broke, and two boxes that will not keep long; the number of sheets."""
    sheets = 0
    days = sorted(day for site, day in given if site == STORE)
    for day in days[60::39]:
        draw = random.Random(f"count {day.isoformat()}")  # noqa: S311 - a demo, nothing secret
        items = ("naloxone-nasal", "naloxone-im", "syringe-1ml", "fentanyl-strip")
        book = stock.book_at(program, STORE, items, day)
        stock.count(program, STORE, {item: max(0, n - draw.randint(0, 3)) for item, n in book.items()}, day, last, True)
        stock.discard(program, STORE, [Taken("naloxone-im", draw.randint(1, 4))], day, last, True)
        sheets += 2
    soon = last - timedelta(days=1)
    short = [
        Boxes("naloxone-im", 40, "S1", last + timedelta(days=25), "county"),
        Boxes("naloxone-im", 60, "S2", last + timedelta(days=50), "county"),
    ]
    stock.receive(program, STORE, short, soon, last, sure=True)
    return sheets + 1


def _used(given: Given, months: set[tuple[int, int]], site: str | None = None) -> Counter[str]:
    used: Counter[str] = Counter()
    for (at, day), items in given.items():
        if (day.year, day.month) in months and site in (None, at):
            used.update(items)
    return used


def _unpacked(program: Program, used: Mapping[str, int], day: date) -> Counter[str]:
    """What a quarter needs in plain items, and a little more."""
    need: Counter[str] = Counter()
    for code, n in used.items():
        n += 3 * _SPARE_KITS if _is_kit(program, code) else 0
        need.update({str(part): count for part, count in program.catalog.parts(code, n, day).items()})
    # A box is not opened for a handful: whole hundreds, and some of the vans' rounding up.
    return Counter({item: (n * 21 // 2000 + 1) * 100 + 100 for item, n in need.items()})


def _is_kit(program: Program, code: str) -> bool:
    return isinstance(program.catalog.get(ItemCode(code)), Kit)


def _boxes(item: str, quantity: int, day: date, at: int) -> Boxes:
    funder = "state-award" if item in _AWARD else "county"
    if item not in _LOTS:
        return Boxes(item, quantity, funder=funder)
    return Boxes(item, quantity, f"{'NS' if 'nasal' in item else 'IM'}{at:02d}{day.year}", day + _KEEPS, funder)
