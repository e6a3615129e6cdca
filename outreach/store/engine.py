"""The one place that knows a database driver: how a file is opened, read, and written all or nothing."""

from __future__ import annotations

import hmac
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from outreach.core.refusal import Refusal
from outreach.store.refusals import (
    NOT_A_DATABASE,
    CannotWrite,
    Damaged,
    LedgerBusy,
    MadeByAnotherEngine,
    WrongKey,
    refusal_for,
)

if TYPE_CHECKING:
    import sqlite3 as sqlite

    ENCRYPTED: bool
else:
    try:
        import sqlcipher3
        import sqlcipher3.dbapi2 as sqlite

        ENCRYPTED = True
        # sqlite_utils looks for pysqlite3 before the standard library. With this in place before its
        # first import it catches the classes that are really raised; without it, none of its own
        # `except` clauses ever match.
        sys.modules["pysqlite3"], sys.modules["pysqlite3.dbapi2"] = sqlcipher3, sqlite
    except ImportError:  # no wheel for this machine: counts work, unencrypted, and `outreach check` says so
        import sqlite3 as sqlite

        ENCRYPTED = False

Error = sqlite.Error
DatabaseError = sqlite.DatabaseError
OperationalError = sqlite.OperationalError
IntegrityError = sqlite.IntegrityError

# Each is set and read back on every connection: builds differ in their defaults and most of these are
# not kept in the file. TRUNCATE, not WAL: SQLite before 3.51.3 can corrupt a WAL database that two
# connections check-point at once. EXTRA, because NORMAL loses acknowledged commits on a power cut.
PRAGMAS: dict[str, tuple[str, str | int]] = {
    "secure_delete": ("ON", 1),
    "journal_mode": ("TRUNCATE", "truncate"),
    "synchronous": ("EXTRA", 3),
    "fullfsync": ("ON", 1),
    "temp_store": ("MEMORY", 2),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "mmap_size": ("0", 0),
    "busy_timeout": ("10000", 10_000),
}

# Begin, done, undo: of a transaction, and of a part inside one.
_WHOLE = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_PART = ("SAVEPOINT part", "RELEASE part", ("ROLLBACK TO part", "RELEASE part"))

_PLAIN_HEADER = b"SQLite format 3\0"

_locks: WeakValueDictionary[Path, threading.RLock] = WeakValueDictionary()
_locks_guard = threading.Lock()


def lock_of(path: Path) -> threading.RLock:
    """The lock that every thread of this process takes before it uses the database at `path`.

    One for each file and not one for all, so that a long merge into the ledger never holds up a tap.
    Whoever takes two takes the ledger's first and an open sheet's second, so nobody waits in a circle.
    """
    with _locks_guard:
        return _locks.setdefault(path.resolve(), threading.RLock())


class Connection(sqlite.Connection):
    """A connection that knows its file and that file's lock. Threads may share it under that lock."""

    path: Path
    lock: threading.RLock
    depth: int = 0
    """How many `writing` blocks are open. Not `in_transaction`: that is still set after a failed rollback."""
    salt: bytes = b""
    """What stands in front of the file while the connection's key is the one."""
    is_closed: bool = False
    """Set by who closed it while other threads may still hold it."""
    refuses: Refusal | None = None
    """Why nothing may be written through this connection."""

    # What the ledger asks of a connection and each engine answers in its own way; see `outreach.store.postgres`.
    encrypted = ENCRYPTED
    columns = (
        "SELECT held.name, info.name FROM sqlite_schema AS held JOIN pragma_table_info(held.name) AS info "
        "WHERE held.type = 'table' ORDER BY held.name, info.cid"
    )

    def writing(self) -> AbstractContextManager[None]:
        return _writing(self)

    def reading(self) -> AbstractContextManager[None]:
        return _reading(self)

    def pack(self) -> None:
        """Write the file anew without what was taken out of it."""
        self.execute("VACUUM")


def key_salt(key: bytes) -> bytes:
    """The 16 bytes that stand in front of every file encrypted with `key`.

    SQLCipher would draw them at random. Deriving them from the (random) key costs nothing and makes
    the file say whether a key is its own, so a wrong key is never called a damaged file.
    """
    return hmac.digest(key, b"outreach: salt of the database file", "sha256")[:16]


def connect(path: Path, key: bytes, *, new: bool = False, refuses: Refusal | None = None) -> Connection:
    """Open the existing database at `path` with its 32-byte key (not used where nothing is encrypted).

    Raises Damaged, WrongKey, MadeByAnotherEngine, CannotWrite or LedgerBusy; changes nothing then.
    Only a `new` file may be empty: any other has lost what it held, and the engine would not mind.
    With `refuses` it is opened to be read and no more, and who writes hears that.
    """
    with translated(path):
        if not new and path.stat().st_size == 0:
            raise Damaged(file=str(path))
        connection = sqlite.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if refuses else 'rw'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        connection.path, connection.lock, connection.refuses = path, lock_of(path), refuses
        connection.salt = key_salt(key)
        try:
            _prepare(connection, key)
        except BaseException as error:
            connection.close()
            if isinstance(error, UnicodeDecodeError):  # what the engine says of a table's bent definition
                raise Damaged(file=str(path)) from error
            if getattr(error, "sqlite_errorcode", None) == NOT_A_DATABASE:
                raise _not_opened(path, key) from error
            raise
    return connection


