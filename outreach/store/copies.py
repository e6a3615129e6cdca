"""Whole copies of the ledger: made while nobody writes, put in the place of another, or left open to anyone."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Kind
from outreach.home import sync_folder
from outreach.store.engine import (
    ENCRYPTED,
    Connection,
    OperationalError,
    attach,
    check_intact,
    connect,
    lock_of,
    reading,
    translated,
    writing,
)
from outreach.store.files import UNFINISHED, destroy, journal_of
from outreach.store.ledger import Ledger, open_ledger
from outreach.store.refusals import Damaged, DiskFull

# What a sheet says, and where. Not what signs it, not the program's settings, not what was sent.
PLAIN = ("site", "sheet", "line", "event", "lot")
_FULL = re.compile("disk I/O error|disk is full")
_STEPS = "_sqlite_migrations"


class NotToWrite(Refusal):
    sentence = N_("This is a copy. It is only looked at. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a ledger holds, in a few numbers: enough to tell two of them apart.

    `sheets` are all of them; `kinds` says how many are sheets of sessions, and how many corrections and the like.
    """

    sheets: int
    last: date | None
    sites: tuple[str, ...]
    kinds: Mapping[Kind, int] = field(default_factory=dict)


def holdings(connection: Connection) -> Holdings:
    """The same of an open ledger of any version."""
    with reading(connection):
        sheets, last = connection.execute("SELECT count(*), max(day) FROM sheet").fetchone()
        sites = tuple(name or code for code, name in connection.execute("SELECT code, name FROM site ORDER BY code"))
        kinds = connection.execute("SELECT kind, count(*) FROM sheet GROUP BY kind").fetchall()
    there = {Kind(kind): count for kind, count in kinds}
    return Holdings(sheets, date.fromisoformat(last) if last else None, sites, there)


def copy(path: Path, key: bytes, to: Path, under: bytes) -> None:
    """Copy the ledger at `path` to `to`, encrypted under another key or the same, complete or not at all.

    Every page is read again before the copy gets its name. Raises Damaged, LedgerBusy, DiskFull or CannotWrite.
    """
    # The write lock first: a copy that is made beside writers begins anew with each of their commits.
    with lock_of(path), closing(connect(path, key)) as holder, writing(holder):
        _copy(path, key, to, under)


def _copy(path: Path, key: bytes, to: Path, under: bytes) -> None:
    with _rough(to) as rough, closing(connect(path, key)) as source, closing(connect(rough, under, new=True)) as made:
        # Measured: a page that the engine cannot read is copied as if it could.
        check_intact(source)
        try:
            source.backup(made)
        except OperationalError as problem:  # it comes without its code
            if _FULL.search(str(problem)):
                raise DiskFull() from problem
            raise
        _check(made)


