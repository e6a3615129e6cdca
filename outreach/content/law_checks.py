"""Who looked over which state's law, from the home's own file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from outreach.content.laws import read_laws
from outreach.content.reading import Table, read_table
from outreach.core.law_checks import LawCheck
from outreach.core.laws import StateCode


def read_law_checks(file: Path) -> Mapping[StateCode, LawCheck]:
    """The checks by state; none when the file is not there."""
    if not file.exists():
        return {}
    return {StateCode(state): _check(table) for state, table in read_table(file).rows().items()}


def _check(table: Table) -> LawCheck:
    if table.where not in read_laws():
        raise table.bad("", "is no state.")
    table.only(("by", "day", "row", "name"))
    return table.build(
        lambda: LawCheck(
            by=table.get("by", str),
            day=table.get("day", date),
            row=table.get("row", str),
            name=table.get("name", str, ""),
        )
    )
