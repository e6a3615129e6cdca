"""What a program set about safety, from `safety.toml` in its home: readable while everything else is locked."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from outreach.content.reading import Table, read_table
from outreach.content.writing import Value
from outreach.core.safety import Safety

T = TypeVar("T")


def read_safety(file: Path) -> Safety:
    """What was set; as it ships when the file is not there. A file that cannot be read is never passed over."""
    if not file.exists():
        return Safety()
    top = read_table(file)
    top.only(each.name for each in fields(Safety))
    return top.build(
        lambda: Safety(
            lock_after_minutes=_if_set(top, "lock_after_minutes", int),
            lock_on_close=top.get("lock_on_close", bool, False),
            lock_on_lid=top.get("lock_on_lid", bool, True),
            keep_days_months=_if_set(top, "keep_days_months", int),
            legal_hold=top.get("legal_hold", bool, False),
            clear_on=_if_set(top, "clear_on", date),
        )
    )


def _if_set(top: Table, key: str, kind: type[T]) -> T | None:
    return top.get(key, kind) if key in top.row else None


def safety_row(safety: Safety) -> dict[str, Value]:
    """What was set as it stands in the file; what was not is left out."""
    values = {each.name: getattr(safety, each.name) for each in fields(Safety)}
    return {key: value for key, value in values.items() if value is not None}
