"""Phone lines from a terminal: what there is, what was called, and lines of the program's own."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import Misuse
from outreach.services import phones
from outreach.services.program import Program

ACTIONS = ("called", "uncalled", "add", "remove", "hours", "note")


@click.command("phones")
@click.argument("action", required=False, type=click.Choice(ACTIONS))
@click.argument("what", required=False)
@click.option("--number", default="", help="With add: the number, such as 555-0142.")
@click.option("--hours", default="", help="With add: when someone answers.")
@click.option("--for", "use", default="", help="With add: what the line is for.")
@click.option("--language", default="en", show_default=True, help="The language of what you type.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="With called: the day someone called, else today.")
@form_option
@with_program
def phones_command(
    program: Program,
    action: str | None,
    what: str | None,
    number: str,
    hours: str,
    use: str,
    language: str,
    day: date | None,
    form: str,
) -> None:
    """List phone lines, say that one was called, or keep your own.

    A line shows in the guide once someone has called it: `outreach phones called safespot`. Your own:
    `outreach phones add "Night van" --number 555-0142 --hours "Mon-Fri, 9 to 5"`. Under the list of
    topics: `outreach phones hours "Mon-Fri, 9 to 5"`, `outreach phones note "Closed on July 4"`.
    """
    today = date.today()
    if action is None:
        _list(program, form, today)
        return
    if what is None:
        raise Misuse(f"Say which: outreach phones {action} ... Nothing was changed.")
    if action == "called":
        when = date(day.year, day.month, day.day) if day else today
        line = phones.called(program, what, when, today)
        click.echo(f"{line.name}, {line.number}: called on {when.isoformat()}. It shows for 12 months from then.")
    elif action == "uncalled":
        click.echo(f"{phones.called(program, what, None, today).name} does not show any more.")
    elif action == "add":
        added = phones.save_line(program, "", what, number, hours, use, language)
        click.echo(f"Added {added.id}. Call it, then: outreach phones called {added.id}")
    elif action == "remove":
        phones.remove(program, what)
        click.echo(f"Removed {what}.")
    else:
        kept = phones.own_phones(program).notes
        said = {"hours": kept.hours, "note": kept.note} | {action: what}
        phones.save_notes(program, said["hours"], said["note"], language)
        click.echo("Saved. It stands under the list of topics.")


def _list(program: Program, form: str, today: date) -> None:
    rows = [
        {
            "line": each.line.id,
            "name": each.line.name,
            "number": each.line.number,
            "called": each.called.isoformat() if each.called else None,
            "shown": each.shown,
        }
        for each in phones.states(program, today)
    ]
    show(form, ("line", "name", "number", "called", "shown"), rows)
