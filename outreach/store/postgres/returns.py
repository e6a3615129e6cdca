"""A department's returns: taken in once whatever is sent twice, and what the ones that count add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from outreach.core.month_return import BadReturn, MonthReturn, changes, from_canonical
from outreach.store.engine import reading, writing
from outreach.store.postgres.connection import Served

_SLOTS = "unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[])) AS slot (code, month)"

# Who takes returns in has the list of known keys stay as it was read; who adds to it waits for them, and they for it.
# Otherwise a return that came in the moment of the yes would wait for another one. Before any slot, so that nobody
# waits in a circle.
_KEYS_STAY, _KEYS_CHANGE = (
    f"SELECT pg_advisory_xact_lock{how}(hashtextextended('outreach: keys of programs', 0))" for how in ("_shared", "")
)
# Each program's month is one row, and whoever takes returns in locks those rows in their order before anything
# else: of two who send the same at once one waits for the other, and never each for the other.
_LOCK = f"""
    INSERT INTO month_counts (owner, code, month, id, edition, changed)
    SELECT reporter.owner, reporter.code, slot.month, '', 0, 0
    FROM {_SLOTS} JOIN reporter ON reporter.code = slot.code ORDER BY reporter.code, slot.month
    ON CONFLICT (code, month) DO UPDATE SET id = month_counts.id
"""  # noqa: S608
_ADD = """
    INSERT INTO month_return (owner, id, code, program, month, edition, public, signature, body)
    SELECT coalesce(reporter.owner, current_user), came.id, reporter.code, came.program, came.month, came.edition,
        came.public, came.signature, came.body
    FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]),
        CAST(? AS BYTEA[]), CAST(? AS BYTEA[]), CAST(? AS TEXT[]))
        AS came (id, code, program, month, edition, public, signature, body)
    LEFT JOIN reporter ON reporter.code = came.code
    ORDER BY came.id
    ON CONFLICT DO NOTHING
    RETURNING id
"""
# What a program signed counts before what a table says, the later edition before the earlier one, and of two of the
# same number the same one everywhere.
_ORDER = "(public IS NOT NULL) DESC, edition DESC, id DESC"
_BEST = f"""
    SELECT code, month, id, edition, body FROM (
        SELECT kept.code, kept.month, kept.id, kept.edition, kept.body,
            row_number() OVER (PARTITION BY kept.code, kept.month ORDER BY {_ORDER}) AS place
        FROM month_return AS kept JOIN {_SLOTS} ON kept.code = slot.code AND kept.month = slot.month
    ) AS ranked WHERE place <= 2 ORDER BY code, month, place
"""  # noqa: S608
_COUNTS = """
    UPDATE month_counts AS counts SET id = best.id, edition = best.edition, changed = best.changed
    FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))
        AS best (code, month, id, edition, changed)
    WHERE counts.code = best.code AND counts.month = best.month
"""
# By way of the row that is locked, because the keys of the others begin with the owner: what is here already must not
# make the next return slower.
_OF_SLOTS = f"""
    {_SLOTS} JOIN month_counts AS counts ON counts.code = slot.code AND counts.month = slot.month
"""
_COUNTING = f"SELECT counts.id, counts.changed FROM {_OF_SLOTS}"  # noqa: S608
_CLEAR = tuple(
    f"DELETE FROM {table} AS told USING {_OF_SLOTS} "  # noqa: S608
    "WHERE told.owner = counts.owner AND told.code = counts.code AND told.month = counts.month"
    for table in ("month_total", "month_rollup")
)
_FILL = f"""
    INSERT INTO month_total (owner, code, month, place, way, item, quantity)
    SELECT kept.owner, kept.code, kept.month, one ->> 0, one ->> 1, one ->> 2, CAST(one ->> 3 AS BIGINT)
    FROM {_OF_SLOTS} JOIN month_return AS kept ON kept.owner = counts.owner AND kept.id = counts.id
    CROSS JOIN LATERAL jsonb_array_elements(CAST(kept.body AS JSONB) -> 'totals') AS one
