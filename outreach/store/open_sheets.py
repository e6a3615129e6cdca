"""Open sheets: each a small file of its own with a throw-away key, so closing one leaves nothing behind."""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.core.refusal import N_, OutOfStep, Refusal
from outreach.core.sheets import Line, Movement, ServiceModel, SheetId, SiteCode
from outreach.core.tally import (
    PEOPLE,
    QUARTER_HOURS,
    AnotherTabCounted,
    Applied,
    OpenSheet,
    Tap,
    after_tap,
    tap_outcome,
)
from outreach.home import Home
from outreach.store.engine import Connection, connect, lock_of, reading, writing
from outreach.store.files import UNFINISHED, create, destroy, journal_of, sync_folder, write_key
from outreach.store.refusals import CannotWrite, Damaged, WrongKey

_ID = re.compile(r"[0-9a-f]{32}")
_GONE = ".gone"

_TABLES = (
    "CREATE TABLE about (site TEXT PRIMARY KEY, day TEXT NOT NULL, model TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE cell (counter TEXT PRIMARY KEY, quantity INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # One row for each page that was loaded, never one for each tap: the last touch is enough to know
    # a repeat, and there is no order of touches to find.
    "CREATE TABLE tab (token BLOB PRIMARY KEY, n INTEGER NOT NULL, nonce BLOB NOT NULL) STRICT, WITHOUT ROWID",
    # The id of the closed sheet that this one is becoming; no row while taps are taken.
    "CREATE TABLE closing (sheet TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
)


class SheetClosed(OutOfStep):
    sentence = N_(
        "This sheet is closed. What was counted on it before is saved, once; this was not added. "
        "Load the page again to go on."
    )


class UnknownCounter(Refusal):
    sentence = N_("A sheet has no counter called {counter}. Nothing was counted.")


@dataclass(slots=True)
class Closing:
    """An open sheet that takes no taps just now. `mark` is the closed sheet it is becoming, if any."""

    sheet: OpenSheet
    mark: SheetId | None


