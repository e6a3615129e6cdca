"""Any sequence of taps, closes, corrections, stock, new recipes and folds adds up as a slow recount of it."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.core.periods import Period
from outreach.core.sheets import Movement
from outreach.core.tally import BelowZero, Tap
from outreach.home import Home
from outreach.services import assembling, correcting, folding, reports, shelves, stock, tally
from outreach.services import settings as setting
from outreach.services.program import Program

SITES = ("outreach", "van")
FIRST, DAYS = date(2026, 5, 20), 60
TODAY = date(2026, 12, 31)
KIT, PARTS, ITEMS = "kit-ours", ("cooker", "naloxone-nasal"), ("cooker", "naloxone-nasal", "syringe-1ml", "kit-ours")
STOCKING = ("receive", "move", "discard", "count", "assemble")
PERIODS = (
    Period(date(2026, 5, 1), date(2026, 5, 31)),
    Period(date(2026, 6, 1), date(2026, 6, 30)),
    Period(date(2026, 6, 10), date(2026, 7, 4)),
    Period(date(2026, 1, 1), date(2026, 12, 31)),
)

days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
sites = st.sampled_from(SITES)
small = st.integers(0, 40)
taps = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.sampled_from(ITEMS), st.integers(1, 3)),
        st.tuples(st.just("type"), st.sampled_from(ITEMS), small),
        st.tuples(st.just("undo"), st.just(""), st.just(0)),
    ),
    min_size=1,
    max_size=8,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("session"), sites, days, taps),
        st.tuples(st.just("correct"), st.integers(0, 9), st.sampled_from(ITEMS), small),
        st.tuples(st.just("receive"), sites, days, st.sampled_from(ITEMS), st.integers(1, 60)),
        st.tuples(st.just("move"), sites, days, st.sampled_from(ITEMS), st.integers(1, 9)),
        st.tuples(st.just("discard"), sites, days, st.sampled_from(ITEMS), st.integers(1, 9)),
        st.tuples(st.just("count"), sites, days, st.sampled_from(ITEMS), small),
        st.tuples(st.just("assemble"), sites, days, st.integers(1, 5)),
        st.tuples(st.just("recipe"), days, st.integers(1, 4)),
        st.tuples(st.just("fold"), st.sampled_from([date(2026, 6, 1), date(2026, 7, 1)])),
    ),
    min_size=1,
    max_size=14,
)


@dataclass
class Done:
    """What was really done, one line for each thing, in plain words of its own."""

    lines: list[tuple[str, date, str, str, int, str]] = field(default_factory=list)
    recipes: dict[date, int] = field(default_factory=lambda: {date(2020, 1, 1): 2})
    sheets: list[tuple[str, str, date, dict[str, int]]] = field(default_factory=list)

    def holds(self, day: date) -> dict[str, int]:
        """One cooker and so many devices, by the recipe of the day."""
        return {"cooker": 1, "naloxone-nasal": self.recipes[max(start for start in self.recipes if start <= day)]}

    def given(self, period: Period) -> Counter[str]:
        """How many of each plain item went out, one by one."""
        found: Counter[str] = Counter()
        for _, day, item, way, quantity, _ in self.lines:
            if way == "given" and period.first <= day <= period.last:
                found.update({part: n * quantity for part, n in self.holds(day).items()} if item == KIT else {})
                found[item] += quantity
        return found

    def shelf(self, site: str, item: str) -> list[tuple[date, str, int]]:
        """Every change of one shelf since its book began, each with what it was."""
        mine = [each for each in self.lines if each[0] == site and each[2] == item]
        begun = [day for _, day, _, way, n, act in mine if way != "given" and not (act == "assembled" and n < 0)]
        signed = [(day, act or way, -n if way in ("given", "discarded") else n) for _, day, _, way, n, act in mine]
        return [each for each in signed if begun and each[0] >= min(begun)]


class World:
    """A real home and, beside it, the plain list of what was done there."""

    def __init__(self, folder: str) -> None:
        self.home, self.done, self.folded = Home(Path(folder) / "home"), Done(), date.min
        self.write_recipes()
        setting.add_site(self.program, "van", "Van", "mobile")

    def write_recipes(self) -> None:
        rows = "".join(
            f"[[kit.recipe]]\nfrom = {start}\nparts = {{ cooker = 1, naloxone-nasal = {n} }}\n"
            for start, n in sorted(self.done.recipes.items())
        )
        self.home.make()
        text = f'[[kit]]\ncode = "{KIT}"\nname = "Ours"\ngroup = "kits"\n{rows}'
        (self.home.path / "supplies.toml").write_text(text, encoding="utf-8")
        self.program = Program(self.home)

    def session(self, site: str, day: date, touches: list[tuple[str, str, int]]) -> None:
        sheet = tally.open_sheet(self.program, site, day, "", TODAY, sure=True)
        token, n = tally.mint_tab(self.program, sheet.id), 0
        counts: dict[str, int] = {}
        undo: list[tuple[str, int, bool]] = []
        for what, item, number in touches:
            if what == "undo" and not undo:
                continue
            if what == "undo":
                item, change, blank = undo.pop()
                tap = Tap(token, n + 1, os.urandom(16), f"given:{item}", change, blank=blank)
            else:
                before = counts.get(item, 0)
                after = before + number if what == "tap" else number
                undo.append((item, before - after, item not in counts))
                exactly = None if what == "tap" else number
                tap = Tap(token, n + 1, os.urandom(16), f"given:{item}", number if what == "tap" else 0, exactly)
            try:
                _, value = tally.tap(self.program, sheet.id, tap, sure=True)
                n += 1
            except BelowZero:
                continue
            if value is None:
                del counts[item]
            else:
                counts[item] = value
        if not counts:
            tally.put_away(self.program, sheet.id)
            return
        closed = tally.close_sheet(self.program, sheet.id)
        self.done.lines += [(site, day, item, "given", quantity, "") for item, quantity in counts.items()]
        self.done.sheets.append((closed.id, site, day, counts))

    def correct(self, which: int, item: str, number: int) -> None:
        if not self.done.sheets:
            return
        sheet, site, day, counts = self.done.sheets[which % len(self.done.sheets)]
        if counts.get(item) == number:
            return
        found = correcting.whole_sheet(self.program, sheet)
        correcting.correct(self.program, sheet, found.edition, {f"given:{item}": number}, sure=True)
        self.done.lines.append((site, day, item, "given", number - counts.get(item, 0), ""))
        counts[item] = number

    def do(self, name: str, given_: list[object]) -> None:
        """One step; stock of days that were folded is refused, and a recipe does not begin in them."""
        last = self.program.ledger().sums.last_folded()
        day = next((each for each in given_ if isinstance(each, date)), None)
        gone = name in (*STOCKING, "recipe") and last is not None and day is not None and day <= last
        if not gone:
            getattr(self, name)(*given_)
        elif name in STOCKING:
            with pytest.raises(stock.DaysAreGone):
                getattr(self, name)(*given_)

    def receive(self, site: str, day: date, item: str, number: int) -> None:
        stock.receive(self.program, site, [stock.Boxes(item, number)], day, TODAY, sure=True)
        self.done.lines.append((site, day, item, "received", number, ""))

    def move(self, site: str, day: date, item: str, number: int) -> None:
        to = next(each for each in SITES if each != site)
        stock.move(self.program, site, to, [stock.Taken(item, number)], day, TODAY, sure=True)
        self.done.lines += [(site, day, item, "moved", -number, ""), (to, day, item, "moved", number, "")]

    def discard(self, site: str, day: date, item: str, number: int) -> None:
        stock.discard(self.program, site, [stock.Taken(item, number)], day, TODAY, sure=True)
        self.done.lines.append((site, day, item, "discarded", number, ""))

    def count(self, site: str, day: date, item: str, number: int) -> None:
        stock.count(self.program, site, {item: number}, day, TODAY, sure=True)
        self.done.lines.append((site, day, item, "adjusted", 0, "counted"))
        held = sum(change for at, _, change in self.done.shelf(site, item) if at <= day)
        self.done.lines[-1] = (site, day, item, "adjusted", number - held, "counted")

    def assemble(self, site: str, day: date, number: int) -> None:
        assembling.assemble(self.program, site, {KIT: number}, day, TODAY, sure=True)
        self.done.lines.append((site, day, KIT, "adjusted", number, "assembled"))
        for part, each in self.done.holds(day).items():
            self.done.lines.append((site, day, part, "adjusted", -each * number, "assembled"))

    def recipe(self, day: date, number: int) -> None:
        self.done.recipes[day] = number
        self.write_recipes()

    def fold(self, before: date) -> None:
        """The days before are gone for good, so sheets of that time are not corrected any more."""
        try:
            folding.fold(self.program, before, TODAY)
        except folding.NothingToFold:
            return
        self.folded = max(self.folded, before)
        self.done.sheets = [each for each in self.done.sheets if each[2] >= before]

    def check(self) -> None:
        for period in PERIODS:
            if period.first < self.folded and period.first.day > 1:
                continue  # part of a month whose days are gone
            rows = reports.totals(self.program, period).rows
            found = {row["item"]: row["quantity"] for row in rows if row["movement"] == Movement.GIVEN.value}
            assert {item: n for item, n in found.items() if n} == {
                item: n for item, n in self.done.given(period).items() if n
            }
            for site in SITES:
                for book in shelves.book(self.program, period, TODAY, site):
                    self.check_book(book, period)

    def check_book(self, book: shelves.Book, period: Period) -> None:
        shelf = self.done.shelf(book.site, book.item)
        within = [(way, n) for day, way, n in shelf if period.first <= day <= period.last]

        def sum_of(*ways: str) -> int:
            return sum(n for way, n in within if way in ways)

        assert book.opening == sum(n for day, _, n in shelf if day < period.first)
        assert book.closing == sum(n for day, _, n in shelf if day <= period.last)
        assert book.received_in_all == sum_of("received")
        assert book.out == -sum_of("given")
        assert book.discarded == -sum_of("discarded")
        assert book.moved == sum_of("moved")
        assert (book.made_up, book.found) == (sum_of("assembled"), sum_of("counted"))
        out, discarded = book.out, book.discarded
        assert book.opening + book.received_in_all - out - discarded + book.adjusted + book.moved == book.closing


def worlds() -> Iterator[World]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        world = World(folder)
        yield world
        ledger = world.program.ledger_if_any()
        if ledger:
            ledger.close()


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_whatever_is_done_adds_up(done: list[tuple[object, ...]]) -> None:
    """Totals of any days, and every site's book of every item, equal a recount from the list of what was done."""
    for world in worlds():
        for name, *given_ in done:
            world.do(str(name), given_)
        world.check()


def test_the_recount_notices_a_lost_line() -> None:
    """The check finds what it is there for: one line that was done and is not in the ledger."""
    for world in worlds():
        world.receive("outreach", FIRST, "cooker", 5)
        world.session("outreach", FIRST, [("tap", "cooker", 2)])
        world.check()
        world.done.lines.append(("outreach", FIRST, "cooker", "given", 1, ""))
        try:
            world.check()
        except AssertionError:
            return
        raise AssertionError("a lost line was not noticed")
