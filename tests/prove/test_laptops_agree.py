"""Laptops that carry files to one another come to the same totals, and to those that were really counted."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from outreach.carry import editions
from outreach.carry.keys import coordinator_key
from outreach.carry.sealing import recipient
from outreach.core.roll import ROLL, Coordinator, Edition, Laptop, Roll
from outreach.core.sheets import Kind, Movement, SheetId
from outreach.home import Home
from outreach.services import exchange, folding, missing, tally
from outreach.services.program import Program

TODAY = date(2026, 11, 20)
PROGRAM = "a1" * 16
NAMES = ("Office", "Van 1", "Van 2", "Van 3")
"""The first is the coordinator's; the last one joins later."""
OLD_DAYS = [date(2026, month, day) for month in (3, 4) for day in (2, 9, 30)]
ODD_DAYS = [date(2014, 12, 31), TODAY + timedelta(days=400)]
QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def secret(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Homes of laptops in memory, each with keys that are the same in every run; copied by who uses them."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path_factory.getbasetemp()) as folder:
        for name in NAMES:
            home = Home(Path(folder) / "begun" / name)
            (home.path / "keys").mkdir(parents=True)
            home.device_key.write_bytes(secret(name))
            home.ledger_key.write_bytes(secret("ledger"))
            ledger = Program(home).ledger()
            ledger.settings.set("program-id", PROGRAM)
            ledger.settings.set("laptop-name", name)
            ledger.close()
        yield Path(folder)


def opened(home: Path) -> Program:
    program = Program(Home(home))
    program.ledger().saved = lambda: None  # copies of each day are shown elsewhere, and take the time here
    return program


# --- what the laptops do, and beside it what a person with a pencil would have written down ---


@dataclass(frozen=True)
class Told:
    """A sheet as it was counted. Nothing here is read back from the program."""

    device: str
    seq: int
    cookers: int
    is_odd: bool
    corrects: str | None = None


@dataclass
class Listed:
    """The roll as the coordinator meant it: each laptop with the number after which it counts no more."""

    laptops: dict[str, int | None]
    accepted: frozenset[str] = frozenset()


@dataclass
class One:
    """A laptop: its program, which sheets it knows (as themselves or in a fold), and the newest roll it knows."""

    name: str
    home: Path
    program: Program
    knows: set[str] = field(default_factory=set)
    roll: int = 1
    lost: bool = False

    @cached_property
    def device(self) -> str:
        return self.program.device().device


@dataclass(frozen=True)
class Stick:
    content: bytes
    knows: frozenset[str]
    roll: int
    for_whom: frozenset[str]


class Laptops(RuleBasedStateMachine):
    """Four laptops, any number of sticks, and all that happens to them."""

    folder: Path
    spoil: Callable[[Laptops, One], None] | None = None
    """What a control does to a laptop after it took a file in."""

    @initialize()
    def begin(self) -> None:
        self.at = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.folder / "begun", self.at / "homes")
        self.laptops = [One(name, self.at / "homes" / name, opened(self.at / "homes" / name)) for name in NAMES]
        self.told: dict[str, Told] = {}
        self.sticks: list[Stick] = []
        self.snapshots: dict[str, tuple[Path, set[str], int]] = {}
        self.listed = [Listed({}), Listed({each.device: None for each in self.laptops[:3]})]
        first = self._edition()
        for each in self.laptops:
            each.program.ledger().exchange.put_edition(first)

    def teardown(self) -> None:
        if hasattr(self, "laptops"):
            try:
                self._exchange_everything()
            finally:
                for each in self.laptops:
                    each.program.ledger().close()
                shutil.rmtree(self.at)

    # --- counting ---

    @rule(
        who=st.integers(0, 3), cookers=st.integers(1, 9), day=st.sampled_from([*OLD_DAYS, *OLD_DAYS, *ODD_DAYS, TODAY])
    )
    def count(self, who: int, cookers: int, day: date) -> None:
        self._record(who, cookers * 10 ** (len(self.told) % 5), day)

    @rule(who=st.integers(0, 3), which=st.integers(0, 99), cookers=st.integers(-3, 3))
    def correct(self, who: int, which: int, cookers: int) -> None:
        here = [each for each in self.laptops[who].program.ledger().sheets() if each.kind is Kind.TALLY]
        if here and cookers:
            sheet = here[which % len(here)]
            self._record(who, cookers, sheet.day, sheet.id)

    def _record(self, who: int, cookers: int, day: date, corrects: str | None = None) -> None:
        one = self.laptops[who]
        if one.lost:
            return
        counts = {("cooker", Movement.GIVEN): cookers}
        whole = tally.WholeSheet("outreach", day, None, counts, corrects=corrects)
        made = tally.record(one.program, whole, today=TODAY, again=True, sure=True)
        self.told[made.id] = Told(one.device, made.seq, cookers, day in ODD_DAYS, corrects)
        one.knows.add(made.id)

    @rule()
    def fold(self) -> None:
        with suppress(folding.NothingToFold):
            folding.fold(self.laptops[0].program, date(2026, 6, 1), TODAY)
        self._check(self.laptops[0])

    # --- carrying ---

    @rule(who=st.integers(0, 3))
    def export(self, who: int) -> None:
        if not self.laptops[who].lost:
            self.sticks.append(self._exported(self.laptops[who]))

    def _exported(self, one: One) -> Stick:
        file = self.at / "carried.tally"
        exchange.export(one.program, file, TODAY)
        self._check(one)
        laptops = self.listed[one.roll].laptops
        for_whom = {one.device, *(each for each, after in laptops.items() if after is None)}
        return Stick(file.read_bytes(), frozenset(one.knows), one.roll, frozenset(for_whom))

    @precondition(lambda self: self.sticks)
    @rule(who=st.integers(0, 3), which=st.integers(0, 99), times=st.integers(1, 2))
    def merge(self, who: int, which: int, times: int) -> None:
        for _ in range(times):
            self._merged(self.laptops[who], self.sticks[which % len(self.sticks)])

    def _merged(self, one: One, stick: Stick) -> None:
        if one.lost:
            return
        (merged,) = exchange.merge(one.program, [("a file", stick.content)], TODAY)
        may_read = one.device in stick.for_whom or one is self.laptops[0]
        assert (merged.refusal is None) == may_read, merged
        if may_read:
            one.knows |= stick.knows
            one.roll = max(one.roll, stick.roll)
            if self.spoil:
                self.spoil(one)
        self._check(one)

    @precondition(lambda self: self.sticks)
    @rule(who=st.integers(0, 3), which=st.integers(0, 99), at=st.floats(0, 0.999), cut=st.booleans())
    def merge_damaged(self, who: int, which: int, at: float, cut: bool) -> None:
        one, content = self.laptops[who], bytearray(self.sticks[which % len(self.sticks)].content)
        place = int(at * len(content))
        if cut:
            del content[place:]
        else:
            content[place] ^= 1
        before = one.program.ledger().exchange.ids(), one.program.ledger().digest()
        (merged,) = exchange.merge(one.program, [("a file", bytes(content))], TODAY)
        assert merged.refusal is not None
        assert (one.program.ledger().exchange.ids(), one.program.ledger().digest()) == before

    @precondition(lambda self: self.sticks)
    @rule(which=st.integers(0, 99))
    def lose_a_stick(self, which: int) -> None:
        del self.sticks[which % len(self.sticks)]

    # --- what happens to laptops ---

    @rule(who=st.integers(1, 3))
    def lose_a_laptop(self, who: int) -> None:
        self.laptops[who].lost = len([each for each in self.laptops if not each.lost]) > 2 or self.laptops[who].lost

    @rule(who=st.integers(1, 3))
    def copy_the_files(self, who: int) -> None:
        one = self.laptops[who]
        kept = self.at / f"kept-{one.name}"
        shutil.rmtree(kept, ignore_errors=True)
        one.program.ledger().close()
        shutil.copytree(one.home, kept)
        one.program = opened(one.home)
        self.snapshots[one.name] = kept, set(one.knows), one.roll

    @rule(who=st.integers(1, 3))
    def put_the_copy_back(self, who: int) -> None:
        one = self.laptops[who]
        if one.name in self.snapshots and not one.lost:
            kept, knew, one.roll = self.snapshots[one.name]
            one.knows = set(knew)
            one.program.ledger().close()
            shutil.rmtree(one.home)
            shutil.copytree(kept, one.home)
            one.program = opened(one.home)
            self._check(one)

    # --- what the coordinator says ---

    def _edition(self) -> Edition:
        listed, number = self.listed[-1], len(self.listed) - 1
        voice = coordinator_key(secret(NAMES[0]))
        laptops = []
        for each in self.laptops:
            key = each.program.device()
            if key.device in listed.laptops:
                whom = recipient(secret(each.name))
                after = listed.laptops[key.device]
                laptops.append(Laptop(key.device, key.public, each.name, whom, revoked_after=after))
        head = Coordinator(voice.public, recipient(secret(NAMES[0])), NAMES[0])
        accepted = tuple(SheetId(each) for each in sorted(listed.accepted))
        body = Roll(PROGRAM, number, (head,), tuple(laptops), accepted).canonical()
        return editions.sign(ROLL, number, body, voice)

    def _say(self, listed: Listed) -> None:
        self.listed.append(listed)
        office = self.laptops[0]
        assert office.program.ledger().exchange.put_edition(self._edition())
        office.roll = len(self.listed) - 1
        exchange.settle(office.program, TODAY)
        self._check(office)

    @precondition(lambda self: len(self.listed[-1].laptops) == 3)
    @rule()
    def let_the_last_one_in(self) -> None:
        self._say(Listed(self.listed[-1].laptops | {self.laptops[3].device: None}, self.listed[-1].accepted))

    @rule(who=st.integers(1, 3))
    def turn_away(self, who: int) -> None:
        now, one = self.listed[-1], self.laptops[who]
        if now.laptops.get(one.device, 0) is None:
            last = max((self.told[each].seq for each in self._counting(self.laptops[0], one.device)), default=0)
            self._say(Listed(now.laptops | {one.device: last}, now.accepted))

    @rule()
    def accept_odd_days(self) -> None:
        now = self.listed[-1]
        odd = {each for each in self.laptops[0].knows if self.told[each].is_odd}
        if odd - now.accepted:
            self._say(Listed(now.laptops, now.accepted | odd))

    # --- the recount: from what was written down, never from the program's own sums ---

    def _waits(self, one: One, sheet: str) -> bool:
        told, listed = self.told[sheet], self.listed[one.roll]
        if told.device not in listed.laptops and told.device != one.device:
            return True
        if sheet not in listed.accepted:
            after = listed.laptops.get(told.device)
            if told.is_odd or (after is not None and told.seq > after):
                return True
        return told.corrects in one.knows and self._waits(one, told.corrects)

    def _counting(self, one: One, device: str | None = None) -> list[str]:
        found = [each for each in one.knows if not self._waits(one, each)]
        return [each for each in found if device in (None, self.told[each].device)]

    def _check(self, one: One) -> None:
        """What the laptop says is what it should, from all that it knows and the roll it has."""
        total = sum(line.quantity for line in one.program.ledger().sums.lines(grain="all"))
        assert total == sum(self.told[each].cookers for each in self._counting(one)), one.name

    def _exchange_everything(self) -> None:
        """At the end everyone who is there brings a file to the office and takes one home: all sides are equal."""
        office, *vans = self.laptops
        for van in vans:
            if not van.lost:
                self._merged(office, self._exported(van))
        stick = self._exported(office)
        ends = [office]
        for van in vans:
            if not van.lost and van.device in stick.for_whom:
                self._merged(van, stick)
                ends.append(van)
        assert len({each.program.ledger().digest() for each in ends}) == 1
        assert len({frozenset(each.program.ledger().exchange.ids()) for each in ends}) == 1
        for each in ends:
            each.program.ledger().verify()
        self._check_numbers(office)

    def _check_numbers(self, office: One) -> None:
        """Numbers that were used twice and those that never came are told, and no others."""
        numbers: dict[tuple[str, int], int] = {}
        for each in office.knows:
            place = self.told[each].device, self.told[each].seq
            numbers[place] = numbers.get(place, 0) + 1
        forks = {(each.device, each.seq) for each in missing.forks(office.program) if len(each.sheets) > 1}
        assert forks == {place for place, many in numbers.items() if many > 1}
        gaps = {
            (each.device, seq)
            for each in missing.gaps(office.program)
            for seq in range(each.first, each.last + 1)
            if each.before
        }
        known = self.listed[office.roll].laptops
        last = {device: max(seq for of, seq in numbers if of == device) for device, _ in numbers}
        every = {(device, seq) for device in last if device in known for seq in range(1, last[device])}
        own = {(office.device, seq) for seq in range(1, 1000)}  # folds have numbers of the office's own
        assert gaps - own == every - set(numbers) - own


