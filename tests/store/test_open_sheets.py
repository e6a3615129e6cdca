"""Taps on a sheet that is still open: each counted exactly once, on disk before it is answered, gone with the sheet."""

from __future__ import annotations

import secrets
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.core.refusal import Refusal
from outreach.core.sheets import ServiceModel, SiteCode
from outreach.core.tally import ENCOUNTERS, AnotherTabCounted, Applied, BelowZero, OpenSheet, Tap, TooMany
from outreach.home import Home
from outreach.store.ledger import Ledger
from outreach.store.open_sheets import OpenSheets, UnknownCounter
from outreach.store.refusals import Damaged, SheetClosed, WrongKey

DAY = date(2026, 11, 22)
COOKER = "given:cooker"


@pytest.fixture
def sheet(open_sheets: OpenSheets) -> OpenSheet:
    return open_sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)


class Tab:
    """A browser tab: numbers its taps and can send the last one again."""

    def __init__(self, sheets: OpenSheets, sheet_id: str) -> None:
        self.sheets, self.sheet_id = sheets, sheet_id
        self.token, self.n = sheets.mint_tab(sheet_id), 0

    def tap(
        self, counter: str = COOKER, change: int = 1, exactly: int | None = None, blank: bool = False
    ) -> tuple[Applied, int | None]:
        self.last = Tap(self.token, self.n + 1, secrets.token_bytes(8), counter, change, exactly, blank)
        answer = self.again()
        self.n += 1
        return answer

    def again(self) -> tuple[Applied, int | None]:
        return self.sheets.tap(self.sheet_id, self.last)


