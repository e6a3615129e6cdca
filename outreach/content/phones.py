"""Phone lines: those that ship, the program's own, which ones were called, and the note under the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.content.tongues import tongue
from outreach.core.phones import Called, Notes, PhoneLine
from outreach.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class OwnPhones:
    """What `phones.toml` in the home holds."""

    lines: Mapping[str, PhoneLine] = field(default_factory=dict)
    called: Mapping[str, Called] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)


@cache
def read_phones(file: Path = SHIPPED / "phones.toml") -> Mapping[str, PhoneLine]:
    """The lines that may be offered, by id."""
    return {key: _line(key, Table(row, file, key), own=False) for key, row in read_table(file).row.items()}


def _line(key: str, table: Table, own: bool) -> PhoneLine:
    table.only(("name", "number", "for", "hours", "languages", "topics", *(["language"] if own else ["facts"])))
    return table.build(
        lambda: PhoneLine(
            id=key,
            name=table.get("name", str),
            number=table.get("number", str),
            use=table.get("for", str, ""),
            hours=table.get("hours", str, ""),
            tongues=table.texts("languages", ()),
            topics=table.texts("topics", ()),
            facts=() if own else table.texts("facts"),
            language=tongue(table),
            own=own,
        )
    )


def read_own_phones(file: Path) -> OwnPhones:
    """The home's own lines, ticks and note; nothing when the file is not there."""
    if not file.exists():
        return OwnPhones()
    top = read_table(file)
    top.only(("program", "called", "line"))
    program = Table(top.get("program", dict, {}), file, "program")
    program.only(("hours", "note", "language"))
    return OwnPhones(
        {key: _line(key, Table(row, file, f"line.{key}"), own=True) for key, row in top.get("line", dict, {}).items()},
        {key: _called(Table(row, file, f"called.{key}")) for key, row in top.get("called", dict, {}).items()},
        program.build(
            lambda: Notes(
                program.get("hours", str, ""),
                program.get("note", str, ""),
                tongue(program),
            )
        ),
    )


def _called(table: Table) -> Called:
    table.only(("day", "number"))
    return Called(table.get("day", date), table.get("number", str))