def connect_in_memory() -> Connection:
    """A database that is nowhere but in memory, and gone when it is closed."""
    connection = sqlite.connect(":memory:", isolation_level=None, factory=Connection)
    connection.path, connection.lock = Path(":memory:"), threading.RLock()
    return connection


def _prepare(connection: Connection, key: bytes) -> None:
    if ENCRYPTED:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else SQLCipher writes to stderr
        connection.execute(f"PRAGMA key = \"x'{key.hex()}{key_salt(key).hex()}'\"")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise RuntimeError("sqlcipher3 is there but does not encrypt")
    for name, (setting, expected) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {setting}")
        found = connection.execute(f"PRAGMA {name}").fetchone()
        # A build without memory mapping answers its size with no row at all.
        if found != (expected,) and not (name == "mmap_size" and found is None):
            raise RuntimeError(f"the database engine does not take {name} = {setting}: {found}")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _not_opened(path: Path, key: bytes) -> Damaged | WrongKey | MadeByAnotherEngine:
    """Why a file is "not a database": the engine says the same of a wrong key and of a damaged file."""
    header = head_of(path)
    if header == key_salt(key):
        return Damaged(file=str(path)) if ENCRYPTED else MadeByAnotherEngine(file=str(path))
    if header == _PLAIN_HEADER and ENCRYPTED:
        return MadeByAnotherEngine(file=str(path))
    return WrongKey(file=str(path)) if ENCRYPTED else Damaged(file=str(path))


def attach(connection: Connection, path: Path, name: str, key: bytes | None) -> None:
    """Have the database at `path` beside the connection's own, under `name`. Without a key it is a plain one."""
    if ENCRYPTED:
        secret = f"x'{key.hex()}{key_salt(key).hex()}'" if key else ""
        connection.execute(f'ATTACH DATABASE ? AS {name} KEY "{secret}"', (str(path),))
    else:
        connection.execute(f"ATTACH DATABASE ? AS {name}", (str(path),))


def check_intact(connection: Connection) -> None:
    """Read every page once (0.1 s for 10 MB) and raise Damaged when one is not as it was written."""
    with reading(connection):
        # cipher_integrity_check reads past SQLite's locks; inside a read transaction no other process
        # can be half-way through a commit meanwhile. Without encryption indexes are compared with their tables:
        # a changed bit in one takes sheets out of a sum, or a day's into another's.
        connection.execute("BEGIN")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            pragma = "PRAGMA cipher_integrity_check" if ENCRYPTED else "PRAGMA integrity_check"
            if connection.execute(pragma).fetchall() not in ([], [("ok",)]):
                raise Damaged(file=str(connection.path))
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def writing(connection: Connection) -> AbstractContextManager[None]:
    """All or nothing: what is done inside is saved and on disk when the block ends, or none of it is.

    Nobody else writes meanwhile. A block inside a block is undone by itself and saved with the outer one.
    Raises DiskFull, Damaged, LedgerBusy or CannotWrite.
    """
    return connection.writing()


def reading(connection: Connection) -> AbstractContextManager[None]:
    """Keep other threads off the connection while it is read. Fetch inside the block."""
    return connection.reading()


@contextmanager
def _writing(connection: Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE: who asks for the write lock after reading is refused when another wants it too."""
    if connection.refuses is not None:
        raise connection.refuses.again()
    with connection.lock, _used(connection):
        begin, done, undo = _PART if connection.depth else _WHOLE
        if connection.depth and not connection.in_transaction:
            # The engine threw the outer block away (a full disk does that): a savepoint now would save a part.
            raise RuntimeError("the transaction around this one was rolled back")
        connection.execute(begin)
        connection.depth += 1
        try:
            yield
            connection.execute(done)
        except BaseException:
            if connection.in_transaction:
                for statement in undo:
                    connection.execute(statement)
            raise
        finally:
            connection.depth -= 1


@contextmanager
def _reading(connection: Connection) -> Iterator[None]:
    # Threads share one connection and a lock: in this journal mode a reader holds up a commit anyway,
    # so connections of their own would gain nothing, and one's half-done work would show to another.
    try:
        with connection.lock, _used(connection):
            yield
    except Damaged as damaged:
        # What was said when it was opened knows a way back.
        raise (connection.refuses or damaged).again() from damaged


@contextmanager
def _used(connection: Connection) -> Iterator[None]:
    """As `translated`, for a connection that may have been closed or have lost its key since it was handed out."""
    # Locked, or under another key, while this thread was on its way: asked again it learns which.
    if connection.is_closed:
        raise LedgerBusy()
    try:
        with translated(connection.path):
            yield
    except (Damaged, CannotWrite) as refusal:
        head = head_of(connection.path)
        if ENCRYPTED and len(head) == len(connection.salt) and head != connection.salt:
            raise LedgerBusy() from refusal
        raise


def head_of(path: Path) -> bytes:
    """The first 16 bytes of a file; fewer when it has not got them, or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError:
        return b""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the engine and the system say about `path` into sentences."""
    try:
        yield
    except (Error, OSError) as error:
        refusal = refusal_for(error, path)
        if refusal is None:
            raise
        raise refusal from error
