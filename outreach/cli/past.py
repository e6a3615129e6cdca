"""Past totals from a table, by a map of its columns, or undone again."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.core.past import UNDECIDED, Past
from outreach.core.refusal import N_, Misuse
from outreach.services import past
from outreach.services.program import Program


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--map", "mapped", type=click.Path(path_type=Path), metavar="M", help="A TOML file: column = meaning.")
@click.option("--site", default="", metavar="CODE", help="Where rows belong that name no site.")
@click.option("--dry-run", is_flag=True, help="Look it over and save nothing.")
@click.option("--undo", metavar="TABLE", help="Take a table's totals away again.")
@with_program
def import_command(
    program: Program, file: Path | None, mapped: Path | None, site: str, dry_run: bool, undo: str | None
) -> None:
    """Bring past totals in from CSV or Excel: all of a table or nothing.

    The map names each column's meaning, such as "Month" = "day", "Place" = "site", "Kits" = "given:kit-naloxone-nasal",
    "Visits" = "encounters", "Reversals" = "event:reversal"; or "Item" = "item" with "Count" = "quantity". A column that
    is not named is left out. Without a map, columns are taken by their names.
    """
    if undo:
        click.echo(f"Undone with {len(past.undo(program, undo))} corrections.")
        return
    if file is None:
        raise Misuse(N_("Say which file: outreach import FILE --map M."))
    table = past.read_table(file.read_bytes(), file.name)
    # Without a map there is nobody to ask: what no name tells is left out.
    meanings = (
        _meanings(table, mapped) if mapped else [each.replace(UNDECIDED, "") for each in past.guess(program, table)]
    )
    if dry_run:
        _say(past.look_over(program, table, meanings, site))
        return
    made = past.bring_in(program, table, meanings, site, date.today())
    click.echo(f"Saved {len(made.sheets)} sheets, from {made.first.isoformat()} to {made.last.isoformat()}.")
    click.echo(f"To undo: outreach import --undo {made.table}")


def _meanings(table: past.Table, file: Path) -> list[str]:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Misuse(N_("The map {file} cannot be read: {why}"), file=file, why=problem) from None
    for head in told:
        if head not in table.heads:
            known = ", ".join(table.heads)
            raise Misuse(N_("The table has no column called {head}. Columns: {known}."), head=head, known=known)
    return [str(told.get(head, "")) for head in table.heads]


def _say(found: Past) -> None:
    for each in found.problems[:20]:
        click.echo(f"Row {each.row}: {each}")
    if found.problems:
        found.refuse_problems()
    for name, quantity in found.totals.items():
        click.echo(f"{quantity:>12,}  {name}")
    click.echo(f"{len(found.sheets)} sheets. Nothing was saved.")
