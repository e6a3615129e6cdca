"""Supply alerts from a terminal: what shows, a new one from fixed phrases, ending one."""

from __future__ import annotations

from datetime import date, timedelta

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.languages import Language
from outreach.core.refusal import Misuse
from outreach.services import alerts
from outreach.services.program import Program


@click.command("alert")
@click.argument("action", required=False, type=click.Choice(["add", "end", "phrases"]))
@click.argument("number", required=False, type=int)
@click.option("--effect", "effects", multiple=True, metavar="ID", help="What was found; may be given again.")
@click.option("--todo", "todos", multiple=True, metavar="ID", help="What to do; may be given again.")
@click.option("--county", default="", help="Where; nothing smaller than a county.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day it shows; 7 days ahead when left out.")
@click.option("--line", "note", default="", help="One line of your own, checked word by word.")
@click.option("--language", default="en", show_default=True, help="The language of that line.")
@form_option
@with_program
def alert_command(
    program: Program,
    action: str | None,
    number: int | None,
    effects: tuple[str, ...],
    todos: tuple[str, ...],
    county: str,
    until: date | None,
    note: str,
    language: str,
    form: str,
) -> None:
    """List the alerts that show now, add one or end one.

    `outreach alert phrases` lists what can be said. Then:
    `outreach alert add --effect xylazine --todo breathe --county "King County"`, and `outreach alert end 1`.
    """
    today = date.today()
    if action == "phrases":
        book = alerts.phrasebook()
        kinds = (("effect", book.effects), ("todo", book.todos))
        show(form, ("kind", "phrase", "text"), [
            {"kind": kind, "phrase": each.id, "text": each.text} for kind, found in kinds for each in found.values()
        ])  # fmt: skip
    elif action == "add":
        last = date(until.year, until.month, until.day) if until else today + timedelta(days=7)
        made = alerts.save(program, alerts.make(program, effects, todos, county, last, note, language, today), today)
        click.echo(f"Alert {made.number} shows on every guide page until {made.until.isoformat()}.")
    elif action == "end":
        if number is None:
            raise Misuse("Say which: outreach alert end 1. Nothing was changed.")
        alerts.end(program, number, today)
        click.echo(f"Alert {number} has ended.")
    else:
        said = alerts.showing_now(program, program.source, today, _iso)
        rows = [
            {
                "alert": each.number,
                "says": " ".join(effect.text for effect in each.effects),
                "where": each.where.text if each.where else "",
                "until": each.until.text,
            }
            for each in said
        ]
        show(form, ("alert", "says", "where", "until"), rows)


def _iso(day: date, language: Language) -> str:
    return day.isoformat()
