"""What a hub's database is made of, step by step: the ledger's tables as a file has them, and what only a hub has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from outreach.store import migrations
from outreach.store.engine import Connection, connect_in_memory
from outreach.store.postgres.returns_tables import RETURNS
from outreach.store.postgres.reviewing import REVIEWING
from outreach.store.postgres.roles import PROGRAM, guarded

_TYPES = {"TEXT": 'TEXT COLLATE "C"', "INTEGER": "BIGINT", "BLOB": "BYTEA"}

HUB_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (("returns", RETURNS), ("reviewing", REVIEWING))
"""The steps of what only a hub has, by name, each with its statements; new ones at the end, old ones never change."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the ledger as this version's own file has it."""

    name: str
    columns: dict[str, str]
    """Each with its type and what it must be, as PostgreSQL spells them."""
    key: tuple[str, ...]
    indexes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def ledger_tables() -> tuple[Table, ...]:
    """The ledger's tables, read from one that is made in memory: no second list of them can fall behind.

    A step that changes what rows hold, and not only which columns there are, needs a step of the hub's beside it.
    """
    with closing(connect_in_memory()) as model:
        migrations.migrate(model)
        names = [row[0] for row in model.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return tuple(_table(model, name) for name in names if not name.startswith(("_", "sqlite_")))


def _table(model: Connection, name: str) -> Table:
    columns, key = {}, []
    for _, column, kind, must, default, place in model.execute(f"PRAGMA table_info({name})"):
        columns[column] = _TYPES[kind] + " NOT NULL" * bool(must or place)
        columns[column] += f" DEFAULT {default}" if default is not None else ""
        key += [(place, column)] if place else []
    indexes = {
        index: tuple(row[2] for row in model.execute(f"PRAGMA index_info({index})"))
        for _, index, _, origin, _ in model.execute(f"PRAGMA index_list({name})").fetchall()
        if origin == "c"
    }
    return Table(name, columns, tuple(column for _, column in sorted(key)), indexes)


def statements(tables: tuple[Table, ...], there: dict[str, set[str]]) -> Iterator[str]:
    """What makes the ledger's tables, or adds what is not `there` yet.

    The owner is the role that writes, and no role sees another's rows: not the one that made the tables either.
    That a line has its sheet no key asks: all of a sheet is added together, looked through by `verify`, and to ask
    for each row took twice the time of everything else.
    """
    for table in tables:
        if table.name not in there:
            columns = "".join(f"{name} {kind}, " for name, kind in table.columns.items())
            yield (
                f"CREATE TABLE {table.name} ({columns}owner NAME NOT NULL DEFAULT current_user, "
                f"PRIMARY KEY ({', '.join(('owner', *table.key))}))"
            )
            yield from guarded(table.name)
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO {PROGRAM}"
        for name, kind in table.columns.items():
            if table.name in there and name not in there[table.name]:
                yield f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}"
        for index, columns_of in table.indexes.items():
            yield f"CREATE INDEX IF NOT EXISTS {index} ON {table.name} (owner, {', '.join(columns_of)})"


def known_steps() -> list[str]:
    """The names of every step that this version knows, in their order."""
    return [f"ledger: {name}" for name, _ in migrations.STEPS] + [name for name, _ in HUB_STEPS]