def run(machine: type[Laptops], folder: Path, runs: int, **more: Any) -> None:
    machine.folder = folder
    run_state_machine_as_test(machine, settings=settings(max_examples=runs, stateful_step_count=30, **QUICK, **more))


RUNS = 200


def test_four_laptops_end_up_with_what_was_counted(begun: Path) -> None:
    """Sticks lost, carried twice, cut, late; sheets corrected and folded; a laptop lost, copied back, turned away.

    After every step each laptop's total is what a recount of its sheets gives, and in the end all are equal.
    """
    run(Laptops, begun, RUNS, phases=(Phase.generate,))
    print(f"{RUNS} runs of at most 30 steps")


COUNTS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9), st.sampled_from([*OLD_DAYS, TODAY])), max_size=6)


@settings(max_examples=60, **QUICK)
@given(counts=COUNTS, more=COUNTS, folds=st.booleans(), order=st.permutations(range(5)), again=st.integers(0, 5))
def test_merging_obeys_its_laws(
    begun: Path, counts: list[Any], more: list[Any], folds: bool, order: list[int], again: int
) -> None:
    """Idempotent, commutative, associative, relayed; and folding after merging is merging after folding."""
    Laptops.folder = begun
    crew = Laptops()
    crew.begin()
    try:
        crew.let_the_last_one_in()
        office, *vans, last = crew.laptops
        for van in (*vans, last):
            crew._merged(van, crew._exported(office))
        sticks = []
        for told in (counts, more):
            for who, cookers, day in told:
                crew._record(who % 3, cookers, day)
            sticks += [crew._exported(van) for van in vans]
            crew._merged(office, sticks[-1])
        if folds:
            crew.fold()
        sticks.append(crew._exported(office))

        for n in [*order, *order[:again]]:
            crew._merged(last, sticks[n])
        one = outcome(last)
        # The same by way of others: first together what the vans brought, then with the office's.
        for stick in sticks[:4]:
            crew._merged(vans[0], stick)
        crew._merged(vans[1], crew._exported(vans[0]))
        crew._merged(vans[1], sticks[4])
        assert outcome(vans[1]) == one
        before = one
        for stick in sticks:
            crew._merged(last, stick)
        assert outcome(last) == before
    finally:
        for each in crew.laptops:
            each.program.ledger().close()
        shutil.rmtree(crew.at)


