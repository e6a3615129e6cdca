"""Open sheets: counters that take taps exactly once, in files of their own that leave nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Line, Movement, ServiceModel, SheetId, SiteCode
from outreach.core.tally import (
    EVENT,
    PLAIN,
    AnotherTabCounted,
    Applied,
    OpenSheet,
    Tap,
    after_tap,
    tap_outcome,
)
from outreach.home import Home
from outreach.store.engine import Connection, reading, writing
from outreach.store.open_files import OpenFiles
from outreach.store.refusals import Damaged, MadeByAnotherEngine, SheetClosed, WrongKey

_TABLES = (
    "CREATE TABLE about (site TEXT PRIMARY KEY, day TEXT NOT NULL, model TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE cell (counter TEXT PRIMARY KEY, quantity INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # One row for each page that was loaded, never one for each tap: the last touch is enough to know
    # a repeat, and there is no order of touches to find.
    "CREATE TABLE tab (token BLOB PRIMARY KEY, n INTEGER NOT NULL, nonce BLOB NOT NULL) STRICT, WITHOUT ROWID",
    # The id of the closed sheet that this one is becoming; no row while taps are taken.
    "CREATE TABLE closing (sheet TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
)
_UNREADABLE = (Damaged, WrongKey, MadeByAnotherEngine)


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
        self._files = OpenFiles(home)

    def open(self, site: SiteCode, day: date, model: ServiceModel) -> OpenSheet:
        """Start a sheet for a session; it keeps the day it was opened with."""

        def build(connection: Connection) -> None:
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO about VALUES (?, ?, ?)", (site, day.isoformat(), model.value))

        sheet_id = self._files.make(build)
        self._files.forget_times(sheet_id, day)
        return OpenSheet(sheet_id, site, day, model)

    def ids(self) -> list[str]:
        """The id of every open sheet, readable or not."""
        return self._files.ids()

    def all(self) -> list[OpenSheet]:
        """Every open sheet that can be read, by day and site."""
        found = []
        for sheet_id in self.ids():
            with suppress(SheetClosed, *_UNREADABLE):
                found.append(self.read(sheet_id))
        return sorted(found, key=lambda sheet: (sheet.day, sheet.site, sheet.id))

    def unreadable(self) -> list[Path]:
        """The files of open sheets that are damaged or have lost their key; they are kept."""
        found = []
        for sheet_id in self.ids():
            try:
                self.read(sheet_id)
            except _UNREADABLE:
                found.append(self._files.file(sheet_id))
            except SheetClosed:
                continue
        return found

    def read(self, sheet_id: str) -> OpenSheet:
        """The sheet as it stands now."""
        with self._files.opened(sheet_id) as connection, reading(connection):
            return _read(connection, sheet_id)

    def mint_tab(self, sheet_id: str) -> bytes:
        """16 random bytes that name one browser tab; its taps count from 1."""
        token = secrets.token_bytes(16)
        with self._counting(sheet_id) as connection:
            connection.execute("INSERT INTO tab VALUES (?, 0, x'')", (token,))
        return token

    def tap(self, sheet_id: str, tap: Tap) -> tuple[Applied, int | None]:
        """Apply a touch exactly once; what became of it and the counter's value, saved on disk by then.

        Undo is a tap with a negative change; a counter that it takes back to blank has no value. Also
        raises AnotherTabCounted (unknown tab, or out of step), BelowZero, TooMany and UnknownCounter; a
        touch that was refused was not counted and its number may be used again.
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
                if value is None:
                    connection.execute("DELETE FROM cell WHERE counter = ?", (tap.counter,))
                else:
                    connection.execute("INSERT OR REPLACE INTO cell VALUES (?, ?)", (tap.counter, value))
                connection.execute("UPDATE tab SET n = ?, nonce = ? WHERE token = ?", (tap.n, tap.nonce, tap.token))
        return outcome, value

    def take_in(self, sheet_id: str, token: bytes, counters: Mapping[str, int]) -> None:
        """Add the counts of another sheet in one step; once for each token, however often it is said.

        Raises TooMany when one of them would be more than a sheet holds; nothing is then added.
        """
        with self._counting(sheet_id) as connection:
            if connection.execute("INSERT OR IGNORE INTO tab VALUES (?, 0, x'')", (token,)).rowcount:
                now = dict(connection.execute("SELECT counter, quantity FROM cell").fetchall())
                taps = [Tap(token, 0, b"", counter, change=n) for counter, n in counters.items()]
                cells = [(tap.counter, after_tap(now.get(tap.counter), tap)) for tap in taps]
                connection.executemany("INSERT OR REPLACE INTO cell VALUES (?, ?)", cells)

    def took_in(self, sheet_id: str, token: bytes) -> bool:
        """Whether the sheet took in the counts that came with this token."""
        with self._files.opened(sheet_id) as connection, reading(connection):
            return connection.execute("SELECT 1 FROM tab WHERE token = ?", (token,)).fetchone() is not None

    def mark(self, sheet_id: str) -> SheetId | None:
        """The closed sheet that this one was becoming when it was last left, if any."""
        with self._files.opened(sheet_id) as connection, reading(connection):
            return _mark(connection)

    @contextmanager
    def closing(self, sheet_id: str) -> Iterator[Closing]:
        """Hold off all taps while the block decides; the `mark` it leaves is on disk when it ends.

        A sheet with a mark takes no taps until it is destroyed or the mark is taken off (None).
        """
        with self._files.opened(sheet_id) as connection, writing(connection):
            closing = Closing(_read(connection, sheet_id), _mark(connection))
            yield closing
            connection.execute("DELETE FROM closing")
            if closing.mark is not None:
                connection.execute("INSERT INTO closing VALUES (?)", (closing.mark,))

    def destroy(self, sheet_id: str) -> None:
        """Remove a sheet for good, with whatever is on it. Its taps cannot be had back by anyone."""
        self._files.destroy(sheet_id)

    def sweep(self) -> None:
        """Remove what a cut-off `open` or `destroy` left; for the start."""
        self._files.sweep()

    @contextmanager
    def _counting(self, sheet_id: str) -> Iterator[Connection]:
        """A transaction on a sheet that still takes taps."""
        with self._files.opened(sheet_id) as connection:
            with writing(connection):
                if _mark(connection) is not None:
                    raise SheetClosed()
                about = _about(connection, sheet_id)
                yield connection
            self._files.forget_times(sheet_id, about.day)


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


def _mark(connection: Connection) -> SheetId | None:
    row = connection.execute("SELECT sheet FROM closing").fetchone()
    return SheetId(row[0]) if row else None


def _check_counter(name: str) -> None:
    """Refuse a name that is not a counter's: whatever else is sent must not be kept, and would not close."""
    movement, colon, item = name.partition(":")
    try:
        if colon:
            # An event's code has the form of an item's.
            Line(item, Movement.GIVEN if movement == EVENT else Movement(movement), 0)
        elif name not in PLAIN:
            raise UnknownCounter(counter=name)
    except (ValueError, Refusal):
        raise UnknownCounter(counter=name) from None
