"""Old days folded into their months, looked over first."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Misuse
from outreach.core.tally import parse_day
from outreach.services import folding
from outreach.services.program import Program
from outreach.services.safety import set_safety


@click.command("fold")
@click.option("--before", metavar="DAY", help="Months that end before this day. Bare: as long as you keep days.")
@click.option("--keep", metavar="MONTHS", help="From now on keep single days for so many whole months; `all` for good.")
@click.option("--yes", is_flag=True, help="Do it. Without this it is only looked over.")
@with_program
def fold_command(program: Program, before: str | None, keep: str | None, yes: bool) -> None:
    """Fold the sessions of whole months together: totals by month and site stay, single days go for good.

    Stock sheets stay. Under a legal hold nothing is folded.
    """
    today = date.today()
    if keep is not None:
        click.echo(_keep(program, keep))
        return
    day = parse_day(before) if before else folding.kept_from(program, today)
    if day is None:
        raise Misuse(N_("Say which months: --before 2026-01-01, or how long to keep days: --keep 12."))
    found = folding.fold(program, day, today) if yes else folding.plan(program, day, today)
    done = "Sheets folded" if yes else "Sheets that would be folded"
    click.echo(f"{done}: {found.replaced:,}, into {len(found.folds):,}.")
    if found.left:
        click.echo(f"{found.left:,} sessions stay as they are: they cannot be said in one sheet with others.")
    if not yes:
        click.echo("Nothing was changed. Give --yes to do it. The days in them cannot be had back.")


def _keep(program: Program, months: str) -> str:
    if months == "all":
        set_safety(program, keep_days_months=None)
        return "Single days are kept for good."
    if not months.isascii() or not months.isdigit():
        raise Misuse(N_("Give a number of months, or `all`."))
    set_safety(program, keep_days_months=int(months))
    return f"Single days are kept for {int(months)} whole months. Nothing was folded; `outreach fold` looks it over."
