"""What the ledger's file holds, table by table and column by column, read from the file itself."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.store.engine import Connection, reading


@dataclass(frozen=True, slots=True)
class TableHeld:
    """A table of the ledger: its columns in order, and how many rows it has."""

    name: str
    columns: tuple[str, ...]
    rows: int


def columns(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The columns of every table there is, known to this version or not, by the table's name."""
    with reading(connection):
        found: dict[str, tuple[str, ...]] = {}
        for table, column in connection.execute(connection.columns).fetchall():
            found[table] = (*found.get(table, ()), column)
        return found


def inventory(connection: Connection) -> tuple[TableHeld, ...]:
    """Every table there is, and how many rows it has, by name."""
    with reading(connection):
        return tuple(
            TableHeld(name, held, connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0])  # noqa: S608
            for name, held in columns(connection).items()
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
