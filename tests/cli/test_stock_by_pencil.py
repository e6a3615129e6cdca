"""Any sequence of boxes, sessions, kits, moves, counts, throwing away and taking back equals a pencil's recount."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.core.periods import Period
from outreach.core.sheets import ClosedSheet, Movement
from outreach.home import Home
from outreach.services import assembling, settings, shelves, stock, tally
from outreach.services.program import Program
from outreach.services.stock import Boxes, Taken

FIRST, CHANGE = date(2026, 3, 1), date(2026, 3, 16)
SITES = ("outreach", "north")
ITEMS = ("naloxone-im", "im-syringe", "kit-own")
OWN = """
[[kit]]
code = "kit-own"
name = "Our kit"
group = "kits"
[[kit.recipe]]
from = 2020-01-01
parts = { naloxone-im = 2, im-syringe = 2 }
[[kit.recipe]]
from = 2026-03-16
parts = { naloxone-im = 3, im-syringe = 2 }
"""


class Pencil:
    """What someone with paper would keep: a number for each shelf once it has one."""

    def __init__(self) -> None:
        self.shelf: dict[tuple[str, str], int] = {}
        self.given: dict[str, int] = defaultdict(int)
        self.earlier: dict[tuple[str, str], int] = defaultdict(int)
        """What went on this day from shelves that have no number yet: a shelf's number begins with its day."""

    def new_day(self) -> None:
        self.earlier.clear()

    def change(self, site: str, item: str, by: int, opens: bool = True) -> None:
        for at in ((site, item), ("", item)):
            if opens and at not in self.shelf:
                self.shelf[at] = self.earlier[at]
            if at in self.shelf:
                self.shelf[at] += by
            else:
                self.earlier[at] += by


@pytest.mark.parametrize("seed", range(4))
def test_a_month_of_everything(tmp_path: Path, seed: int) -> None:
    """On hand after each of 32 days, and the book of every span at the end, by site and for the program."""
    home = Home(tmp_path)
    home.make()
    (tmp_path / "supplies.toml").write_text(OWN, encoding="utf-8")
    program, pencil, draw = Program(home), Pencil(), random.Random(seed)
    settings.add_site(program, "north", "North", "mobile")
    held: dict[date, dict[tuple[str, str], int]] = {}
    for n in range(32):
        day = FIRST + timedelta(days=n)
        pencil.new_day()
        for _ in range(2):
            _something(program, pencil, draw, day)
        held[day] = dict(pencil.shelf)
        assert shelves.on_shelves(program.ledger(), day) == pencil.shelf, day
    last = max(held)
    assert shelves.on_shelves(program.ledger()) == pencil.shelf
    for first, until in ((FIRST, last), (CHANGE, last), (FIRST + timedelta(days=9), CHANGE)):
        for site in ("", *SITES):
            for each in shelves.book(program, Period(first, until), last, site):
                inward = each.opening + each.received_in_all + each.moved + each.adjusted
                assert inward - each.out - each.discarded == each.closing
                assert each.closing == held[until][site, each.item]
                assert each.opening == held.get(first - timedelta(days=1), {}).get((site, each.item), 0)
    totals = program.ledger().sums.lines(grain="all")
    given = {
        item: sum(each.quantity for each in totals if (each.item, each.movement) == (item, Movement.GIVEN))
        for item in ITEMS
    }
    assert given == {item: pencil.given[item] for item in ITEMS}


def _something(program: Program, pencil: Pencil, draw: random.Random, day: date) -> None:
    site, item, n = draw.choice(SITES), draw.choice(ITEMS), draw.randint(1, 30)
    other = SITES[1 - SITES.index(site)]
    what = draw.choice(("receive", "give", "give", "count", "move", "discard", "make", "take back", "correct"))
    if what == "receive":
        boxes = Boxes(item, n, draw.choice(("", "A1", "B2")))
        stock.receive(program, site, [boxes], day, day)
        pencil.change(site, item, n)
    elif what == "give":
        tally.record(program, tally.WholeSheet(site, day, counts={(item, Movement.GIVEN): n}), day, again=True)
        pencil.change(site, item, -n, opens=False)
        pencil.given[item] += n
    elif what == "correct":
        whole = tally.WholeSheet(site, day, counts={(item, Movement.GIVEN): n})
        saved = tally.record(program, whole, day, again=True)
        less = tally.WholeSheet(site, day, counts={(item, Movement.GIVEN): -1}, corrects=saved.id)
        tally.record(program, less, day)
        pencil.change(site, item, 1 - n, opens=False)
        pencil.given[item] += n - 1
    elif what == "move":
        stock.move(program, site, other, [Taken(item, n)], day, day, sure=True)
        pencil.change(site, item, -n)
        pencil.change(other, item, n)
    elif what == "discard":
        stock.discard(program, site, [Taken(item, n)], day, day, sure=True)
        pencil.change(site, item, -n)
    elif what == "make":
        assembling.assemble(program, site, {"kit-own": n}, day, day, sure=True)
        pencil.change(site, "kit-own", n)
        pencil.change(site, "naloxone-im", -n * (2 if day < CHANGE else 3), opens=False)
        pencil.change(site, "im-syringe", -n * 2, opens=False)
    elif what == "count" and (site, item) in pencil.shelf:
        stock.count(program, site, {item: n}, day, day)
        pencil.change(site, item, n - pencil.shelf[site, item])
    elif what == "take back" and (site, item) in pencil.shelf:
        # Typed wrong and taken back the same day: as if it had never been.
        wrong: ClosedSheet = stock.receive(program, site, [Boxes(item, n)], day, day)
        stock.take_back(program, wrong)