def test_a_new_sheet_is_empty_and_keeps_its_day(open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """A sheet starts with no counter at all: not reported, which is not zero."""
    assert open_sheets.read(sheet.id) == OpenSheet(sheet.id, SiteCode("outreach"), DAY, ServiceModel.STREET, {})
    assert open_sheets.all() == [sheet]


def test_open_sheets_stand_by_day_and_site(open_sheets: OpenSheets) -> None:
    """Several sheets can be open, also two of one site and day."""
    for site, day in (("van-2", 22), ("outreach", 22), ("van-2", 21), ("outreach", 22)):
        open_sheets.open(SiteCode(site), date(2026, 11, day), ServiceModel.MOBILE)

    found = [(sheet.day.day, sheet.site) for sheet in open_sheets.all()]
    assert found == [(21, "van-2"), (22, "outreach"), (22, "outreach"), (22, "van-2")]


def test_nothing_is_made_by_looking(home: Home, open_sheets: OpenSheets) -> None:
    """Asking for open sheets makes no folder and no file."""
    assert (open_sheets.all(), open_sheets.unreadable(), open_sheets.ids()) == ([], [], [])
    open_sheets.sweep()
    assert not home.path.exists()


def test_a_tap_is_counted_and_another_opener_sees_it(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """The answer has the new value, which is on disk by then."""
    tab = Tab(open_sheets, sheet.id)

    assert [tab.tap(), tab.tap(), tab.tap(ENCOUNTERS)] == [
        (Applied.NOW, 1),
        (Applied.NOW, 2),
        (Applied.NOW, 1),
    ]
    assert OpenSheets(home).read(sheet.id).counters == {COOKER: 2, ENCOUNTERS: 1}


def test_a_repeated_tap_is_answered_and_not_counted(open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """When the answer was lost and the tap is sent again, it is known for what it is."""
    tab = Tab(open_sheets, sheet.id)
    tab.tap()

    assert [tab.again(), tab.again()] == [(Applied.BEFORE, 1)] * 2
    assert tab.tap() == (Applied.NOW, 2)


@pytest.mark.parametrize("n", [0, 1, 3, 99])
def test_a_tap_out_of_step_is_refused(open_sheets: OpenSheets, sheet: OpenSheet, n: int) -> None:
    """Another touch with a number that was used, or one that jumps, is refused and counts nothing."""
    tab = Tab(open_sheets, sheet.id)
    tab.tap()

    with pytest.raises(AnotherTabCounted):
        open_sheets.tap(sheet.id, Tap(tab.token, n, b"another", COOKER, 1))
    assert open_sheets.read(sheet.id).counters == {COOKER: 1}


def test_a_tab_that_is_not_known_is_refused(open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """Only a token that this sheet gave out counts on it."""
    other = open_sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    stray = Tab(open_sheets, other.id)
    stray.sheet_id = sheet.id

    with pytest.raises(AnotherTabCounted):
        stray.tap()


def test_undo_is_a_tap_and_stops_at_zero(open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """Undo takes one off; below zero nothing changes, and the tab is still in step."""
    tab = Tab(open_sheets, sheet.id)
    tab.tap()

    assert tab.tap(change=-1) == (Applied.NOW, 0)
    with pytest.raises(BelowZero):
        tab.tap(change=-1)
    with pytest.raises(TooMany):
        tab.tap(exactly=500_001)
    assert tab.tap(exactly=12) == (Applied.NOW, 12)
    assert open_sheets.read(sheet.id).counters == {COOKER: 12}


@pytest.mark.parametrize(
    "name", ["", "J.", "given:", "given:Cooker", "sold:cooker", "given:cooker:2", "note", "given:a b", ":cooker"]
)
def test_only_counters_are_kept(open_sheets: OpenSheets, sheet: OpenSheet, name: str) -> None:
    """A name that is not a counter's is not stored, so no word about anyone can get in that way."""
    tab = Tab(open_sheets, sheet.id)

    with pytest.raises(UnknownCounter):
        tab.tap(name)
    assert open_sheets.read(sheet.id).counters == {}


moves = st.lists(
    st.tuples(
        st.integers(0, 2),  # which tab
        st.sampled_from([COOKER, "returned:syringe-1ml", ENCOUNTERS]),
        st.one_of(st.sampled_from([1, -1]).map(lambda n: (n, None)), st.integers(0, 30).map(lambda n: (0, n))),
        st.integers(0, 2),  # how often its answer was lost and it came again
    ),
    max_size=20,
)


@settings(max_examples=15, deadline=None)
@given(moves)
def test_taps_equal_a_recount(memory: Path, played: list[tuple[int, str, tuple[int, int | None], int]]) -> None:
    """Whatever three tabs tap, with answers lost and taps repeated, the counters are what each tap did once."""
    sheets = OpenSheets(Home(Path(tempfile.mkdtemp(dir=memory))))
    sheet = sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    tabs = [Tab(sheets, sheet.id) for _ in range(3)]
    expected: dict[str, int] = {}
    for tab, counter, (change, exactly), repeats in played:
        value = expected.get(counter, 0) + change if exactly is None else exactly
        if value < 0:
            with pytest.raises(BelowZero):
                tabs[tab].tap(counter, change, exactly)
            continue
        expected[counter] = value
        assert tabs[tab].tap(counter, change, exactly) == (Applied.NOW, value)
        for _ in range(repeats):
            assert tabs[tab].again() == (Applied.BEFORE, value)

    assert sheets.read(sheet.id).counters == expected


@settings(max_examples=15, deadline=None)
@given(moves, moves)
def test_undo_gives_back_what_was_there(
    memory: Path,
    before: list[tuple[int, str, tuple[int, int | None], int]],
    played: list[tuple[int, str, tuple[int, int | None], int]],
) -> None:
    """Taken back one by one, answers lost on the way: every counter is as it was, and blank where it was blank."""
    sheets = OpenSheets(Home(Path(tempfile.mkdtemp(dir=memory))))
    sheet = sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    tab = Tab(sheets, sheet.id)

    def play(moves: list[tuple[int, str, tuple[int, int | None], int]]) -> list[tuple[str, int, bool]]:
        done = []
        for _, counter, (change, exactly), _ in moves:
            was = sheets.read(sheet.id).counters.get(counter)
            with suppress(BelowZero):
                now = tab.tap(counter, change, exactly)[1]
                done.append((counter, (was or 0) - (now or 0), was is None))
        return done

    play(before)
    there = sheets.read(sheet.id).counters
    for counter, change, blank in reversed(play(played)):
        answer = tab.tap(counter, change, blank=blank)[1]
        assert tab.again() == (Applied.BEFORE, answer)

    assert sheets.read(sheet.id).counters == there


def test_many_hands_on_one_sheet(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """Four people tap at once, every tap sent twice, through two openers: each counts exactly once."""

    def work(sheets: OpenSheets) -> None:
        tab = Tab(sheets, sheet.id)
        for _ in range(30):
            assert tab.tap()[0] is Applied.NOW
            assert tab.again()[0] is Applied.BEFORE

    threads = [threading.Thread(target=work, args=(each,)) for each in (open_sheets, OpenSheets(home)) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert open_sheets.read(sheet.id).counters == {COOKER: 120}


def test_a_second_process_taps_too(open_sheets: OpenSheets, sheet: OpenSheet, start: Callable[..., object]) -> None:
    """Another process on the same home counts on the same sheet at the same time."""
    code = """
sheet_id = sys.argv[2]
token = sheets.mint_tab(sheet_id)
for n in range(1, 26): sheets.tap(sheet_id, Tap(token, n, bytes([n]), "given:cooker", 1))
"""
    others = [start(code, sheet.id) for _ in range(2)]
    tab = Tab(open_sheets, sheet.id)
    for _ in range(25):
        tab.tap()

    assert [other.wait(timeout=30) for other in others] == [0, 0]  # type: ignore[attr-defined]
    assert open_sheets.read(sheet.id).counters == {COOKER: 75}


def test_a_sheet_with_a_mark_takes_no_taps(open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """While a sheet is becoming a closed one, taps are refused; they count again when that is taken back."""
    tab = Tab(open_sheets, sheet.id)
    tab.tap()
    with open_sheets.closing(sheet.id) as closing:
        assert closing.sheet.counters == {COOKER: 1}
        closing.mark = "e5" * 32

    with pytest.raises(SheetClosed):
        tab.tap()
    with pytest.raises(SheetClosed):
        open_sheets.mint_tab(sheet.id)
    with open_sheets.closing(sheet.id) as closing:
        assert closing.mark == "e5" * 32
        closing.mark = None
    assert tab.tap() == (Applied.NOW, 2)


def test_files_of_an_open_sheet_are_for_their_owner(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """An open sheet is a file and a key of its own, both 0600, in folders for the owner only."""
    Tab(open_sheets, sheet.id).tap()
    db, key = home.open_sheets / f"{sheet.id}.db", home.keys / f"open-{sheet.id}.key"

    assert [stat.S_IMODE(path.stat().st_mode) for path in (db, key)] == [0o600, 0o600]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home.open_sheets, home.keys)] == [0o700, 0o700]
    assert len(key.read_bytes()) == 32
    assert b"cooker" not in db.read_bytes() and not db.read_bytes().startswith(b"SQLite format 3")


def test_each_sheet_has_its_own_key(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """The key of one sheet does not open another."""
    other = open_sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    (home.keys / f"open-{sheet.id}.key").write_bytes((home.keys / f"open-{other.id}.key").read_bytes())

    with pytest.raises(WrongKey):
        open_sheets.read(sheet.id)


def test_a_listing_shows_the_day_and_not_the_hour(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """The files' times say the sheet's day, not when the last tap was."""
    Tab(open_sheets, sheet.id).tap()
    files = [*home.open_sheets.iterdir(), home.keys / f"open-{sheet.id}.key"]

    assert {time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(path.stat().st_mtime)) for path in files} == {
        "2026-11-22 00:00:00"
    }


def test_a_destroyed_sheet_is_gone(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """Key, file and journal go; the tab that comes after is told so; doing it twice is fine."""
    tab = Tab(open_sheets, sheet.id)
    tab.tap()
    open_sheets.destroy(sheet.id)
    open_sheets.destroy(sheet.id)

    assert [path for folder in (home.open_sheets, home.keys) for path in folder.iterdir()] == []
    for step in (tab.tap, lambda: open_sheets.read(sheet.id), lambda: open_sheets.mint_tab(sheet.id)):
        with pytest.raises(SheetClosed):
            step()


@pytest.mark.parametrize("sheet_id", ["../outreach", "", "A" * 32, "e5" * 16, "e5" * 16 + "\n", "../keys/x"])
def test_an_address_reaches_no_other_file(open_sheets: OpenSheets, ledger: Ledger, sheet_id: str) -> None:
    """What comes in as an id opens an open sheet or nothing."""
    with pytest.raises(SheetClosed):
        open_sheets.read(sheet_id)


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[3000] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [damaged, lambda path: path.write_bytes(b"")], ids=["a changed bit", "emptied"])
def test_a_damaged_sheet_is_kept_and_hides_no_other(
    home: Home, open_sheets: OpenSheets, sheet: OpenSheet, harm: Callable[[Path], None]
) -> None:
    """A sheet that cannot be read is named and left as it is; the others go on."""
    good = open_sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    path = home.open_sheets / f"{sheet.id}.db"
    harm(path)
    before = path.read_bytes()

    with pytest.raises(Damaged):
        open_sheets.read(sheet.id)
    assert open_sheets.all() == [good]
    assert open_sheets.unreadable() == [path]
    open_sheets.sweep()
    assert path.read_bytes() == before


def test_a_sheet_whose_key_is_lost_is_named_and_kept(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """Without its key a sheet says so; its file stays, in case the key is put back."""
    key = home.keys / f"open-{sheet.id}.key"
    content = key.read_bytes()
    key.unlink()

    with pytest.raises(WrongKey, match="missing"):
        open_sheets.read(sheet.id)
    open_sheets.sweep()
    assert open_sheets.unreadable() == [home.open_sheets / f"{sheet.id}.db"]
    key.write_bytes(content)
    assert open_sheets.read(sheet.id) == sheet


def test_sweeping_beside_another_process(open_sheets: OpenSheets, start: Callable[..., object]) -> None:
    """A command that starts, and sweeps, while sheets are being opened spoils none: each opens or is refused."""
    sweeper = start("print('sweeping', flush=True)\nwhile True: sheets.sweep()")
    assert sweeper.stdout.readline() == "sweeping\n"  # type: ignore[attr-defined]

    opened = 0
    for _ in range(80):
        with suppress(Refusal):
            sheet = open_sheets.open(SiteCode("outreach"), DAY, ServiceModel.STREET)
            opened += 1
            assert open_sheets.read(sheet.id) == sheet
    assert len(open_sheets.all()) == opened > 0


def test_a_key_that_was_left_alone_is_swept(home: Home, open_sheets: OpenSheets, sheet: OpenSheet) -> None:
    """A key without a file opens nothing and goes; one with its file, and every other key, stays."""
    for name in (f"open-{'e5' * 16}.key", "ledger.key"):
        (home.keys / name).write_bytes(bytes(32))
    open_sheets.sweep()

    assert {path.name for path in home.keys.iterdir()} == {f"open-{sheet.id}.key", "ledger.key"}
