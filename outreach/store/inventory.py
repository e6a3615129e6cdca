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


def inventory(connection: Connection) -> tuple[TableHeld, ...]:
    """Every table there is, known to this version or not, by name."""
    with reading(connection):
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        held = []
        for name in names:
            quoted = '"' + name.replace('"', '""') + '"'
            columns = tuple(row[1] for row in connection.execute(f"PRAGMA table_info({quoted})"))
            (rows,) = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()  # noqa: S608
            held.append(TableHeld(name, columns, rows))
    return tuple(held)
