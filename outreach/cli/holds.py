"""What this laptop holds, for a lawyer, a funder or oneself; and the legal hold."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import click

from outreach.cli.asking import WIDTH, as_json, form_option, with_program
from outreach.services import held_words, holding, holds
from outreach.services.cards import new_press
from outreach.services.files import write_whole
from outreach.services.presenting import Reader
from outreach.services.program import Program


@click.command("holds")
@click.option("--unlock", is_flag=True, help="Ask for the passphrase first, to say what is in the ledger too.")
@click.option("--legal-hold", type=click.Choice(["on", "off"]), help="Keep everything: nothing is folded or cleared.")
@click.option("--yes", count=True, help="With --legal-hold off: answers a question; there are two.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE.pdf", help="Pages to print.")
@form_option
@with_program
def holds_command(
    program: Program, unlock: bool, legal_hold: str | None, yes: int, output: Path | None, form: str
) -> None:
    """What whoever takes this laptop would read, from its live files."""
    if legal_hold == "on":
        holds.put_on(program)
        click.echo("A legal hold stands from now on. Nothing is folded, nothing is cleared.")
        return
    if legal_hold == "off":
        holds.take_off(program, yes)
        click.echo("No legal hold stands.")
        return
    if unlock:
        program.ledger_if_any()
    found = holding.holdings(program)
    reader = Reader(program, program.source)
    if output is not None:
        with new_press() as press:
            page = held_words.paper(reader, found, date.today())
            write_whole(output, press.document(page))
        click.echo(f"Wrote {output}. This file can be read by anyone who has it.")
    elif form == "json":
        click.echo(as_json(_data(found)))
    else:
        click.echo(_text(reader, found))


def _text(reader: Reader, found: holding.Holdings) -> str:
    """The blocks in 80 columns; a table's first column is words, and stands on lines of its own."""
    parts = []
    for each in held_words.blocks(reader, found):
        if each.kind == "table":
            parts += [_fill(row[0]) + "\n" + _under(each.heads[1:], row[1:]) for row in each.rows]
        elif each.kind in ("title", "heading"):
            parts.append(f"{each.text}\n{'-' * len(each.text)}")
        else:
            parts.append(_fill(each.text))
    return "\n\n".join(parts)


def _fill(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _under(heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return "    " + " · ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True))


def _data(found: holding.Holdings) -> dict[str, Any]:
    return {
        "passphrase": found.has_passphrase,
        "encrypted": found.encrypted,
        "ledger_read": found.unread is None,
        "files": [
            {"what": each.kind.words, "files": each.files, "bytes": each.size, "readable_by": each.who.value}
            for each in found.piles
        ],
        "tables": [{"table": each.name, "columns": list(each.columns), "rows": each.rows} for each in found.tables],
        "open_sheets": [{"site": each.site, "day": each.day.isoformat()} for each in found.open_sheets],
        "sites": list(found.sites),
        "first": found.first and found.first.isoformat(),
        "last": found.last and found.last.isoformat(),
        "unknown_files": list(found.unknown_files),
        "unknown_tables": [each.name for each in found.unknown_tables],
        "unknown_columns": list(found.unknown_columns),
        "all_known": found.all_known,
    }
