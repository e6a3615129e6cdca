"""The clearing itself: keys first, then what they open; begun once, it is finished wherever it was cut off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from outreach.home import Home, sync_folder
from outreach.store.files import destroy, journal_of


def begin(home: Home) -> None:
    """Clear everything that was counted. Nobody may have the ledger open, and no sheet may be open.

    cut before the mark is on disk      nothing was changed
    after it                            the next start finishes: `finish`
    """
    with home.clearing.open("wb") as mark:
        os.fsync(mark.fileno())
    sync_folder(home.path)
    finish(home)


def finish(home: Home) -> None:
    """Do what is left of a clearing that was begun; nothing where none was. Safe to do twice at once."""
    if not home.clearing.exists():
        return
    # Without their key the ledger and its copies are noise, also those blocks of them that a disk keeps.
    for files in (_keys(home), _rest(home)):
        for file in files:
            destroy(file)
            sync_folder(file.parent)
    home.clearing.unlink(missing_ok=True)
    sync_folder(home.path)


def _keys(home: Home) -> Iterator[Path]:
    for key in (home.wrapped_keys, home.ledger_key, home.device_key):
        # With what a change of the passphrase that was cut off left beside them.
        yield from sorted(home.keys.glob(f"{key.name}*"))


def _rest(home: Home) -> Iterator[Path]:
    yield from (home.ledger, journal_of(home.ledger))
    yield from sorted(home.path.glob(f"{home.ledger.name}.*"))
    yield from sorted(each for each in home.backups.glob("*") if each.is_file())
