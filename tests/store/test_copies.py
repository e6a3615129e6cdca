"""Whole copies of the ledger: complete or not at all, under a key of their own, put back in one step, left open."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from outreach.core.refusal import Refusal
from outreach.core.sheets import ClosedSheet, Kind
from outreach.home import Home
from outreach.store import copies
from outreach.store.engine import connect, key_salt, writing
from outreach.store.ledger import Ledger, open_ledger, open_to_read
from outreach.store.migrations import STEPS
from outreach.store.refusals import Damaged, DiskFull, FromANewerVersion, WrongKey

OTHER = bytes(range(1, 33))
Made = Callable[..., ClosedSheet]


def damage(path: Path) -> None:
    """Change one bit in the middle of each page but the first, which says what the file is."""
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 2000] ^= 1
    path.write_bytes(content)


def test_a_copy_is_whole_and_opens_with_its_own_key_only(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """A copy holds every sheet, under the key it was made for; nothing else is left beside it."""
    ledger.add(sheet(), bytes(64))
    ledger.settings.set("program-name", "River Street")
    to = home.path / "copy.ledger"
    copies.copy(home.ledger, key, to, OTHER)

    with closing(open_ledger(to, OTHER)) as copied:
        assert (copied.digest(), copied.settings.get("program-name")) == (ledger.digest(), "River Street")
    with pytest.raises(WrongKey):
        copies.look_into(to, key)
    assert to.read_bytes()[:16] == key_salt(OTHER) and b"River Street" not in to.read_bytes()
    assert copies.look_into(to, OTHER) == copies.Holdings(1, date(2026, 11, 22), ("outreach",), {Kind.TALLY: 1})
    assert {each.name for each in home.path.iterdir()} <= {"outreach.db", "outreach.db-journal", *_with_journal(to)}


def _with_journal(path: Path) -> set[str]:
    return {path.name, f"{path.name}-journal"}


def test_a_copy_of_what_is_damaged_is_not_made(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """A page that cannot be read makes no copy, and takes the place of no older one; a whole ledger does."""
    ledger.add(sheet(), bytes(64))
    to = home.path / "copy.ledger"
    copies.copy(home.ledger, key, to, key)
    good = to.read_bytes()
    ledger.close()
    damage(home.ledger)

    with pytest.raises(Damaged):
        copies.copy(home.ledger, key, to, key)
    assert to.read_bytes() == good


def test_a_copy_for_which_there_is_no_room(run: Callable[..., str]) -> None:
    """On a full disk a copy is refused in words, the older one stays, and no half of one is left."""
    code = """
import resource
from outreach.store import copies
from outreach.store.refusals import DiskFull
open_ledger(home.ledger, KEY).close()
to = home.path / "copy.ledger"
to.write_bytes(b"older")
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))
try: copies.copy(home.ledger, KEY, to, KEY)
except DiskFull: print("refused")
assert to.read_bytes() == b"older"
print(sorted(each.name for each in home.path.iterdir() if "new" in each.name))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
copies.copy(home.ledger, KEY, to, KEY)
print(copies.look_into(to, KEY).sheets)
"""
    assert run(code) == "refused\n[]\n0\n"


def test_one_ledger_takes_the_place_of_another_at_once(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """What another ledger holds is here afterwards and nothing else; what was here is in the copy asked for."""
    ledger.add(sheet({"filter": 3}), bytes(64))
    was = ledger.digest()
    with closing(open_ledger(home.path / "other.db", OTHER)) as other:
        other.add(sheet({"cooker": 5}, seq=2), bytes(64))
        other.settings.set("program-name", "River Street")
        will_be = other.digest()
    before = home.path / "before.ledger"
    copies.take_over(home.ledger, key, (home.path / "other.db", OTHER), before)

    assert (ledger.digest(), ledger.settings.get("program-name")) == (will_be, "River Street"), (
        "seen by who has it open"
    )
    assert ledger.verify() == 1
    with closing(open_ledger(before, key)) as kept:
        assert kept.digest() == was


@pytest.mark.parametrize("at", range(0, 60, 6))
def test_cut_off_while_another_takes_its_place(
    run: Callable[..., str], start: Callable[..., object], home: Home, sheet: Made, at: int
) -> None:
    """Ended at any statement of it, the ledger holds all of the old or all of the new, and opens."""
    with closing(open_ledger(home.ledger, bytes(range(32)))) as ledger:
        for n in range(1, 30):
            ledger.add(sheet(seq=n), bytes(64))
        old = ledger.digest()
    with closing(open_ledger(home.path / "other.db", OTHER)) as other:
        for n in range(40, 60):
            other.add(sheet(seq=n), bytes(64))
        new = other.digest()
    process = start(
        f"""
