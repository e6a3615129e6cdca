"""Several laptops of one program carry their sheets to one another: nothing counts twice, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.carry.bundles import Bundle, Signed, write
from outreach.carry.keys import coordinator_key
from outreach.carry.sealing import recipient, seal
from outreach.core.roll import ROLL, Coordinator, Edition, Laptop, Roll, message
from outreach.core.sheets import ClosedSheet, Movement
from outreach.home import Home
from outreach.services import backing_up, clearing, exchange, folding, missing, tally
from outreach.services.exchange import Merged
from outreach.services.program import Program
from outreach.services.safety import set_safety
from outreach.services.settings import add_site
from outreach.services.sticks import NameTaken

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
            program.ledger().settings.set("laptop-name", name)
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
        return self.take(to, self.export(source))

    def take(self, to: str, content: bytes) -> Merged:
        (merged,) = exchange.merge(self[to], [("a file", content)], TODAY)
        return merged

    def whom(self, name: str) -> list[str]:
        return [recipient(self[name].keyring.device_key())]

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


# --- what waits, and counts nowhere meanwhile ---


def test_a_laptop_that_was_not_let_in_waits(fleet: Callable[..., Fleet]) -> None:
    """Its sheets are kept, carried on and counted nowhere; once it is on the roll they count on every laptop."""
    three = fleet()
    three.count("Office", 1)
    three.count("Van 2", 100)
    three.enroll("Office", "Van 1", at=("Office", "Van 1"))

    merged = three.carry("Van 2", "Office")
    assert (merged.new, dict(merged.waiting), three.total("Office")) == (1, {"unknown": 1}, 1)
    three.carry("Office", "Van 1")
    assert three["Van 1"].ledger().exchange.waiting_count() == 1, "relayed"
    assert three["Office"].ledger().latest(9) == list(three["Office"].ledger().sheets())

    three.enroll("Office", "Van 1", "Van 2")
    assert [three.total(name) for name in ("Office", "Van 1")] == [101, 101]
    assert three["Office"].ledger().exchange.waiting_count() == 0


def test_what_a_lost_laptop_signs_later_waits(fleet: Callable[..., Fleet]) -> None:
    """What counted of it stays; what comes later waits on all laptops, also where it counted before they knew."""
    three = fleet()
    first = three.count("Van 2", 100)
    three.carry("Van 2", "Office")
    three.count("Van 2", 7)
    assert three.carry("Van 2", "Van 1").new == 2 and three.total("Van 1") == 107
    gone = laptop(three["Van 2"], "Van 2", revoked_after=first.seq)
    here = tuple(laptop(three[name], name) for name in ("Office", "Van 1"))

    three.enroll(laptops=(*here, gone), at=("Office",))
    three.carry("Van 2", "Office")
    assert three.total("Office") == 100 and three["Office"].ledger().exchange.waiting()[0].why == "revoked"
    merged = three.carry("Office", "Van 1")
    assert (merged.editions[0], three.total("Van 1")) == ("roll", 100)


@pytest.mark.parametrize("clock", [date(1980, 1, 1), TODAY, date(2038, 1, 19)], ids=str)
def test_a_wrong_clock_changes_no_total(fleet: Callable[..., Fleet], clock: date) -> None:
    """Genuine sheets count whatever a laptop thinks the day is; a day that cannot be waits on each of them."""
    three = fleet()
    three.count("Van 1", 10)
    three.count("Van 1", 10_000, date(2041, 1, 1))
    three.count("Van 1", 20_000, date(2014, 12, 31))
    (merged,) = exchange.merge(three["Office"], [("v", three.export("Van 1"))], clock)

    assert (merged.refusal, dict(merged.waiting), three.total("Office")) == (None, {"day": 2}, 10)
    odd = tuple(each.sheet.id for each in three["Office"].ledger().exchange.waiting())
    three.enroll(*three.names, accepted=odd)
    assert three.total("Office") == three.total("Van 1") == 30_010, "a coordinator said yes"


def test_a_day_that_only_one_clock_believes_counts_once_it_comes(fleet: Callable[..., Fleet]) -> None:
    """A sheet of next week waits, and counts from its eve on, without being brought again."""
    three = fleet()
    three.count("Van 1", 10, TODAY + timedelta(days=7))
    three.carry("Van 1", "Office")
    assert three.total("Office") == 0

    exchange.settle(three["Office"], TODAY + timedelta(days=6))
    assert three.total("Office") == 10


def test_a_correction_waits_with_what_it_corrects(fleet: Callable[..., Fleet]) -> None:
    """By itself it would take away what is not there."""
    three = fleet()
    sheet = three.count("Van 2", 100)
    three.carry("Van 2", "Van 1")
    three.count("Van 1", -40, corrects=sheet.id)
    assert three.total("Van 1") == 60
    three.enroll("Office", "Van 1", at=("Office",))

    three.carry("Van 1", "Office")
    assert three.total("Office") == 0 and three["Office"].ledger().exchange.waiting_count() == 2
    three.enroll(*three.names)
    assert three.total("Office") == 60


# --- what does not add up is said ---


def test_a_copy_of_the_files_that_is_put_back_shows_as_a_fork(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """Numbers that are used again are told, and both sheets count; the control: before that nothing is told."""
    three = fleet()
    three.count("Van 1", 10)
    three["Van 1"].ledger().close()
    shutil.copytree(tmp_path / "Van 1", tmp_path / "kept")
    three.programs["Van 1"] = Program(Home(tmp_path / "Van 1"))
    three.count("Van 1", 200)
    three.carry("Van 1", "Office")
    assert missing.forks(three["Office"]) == ()

    three["Van 1"].ledger().close()
    three.programs["Van 1"] = Program(Home(tmp_path / "kept"))
    three.count("Van 1", 3000)
    three.carry("Van 1", "Office")
    (fork,) = missing.forks(three["Office"])
    assert (fork.name, fork.seq, len(fork.sheets), fork.all_here, three.total("Office")) == ("Van 1", 2, 2, True, 3210)

    assert {each for each, _ in fork.counted} == set(fork.sheets), "both can be looked at and corrected"
    assert fork.days == (TODAY,)

    three.carry("Office", "Van 1")
    assert three.total("Van 1") == 3210, "its own sheet that it had lost is back"
    assert three.count("Van 1", 1).seq == 3


def test_a_day_is_one_file_and_no_sheet_is_written_over(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """Saved twice onto a stick, the second file takes the place of the first. Not so after an older copy was put back:

    what the file on the stick holds and this laptop no longer does stays there, under either way of naming a place.
    """
    three, stick = fleet(), tmp_path / "stick"
    stick.mkdir()
    three.count("Van 1", 10)
    three["Van 1"].ledger().close()
    shutil.copytree(tmp_path / "Van 1", tmp_path / "kept")
    three.programs["Van 1"] = Program(Home(tmp_path / "Van 1"))
    for cookers in (200, 3000):
        three.count("Van 1", cookers)
        file = exchange.place(three["Van 1"], stick, TODAY)
        exchange.export(three["Van 1"], file, TODAY)
    assert [each.name for each in stick.iterdir()] == [f"van-1-{TODAY}.tally"]

    three["Van 1"].ledger().close()
    three.programs["Van 1"] = Program(Home(tmp_path / "kept"))
    assert exchange.place(three["Van 1"], stick, TODAY).name == f"van-1-{TODAY}-2.tally"
    with pytest.raises(NameTaken):
        exchange.place(three["Van 1"], file, TODAY)
    three.take("Van 1", file.read_bytes())
    assert three.total("Van 1") == 3210
    assert exchange.place(three["Van 1"], stick, TODAY) == file, "all of it is here again"


def test_a_laptops_own_files_are_not_among_those_to_bring_in(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """By their names, and only while no other laptop that is known writes such names."""
    three = fleet()
    names = ("van-1-2026-11-20.tally", "van-1-2026-11-19-2.tally", "van-2-2026-11-20.tally", "van-1-old.tally")
    files = [tmp_path / name for name in names]
    others, own = exchange.parted(three["Van 1"], files)
    assert ([each.name for each in own], [each.name for each in others]) == ([*names[:2]], [*names[2:]])
    three["Van 1"].ledger().settings.set("laptop-name", "van 1")
    assert exchange.parted(three["Office"], files) == (files, []), "the control: of another laptop all of these are"


def test_sheets_that_did_not_come_are_missed(fleet: Callable[..., Fleet]) -> None:
    """A gap in a laptop's numbers is told with the days around it, and gone when the sheets come."""
    three = fleet()
    made = [three.count("Van 1", n, TODAY - timedelta(days=9 - n)) for n in (1, 2, 3, 4)]
    whole = three.export("Van 1")
    key = three["Van 1"].device()
    some = tuple(Signed(each.canonical(), key.sign(each.canonical())) for each in (made[0], made[2]))
    keys, last = {key.device: key.public}, {key.device: (4, made[3].id)}
    part = Bundle("a1" * 16, key.device, key.public, some, keys, last)
    three.take("Office", write(part, key.sign, three.whom("Office")))

    told = [(gap.name, gap.first, gap.last, gap.after, gap.before) for gap in missing.gaps(three["Office"])]
    assert told == [("Van 1", 2, 2, made[0].day, made[2].day), ("Van 1", 4, 4, made[2].day, None)]
    three.take("Office", whole)
    assert missing.gaps(three["Office"]) == ()


