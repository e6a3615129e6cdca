"""Files on disk, beside what the engine does with them: made complete or not at all, and unmade for good."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from outreach.home import sync_folder
from outreach.store.engine import Connection, connect, translated, writing

UNFINISHED = ".new"
"""Ends the name of a database while it is being made; one that stays was cut off and holds nothing."""


def journal_of(path: Path) -> Path:
    """The file beside a database that undoes a write which was cut off."""
    return path.with_name(path.name + "-journal")


def create(path: Path, key: bytes, build: Callable[[Connection], None]) -> None:
    """Make the database at `path`, readable by its owner only, complete or not at all.

    `build` fills it in one transaction, under another name. When another process made `path`
    meanwhile, theirs stays. Raises DiskFull or CannotWrite.
    """
    rough = path.with_name(f"{path.name}.{secrets.token_hex(8)}{UNFINISHED}")
    with translated(path):
        try:
            os.close(os.open(rough, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(connect(rough, key, new=True)) as connection, writing(connection):
                build(connection)
            with suppress(FileExistsError):
                _put_in_place(rough, path)
        finally:
            for left in (rough, journal_of(rough)):
                left.unlink(missing_ok=True)
        sync_folder(path.parent)


def _put_in_place(rough: Path, path: Path) -> None:
    """Give a finished file its name unless that name is taken (FileExistsError)."""
    try:
        os.link(rough, path)
    except FileExistsError:
        raise
    except OSError:  # a stick's file system has no links
        if path.exists():
            raise FileExistsError(path) from None
        rough.rename(path)


def clear_unfinished(path: Path) -> None:
    """Remove what a making of `path` that was cut off left beside it; for when `path` is there.

    Taking it from a process that is still at it does no harm: that one finds `path` made.
    """
    for left in path.parent.glob(f"{path.name}.*{UNFINISHED}*"):
        with suppress(OSError):
            left.unlink()


def write_key(path: Path, key: bytes) -> None:
    """Write a key to a new file, readable by its owner only, and on disk when this returns."""
    with translated(path):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)


def destroy(path: Path) -> None:
    """Overwrite a file, then remove it; one that is not there is fine.

    Overwriting reaches the same blocks on a plain disk and may not on flash memory. It is done
    because it can help; what protects the counts there is that their key is gone as well.
    """
    # An overwrite can fail where removing still works: a full disk that never writes in place.
    with suppress(OSError), path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)


def forget_time(file: Path, day: date) -> None:
    """Have a listing show the start of that day, and no time of it."""
    with suppress(OSError, OverflowError):
        start = time.mktime(day.timetuple())
        os.utime(file, (start, start))
