"""Who reports to a department, what it calls what they hand out, and what it has of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from outreach.store.engine import reading, writing
from outreach.store.postgres.connection import Served
from outreach.store.postgres.roles import PROGRAM

# A program whose own role has the name of its code may send for itself; for the others the department does.
_OWNER = f"""
    coalesce((SELECT rolname FROM pg_roles WHERE rolname = ? AND NOT rolsuper
        AND pg_has_role(rolname, '{PROGRAM}', 'member')), current_user)
"""  # noqa: S608
_SET = f"""
    INSERT INTO reporter (owner, code, name, region, since, expected) VALUES ({_OWNER}, ?, ?, ?, ?, ?)
    ON CONFLICT (code) DO UPDATE SET owner = excluded.owner, name = excluded.name, region = excluded.region,
        since = excluded.since, expected = excluded.expected
"""  # noqa: S608
_REPORTERS = """
    SELECT reporter.code, name, region, coalesce(nullif(since, ''), (
        SELECT min(month) FROM month_counts AS counts WHERE counts.code = reporter.code
    ), ''), expected FROM reporter ORDER BY code
"""
_SHARE = """
    INSERT INTO shared_code (owner, code, local, shared) SELECT owner, code, ?, ? FROM reporter WHERE code = ?
    ON CONFLICT (owner, code, local) DO UPDATE SET shared = excluded.shared
"""
_SUMS = """
    SELECT told.code, told.month, told.way, told.item, shared.shared, told.quantity
    FROM month_rollup AS told
    LEFT JOIN shared_code AS shared ON shared.code = told.code AND shared.local = told.item
    WHERE told.month BETWEEN ? AND ?
"""
_UNNAMED = """
    SELECT told.code, told.item, CAST(sum(told.quantity) AS BIGINT)
    FROM month_rollup AS told
    LEFT JOIN shared_code AS shared ON shared.code = told.code AND shared.local = told.item
    WHERE told.month BETWEEN ? AND ?
        AND shared.shared IS NULL AND told.way <> 'visits' AND told.item <> ALL(CAST(? AS TEXT[]))
    GROUP BY told.code, told.item ORDER BY told.code, told.item
"""


@dataclass(frozen=True, slots=True)
class ReporterRow:
    """A program that reports. `since` is the month it is expected from, empty while nothing came."""

    code: str
    name: str
    region: str
    since: str
    expected: bool


@dataclass(frozen=True, slots=True)
class LocalSum:
    """One number of the month rollup as its program says it, and the shared code it stands for, if one was named."""

    program: str
    month: str
    way: str
    item: str
    shared: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Counting:
    """The return that counts of a program and month, and in how many numbers it differs from the one before."""

    id: str
    program: str
    month: str
    edition: int
    changed: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A return that is kept, whether it counts or not. `signed` is False for one made of a table."""

    id: str
    edition: int
    signed: bool
    body: bytes


class Reporters:
    """What a department says of its programs, and what theirs adds up to. Threads may share it."""

    def __init__(self, connection: Served) -> None:
        self._connection = connection

    def all(self) -> tuple[ReporterRow, ...]:
        """Every program, by code."""
        return tuple(ReporterRow(*row) for row in self._read(_REPORTERS))

    def set(self, row: ReporterRow) -> None:
        """Keep what is said of a program, new or not."""
        self._write(_SET, row.code, row.code, row.name, row.region, row.since, row.expected)

    def shared(self) -> dict[tuple[str, str], str]:
        """The shared code by program and its own code."""
        found = self._read("SELECT code, local, shared FROM shared_code")
        return {(code, local): shared for code, local, shared in found}

    def share(self, program: str, local: str, shared: str) -> None:
        """From now on, and for every month before, the program's own code stands for the shared one."""
        self._write(_SHARE, local, shared, program)

    def unnamed(self, known: Iterable[str], first: str = "", last: str = "9") -> tuple[tuple[str, str, int], ...]:
        """Program, its own code and how many from `first` to `last`, of what no shared code is named for or `known`."""
        return tuple(
            (code, item, quantity) for code, item, quantity in self._read(_UNNAMED, first, last, sorted(known))
        )

    def sums(self, first: str, last: str) -> tuple[LocalSum, ...]:
        """What the returns that count say of the months from `first` to `last`, over all places."""
        return tuple(LocalSum(*row) for row in self._read(_SUMS, first, last))

    def counting(self, first: str, last: str) -> tuple[Counting, ...]:
        """The returns that count of the months from `first` to `last`."""
        found = self._read(
            "SELECT id, code, month, edition, changed FROM month_counts WHERE month BETWEEN ? AND ? "
            "ORDER BY code, month",
            first,
            last,
        )
        return tuple(Counting(*row) for row in found)

    def has_reported(self, program: str) -> bool:
        """Whether a return of this program ever came, by file or as a table."""
        return bool(self._read("SELECT 1 FROM month_return WHERE code = ? LIMIT 1", program))

    def editions(self, program: str, month: str) -> tuple[Kept, ...]:
        """Every return that came of a program and month; the one that counts is the last."""
        found = self._read(
            "SELECT id, edition, public IS NOT NULL, body FROM month_return WHERE code = ? AND month = ? "
            "ORDER BY public IS NOT NULL, edition, id",
            program,
            month,
        )
        return tuple(Kept(id_, edition, signed, body.encode("ascii")) for id_, edition, signed, body in found)

    def slot_of(self, id_: str) -> tuple[str, str] | None:
        """The program and month of a return."""
        found = self._read("SELECT code, month FROM month_return WHERE id = ? AND code IS NOT NULL", id_)
        return (found[0][0], found[0][1]) if found else None

    def _read(self, question: str, *given: object) -> list[tuple[Any, ...]]:
        with reading(self._connection):
            return list(self._connection.execute(question, given or None).fetchall())

    def _write(self, statement: str, *given: object) -> None:
        with writing(self._connection):
            self._connection.execute(statement, given)
