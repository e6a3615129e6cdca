"""The database engine tried out on a file of its own: its version, its settings, and whether it hides what it keeps."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from outreach.store.engine import ENCRYPTED, PRAGMAS, connect

SAFE_WITH_WAL = (3, 51, 3)
"""The first SQLite in which two connections that check-point a WAL file at once cannot damage it."""
_WORD = "a word that must not be found again"


@dataclass(frozen=True, slots=True)
class Tried:
    version: str
    journal: str
    cipher: str  # empty where nothing is encrypted
    hidden: bool

    @property
    def may_damage(self) -> bool:
        """Whether this version and this kind of journal can spoil a file by themselves."""
        return self.journal == "wal" and tuple(int(part) for part in self.version.split(".")) < SAFE_WITH_WAL


def try_engine() -> Tried:
    """Write a file in a temporary folder, with every setting of the ledger; each is read back as it is made."""
    with tempfile.TemporaryDirectory(prefix="outreach-") as folder:
        file = Path(folder) / "tried"
        file.touch()
        connection = connect(file, os.urandom(32), new=True)
        try:
            connection.execute("CREATE TABLE tried (word TEXT)")
            connection.execute("INSERT INTO tried VALUES (?)", (_WORD,))
            (version,) = connection.execute("SELECT sqlite_version()").fetchone()
            (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
            cipher = connection.execute("PRAGMA cipher_version").fetchone() if ENCRYPTED else None
        finally:
            connection.close()
        return Tried(version, journal, cipher[0] if cipher else "", _WORD.encode() not in file.read_bytes())


SETTINGS = len(PRAGMAS)