from outreach.store import copies, engine
count = 0
class Cut(engine.Connection):
    def execute(self, *words):
        global count
        count += 1
        if count == {at} + 40: os._exit(9)
        return super().execute(*words)
engine.Connection = Cut
copies.take_over(home.ledger, KEY, (home.path / "other.db", {OTHER!r}), home.path / "before.ledger")
"""
    )
    process.communicate(timeout=60)  # type: ignore[attr-defined]
    with closing(open_ledger(home.ledger, bytes(range(32)))) as ledger:
        assert ledger.digest() in (old, new)
        ledger.verify()


def test_an_open_file_says_what_sheets_say_and_no_more(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """Any SQLite reads it; it has the sheets' tables, equal sums, and no key, signature, device or setting."""
    ledger.add(sheet(x={"events": {"reversal": 2}}), bytes(64))
    ledger.settings.set("program-phone", "555-0100")
    to = home.path / "counts.sqlite"
    assert copies.leave_open(home.ledger, key, to) == 1

    with closing(sqlite3.connect(to)) as plain:
        tables = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {"site", "sheet", "line", "event", "lot"}
        assert plain.execute("SELECT sum(quantity) FROM line").fetchone() == (40,)
        assert plain.execute("SELECT * FROM event").fetchall()[0][1:] == ("reversal", 2)
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    content = to.read_bytes()
    assert b"cooker" in content, "the control: what is in it is found"
    assert b"555-0100" not in content and key not in content


@pytest.mark.parametrize("plain", [False, True], ids=["encrypted", "plain"])
def test_no_open_file_from_what_is_damaged(run: Callable[..., str], plain: bool) -> None:
    """A count that is not as it was saved stops the export, on an engine that cannot notice rot as well."""
    code = """
from outreach.store import copies, engine
from outreach.store.refusals import Damaged
ledger = open_ledger(home.ledger, KEY)
sheet = begin()
sheets.tap(sheet.id, Tap(sheets.mint_tab(sheet.id), 1, b"1", "given:cooker", 1))
close_sheet(ledger, sheets, sheet.id, DEVICE, build)
ledger.close()
to = home.path / "counts.sqlite"
print(copies.leave_open(home.ledger, KEY, to))
to.unlink()
connection = engine.connect(home.ledger, KEY)
with engine.writing(connection): connection.execute("UPDATE line SET quantity = 7")
connection.close()
try: copies.leave_open(home.ledger, KEY, to)
except Damaged: print("damaged", to.exists())
"""
    assert run(code, plain=plain) == "1\ndamaged False\n"


# --- a ledger that may only be read ---