@contextmanager
def _rough(to: Path) -> Iterator[Path]:
    """An empty file that takes the place of `to` when the block ends well, and is gone otherwise."""
    rough = to.with_name(f"{to.name}.{secrets.token_hex(8)}{UNFINISHED}")
    with translated(to):
        try:
            os.close(os.open(rough, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            yield rough
            with rough.open("rb+") as file:
                os.fsync(file.fileno())
            rough.replace(to)
        finally:
            for left in (rough, journal_of(rough)):
                left.unlink(missing_ok=True)
        sync_folder(to.parent)


def _check(connection: Connection) -> None:
    check_intact(connection)
    if not ENCRYPTED:  # rot in a value is noticed by the sheets' own hashes only
        Ledger(connection).verify()


def look_into(path: Path, key: bytes) -> Holdings:
    """Read every page of a ledger, of any version, and say what it holds. Changes nothing.

    Raises Damaged, WrongKey, MadeByAnotherEngine or CannotWrite.
    """
    with closing(connect(path, key, refuses=NotToWrite())) as connection:
        _check(connection)
        return holdings(connection)


def bring_up(path: Path, key: bytes) -> Holdings:
    """Bring a copy up to this version, compare every sheet with its hash and line, and say what it holds.

    Raises what `open_ledger` raises.
    """
    with closing(open_ledger(path, key)) as ledger:
        ledger.verify()
    return look_into(path, key)


def give(path: Path, key: bytes, settings: Mapping[str, str]) -> None:
    """Set these settings in a copy."""
    with closing(connect(path, key)) as connection, writing(connection):
        connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", settings.items())


def take_out(path: Path, key: bytes, setting: str) -> str:
    """A setting that a copy was given, which it has no more afterwards; the empty text where there is none."""
    with closing(connect(path, key)) as connection, writing(connection):
        row = connection.execute("SELECT value FROM setting WHERE key = ?", (setting,)).fetchone()
        connection.execute("DELETE FROM setting WHERE key = ?", (setting,))
    return str(row[0]) if row else ""


def take_over(path: Path, key: bytes, other: tuple[Path, bytes], before: Path) -> None:
    """Have the ledger at `path` hold what `other` (file and key) holds; all that it held goes to `before`.

    One transaction of the engine: wherever it is cut off, the ledger holds all it held or all of the
    other, and whoever has it open in another process sees the same.
    Both are of this version. Raises Damaged, LedgerBusy, DiskFull or CannotWrite.
    """
    with lock_of(path), closing(connect(path, key)) as ledger, translated(path):
        attach(ledger, other[0], "other", other[1])
        with writing(ledger):
            _copy(path, key, before, key)
            ledger.execute("PRAGMA defer_foreign_keys = ON")
            for table in _tables(ledger):
                ledger.execute(f"DELETE FROM main.{table}")  # noqa: S608
                columns = ", ".join(row[1] for row in ledger.execute(f"PRAGMA main.table_info({table})"))
                ledger.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM other.{table}")  # noqa: S608
            _check_references(ledger)


def _tables(connection: Connection) -> list[str]:
    found = connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    return [name for (name,) in found if name != _STEPS]


def _check_references(connection: Connection) -> None:
    if connection.execute("PRAGMA main.foreign_key_check").fetchone() is not None:
        raise Damaged(file=str(connection.path))


def put_in_place(rough: Path, path: Path, aside: Callable[[], Path]) -> Path | None:
    """Give a finished file the name of one that cannot be opened any more, if there is one.

    That is kept first, byte for byte, where `aside` says; the answer is where. Nobody has it open.
    """
    kept = None
    with lock_of(path), translated(path):
        if path.exists():
            kept = aside()
            with _rough(kept) as copied:
                copied.write_bytes(path.read_bytes())
            journal = journal_of(path)
            if journal.exists() and journal.stat().st_size:
                # It may undo a write that was cut off, in that file and in no other.
                journal.replace(journal_of(kept))
        rough.replace(path)
        sync_folder(path.parent)
    return kept


def leave_open(path: Path, key: bytes, to: Path) -> int:
    """The closed sheets as a plain SQLite file that anyone can read, complete or not at all; how many there are.

    Raises Damaged when a sheet is not as it was saved.
    """
    with closing(open_ledger(path, key)) as ledger:
        ledger.verify()
    with _rough(to) as rough, lock_of(path), closing(connect(path, key)) as source, translated(path):
        attach(source, rough, "plain", None)
        with writing(source):
            for table in PLAIN:
                (said,) = source.execute("SELECT sql FROM main.sqlite_schema WHERE name = ?", (table,)).fetchone()
                source.execute(said.replace("CREATE TABLE ", "CREATE TABLE plain.", 1))
                source.execute(f"INSERT INTO plain.{table} SELECT * FROM main.{table}")  # noqa: S608
        if source.execute("PRAGMA plain.integrity_check").fetchall() != [("ok",)]:
            raise Damaged(file=str(to))
        (sheets,) = source.execute("SELECT count(*) FROM plain.sheet").fetchone()
        source.execute("DETACH DATABASE plain")
    return int(sheets)


def forget(path: Path) -> None:
    """Destroy a copy and what lies beside it."""
    for left in (path, journal_of(path)):
        destroy(left)
