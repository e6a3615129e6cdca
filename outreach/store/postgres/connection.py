"""The one place that knows how PostgreSQL is reached, and how it is read and written all or nothing."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, LiteralString, cast

from outreach.core.refusal import Refusal
from outreach.store.postgres.refusals import HubAway, NoPostgres, NotAHubAddress, refusal_for
from outreach.store.refusals import LedgerBusy

if TYPE_CHECKING:
    import psycopg

# What it would say of a connection that is lost, beside the sentence that is said of it here.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

SCHEMA = "outreach"
"""Where everything of ours stands, so that the database may be another's, too."""

_OPTIONS = f"-c search_path={SCHEMA} -c lock_timeout=60s -c client_encoding=UTF8"

# An answer that something is saved has to be true after a power cut there. A server may promise more than
# `on` (a standby that has it, too), and then keeps its promise.
_KEEP = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')
"""

# One writer for each program, as in a file: what is read inside stays true until it is saved, a device's next
# place is given out once, and nobody waits in a circle, because nobody holds two of these.
_BEGIN = "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('outreach ' || current_user, 0))"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Asked:
    """What the server answers, waited for when someone looks."""

    __slots__ = ("_cursor", "_sent")

    def __init__(self, cursor: psycopg.Cursor[Any], sent: psycopg.Pipeline | None) -> None:
        self._cursor, self._sent = cursor, sent

    @property
    def rowcount(self) -> int:
        return self._answered().rowcount

    @property
    def description(self) -> Any:
        """None where the answer has no rows by its nature."""
        return self._answered().description

    def _answered(self) -> psycopg.Cursor[Any]:
        if self._sent is not None and self._cursor.pgresult is None:
            _wait_for_all(self._cursor.connection, self._sent)
        return self._cursor

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class Served:
    """A connection to a hub, as one role. It answers as the engine's `Connection` does. Threads may share it."""

    encrypted = False
    """Nothing there notices rot by itself when a sheet is read; a server's disk may be encrypted below it."""
    columns = (
        "SELECT table_name, column_name FROM information_schema.columns "  # noqa: S608 - a name of ours
        f"WHERE table_schema = '{SCHEMA}' AND column_name <> 'owner' ORDER BY table_name, ordinal_position"
    )

    def __init__(self, address: str) -> None:
        self._address = address
        self.path, self.role = _told(address)
        self.lock = threading.RLock()
        self.refuses: Refusal | None = None
        self.is_closed = False
        self.depth = 0
        self._readers = 0
        self._sent: psycopg.Pipeline | None = None
        """What was sent and not answered yet, while something is written."""
        self._held: psycopg.Connection[tuple[Any, ...]] | None = None

    def close(self) -> None:
        """Let go of the server. What was begun and not saved is not saved."""
        with self.lock:
            held, self._held = self._held, None
            if held is not None:
                held.close()

    def pack(self) -> None:
        """The server sweeps up by itself what was taken out; whose disk that is says how it is kept."""

    # --- questions, in the spelling that every engine takes ---

    def execute(self, question: str, given: Sequence[Any] | Mapping[str, Any] | None = None) -> Asked:
        """Ask, inside `reading` or `writing`."""
        raw = self._raw()
        asked = raw.execute(spelled(question), given) if given else raw.execute(_literal(question))
        return Asked(asked, self._sent)

    def executemany(self, question: str, given: Sequence[Sequence[Any]]) -> None:
        """As `execute`, once for each row."""
        if given:
            with self._raw().cursor() as cursor:
                cursor.executemany(spelled(question), given)

    def _raw(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._held is None or self._held.closed:
            raise HubAway(file=self.path)
        return self._held

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The driver's own connection, opened again where the server went away since; for this engine's own words."""
        if self.is_closed:
            raise LedgerBusy()
        if self._held is None or (self._held.closed and not self.depth and not self._readers):
            driver = _driver()
            # No transaction but those that are begun here.
            self._held = driver.connect(self._address, autocommit=True, options=_OPTIONS, connect_timeout=10)
            self._held.execute(_KEEP)
        return self._raw()

    # --- all or nothing ---

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As the engine's: nobody else writes in this program's ledger meanwhile."""
        if self.refuses is not None:
            raise self.refuses.again()
        with self.lock, self._translated():
            if self._readers:
                raise RuntimeError("what is only read cannot be written on the way")
            with self._part() if self.depth else self._whole():
                self.depth += 1
                try:
                    yield
                finally:
                    self.depth -= 1

    @contextmanager
    def _whole(self) -> Iterator[None]:
        raw = self.connect()
        # Prepared it could be no two statements.
        raw.execute(_BEGIN, prepare=False)
        try:
            # Most of what is written has no answer that anyone waits for: a third of the time. What the server
            # did not like it says when the next answer is waited for, and before anything is saved.
            with raw.pipeline() as self._sent:
                yield
            raw.execute("COMMIT")
        except BaseException:
            self._undo("ROLLBACK")
            raise
        finally:
            self._sent = None

    @contextmanager
    def _part(self) -> Iterator[None]:
        raw = self._raw()
        raw.execute("SAVEPOINT part")
        try:
            yield
            raw.execute("RELEASE part")
        except BaseException:
            with suppress(_driver().Error):  # what was sent before, and answered only now
                if self._sent is not None:
                    _wait_for_all(raw, self._sent)
            self._undo("ROLLBACK TO part", "RELEASE part")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """As the engine's; every question inside is answered as of one moment."""
        with self.lock, self._translated():
            if self.depth or self._readers:
                yield
                return
            self.connect().execute(_READ)
            self._readers += 1
            try:
                yield
            finally:
                self._readers -= 1
                self._undo("ROLLBACK")

    def _undo(self, *statements: LiteralString) -> None:
        held = self._held
        if held is not None and not held.closed:
            with suppress(_driver().Error):  # it went away meanwhile, and took what was begun with it
                for statement in statements:
                    held.execute(statement)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the server says, or that it says nothing, into sentences."""
        try:
            yield
        except _driver().Error as error:
            refusal = refusal_for(_code(error), self.path, self.role)
            if refusal is None:
                raise
            raise refusal from error


def _wait_for_all(raw: psycopg.Connection[Any], sent: psycopg.Pipeline) -> None:
    """Have everything answered that was sent."""
    # Of what is larger than the system takes at once the driver's `sync` sends a part, and waits for the answer to
    # all of it, forever.
    raw.wait(_driver().generators.send(raw.pgconn))
    sent.sync()


def _code(error: psycopg.Error) -> str | None:
    """The server's five letters. While a connection is made they come in words only."""
    if error.sqlstate is None:
        said = str(error)
        # A program's own mistake has no code either, and is none of the server's.
        if not isinstance(error, _driver().OperationalError):
            return ""
        if "authentication failed" in said or 'role "' in said or "no password supplied" in said:
            return "28000"
        if 'database "' in said and "does not exist" in said:
            return "3D000"
    return error.sqlstate


_WORD = re.compile(r"'(?:[^']|'')*'|\?|:([a-z_]+)|%")


@lru_cache(maxsize=256)
def spelled(question: str) -> LiteralString:
    """A question's `?` and `:name` as this driver has them; what stands in quotes stays."""

    def word(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return _literal(_WORD.sub(word, question))


def _literal(question: str) -> LiteralString:
    """Questions are all this program's own; the driver's types would have each written out where it is asked."""
    return cast("LiteralString", question)


def _driver() -> Any:
    try:
        import psycopg
    except ImportError:
        raise NoPostgres() from None
    return psycopg


def _told(address: str) -> tuple[str, str]:
    """How sentences name the database at an address, never with its password; and who asks."""
    driver = _driver()
    try:
        info = driver.conninfo.conninfo_to_dict(address)
    except driver.Error:
        raise NotAHubAddress() from None
    where = info.get("host") or info.get("hostaddr") or "this computer"
    role = info.get("user") or "you"
    return f"{info.get('dbname') or role} ({where})", str(role)