def test_a_damaged_page_leaves_the_rest_readable(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """What can be read of a damaged ledger is right; what cannot is refused, and so is writing. Not a byte changes."""
    for n in range(1, 200):
        ledger.add(sheet(seq=n), bytes(64))
    ledger.close()
    content = bytearray(home.ledger.read_bytes())
    content[-2000] ^= 1
    home.ledger.write_bytes(content)
    with pytest.raises(Damaged) as why:
        open_ledger(home.ledger, key)
    with closing(open_to_read(home.ledger, key, why.value)) as read:
        assert [site.code for site in read.sites.all()] == ["outreach"]
        with pytest.raises(Damaged):
            read.add(sheet(seq=500), bytes(64))
        with pytest.raises(Damaged):
            read.settings.set("program-name", "River")
    assert home.ledger.read_bytes() == content


def test_where_rot_goes_unnoticed_nothing_of_it_is_read(run: Callable[..., str]) -> None:
    """Without encryption a damaged ledger is not read at all: a wrong number looks like a right one."""
    code = """
from outreach.store.ledger import open_to_read
from outreach.store.refusals import Damaged, FromANewerVersion
open_ledger(home.ledger, KEY).close()
open_to_read(home.ledger, KEY, FromANewerVersion(file="x")).close()
print("control")
try: open_to_read(home.ledger, KEY, Damaged(file="x"))
except Damaged: print("refused")
"""
    assert run(code, plain=True) == "control\nrefused\n"


def test_a_newer_ledger_is_read_and_not_changed(ledger: Ledger, home: Home, key: bytes, sheet: Made) -> None:
    """A ledger with more columns than this version knows gives its sums; writing is refused; not a byte changes."""
    ledger.add(sheet(), bytes(64))
    ledger.close()
    _make_newer(home.ledger, key, "ALTER TABLE sheet ADD COLUMN shade TEXT")
    before = home.ledger.read_bytes()
    why = FromANewerVersion(file=str(home.ledger))
    with closing(open_to_read(home.ledger, key, why)) as read:
        assert [row.quantity for row in read.sums.lines(grain="all")] == [40]
        for write in (lambda: read.add(sheet(seq=2), bytes(64)), lambda: read.introduce("d", bytes(32))):
            with pytest.raises(FromANewerVersion, match="newer version"):
                write()
    assert home.ledger.read_bytes() == before


def test_a_newer_ledger_that_moved_things_is_not_read(ledger: Ledger, home: Home, key: bytes) -> None:
    """When a column that is known is gone, nothing is read: the refusal says why it was not opened."""
    ledger.close()
    _make_newer(home.ledger, key, "ALTER TABLE sheet RENAME COLUMN encounters TO visits")
    before = home.ledger.read_bytes()

    with pytest.raises(FromANewerVersion):
        open_to_read(home.ledger, key, FromANewerVersion(file=str(home.ledger)))
    assert home.ledger.read_bytes() == before


def _make_newer(path: Path, key: bytes, change: str) -> None:
    with closing(connect(path, key)) as newer, writing(newer):
        newer.execute(change)
        newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")


@pytest.mark.parametrize(("version", "sheets", "given"), [(1, 3, 75), (2, 4, 75), (3, 5, 89)])
def test_a_copy_of_every_version_is_looked_into_and_brought_up(
    home: Home, key: bytes, version: int, sheets: int, given: int
) -> None:
    """A ledger that an older version wrote can be looked into as it is, copied, and brought up with equal sums."""
    home.make()
    file = Path(__file__).with_name(f"version-{version}.ledger")
    shutil.copy(file, home.path / "old.ledger")
    assert copies.look_into(home.path / "old.ledger", key).sheets == sheets
    assert (home.path / "old.ledger").read_bytes() == file.read_bytes()
    copies.copy(home.path / "old.ledger", key, home.path / "copy.ledger", OTHER)
    assert copies.bring_up(home.path / "copy.ledger", OTHER).sheets == sheets
    with closing(open_ledger(home.path / "copy.ledger", OTHER)) as ledger:
        sums = {(row.item, row.movement.value): row.quantity for row in ledger.sums.lines(grain="all")}
    assert (sums["cooker", "given"], sums["naloxone-nasal", "given"]) == (given, 12)


def test_a_refusal_can_be_raised_again() -> None:
    """Raised once more, a refusal is of its kind and says the same, without what the first one met on its way."""
    first = DiskFull()
    other = Refusal("There is no {thing}.", thing="key")

    assert (type(first.again()), str(first.again()), str(other.again())) == (DiskFull, str(first), "There is no key.")
    assert first.again() is not first
