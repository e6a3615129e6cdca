"""Tonight's load list in a terminal."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.loading import LOOKED_AT, weekday
from outreach.services import loading
from outreach.services.program import Program


@click.command("load")
@click.option("--site", "sites", required=True, multiple=True, metavar="CODE", help="A stop; give it once for each.")
@click.option("--weekday", "on", metavar="DAY", help="Such as friday; today's by default.")
@form_option
@with_program
def load_command(program: Program, sites: tuple[str, ...], on: str | None, form: str) -> None:
    """What to pack, from the last four sessions of the same weekday at each stop."""
    today = date.today()
    found = loading.load_list(program, sites, weekday(on) if on else today.weekday(), today)
    rows = [
        {"item": each.item, "pack": each.suggested, "mean": round(float(each.mean), 2), "largest": each.largest}
        for each in found.loads
    ]
    show(form, ("item", "pack", "mean", "largest"), rows)
    if form == "text":
        click.echo(f"Pack is the mean of the last {LOOKED_AT} such days at each stop, rounded up, and added up.")
        for stop, days in found.days.items():
            click.echo(f"{stop}: {', '.join(day.isoformat() for day in days) or 'no such day yet'}")
