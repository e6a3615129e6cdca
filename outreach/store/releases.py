"""Reports that were marked as sent, word for word as they were on that day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from outreach.core.periods import Period
from outreach.store.engine import Connection, reading, writing

_COLUMNS = "id, pack, first, last, day, body"
_ADD = f"INSERT INTO release ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608
_SENT = f"""
    SELECT {_COLUMNS} FROM release WHERE CAST(:pack AS TEXT) IS NULL OR pack = :pack ORDER BY day, first, last, id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Release:
    """A report of `pack` over a period, marked as sent on `day`. `body` is canonical JSON; the id is its hash."""

    id: str
    pack: str
    period: Period
    day: date
    body: str


class Releases:
    """The ledger's releases: never changed; one that is sent again is a further one.
    One that was never really sent can be taken back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, pack: str, period: Period, day: date, body: str) -> Release:
        """Keep a release; the same body twice is one release."""
        sent = Release(hashlib.sha256(body.encode()).hexdigest(), pack, period, day, body)
        row = (sent.id, pack, period.first.isoformat(), period.last.isoformat(), day.isoformat(), body)
        with writing(self._connection):
            self._connection.execute(_ADD, row)
        return sent

    def take_back(self, release: str) -> bool:
        """Forget a release that was marked by mistake; whether it was there."""
        with writing(self._connection):
            return bool(self._connection.execute("DELETE FROM release WHERE id = ?", (release,)).rowcount)

    def all(self, pack: str | None = None) -> tuple[Release, ...]:
        """Every release, or those of one pack, by day of sending and period."""
        with reading(self._connection):
            found = self._connection.execute(_SENT, {"pack": pack}).fetchall()
        return tuple(_release(row) for row in found)

    def get(self, release: str) -> Release | None:
        """The release of that id."""
        with reading(self._connection):
            row = self._connection.execute(f"SELECT {_COLUMNS} FROM release WHERE id = ?", (release,)).fetchone()  # noqa: S608
        return _release(row) if row else None


def _release(row: tuple[str, str, str, str, str, str]) -> Release:
    release, pack, first, last, day, body = row
    return Release(
        release, pack, Period(date.fromisoformat(first), date.fromisoformat(last)), date.fromisoformat(day), body
    )
