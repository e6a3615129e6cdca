"""One driver, the same promises on every connection, and a sentence for whatever is wrong with a file."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.home import Home
from outreach.store import engine
from outreach.store.engine import check_intact, connect, key_salt, reading, writing
from outreach.store.files import create
from outreach.store.ledger import Ledger, open_ledger
from outreach.store.refusals import CannotWrite, Damaged, DiskFull, LedgerBusy, MadeByAnotherEngine, WrongKey

ROOT = Path(__file__).parents[2]


def number(connection: engine.Connection) -> int:
    with reading(connection):
        return int(connection.execute("SELECT n FROM number").fetchone()[0])


def make(path: Path, key: bytes) -> engine.Connection:
    def build(connection: engine.Connection) -> None:
        connection.execute("CREATE TABLE number (n INTEGER NOT NULL)")
        connection.execute("INSERT INTO number VALUES (0)")

    create(path, key, build)
    return connect(path, key)


def test_only_the_engine_knows_a_driver() -> None:
    """No other module imports a database driver, so nobody catches another driver's errors in vain."""

    def drivers(source: str) -> set[str]:
        imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
        return {name for name in names if name.partition(".")[0] in {"sqlite3", "sqlcipher3", "apsw", "pysqlite3"}}

    found = {path.stem for path in (ROOT / "outreach").rglob("*.py") if drivers(path.read_text(encoding="utf-8"))}

    assert found == {"engine"}


@pytest.mark.parametrize("plain", [False, True], ids=["encrypted", "plain"])
def test_sqlite_utils_raises_our_errors(run: Callable[..., str], plain: bool) -> None:
    """sqlite_utils catches the very classes that our engine raises, with and without encryption."""
    said = run(
        """
from outreach.store import engine
import sqlite_utils.db, sqlite_utils.utils
print(engine.ENCRYPTED, sqlite_utils.utils.OperationalError is engine.OperationalError,
      sqlite_utils.utils.sqlite3.IntegrityError is engine.IntegrityError)
""",
        plain=plain,
    )

    assert said.split() == [str(not plain), "True", "True"]


@pytest.mark.parametrize("plain", [False, True], ids=["encrypted", "plain"])
def test_every_connection_keeps_the_promises(run: Callable[..., str], plain: bool) -> None:
    """A new connection to an existing file, and to an open sheet's, has every setting, whatever the build."""
    said = run(
        """
from outreach.store.engine import connect
open_ledger(home.ledger, KEY).close()
sheet = begin()
NAMES = '''journal_mode synchronous fullfsync secure_delete temp_store foreign_keys
    trusted_schema cell_size_check busy_timeout'''
own_key = (home.keys / f"open-{sheet.id}.key").read_bytes()
for path, key in ((home.ledger, KEY), (home.open_sheets / f"{sheet.id}.db", own_key)):
    connection = connect(path, key)
    for name in NAMES.split(): print(name, *connection.execute(f"PRAGMA {name}").fetchone())
    print("mmap_size", *(connection.execute("PRAGMA mmap_size").fetchone() or (0,)))
    print("isolation_level", connection.isolation_level)
    connection.close()
""",
        plain=plain,
    )

    expected = (
        "journal_mode truncate|synchronous 3|fullfsync 1|secure_delete 1|temp_store 2|foreign_keys 1|"
        "trusted_schema 0|cell_size_check 1|busy_timeout 10000|mmap_size 0|isolation_level None"
    )
    assert said.splitlines() == expected.split("|") * 2