def test_nobody_else_says_what_this_laptops_next_number_is(fleet: Callable[..., Fleet]) -> None:
    """Another laptop's word for this one's own numbers is not taken, in no part of a bundle."""
    three = fleet()
    three.count("Office", 1)
    own, key = three["Office"].device().device, three["Van 1"].device()
    lies = Bundle("a1" * 16, key.device, key.public, last={own: (99, "d" * 64)}, folded=(("e" * 64, own, 98),))
    assert three.take("Office", write(lies, key.sign, three.whom("Office"))).refusal is None

    assert three.count("Office", 2).seq == 2
    assert missing.gaps(three["Office"]) == () == missing.forks(three["Office"])


def test_places_of_one_name_are_shown_until_someone_says_they_are_one(fleet: Callable[..., Fleet]) -> None:
    """Two laptops that both made a site called North; a site of another name is no clash."""
    three = fleet()
    for name, code in (("Office", "north"), ("Van 1", "n-1")):
        add_site(three[name], code, "North", "street")
    add_site(three["Van 1"], "south", "South", "street")
    three.carry("Van 1", "Office")

    (clash,) = missing.clashes(three["Office"])
    assert (clash.name, clash.code, clash.other_code, clash.other_name) == ("Van 1", "n-1", "north", "")
    three["Office"].ledger().exchange.same_place(clash.device, clash.code)
    assert missing.clashes(three["Office"]) == ()

    three.carry("Office", "Van 1")
    three.carry("Office", "Van 2")
    three.carry("Van 2", "Office")
    assert missing.clashes(three["Office"]) == (), "what was shared is no clash"
    for name in ("Office", "Van 2"):
        add_site(three[name], "west", "West", "street")
    three.carry("Van 2", "Office")
    assert [(each.name, each.code) for each in missing.clashes(three["Office"])] == [("Van 2", "west")]


