"""What every command shares: the home it works on, a table that fits 80 columns, and JSON that stays stable."""

from __future__ import annotations

import json
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from outreach.core.refusal import Misuse, Refusal
from outreach.home import find_home
from outreach.services.keyring import Locked
from outreach.services.program import Program

WIDTH, NARROWEST = 80, 20
"""Columns of a terminal, and the fewest that a column of words is folded to."""


class LockedHere(Locked):
    sentence = (
        "This is locked. Run it in a terminal, which asks for the words of the passphrase, or give --words-file FILE. "
        "Nothing was changed."
    )


class NoTerminal(Refusal):
    sentence = "There is no terminal here to type words in: give {option} FILE. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a passphrase, from a file or from who sits at the terminal; asked for when they are needed."""

    file: str | None

    def __call__(self) -> str:
        if self.file:
            return words_in(self.file)
        if not sys.stdin.isatty():
            raise LockedHere()
        return str(click.prompt("Passphrase", hide_input=True, err=True))


def words_in(file: str) -> str:
    """The words in a file."""
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Misuse("{file} cannot be read as words. Nothing was changed.", file=file) from None


def with_program(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its Program; `--home` and `--words-file` may stand before or after the command's name."""

    @click.option("--home", metavar="DIR", help="Where this laptop keeps its own things (or OUTREACH_HOME).")
    @click.option("--words-file", metavar="FILE", help="The words of the passphrase, where nobody can be asked.")
    @click.pass_context
    @wraps(command)
    def asked(ctx: click.Context, /, *args: Any, home: str | None, words_file: str | None, **kwargs: Any) -> Any:
        said_home, said_file = ctx.find_root().obj
        program = Program(find_home(home or said_home))
        program.ask = Words(words_file or said_file)
        # What was given without being asked for is used, also by what can do without: cards with the program's name.
        if program.ask.file and program.is_locked:
            program.unlock(program.ask())
        return command(program, *args, **kwargs)

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
    """Rows as aligned columns: numbers to the right, blank where nothing was reported, words folded where they must."""
    words = [[_cell(row.get(name)) for name in columns] for row in rows]
    heads = [name.replace("_", " ") for name in columns]
    right = [bool(rows) and all(isinstance(row.get(name), int | float | None) for row in rows) for name in columns]
    widths = _rooms([max([cells(head), *(cells(row[i]) for row in words)]) for i, head in enumerate(heads)], right)

    def line(row: Sequence[str]) -> str:
        parts = [
            " " * (width - cells(cell)) + cell if to_right else cell + " " * (width - cells(cell))
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        return "  ".join(parts).rstrip()

    lines = (one for row in words for one in zip_longest(*map(_folded, row, widths), fillvalue=""))
    return "\n".join(map(line, [heads, ["-" * width for width in widths], *lines]))


def _rooms(widths: Sequence[int], right: Sequence[bool]) -> list[int]:
    """What each column gets of a terminal's width: the widest ones of words give way, numbers never."""
    given = list(widths)
    for i in sorted((i for i, is_number in enumerate(right) if not is_number), key=lambda i: -widths[i]):
        over = sum(given) + 2 * (len(given) - 1) - WIDTH
        if over > 0:
            given[i] = min(given[i], max(given[i] - over, NARROWEST))
    return given


def _folded(cell: str, width: int) -> list[str]:
    """The lines of a cell; a word that is longer than its column stays whole, so that it can be copied."""
    if cells(cell) <= width:
        return [cell]
    letters = width if cells(cell) == len(cell) else width // 2
    return textwrap.wrap(cell, letters, break_long_words=False, break_on_hyphens=False)


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