"""  # noqa: S608
_ROLL_UP = f"""
    INSERT INTO month_rollup (owner, code, month, way, item, quantity)
    SELECT told.owner, told.code, told.month, told.way, told.item, CAST(sum(told.quantity) AS BIGINT)
    FROM {_OF_SLOTS} JOIN month_total AS told
        ON told.owner = counts.owner AND told.code = counts.code AND told.month = counts.month
    GROUP BY told.owner, told.code, told.month, told.way, told.item
"""  # noqa: S608
_WAITING = """
    SELECT program, public, min(body), array_agg(DISTINCT month ORDER BY month)
    FROM month_return WHERE code IS NULL GROUP BY program, public
"""
_WAITED = """
    SELECT owner, id, month, edition, coalesce(signature, ''), body FROM month_return
    WHERE code IS NULL AND program = ? AND public = ?
"""
# Those that came to be known meanwhile by another way are there already.
_ADMIT = (
    """
    INSERT INTO month_return (owner, id, code, program, month, edition, public, signature, body)
    SELECT reporter.owner, kept.id, reporter.code, kept.program, kept.month, kept.edition, kept.public,
        kept.signature, kept.body
    FROM month_return AS kept JOIN reporter ON reporter.code = ?
    WHERE kept.code IS NULL AND kept.program = ? AND kept.public = ? AND kept.owner <> reporter.owner
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE month_return AS kept SET code = reporter.code FROM reporter
    WHERE reporter.code = ? AND kept.code IS NULL AND kept.program = ? AND kept.public = ?
        AND kept.owner = reporter.owner
    """,
    "DELETE FROM month_return WHERE CAST(? AS TEXT) <> '' AND code IS NULL AND program = ? AND public = ?",
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A return as it came. `code` is whose table it is from; a signed one says that by its key."""

    month_return: MonthReturn
    public: bytes | None = None
    signature: bytes | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """What became of a return: whose it is (nobody's yet while it waits), whether it is new, whether it counts."""

    id: str
    code: str | None
    is_new: bool
    counts: bool
    changed: int = 0


Slot = tuple[str, str]
"""The code of a program and a month."""

Signed = Callable[[bytes, bytes, bytes], bool]
"""Whether a return's words, a key and a signature belong together."""