# --- folds ---


def test_two_folds_of_the_same_days_count_once(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """Made on two laptops before they knew of one another, the same one of them counts everywhere."""
    three = fleet()
    for n, name in enumerate(three.names):
        three.count(name, 10**n, date(2026, 5, 3 + n))
    for name in ("Van 1", "Van 2"):
        three.carry(name, "Office")
    three["Office"].ledger().close()
    shutil.copytree(tmp_path / "Office", tmp_path / "kept")
    files = []
    for home in ("Office", "kept"):
        three.programs["Office"] = Program(Home(tmp_path / home))
        three["Office"].ledger().settings.set("device-turn", {"kept": "e5" * 16, "Office": ""}[home])
        folding.fold(three["Office"], date(2026, 6, 1), TODAY)
        files.append(three.export("Office"))
    turned = laptop(three["Office"], "Office, again")
    three.programs["Office"] = Program(Home(tmp_path / "Office"))
    here = tuple(laptop(three[name], name) for name in three.names)
    three.enroll(laptops=(*here, turned))

    for name, order in (("Van 1", files), ("Van 2", files[::-1])):
        for each in order:
            assert three.take(name, each).refusal is None
        assert three.total(name) == 111
        assert [each.why for each in three[name].ledger().exchange.waiting()] == ["fold"]
        assert three[name].ledger().count() == 1
    assert three["Van 1"].ledger().digest() == three["Van 2"].ledger().digest()


def test_only_the_coordinators_laptop_folds(fleet: Callable[..., Fleet]) -> None:
    """Elsewhere folding is refused with a sentence, and nobody is asked to; the control is the office."""
    two = fleet("Office", "Van 1")
    for name in two.names:
        two.count(name, 5, date(2026, 5, 3))
        set_safety(two[name], keep_days_months=3)

    with pytest.raises(folding.FoldsElsewhere, match="that of Office"):
        folding.fold(two["Van 1"], date(2026, 6, 1), TODAY)
    assert folding.due(two["Van 1"], TODAY) is None
    assert folding.due(two["Office"], TODAY) is not None


# --- files that are not taken ---


def test_a_file_that_is_refused_changes_nothing(fleet: Callable[..., Fleet]) -> None:
    """Of another program, cut, changed, or no bundle at all: a sentence, and the other files are taken."""
    three = fleet()
    three.count("Van 1", 10)
    good = three.export("Van 1")
    key, whom = three["Van 1"].device(), three.whom("Office")
    foreign = write(Bundle("f6" * 16, key.device, key.public), key.sign, whom)
    ledger = three["Office"].ledger()
    before = ledger.digest(), ledger.devices(), ledger.exchange.ids()

    found = exchange.merge(
        three["Office"],
        [("cut", good[:-9]), ("changed", good[:400] + b"X" + good[401:]), ("foreign", foreign), ("text", b"hello")],
        TODAY,
    )
    assert [type(each.refusal).__name__ for each in found] == [
        "BundleDamaged",
        "BundleDamaged",
        "OtherProgram",
        "NotABundle",
    ]
    assert (ledger.digest(), ledger.devices(), ledger.exchange.ids()) == before
    (bad, taken) = exchange.merge(three["Office"], [("text", b"hello"), ("good", good)], TODAY)
    assert bad.refusal and taken.new == 1


def test_a_file_of_a_newer_version_is_kept_and_read_later(fleet: Callable[..., Fleet]) -> None:
    """It is named and kept as it came, once; nothing of it counts before a version that knows it comes."""
    three = fleet()
    whom = three.whom("Office")
    newer = seal(b"OUTREACH-TALLY/2\nsomething else\n", whom)
    for _ in range(2):
        (merged,) = exchange.merge(three["Office"], [("later.tally", newer)], TODAY)
        assert (merged.kept, merged.refusal) == (True, None)
    assert list(three["Office"].ledger().exchange.kept().values()) == [newer]

    # What such a version would find: the same place holds a file that can be read by now.
    three.count("Van 1", 10)
    held = three["Office"].ledger().exchange
    for each in held.kept():
        held.forget(each)
    held.keep(three.export("Van 1"))
    (merged,) = exchange.merge(three["Office"], [], TODAY)
    assert (merged.new, three.total("Office"), held.kept()) == (1, 10, {})


def test_a_laptop_of_no_program_takes_nothing_and_makes_nothing(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """Without a ledger no file is for it, and none is made for that."""
    two = fleet("Office", "Van 1")
    alone = Program(Home(tmp_path / "alone"))
    (merged,) = exchange.merge(alone, [("v", two.export("Van 1"))], TODAY)

    assert merged.refusal is not None and not (tmp_path / "alone").exists()
    with pytest.raises(exchange.NothingToCarry):
        exchange.export(alone, tmp_path / "x.tally", TODAY)
    tally.record(alone, tally.WholeSheet("outreach", TODAY, None, {("cooker", Movement.GIVEN): 1}), today=TODAY)
    with pytest.raises(exchange.NobodyElse):
        exchange.export(alone, tmp_path / "x.tally", TODAY)
    assert not (tmp_path / "x.tally").exists()


def test_a_file_of_ones_own_may_be_written_again_and_no_other(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """In a synced folder this laptop's file keeps its name; another's is never written over."""
    two = fleet("Office", "Van 1")
    two.export("Office")
    two.export("Van 1")

    assert exchange.place(two["Office"], tmp_path / "Office.tally", TODAY) == tmp_path / "Office.tally"
    with pytest.raises(NameTaken):
        exchange.place(two["Office"], tmp_path / "Van 1.tally", TODAY)
    assert exchange.place(two["Van 1"], tmp_path, TODAY).name == "van-1-2026-11-20.tally"


def test_what_waits_is_cleared_away_only_with_a_backup(fleet: Callable[..., Fleet], tmp_path: Path) -> None:
    """Sheets that do not count are sheets all the same: without a backup that holds them clearing asks."""
    three = fleet()
    three.count("Van 2", 100)
    three.enroll("Office", "Van 1", at=("Office",))
    words = "river lamp stone window paper cloud"
    backing_up.back_up(three["Office"], tmp_path / "before.sealed", words)
    assert clearing.is_carried_away(three["Office"]), "the control"

    three.carry("Van 2", "Office")
    assert not clearing.is_carried_away(three["Office"]) and clearing.outlook(three["Office"], TODAY).sheets == 1
    backing_up.back_up(three["Office"], tmp_path / "after.sealed", words)
    assert clearing.is_carried_away(three["Office"])
