"""The files of open sheets: one small database and one throw-away key each, made, opened and destroyed together."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from outreach.home import Home, make_folder, sync_folder
from outreach.store.engine import Connection, connect, lock_of, translated
from outreach.store.files import UNFINISHED, create, destroy, forget_time, journal_of, write_key
from outreach.store.refusals import CannotWrite, SheetClosed, WrongKey

_ID = re.compile(r"[0-9a-f]{32}")
_GONE = ".gone"


class OpenFiles:
    """`open/<id>.db` and `keys/open-<id>.key` of a home; an id is 32 random hex digits."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def file(self, sheet_id: str) -> Path:
        return self._home.open_sheets / f"{sheet_id}.db"

    def _key(self, sheet_id: str) -> Path:
        return self._home.keys / f"open-{sheet_id}.key"

    def ids(self) -> list[str]:
        """The id of every open sheet, in no meaningful order."""
        names = sorted(path.stem for path in self._home.open_sheets.glob("*.db"))
        return [name for name in names if _ID.fullmatch(name)]

    def make(self, build: Callable[[Connection], None]) -> str:
        """Make a sheet's file, filled by `build`, and its key; the new id. Both are there or neither."""
        sheet_id, key = secrets.token_hex(16), secrets.token_bytes(32)

        def build_with_key(connection: Connection) -> None:
            build(connection)
            # Last: a key is never there without a file, so one that is alone was left by a cut.
            write_key(self._key(sheet_id), key)

        with translated(self.file(sheet_id)):
            for folder in (self._home.path, self._home.open_sheets, self._home.keys):
                make_folder(folder)
            try:
                create(self.file(sheet_id), key, build_with_key)
            except BaseException:
                destroy(self._key(sheet_id))
                raise
        return sheet_id

    @contextmanager
    def opened(self, sheet_id: str) -> Iterator[Connection]:
        """A connection for one step; raises SheetClosed when there is no such sheet (any more)."""
        # Opening costs less than a millisecond. A connection that stayed open would keep Windows from
        # removing the file, and could take taps into a file that another process has removed.
        if not _ID.fullmatch(sheet_id):  # ids come in addresses; this one could name any file
            raise SheetClosed()
        path = self.file(sheet_id)
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

    def destroy(self, sheet_id: str) -> None:
        """Remove a sheet for good: its key first, then its file. Doing it twice is fine."""
        path = self.file(sheet_id)
        with lock_of(path):
            # From this rename on the sheet is gone, whatever is cut off or held by a scanner: `sweep`
            # finishes the rest at the next start.
            with translated(path), suppress(FileNotFoundError):
                path.replace(path.with_suffix(_GONE))
                sync_folder(path.parent)
            with suppress(OSError):
                self._destroy_rest(sheet_id)

    def _destroy_rest(self, sheet_id: str) -> None:
        path = self.file(sheet_id)
        # The name that says so goes last: cut off before it, `sweep` comes here again.
        for left in (self._key(sheet_id), journal_of(path), path.with_suffix(_GONE)):
            destroy(left)
            if left.parent.exists():
                sync_folder(left.parent)

    def sweep(self) -> None:
        """Remove what a cut-off `make` or `destroy` left.

        Safe beside another process: a `make` whose unfinished file is taken is refused, and no key is
        taken from a file that is there.
        """
        folder = self._home.open_sheets
        with suppress(OSError):
            for path in folder.glob(f"*{UNFINISHED}"):
                # Not overwritten: cut off while it got its name, it is the finished file under two.
                path.unlink(missing_ok=True)
            for path in folder.glob(f"*{UNFINISHED}-journal"):
                path.unlink(missing_ok=True)
            for path in folder.glob(f"*{_GONE}"):
                self._destroy_rest(path.stem)
            for path in self._home.keys.glob("open-*.key"):
                sheet_id = path.stem.removeprefix("open-")
                # In the order in which a sheet goes through these names, so it cannot slip past.
                if not (
                    any(folder.glob(f"{sheet_id}.*{UNFINISHED}"))
                    or self.file(sheet_id).exists()
                    or self.file(sheet_id).with_suffix(_GONE).exists()
                ):
                    destroy(path)

    def forget_times(self, sheet_id: str, day: date) -> None:
        """Set the files' times to the start of the sheet's day, so a listing does not show the last tap's.

        The system keeps a time of change of its own that nobody can set. Only here, where files are
        thrown away: a ledger whose time stood still would be passed over by backup programs.
        """
        path = self.file(sheet_id)
        for each in (path, journal_of(path), self._key(sheet_id)):
            forget_time(each, day)
