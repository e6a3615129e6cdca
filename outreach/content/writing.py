"""TOML written for a program's own public files: tables of text, lists of text, days, whole numbers, yes and no."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

Value = str | bool | int | date | Iterable[str]


def toml_table(head: str, row: Mapping[str, Value]) -> str:
    """One table under `head`, such as "[[alert]]" or "[line.ours]"; what is empty is left out."""
    said = [f"{key} = {_value(value)}" for key, value in row.items() if value not in ("", (), None)]
    return "\n".join([head, *said, ""])


def _value(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A TOML basic string is a JSON string; what neither may hold raw, JSON writes as \u00XX.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return "[" + ", ".join(_value(each) for each in value) + "]"
