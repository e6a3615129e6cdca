"""A month of the whole program in one command: what is kept of it, or its totals typed from paper."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.periods import parse_month
from outreach.core.refusal import N_, Misuse
from outreach.core.tally import event_counter, parse_quantity
from outreach.services import monthly
from outreach.services.program import Program


@click.command("monthly")
@click.argument("counts", nargs=-1, metavar="EVENT=N...")
@click.option("--month", "asked", required=True, metavar="YYYY-MM", help="The month, such as 2026-07.")
@form_option
@with_program
def monthly_command(program: Program, counts: tuple[str, ...], asked: str, form: str) -> None:
    """Totals of a month for the whole program: `outreach monthly --month 2026-07 outcome-survived=9`.

    Without a count it shows what is kept of that month. Groups are switched on under What you count. Saved again,
    the differences are a correction.
    """
    found = monthly.month(program, parse_month(asked))
    if not counts:
        rows = [
            {"event": each.code, "name": each.name, "quantity": found.now.get(each.counter)}
            for group in found.groups
            for each in group.things
        ]
        show(form, ("event", "name", "quantity"), rows)
        return
    wanted: dict[str, int] = {}
    for each in counts:
        event, equals, quantity = each.partition("=")
        if not equals:
            raise Misuse(N_("{given} should be an event and a number, such as outcome-survived=9."), given=each)
        if event_counter(event) in wanted:
            raise Misuse(N_("{given}: {item} is there twice. Nothing was saved."), given=each, item=event)
        wanted[event_counter(event)] = parse_quantity(quantity)
    saved = monthly.save(program, found, found.edition, wanted, date.today())
    kind = "a correction" if saved.corrects else "the totals"
    n = len(saved.events)
    click.echo(f"Saved {kind} of {found.period}: {n} {'number' if n == 1 else 'numbers'}.")
