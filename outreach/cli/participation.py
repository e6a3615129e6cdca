"""The participation card from a terminal: whether it is on, turning it on with counsel's wording, and off again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import Misuse
from outreach.core.tally import parse_day
from outreach.services import participation
from outreach.services.program import Program


@click.command("participation")
@click.option("--state", metavar="XX", help="The state whose statute knows such a card.")
@click.option("--statute", metavar="TEXT", help="The statute as it is cited.")
@click.option("--wording", type=click.Path(path_type=Path), metavar="FILE", help="Counsel's words as a text file.")
@click.option("--by", metavar="GROUP", help="Whose words: role and group, such as 'Counsel, Legal Aid North'.")
@click.option("--day", metavar="DAY", help="The day counsel gave them, such as 2026-11-22.")
@click.option("--language", default="en", show_default=True, metavar="TAG", help="The language they are in.")
@click.option("--off", is_flag=True, help="Turn the card off and forget the words.")
@with_program
def participation_command(
    program: Program,
    state: str | None,
    statute: str | None,
    wording: Path | None,
    by: str | None,
    day: str | None,
    language: str,
    off: bool,
) -> None:
    """Say whether the participation card is on, or turn it on: it is off until all five are given.

    Such a card tells whoever finds it that its carrier comes to the program. It is printed as counsel
    wrote it, with no number, no name and no code.
    """
    if off:
        participation.turn_off(program)
        click.echo("The participation card is off.")
        return
    if state is None and statute is None and wording is None and by is None and day is None:
        _say(program)
        return
    if state is None or statute is None or wording is None or by is None or day is None:
        raise Misuse("Give all five: --state, --statute, --wording, --by and --day. Nothing was saved.")
    participation.enter(program, state, statute, wording, by, parse_day(day), date.today(), language)
    _say(program)


def _say(program: Program) -> None:
    found = participation.entered(program)
    if found is None:
        click.echo("The participation card is off: no wording of counsel was entered.")
        return
    click.echo(f"The participation card is on: {found.state}, {found.statute}.")
    click.echo(f"Wording: {found.by}, {found.day.isoformat()}, {found.language}. Off again: --off.")
