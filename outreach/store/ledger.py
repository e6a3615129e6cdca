"""The ledger: the grow-only set of closed sheets, and the questions that reports ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import ClosedSheet, Kind, SheetId, from_canonical
from outreach.home import make_folder
from outreach.store import rows
from outreach.store.engine import ENCRYPTED, Connection, check_intact, connect, reading, writing
from outreach.store.exchange import Exchange
from outreach.store.files import clear_unfinished, create
from outreach.store.inventory import TableHeld, inventory
from outreach.store.migrations import check_version, has_known_columns, migrate
from outreach.store.refusals import Damaged
from outreach.store.releases import Releases
from outreach.store.settings import Settings
from outreach.store.sites import Sites
from outreach.store.sums import Sums


class FoldsOverlap(Refusal):
    sentence = N_(
        "This sheet folds days that another one folded already, so they would count twice. Nothing was added. "
        "Fold on one laptop only, and carry its sheets to the others."
    )


@dataclass(frozen=True, slots=True)
class Place:
    """The next place in a device's own order: its number, the id of the sheet before, and how to fill it."""

    seq: int
    prev: SheetId | None
    add: Callable[[ClosedSheet, bytes], bool]


class Ledger:
    """The contract that every engine keeps; here on one SQLite file.

    Threads may share it. Every method raises DiskFull, Damaged, LedgerBusy or CannotWrite when the
    disk or another process is in the way, and has then changed nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.encrypted = connection.encrypted
        self.refuses = connection.refuses
        self.saved: Callable[[], None] = lambda: None
        """Called when sheets were added and are on disk."""
        self._has_more = False
        self.sites = Sites(connection)
        self.settings = Settings(connection)
        self.sums = Sums(connection)
        self.releases = Releases(connection)
        self.exchange = Exchange(connection, self.add)

    def close(self) -> None:
        """Let go of the file. The ledger cannot be used afterwards."""
        with self._connection.lock:
            self._connection.is_closed = True
            self._connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is added inside is saved together, or none of it; nobody else writes meanwhile."""
        with writing(self._connection):
            yield
        if self._has_more and not self._connection.depth:
            self._has_more = False
            self.saved()

    @contextmanager
    def closing(self, device: str) -> Iterator[Place]:
        """As `together`, and gives the device's next place, which nobody else takes until the block ends."""
        with self.together():
            row = self._connection.execute(rows.LAST, (device,)).fetchone()
            last, prev = (row[0], SheetId(row[1])) if row else (0, None)
            yield Place(last + 1, prev, self.add)

    def add(self, sheet: ClosedSheet, signature: bytes) -> bool:
        """Add a sheet with the 64 bytes that sign it; False when it is already there, or was folded into another.

        The order in which sheets arrive makes no difference, nor does one that comes twice. Whether
        the signature is the device's is for the caller to say. Raises FoldsOverlap.
        """
        body = sheet.canonical()
        sheet_id = rows.hashed(body)
        with self.together():
            if self._connection.execute(rows.FOLDED_BY, (sheet_id,)).fetchone():
                self._connection.execute(rows.REMEMBER, (sheet.device, sheet.seq, sheet_id))
                return False
            new = self._connection.execute(rows.ADD_SHEET, rows.sheet_row(sheet_id, sheet)).rowcount
            if new:
                self._has_more = True
                self._connection.execute(rows.ADD_SIGNED, (sheet_id, body.decode("ascii"), signature))
                self._connection.executemany(rows.ADD_LINE, rows.line_rows(sheet_id, sheet))
                self._connection.executemany(rows.ADD_EVENT, rows.event_rows(sheet_id, sheet))
                self._connection.executemany(rows.ADD_LOT, rows.lot_rows(sheet_id, sheet))
                for replaced in sheet.replaces:
                    self._bury(replaced, sheet_id)
        return bool(new)

    def _bury(self, replaced: SheetId, fold: SheetId) -> None:
        """Take a sheet out that a fold stands for, and never let it in again."""
        if self._connection.execute(rows.FOLDED_BY, (replaced,)).fetchone():
            raise FoldsOverlap()
        for statement in (rows.BURY, rows.BURY_AGAIN):
            self._connection.execute(statement, {"sheet": replaced, "fold": fold})
        for statement in (*rows.REMOVE, rows.STOP_WAITING):
            self._connection.execute(statement, (replaced,))

    def __contains__(self, sheet_id: object) -> bool:
        with reading(self._connection):
            found = self._connection.execute("SELECT 1 FROM sheet WHERE id = ?", (sheet_id,)).fetchone()
        return found is not None

    def sheet(self, sheet_id: str) -> ClosedSheet | None:
        """The closed sheet of that id, if it is here."""
        with reading(self._connection):
            row = self._connection.execute("SELECT sheet, body FROM signed WHERE sheet = ?", (sheet_id,)).fetchone()
        return from_canonical(self._body(*row)) if row else None

    def sheets(self, period: Period | None = None, site: str | None = None) -> Iterator[ClosedSheet]:
        """The closed sheets of a period and site, each device's in its own order."""
        return (from_canonical(body) for body, _ in self.signed(period, site))

    def signed(self, period: Period | None = None, site: str | None = None) -> Iterator[tuple[bytes, bytes]]:
        """As `sheets`, in the form in which they travel: canonical body and signature."""
        with reading(self._connection):
            found = self._connection.execute(rows.SIGNED, rows.asked(period, site)).fetchall()
        return ((self._body(sheet_id, body), signature) for sheet_id, body, signature in found)

    def latest(self, most: int) -> list[ClosedSheet]:
        """The sheets of the latest days, newest first; of one day, each device's own last one first.

        What was kept for a month of the whole program is of no day and not among them.
        """
        with reading(self._connection):
            found = self._connection.execute(rows.LATEST, (most,)).fetchall()
        return [from_canonical(self._body(*row)) for row in found]

    def imports(self) -> list[ClosedSheet]:
        """The sheets of past totals that were brought in from tables, each device's in its own order."""
        with reading(self._connection):
            found = self._connection.execute(rows.IMPORTS).fetchall()
        return [from_canonical(self._body(*row)) for row in found]

    def corrections(self, sheet_id: str) -> list[ClosedSheet]:
        """What corrects a sheet, directly or by way of another correction; each device's in its own order."""
        with reading(self._connection):
            found = self._connection.execute(rows.CORRECTIONS, (sheet_id,)).fetchall()
        return [from_canonical(self._body(*row)) for row in found if row[0] != sheet_id]

    def count(self) -> int:
        """How many sheets there are."""
        with reading(self._connection):
            return int(self._connection.execute("SELECT count(*) FROM sheet").fetchone()[0])

    def same_counts(self, sheet: ClosedSheet) -> SheetId | None:
        """Another tally sheet of this site and day that says the same in every count, if there is one."""
        if sheet.kind is not Kind.TALLY:
            return None
        own = sheet.id
        for other in self.sheets(Period(sheet.day, sheet.day), sheet.site):
            if other.kind is Kind.TALLY and _counts(other) == _counts(sheet) and other.id != own:
                return other.id
        return None

    def digest(self) -> str:
        """64 hex digits that are equal when two ledgers hold the same sheets, however they came."""
        with reading(self._connection):
            ids = [sheet_id for (sheet_id,) in self._connection.execute("SELECT id FROM sheet ORDER BY id")]
        return rows.hashed("\n".join(ids).encode("ascii"))

    def verify(self) -> int:
        """Compare every sheet with its hash and every line with its sheet; the number of sheets, or Damaged.

        Where counts are encrypted any changed bit is noticed when it is read; elsewhere only by this.
        """
        with reading(self._connection):
            signed = self._connection.execute(rows.ALL_SIGNED).fetchall()
            lines_left, sheets_left = self._connection.execute(rows.HOW_MANY).fetchone()
            for sheet_id, text in signed:
                sheet = from_canonical(self._body(sheet_id, text))
                row = self._connection.execute(rows.SHEET, (sheet_id,)).fetchone()
                lines = [
                    each
                    for question in (rows.LINES, rows.EVENTS, rows.LOTS)
                    for each in self._connection.execute(question, (sheet_id,)).fetchall()
                ]
                said = [make(sheet_id, sheet) for make in (rows.line_rows, rows.event_rows, rows.lot_rows)]
                if row != tuple(rows.sheet_row(sheet_id, sheet).values()) or lines != sum(said, []):
                    raise Damaged(file=str(self._connection.path))
                lines_left, sheets_left = lines_left - len(lines), sheets_left - 1
        self.exchange.waiting()
        if (lines_left, sheets_left) != (0, 0):
            raise Damaged(file=str(self._connection.path))
        return len(signed)

    def inventory(self) -> tuple[TableHeld, ...]:
        """Every table and column of the file, and how many rows it has."""
        return inventory(self._connection)

    def pack(self) -> None:
        """Write the file anew without what was taken out of it, for when it must not be found any more."""
        with reading(self._connection):
            self._connection.pack()

    def introduce(self, device: str, public_key: bytes) -> None:
        """Keep a device's 32-byte public key, so its sheets can be checked when it is long gone."""
        with writing(self._connection):
            self._connection.execute(rows.INTRODUCE, (device, public_key))

    def devices(self) -> dict[str, bytes]:
        """The public key of every device that was introduced."""
        with reading(self._connection):
            return dict(self._connection.execute("SELECT id, public_key FROM device ORDER BY id").fetchall())

    def _body(self, sheet_id: str, body: str | None) -> bytes:
        return rows.whole(self._connection.path, sheet_id, body)


