"""Old days folded into their months, looked over first."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import with_program
from outreach.core.tally import parse_day
from outreach.services import folding
from outreach.services.program import Program


@click.command("fold")
@click.option("--before", required=True, metavar="DAY", help="Months that end before this day, such as 2026-01-01.")
@click.option("--yes", is_flag=True, help="Do it. Without this it is only looked over.")
@with_program
def fold_command(program: Program, before: str, yes: bool) -> None:
    """Fold the sessions of whole months together: totals by month and site stay, single days go for good.

    Stock sheets stay. Do not fold while a lawyer has told you to keep everything.
    """
    day, today = parse_day(before), date.today()
    found = folding.fold(program, day, today) if yes else folding.plan(program, day, today)
    done = "were folded" if yes else "would be folded"
    click.echo(f"{found.replaced:,} sheets {done} into {len(found.folds):,}.")
    if not yes:
        click.echo("Nothing was changed. Give --yes to do it. The days in them cannot be had back.")
