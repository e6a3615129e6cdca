"""Clearing a laptop before it is lent or travels."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Refusal
from outreach.core.tally import parse_day
from outreach.services import clearing
from outreach.services.program import Program
from outreach.web.serving import is_running


class StopItFirst(Refusal):
    sentence = N_(
        "outreach is running. Stop it with Ctrl+C in its own window, or clear on its page. Nothing was changed."
    )


@click.command("clear")
@click.option("--on", "on", metavar="DAY", help="Plan it for this day, from tomorrow on; `never` takes that back.")
@click.option("--yes", count=True, help="Clear, on that day or after. Twice where no backup is known of.")
@with_program
def clear_command(program: Program, on: str | None, yes: int) -> None:
    """Clear this laptop of everything that was counted. The guide and your own texts stay.

    Do this as routine before travel or lending; not after you were served papers: ask your lawyer.
    """
    today = date.today()
    if on is not None:
        day = None if on == "never" else parse_day(on)
        clearing.plan(program, day, today)
        click.echo(f"This laptop is cleared on {day} or after, when someone says so." if day else "No day is set.")
        return
    if not yes:
        found = clearing.outlook(program, today)
        click.echo(f"Day: {found.day or 'none set'}. Sheets here: {found.sheets:,}. Nothing was changed.")
        click.echo(f"{clearing.GOES}\n{clearing.STAYS}\n{clearing.ROUTINE}")
        return
    if is_running(program.home):
        raise StopItFirst()
    gone = clearing.clear(program, today, sure=yes > 1)
    click.echo(f"Cleared. Sheets that are gone from this laptop: {gone:,}.")
