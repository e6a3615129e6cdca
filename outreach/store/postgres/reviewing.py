"""What a department keeps beside the returns it got: who saw which, what it published, and its own settings."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from outreach.core.periods import Period
from outreach.store.engine import reading, writing
from outreach.store.postgres.connection import Served

# One record for all of a department's roles: a release is made safe beside every earlier one, whoever made it.
REVIEWING = (
    'CREATE TABLE seen (id TEXT COLLATE "C" NOT NULL, role TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (id, role))',
    'CREATE TABLE published (id TEXT COLLATE "C" PRIMARY KEY, pack TEXT NOT NULL, first TEXT NOT NULL, '
    "last TEXT NOT NULL, day TEXT NOT NULL, place BIGINT NOT NULL, body TEXT NOT NULL)",
    'CREATE TABLE hub_setting (key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL)',
    "GRANT SELECT, INSERT ON seen, published TO outreach_department",
    "GRANT SELECT, INSERT, UPDATE ON hub_setting TO outreach_department",
)
"""What makes these tables. Programs have no right to any of them."""

_SET = "INSERT INTO hub_setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_PUBLISH = (
    "INSERT INTO published (id, pack, first, last, day, place, body) "
    "SELECT ?, ?, ?, ?, ?, count(*), ? FROM published ON CONFLICT DO NOTHING"
)


Rows = list[tuple[Any, ...]]


class Reviewing:
    """A department's own record. Nothing in it is changed but settings, and nothing names a person."""

    def __init__(self, connection: Served) -> None:
        self._connection = connection

    def _rows(self, question: str, given: tuple[Any, ...] = ()) -> Rows:
        with reading(self._connection):
            return list(self._connection.execute(question, given).fetchall())

    def seen(self) -> dict[str, tuple[tuple[str, date], ...]]:
        """Which roles saw each return, and on which day, in the order of days."""
        found: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for id_, role, day in self._rows("SELECT id, role, day FROM seen ORDER BY day, role"):
            found[id_].append((role, date.fromisoformat(day)))
        return {id_: tuple(each) for id_, each in found.items()}

    def see(self, returns: Iterable[str], role: str, day: date) -> None:
        """Note that a role saw these; the first day counts."""
        rows = [(each, role, day.isoformat()) for each in sorted(set(returns))]
        with writing(self._connection):
            self._connection.executemany(
                "INSERT INTO seen (id, role, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows
            )

    def setting(self, key: str) -> str:
        """What was set; empty where nothing was."""
        rows = self._rows("SELECT value FROM hub_setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def set(self, key: str, value: str) -> None:
        """Set it, whatever it was before."""
        with writing(self._connection):
            self._connection.execute(_SET, (key, value))

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Nobody else of the department publishes meanwhile: two at once would not know of one another."""
        with writing(self._connection):
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('outreach: published', 0))")
            yield

    def publish(self, pack: str, period: Period, day: date, body: str) -> bool:
        """Keep what a public release told, inside `publishing`; whether it was not kept before."""
        id_ = hashlib.sha256(body.encode()).hexdigest()
        row = (id_, pack, period.first.isoformat(), period.last.isoformat(), day.isoformat(), body)
        return bool(self._connection.execute(_PUBLISH, row).rowcount)

    def published(self) -> tuple[str, ...]:
        """The bodies of all public releases, in the order of publishing."""
        rows = self._rows("SELECT body FROM published ORDER BY place")
        return tuple(str(body) for (body,) in rows)