class Returns:
    """The returns on a hub. A department's role sees all of them, a program's its own. Threads may share it."""

    def __init__(self, connection: Served) -> None:
        self.connection = connection

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is done inside is saved together, or nothing of it."""
        with writing(self.connection):
            yield

    def take(self, came: Sequence[Incoming]) -> tuple[Took, ...]:
        """Keep returns, all or none, and have the right ones count. One that is here already changes nothing."""
        with writing(self.connection):
            self._ask(_KEYS_STAY)
            known = self.keys()
            ids = [each.month_return.id for each in came]
            codes = [
                each.code if each.public is None else known.get((each.month_return.program, each.public))
                for each in came
            ]
            slots = sorted({(code, each.month_return.month) for code, each in zip(codes, came, strict=True) if code})
            self._ask(_LOCK, *_columns(slots, 2))
            rows = [(id_, code, *_row(each)) for id_, code, each in zip(ids, codes, came, strict=True)]
            new = {id_ for (id_,) in self._ask(_ADD, *_columns(rows, 8))} if rows else set()
            self._settle(sorted({(row[1], row[3]) for row in rows if row[1] and row[0] in new}))
            counting = {row[0]: row[1] for row in self._ask(_COUNTING, *_columns(slots, 2))}
        return tuple(
            Took(id_, code, id_ in new, id_ in counting, counting.get(id_, 0))
            for id_, code in zip(ids, codes, strict=True)
        )

    def lock(self, slots: Sequence[Slot]) -> None:
        """Hold the months of programs until what is done together is saved; inside `together`."""
        self._ask(_KEYS_STAY)
        self._ask(_LOCK, *_columns(sorted(set(slots)), 2))

    def _settle(self, slots: Sequence[Slot]) -> None:
        """Work out which return of each slot counts and what it adds up to. The slots are locked."""
        if not slots:
            return
        asked = _columns(slots, 2)
        found: dict[Slot, list[tuple[str, int, str]]] = {}
        for code, month, id_, edition, body in self._ask(_BEST, *asked):
            found.setdefault((code, month), []).append((id_, edition, body))
        best = []
        for (code, month), editions in found.items():
            now, *before = (from_canonical(body.encode("ascii")).totals for _, _, body in editions)
            changed = len(changes(before[0], now)) if before else 0
            best.append((code, month, editions[0][0], editions[0][1], changed))
        self._ask(_COUNTS, *_columns(best, 5))
        for statement in (*_CLEAR, _FILL, _ROLL_UP):
            self._ask(statement, *asked)

    # --- who reports ---

    def keys(self) -> dict[tuple[str, bytes], str]:
        """The code of the program that each (program id, key) is known as."""
        with reading(self.connection):
            rows = self._ask("SELECT program, public, code FROM reporter_key")
        return {(program, bytes(public)): code for program, public, code in rows}

    def waiting(self) -> tuple[tuple[str, bytes, str, tuple[str, ...]], ...]:
        """Program id, key, name and months of the returns that wait for a yes."""
        with reading(self.connection):
            rows = self._ask(_WAITING)
        found = ((program, bytes(public), _name(body), tuple(months)) for program, public, body, months in rows)
        return tuple(sorted(found, key=lambda each: (each[2], *each[:2])))

    def admit(self, code: str, program: str, public: bytes, is_signed: Signed) -> int:
        """From now on returns with this key are those of `code`; how many waited and are now."""
        with writing(self.connection):
            self._ask(_KEYS_CHANGE)
            self._ask(
                "INSERT INTO reporter_key (owner, code, program, public) SELECT owner, code, ?, ? FROM reporter "
                "WHERE code = ? ON CONFLICT DO NOTHING",
                program,
                public,
                code,
            )
            waited: set[tuple[str, str]] = set()
            for owner, id_, month, edition, signature, body in self._ask(_WAITED, program, public):
                if _is_whole(body, id_, program, month, edition) and is_signed(body.encode(), public, bytes(signature)):
                    waited.add((id_, month))
                else:
                    self._ask("DELETE FROM month_return WHERE owner = ? AND id = ? AND code IS NULL", owner, id_)
            slots = sorted({(code, month) for _, month in waited})
            self.lock(slots)
            for statement in _ADMIT:
                self._ask(statement, code, program, public)
            self._settle(slots)
            return len(waited)

    def _ask(self, question: str, *given: object) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(question, given or None)
        return cursor.fetchall() if cursor.description else []


def _is_whole(body: str, id_: str, program: str, month: str, edition: int) -> bool:
    """Whether a return that waits is what stands beside it: a program's own role may have put it there by itself."""
    try:
        said = from_canonical(body.encode())
    except BadReturn:
        return False
    return (said.id, said.program, said.month, said.edition) == (id_, program, month, edition)


def _name(body: str) -> str:
    """What a program calls itself in a return that nobody has said yes to; empty where that is no return."""
    try:
        return from_canonical(body.encode()).name
    except BadReturn:
        return ""


def _row(each: Incoming) -> tuple[Any, ...]:
    said = each.month_return
    body = said.canonical().decode("ascii")
    return said.program, said.month, said.edition, each.public, each.signature, body


def _columns(rows: Sequence[tuple[Any, ...]], many: int) -> list[list[Any]]:
    """Rows turned over, as `unnest` takes them."""
    return [[row[column] for row in rows] for column in range(many)]