def open_ledger(path: Path, key: bytes) -> Ledger:
    """The ledger at `path`, made if there is none, brought up to this version, and read through once.

    Raises Damaged, WrongKey, MadeByAnotherEngine, FromANewerVersion, LedgerBusy, DiskFull or
    CannotWrite; the file is then as it was.
    """
    if not path.exists():
        make_folder(path.parent)
        create(path, key, migrate)
    clear_unfinished(path)
    connection = connect(path, key)
    try:
        check_intact(connection)
        with reading(connection):
            behind = check_version(connection)
        if behind:
            migrate(connection)
    except BaseException:
        connection.close()
        raise
    return Ledger(connection)


def open_to_read(path: Path, key: bytes, why: Refusal) -> Ledger:
    """A ledger that may not be written, because of `why`: what can be read of it is right, and not a byte changes.

    Raises `why` when nothing may be read either: rot would go unnoticed where nothing is encrypted, and a
    newer version may have moved what this one knows.
    """
    if isinstance(why, Damaged) and not ENCRYPTED:
        raise why.again()
    try:
        connection = connect(path, key, refuses=why)
    except Refusal:
        raise why.again() from None
    try:
        with reading(connection):
            known = has_known_columns(connection)
    except Refusal:
        known = False
    if not known:
        connection.close()
        raise why.again()
    return Ledger(connection)


def _counts(sheet: ClosedSheet) -> tuple[object, ...]:
    return sheet.model, sheet.encounters, sheet.others, sheet.hours, sheet.lines, sheet.events
