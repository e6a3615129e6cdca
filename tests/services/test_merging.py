"""Several laptops of one program carry their sheets to one another: nothing counts twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from outreach.carry.keys import coordinator_key
from outreach.carry.sealing import recipient
from outreach.core.roll import ROLL, Coordinator, Edition, Laptop, Roll, message
from outreach.core.sheets import ClosedSheet, Movement
from outreach.home import Home
from outreach.services import exchange, folding, tally
from outreach.services.exchange import Merged
from outreach.services.program import Program

TODAY = date(2026, 11, 20)


def laptop(program: Program, name: str, **more: object) -> Laptop:
    key = program.device()
    return Laptop(key.device, key.public, name, recipient(program.keyring.device_key()), **more)  # type: ignore[arg-type]


@dataclass
class Fleet:
    """A coordinator's laptop and those of vans, each with a home of its own and all on one roll."""

    folder: Path
    names: tuple[str, ...]
    programs: dict[str, Program] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        for name in self.names:
            self.programs[name] = program = Program(Home(self.folder / name))
            program.ledger().settings.set("program-id", "a1" * 16)
        self.enroll(*self.names)

    def __getitem__(self, name: str) -> Program:
        return self.programs[name]

    def roll(self, *names: str, **changes: object) -> Edition:
        """The next edition of the roll with these laptops, signed by the first of all."""
        secret = self[self.names[0]].keyring.device_key()
        key = coordinator_key(secret)
        self.number += 1
        head = Coordinator(key.public, recipient(secret), self.names[0])
        laptops = tuple(laptop(self[name], name) for name in names)
        body = replace(Roll("a1" * 16, self.number, (head,), laptops), **changes).canonical()  # type: ignore[arg-type]
        return Edition(ROLL, self.number, body, key.public, key.sign(message(ROLL, self.number, body)))

    def enroll(self, *names: str, at: tuple[str, ...] = (), **changes: object) -> None:
        """The roll has these laptops from now on, as far as `at` (all of them) know."""
        edition = self.roll(*names, **changes)
        for name in at or self.names:
            self[name].ledger().exchange.put_edition(edition)
            exchange.settle(self[name], TODAY)

    def count(self, name: str, cookers: int, day: date = TODAY, **more: object) -> ClosedSheet:
        sheet = tally.WholeSheet("outreach", day, None, {("cooker", Movement.GIVEN): cookers}, encounters=1, **more)  # type: ignore[arg-type]
        return tally.record(self[name], sheet, today=TODAY, again=True, sure=True)

    def export(self, name: str) -> bytes:
        file = self.folder / f"{name}.tally"
        exchange.export(self[name], file, TODAY)
        return file.read_bytes()

    def carry(self, source: str, to: str) -> Merged:
        (merged,) = exchange.merge(self[to], [(f"{source}.tally", self.export(source))], TODAY)
        return merged

    def total(self, name: str) -> int:
        return sum(line.quantity for line in self[name].ledger().sums.lines())


@pytest.fixture
def fleet(tmp_path: Path) -> Callable[..., Fleet]:
    return lambda *names: Fleet(tmp_path, names or ("Office", "Van 1", "Van 2"))


def test_three_laptops_add_up_to_one_total(fleet: Callable[..., Fleet]) -> None:
    """Sheets come once, however often they are brought, and by way of another laptop."""
    three = fleet()
    three.count("Office", 1)
    three.count("Van 1", 10)
    three.count("Van 2", 100)

    first, again = three.carry("Van 1", "Van 2"), three.carry("Van 1", "Van 2")
    assert (first.refusal, first.new, first.already, first.laptop, first.last) == (None, 1, 0, "Van 1", TODAY)
    assert (again.new, again.already) == (0, 1)
    assert three.carry("Van 2", "Office").new == 2, "relayed"
    assert three.carry("Office", "Van 1").new == 2
    three.carry("Office", "Van 2")
    assert [three.total(name) for name in three.names] == [111] * 3
    assert len({three[name].ledger().digest() for name in three.names}) == 1


def test_fold_after_merge(fleet: Callable[..., Fleet]) -> None:
    """What was folded on one laptop leaves the others with the next file, and an old stick brings none of it back."""
    three = fleet()
    for n, name in enumerate(three.names):
        three.count(name, 10**n, date(2026, 5, 3 + n))
    old = three.export("Van 1")
    three.carry("Van 1", "Office")
    three.carry("Van 2", "Office")
    folding.fold(three["Office"], date(2026, 6, 1), TODAY)

    assert three.carry("Office", "Van 1").new == 1
    assert three.total("Van 1") == 111
    (merged,) = exchange.merge(three["Van 1"], [("old", old)], TODAY)
    assert (merged.new, merged.already, three.total("Van 1")) == (0, 1, 111)
    assert three["Van 1"].ledger().count() == 1
    three["Van 1"].ledger().verify()