def test_a_setting_that_does_not_take_is_noticed(tmp_path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are read back: one that the build ignores stops the opening."""
    make(tmp_path / "a.db", key).close()
    monkeypatch.setitem(engine.PRAGMAS, "secure_delete", ("OFF", 1))

    with pytest.raises(RuntimeError, match="secure_delete"):
        connect(tmp_path / "a.db", key)


def test_files_are_for_their_owner_and_unreadable_without_the_key(ledger: Ledger, home: Home) -> None:
    """The ledger is 0600 and says nothing readable, not even that it is a database."""
    content = home.ledger.read_bytes()

    assert stat.S_IMODE(home.ledger.stat().st_mode) == 0o600
    assert not content.startswith(b"SQLite format 3") and b"sheet" not in content
    assert sorted(path.name for path in home.path.iterdir()) == ["outreach.db"], "nothing is left of the making"


def test_without_encryption_the_file_is_readable(run: Callable[..., str], home: Home) -> None:
    """The control of the test above: on the plain engine the same search finds what it looks for."""
    run("open_ledger(home.ledger, KEY).close()", plain=True)

    assert home.ledger.read_bytes().startswith(b"SQLite format 3\0") and b"sheet" in home.ledger.read_bytes()


def test_another_key_is_not_called_damage(ledger: Ledger, home: Home, key: bytes) -> None:
    """A wrong key is told apart from a damaged file, and changes nothing."""
    before = home.ledger.read_bytes()

    with pytest.raises(WrongKey):
        open_ledger(home.ledger, bytes(32))
    assert home.ledger.read_bytes() == before
    open_ledger(home.ledger, key).close()


def test_a_file_of_the_other_engine_is_told_apart(run: Callable[..., str], home: Home, key: bytes) -> None:
    """A plain ledger on an encrypting computer, and the reverse, is neither damage nor a wrong key."""
    run("open_ledger(home.ledger, KEY).close()", plain=True)
    with pytest.raises(MadeByAnotherEngine):
        open_ledger(home.ledger, key)

    home.ledger.unlink()
    open_ledger(home.ledger, key).close()
    said = run(
        """
try: open_ledger(home.ledger, KEY)
except Exception as refusal: print(type(refusal).__name__)
""",
        plain=True,
    )
    assert said.strip() == "MadeByAnotherEngine"


def pages(home: Home) -> int:
    return home.ledger.stat().st_size // 4096


@pytest.mark.parametrize("page", range(8))
def test_a_changed_bit_is_damage(ledger: Ledger, home: Home, key: bytes, page: int) -> None:
    """One bit anywhere past the first 16 bytes stops the opening, with the file left as it is."""
    ledger.close()
    content = bytearray(home.ledger.read_bytes())
    content[min(page, pages(home) - 1) * 4096 + 16 + 509 * page] ^= 1
    home.ledger.write_bytes(content)

    with pytest.raises(Damaged, match="outreach.db is damaged"):
        open_ledger(home.ledger, key)
    assert home.ledger.read_bytes() == content


@pytest.mark.parametrize("place", [0, 7, 15])
def test_a_changed_bit_in_front_changes_nothing(ledger: Ledger, home: Home, key: bytes, place: int) -> None:
    """The first 16 bytes follow from the key: the file opens without them."""
    ledger.close()
    content = bytearray(home.ledger.read_bytes())
    assert bytes(content[:16]) == key_salt(key)
    content[place] ^= 1
    home.ledger.write_bytes(content)

    open_ledger(home.ledger, key).close()


@pytest.mark.parametrize("left", [0, 1, 100, 4096, 4096 * 3 + 7, -4096, -1])
def test_a_cut_file_is_damage(ledger: Ledger, home: Home, key: bytes, left: int) -> None:
    """A file that lost its end, or all of it, is damage and never a fresh start."""
    ledger.close()
    size = home.ledger.stat().st_size
    os.truncate(home.ledger, left if left >= 0 else size + left)
    cut = home.ledger.read_bytes()

    with pytest.raises((Damaged, WrongKey) if 0 < left < 16 else Damaged):
        open_ledger(home.ledger, key)
    assert home.ledger.read_bytes() == cut


def test_a_moved_file_leaves_room_for_a_new_one(ledger: Ledger, home: Home, key: bytes) -> None:
    """What the sentence about damage advises works: with the file moved aside a new ledger is made."""
    ledger.close()
    home.ledger.rename(home.path / "aside.db")

    open_ledger(home.ledger, key).close()


def test_the_check_waits_for_another_process_that_saves(home: Home, key: bytes, start: Callable[..., object]) -> None:
    """A ledger that is being written to is not called damaged, however often it is looked through.

    Without its read transaction the check called 4 of 16,685 such looks damaged on the machine this was written on.
    """
    open_ledger(home.ledger, key).close()
    writer = start("""
import time
ledger = open_ledger(home.ledger, KEY)
print("saving", flush=True)
while True:
    ledger.settings.set("program-address", str(time.monotonic_ns()) * 5)
    time.sleep(0.002)
""")
    assert writer.stdout.readline() == "saving\n"  # type: ignore[attr-defined]

    seen = set()
    for _ in range(40):
        between = open_ledger(home.ledger, key)
        seen.add(between.settings.get("program-address"))
        between.close()
    assert len(seen) > 5, "the other process did save meanwhile"


def test_all_or_nothing(tmp_path: Path, key: bytes) -> None:
    """What a block did is there after it, and none of it when it was left by an exception."""
    connection = make(tmp_path / "a.db", key)
    with writing(connection):
        connection.execute("UPDATE number SET n = 1")
    with pytest.raises(ZeroDivisionError), writing(connection):
        connection.execute("UPDATE number SET n = 2")
        raise ZeroDivisionError

    assert number(connection) == 1
    connection.close()
    again = connect(tmp_path / "a.db", key)
    assert number(again) == 1
    again.close()


def test_a_part_is_undone_by_itself_and_saved_with_the_whole(tmp_path: Path, key: bytes) -> None:
    """A refused block inside another leaves the outer one's work; an undone outer one takes all."""
    connection = make(tmp_path / "a.db", key)
    with writing(connection):
        connection.execute("UPDATE number SET n = n + 1")
        with writing(connection):
            connection.execute("UPDATE number SET n = n + 10")
        with pytest.raises(ZeroDivisionError), writing(connection):
            connection.execute("UPDATE number SET n = n + 100")
            raise ZeroDivisionError
    assert number(connection) == 11

    with pytest.raises(ZeroDivisionError), writing(connection):
        with writing(connection):
            connection.execute("UPDATE number SET n = 0")
        raise ZeroDivisionError
    assert number(connection) == 11
    connection.close()


def test_nothing_is_saved_in_parts_once_the_whole_is_lost(tmp_path: Path, key: bytes) -> None:
    """When the engine throws a transaction away, a later part of it is refused instead of saved alone."""
    connection = make(tmp_path / "a.db", key)
    with pytest.raises(RuntimeError, match="rolled back"), writing(connection):
        connection.execute("ROLLBACK")
        with writing(connection):
            connection.execute("UPDATE number SET n = 5")

    assert number(connection) == 0
    connection.close()


def test_someone_else_saving_is_a_sentence(tmp_path: Path, key: bytes) -> None:
    """A write that cannot get its turn is refused in words, and works when the other is done."""
    ours, theirs = make(tmp_path / "a.db", key), connect(tmp_path / "a.db", key)
    ours.execute("PRAGMA busy_timeout = 20")
    with writing(theirs):
        with pytest.raises(LedgerBusy), writing(ours):
            pytest.fail("two may not write at once")
        theirs.execute("UPDATE number SET n = 1")
    with writing(ours):
        ours.execute("UPDATE number SET n = n + 1")

    assert number(ours) == 2
    ours.close()
    theirs.close()


def test_a_full_database_is_a_full_disk(tmp_path: Path, key: bytes) -> None:
    """The engine's own "full" is the sentence about the disk; what was there before is still there."""
    connection = make(tmp_path / "a.db", key)
    connection.execute("PRAGMA max_page_count = 4")
    with pytest.raises(DiskFull, match="what was saved before is safe"), writing(connection):
        connection.execute("UPDATE number SET n = 1")
        connection.execute("CREATE TABLE much AS SELECT zeroblob(100000)")

    assert number(connection) == 0
    check_intact(connection)
    connection.close()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, key: bytes) -> None:
    """No place to write is said in words, not as an error of the system."""
    (tmp_path / "file").touch()

    with pytest.raises(CannotWrite):
        create(tmp_path / "file" / "a.db", key, lambda connection: None)


def test_who_makes_a_file_second_finds_the_first_one(tmp_path: Path, key: bytes) -> None:
    """Making a file that another process has just made neither fails nor replaces it."""
    first = make(tmp_path / "a.db", key)
    with writing(first):
        first.execute("UPDATE number SET n = 7")
    first.close()
    second = make(tmp_path / "a.db", key)

    assert number(second) == 7
    second.close()
    assert {path.name for path in tmp_path.iterdir()} <= {"a.db", "a.db-journal"}


def test_a_home_may_have_any_name(tmp_path: Path, key: bytes) -> None:
    """Signs that mean something in an address are only letters in the name of a folder."""
    path = tmp_path / "Caf\u00e9 #1? 100% [van]" / "outreach.db"
    open_ledger(path, key).close()
    again = open_ledger(path, key)

    assert [site.code for site in again.sites.all()] == ["outreach"]
    again.close()
    assert {each.name for each in path.parent.iterdir()} <= {"outreach.db", "outreach.db-journal"}