class OpenSheets:
    """The home's open sheets. Threads and processes may share them.

    Methods that take an id raise SheetClosed when that sheet is closed or was put away, and
    DiskFull, Damaged, WrongKey, LedgerBusy or CannotWrite when the disk is in the way.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._making = threading.Lock()

    def open(self, site: SiteCode, day: date, model: ServiceModel) -> OpenSheet:
        """Start a sheet for a session; it keeps the day it was opened with."""
        sheet = OpenSheet(secrets.token_hex(16), site, day, model)
        key = secrets.token_bytes(32)

        def build(connection: Connection) -> None:
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO about VALUES (?, ?, ?)", (site, day.isoformat(), model.value))
            # Last, so that there is no moment with a key and no file: what is cut off can be swept.
            write_key(self._key(sheet.id), key)

        with self._making:
            for folder in (self._home.path, self._home.open_sheets, self._home.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                create(self._file(sheet.id), key, build)
            except BaseException:
                destroy(self._key(sheet.id))
                raise
        self._forget_times(sheet)
        return sheet

    def ids(self) -> list[str]:
        """The id of every open sheet, in no meaningful order."""
        names = sorted(path.stem for path in self._home.open_sheets.glob("*.db"))
        return [name for name in names if _ID.fullmatch(name)]

    def all(self) -> list[OpenSheet]:
        """Every open sheet that can be read, by day and site."""
        found = []
        for sheet_id in self.ids():
            with suppress(SheetClosed, Damaged, WrongKey):
                found.append(self.read(sheet_id))
        return sorted(found, key=lambda sheet: (sheet.day, sheet.site, sheet.id))

    def unreadable(self) -> list[Path]:
        """The files of open sheets that are damaged or have lost their key; they are kept."""
        found = []
        for sheet_id in self.ids():
            try:
                self.read(sheet_id)
            except (Damaged, WrongKey):
                found.append(self._file(sheet_id))
            except SheetClosed:
                continue
        return found

    def read(self, sheet_id: str) -> OpenSheet:
        """The sheet as it stands now."""
        with self._opened(sheet_id) as connection, reading(connection):
            return _read(connection, sheet_id)

    def mint_tab(self, sheet_id: str) -> bytes:
        """16 random bytes that name one browser tab; its taps count from 1."""
        token = secrets.token_bytes(16)
        with self._counting(sheet_id) as connection:
            connection.execute("INSERT INTO tab VALUES (?, 0, x'')", (token,))
        return token

    def tap(self, sheet_id: str, tap: Tap) -> tuple[Applied, int]:
        """Apply a touch exactly once; what became of it and the counter's value, saved on disk by then.

        Undo is a tap with a negative change. Also raises AnotherTabCounted (unknown tab, or out of
        step), BelowZero, TooMany and UnknownCounter; a touch that was refused was not counted and
        its number may be used again.
        """
        _check_counter(tap.counter)
        with self._counting(sheet_id) as connection:
            last = connection.execute("SELECT n, nonce FROM tab WHERE token = ?", (tap.token,)).fetchone()
            if last is None:
                raise AnotherTabCounted()
            n, nonce = last
            outcome = tap_outcome(n, nonce, tap)
            row = connection.execute("SELECT quantity FROM cell WHERE counter = ?", (tap.counter,)).fetchone()
            value = row[0] if row else None
            if outcome is Applied.NOW:
                value = after_tap(value, tap)
                connection.execute("INSERT OR REPLACE INTO cell VALUES (?, ?)", (tap.counter, value))
                connection.execute("UPDATE tab SET n = ?, nonce = ? WHERE token = ?", (tap.n, tap.nonce, tap.token))
        return outcome, value or 0

    @contextmanager
    def closing(self, sheet_id: str) -> Iterator[Closing]:
        """Hold off all taps while the block decides; the `mark` it leaves is on disk when it ends.

        A sheet with a mark takes no taps until it is destroyed or the mark is taken off (None).
        """
        with self._opened(sheet_id) as connection, writing(connection):
            marked = connection.execute("SELECT sheet FROM closing").fetchone()
            closing = Closing(_read(connection, sheet_id), SheetId(marked[0]) if marked else None)
            yield closing
            connection.execute("DELETE FROM closing")
            if closing.mark is not None:
                connection.execute("INSERT INTO closing VALUES (?)", (closing.mark,))

    def destroy(self, sheet_id: str) -> None:
        """Remove a sheet for good: its key first, then its file. Its taps cannot be had back by anyone."""
        path = self._file(sheet_id)
        with lock_of(path):
            # From this rename on the sheet is gone, whatever is cut off: `sweep` finishes the rest.
            with suppress(FileNotFoundError):
                path.replace(path.with_suffix(_GONE))
                sync_folder(path.parent)
            self._destroy_rest(sheet_id)

    def sweep(self) -> None:
        """Remove what a cut-off `open` or `destroy` left. An `open` in another process may be refused meanwhile."""
        folder = self._home.open_sheets
        with self._making:
            for path in folder.glob(f"*{UNFINISHED}"):
                sheet_id = path.name.partition(".")[0]
                destroy(journal_of(path))
                if not self._file(sheet_id).exists():
                    destroy(self._key(sheet_id))
                # Not overwritten: cut off while it got its name, it is the finished file under two.
                path.unlink(missing_ok=True)
            for path in folder.glob(f"*{_GONE}"):
                self._destroy_rest(path.stem)

    def _destroy_rest(self, sheet_id: str) -> None:
        path = self._file(sheet_id)
        # The name that says so goes last: cut off before it, `sweep` comes here again.
        for left in (self._key(sheet_id), journal_of(path), path.with_suffix(_GONE)):
            destroy(left)
        for folder in (self._home.keys, self._home.open_sheets):
            if folder.exists():
                sync_folder(folder)

    def _file(self, sheet_id: str) -> Path:
        return self._home.open_sheets / f"{sheet_id}.db"

    def _key(self, sheet_id: str) -> Path:
        return self._home.keys / f"open-{sheet_id}.key"

    @contextmanager
    def _opened(self, sheet_id: str) -> Iterator[Connection]:
        """A connection for one step. Opening costs half a millisecond; keeping one open would hold
        the file on Windows when it is to be removed, and take taps into a file that is gone elsewhere."""
        path = self._file(sheet_id)
        if not _ID.fullmatch(sheet_id):  # ids come in addresses; this one could name any file
            raise SheetClosed()
        with lock_of(path):
            try:
                connection = connect(path, self._key(sheet_id).read_bytes())
            except (FileNotFoundError, CannotWrite, WrongKey):
                if not path.exists():
                    raise SheetClosed() from None
                if not self._key(sheet_id).exists():
                    raise WrongKey(file=str(path)) from None
                raise
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _counting(self, sheet_id: str) -> Iterator[Connection]:
        """A transaction on a sheet that still takes taps."""
        with self._opened(sheet_id) as connection:
            with writing(connection):
                if connection.execute("SELECT 1 FROM closing").fetchone():
                    raise SheetClosed()
                about = _about(connection, sheet_id)
                yield connection
            self._forget_times(about)

    def _forget_times(self, sheet: OpenSheet) -> None:
        """Set the files' times to the start of the sheet's day, so a listing does not show the last tap's.

        The system keeps a time of change of its own that nobody can set. Only here, where files are
        thrown away: a ledger whose time stood still would be passed over by backup programs.
        """
        path = self._file(sheet.id)
        for each in (path, journal_of(path), self._key(sheet.id)):
            with suppress(OSError, OverflowError):
                start = time.mktime(sheet.day.timetuple())
                os.utime(each, (start, start))


def _about(connection: Connection, sheet_id: str) -> OpenSheet:
    try:
        site, day, model = connection.execute("SELECT site, day, model FROM about").fetchone()
        return OpenSheet(sheet_id, SiteCode(site), date.fromisoformat(day), ServiceModel(model))
    except (TypeError, ValueError):  # rot, which the engine notices only where it encrypts
        raise Damaged(file=str(connection.path)) from None


def _read(connection: Connection, sheet_id: str) -> OpenSheet:
    about = _about(connection, sheet_id)
    counters = dict(connection.execute("SELECT counter, quantity FROM cell ORDER BY counter").fetchall())
    return OpenSheet(about.id, about.site, about.day, about.model, counters)


def _check_counter(name: str) -> None:
    """Refuse a name that is not a counter's: whatever else is sent must not be kept, and would not close."""
    movement, colon, item = name.partition(":")
    try:
        if colon:
            Line(item, Movement(movement), 0)
        elif name not in (*PEOPLE, QUARTER_HOURS):
            raise UnknownCounter(counter=name)
    except (ValueError, Refusal):
        raise UnknownCounter(counter=name) from None