def outcome(one: One) -> tuple[object, ...]:
    """All that a merge can change of what counts, and of what is known."""
    ledger = one.program.ledger()
    return ledger.digest(), sorted(ledger.exchange.ids()), ledger.sums.lines(grain="all"), ledger.sums.visits()


def drop_a_sheet(one: One) -> None:
    """The control: a laptop that loses one of the sheets that it took in."""
    connection = one.program.ledger()._connection
    row = connection.execute("SELECT id FROM sheet WHERE device <> ? LIMIT 1", (one.device,)).fetchone()
    for table in ("line", "event", "lot", "signed"):
        connection.execute(f"DELETE FROM {table} WHERE sheet = ?", row or ("",))  # noqa: S608
    connection.execute("DELETE FROM sheet WHERE id = ?", row or ("",))


def forget_folds(one: One) -> None:
    """The control: a laptop that forgets which sheets were folded."""
    one.program.ledger()._connection.execute("DELETE FROM tombstone")


def count_all_that_waits(one: One) -> None:
    """The control: a laptop that counts whatever comes."""
    exchange_of = one.program.ledger().exchange
    for each in exchange_of.waiting():
        exchange_of.admit(each.sheet.id)


@pytest.mark.parametrize("spoil", [drop_a_sheet, forget_folds, count_all_that_waits])
def test_a_broken_rule_is_noticed(begun: Path, spoil: Callable[[One], None]) -> None:
    """The controls of the run above: with one rule broken on the way, it does not come out."""

    class Spoiled(Laptops):
        pass

    Spoiled.spoil = lambda self, one: spoil(one)  # type: ignore[method-assign, misc]
    with pytest.raises((AssertionError, ExceptionGroup)):
        run(Spoiled, begun, RUNS, phases=(Phase.generate,))
