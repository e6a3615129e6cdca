"""A month's totals for a department, as one signed file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.core.month_return import By
from outreach.core.periods import parse_month
from outreach.services import month_returns
from outreach.services.program import Program


@click.command("return")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--month", required=True, metavar="YYYY-MM", help="Which month.")
@click.option(
    "--by",
    type=click.Choice([each.value for each in By]),
    default=By.SITE.value,
    show_default=True,
    help="What adds up.",
)
@click.option("--plain", is_flag=True, help="Do not seal it. Anyone who gets the file can read it.")
@click.option("--yes", is_flag=True, help="Although the month is not over, or nothing was counted in it.")
@with_program
def return_command(program: Program, file: Path, month: str, by: str, plain: bool, yes: bool) -> None:
    """A month's totals for a department, as one signed FILE: no day and no sheet is in it.

    When a number changes later, write the month again: it becomes the next edition, and the department sees both.
    """
    written = month_returns.write(program, parse_month(month), By(by), file, date.today(), sure=yes, plain=plain)
    made, said = written.made, written.made.month_return
    edition = f"edition {said.edition}" + ("" if made.is_new else ", as before")
    if made.before and made.is_new:
        edition += f", changed numbers: {len(made.changed)}"
    click.echo(f"Wrote {file}: {said.month}, {edition}. Read back and the same.")
    click.echo(f"The department compares these digits before your first return counts: {written.digits}")
    if not written.sealed:
        click.echo(month_returns.ANYONE)
