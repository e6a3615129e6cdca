"""What every command shares: the home it works on, a table that fits 80 columns, and JSON that stays stable."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click

from outreach.home import find_home
from outreach.services.program import Program

WIDTH = 80


def with_program(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its Program; `--home` may stand before or after the command's name."""

    @click.option("--home", metavar="DIR", help="Where this laptop keeps its own things (or OUTREACH_HOME).")
    @click.pass_context
    @wraps(command)
    def asked(ctx: click.Context, /, *args: Any, home: str | None, **kwargs: Any) -> Any:
        return command(Program(find_home(home or ctx.find_root().obj)), *args, **kwargs)

    return asked


form_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)


def cells(text: str) -> int:
    """Columns that `text` takes in a terminal: wide characters take two, marks none."""
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) == "Cf"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as aligned columns; numbers to the right, blank where nothing was reported."""
    words = [[_cell(row.get(name)) for name in columns] for row in rows]
    heads = [name.replace("_", " ") for name in columns]
    widths = [max([cells(head), *(cells(row[i]) for row in words)]) for i, head in enumerate(heads)]
    right = [bool(rows) and all(isinstance(row.get(name), int | float | None) for row in rows) for name in columns]

    def line(row: Sequence[str]) -> str:
        parts = [
            " " * (width - cells(cell)) + cell if to_right else cell + " " * (width - cells(cell))
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        return "  ".join(parts).rstrip()

    return "\n".join([line(heads), line(["-" * width for width in widths]), *(line(row) for row in words)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def show(form: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table or as a JSON list."""
    if form == "json":
        click.echo(as_json([{name: row.get(name) for name in columns} for row in rows]))
    else:
        click.echo(table(columns, rows))


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
