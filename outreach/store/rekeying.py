"""The ledger's file under another key: the whole file at once, by the one who is alone with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from outreach.store.engine import (
    OperationalError,
    check_intact,
    connect,
    head_of,
    key_salt,
    lock_of,
    translated,
    writing,
)
from outreach.store.refusals import CannotWrite, Damaged, DiskFull, WrongKey


def rekey(path: Path, old: bytes, new: bytes, keep: Callable[[], None], swap: Callable[[], None]) -> None:
    """Encrypt the ledger at `path` under `new`. Wherever it is cut off, `old` or `new` opens it, and never neither.

    `keep` puts the new key on disk before anything is changed; `swap` makes it the one that counts, once
    every page was read with it. Nobody else has the file open meanwhile: both are called with it locked.
    Raises LedgerBusy, DiskFull, Damaged, WrongKey or CannotWrite; `old` is then still the one.
    """
    with lock_of(path), closing(connect(path, old)) as connection, translated(path):
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # what is locked stays so until it is closed
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        check_intact(connection)
        keep()
        try:
            # One transaction of the engine, with its journal: a cut is undone by whoever opens the file next.
            connection.execute(f"PRAGMA rekey = \"x'{new.hex()}{key_salt(new).hex()}'\"")
        except OperationalError as error:
            # The engine does not say why. Every page could be read just now, so what failed was writing.
            raise DiskFull() from error
        connection.salt = key_salt(new)
        check_intact(connection)
        if head_of(path) != key_salt(new):
            raise Damaged(file=str(path))
        swap()


def fits(path: Path, key: bytes, settle: Callable[[], None]) -> bool:
    """Whether `key` opens the ledger; a file that is not there fits any key.

    When it does, `settle` is called while nobody can write, so no change of the key is going on; what it
    cannot write on this disk, or beside a damaged ledger, stays for another time. Raises LedgerBusy.
    """
    if not path.exists():
        settle()
        return True
    try:
        with closing(connect(path, key)) as connection, suppress(CannotWrite, DiskFull), writing(connection):
            settle()
    except WrongKey:
        return False
    except Damaged:
        return head_of(path) == key_salt(key)
    return True
