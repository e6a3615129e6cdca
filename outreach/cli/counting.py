"""A whole tally sheet in one command, for paper sheets and for scripts."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Misuse
from outreach.core.sheets import Movement
from outreach.core.tally import parse_day, parse_hours, parse_quantity
from outreach.services import tally
from outreach.services.program import Program


class BadCount(Misuse):
    sentence = N_("{given} should be an item and a number, such as naloxone-nasal=12 or returned:syringe-1ml=40.")


@click.command("tally")
@click.argument("counts", nargs=-1, metavar="[MOVEMENT:]ITEM=QTY...")
@click.option("--site", required=True, metavar="CODE", help="See `outreach sites`.")
@click.option("--day", required=True, metavar="YYYY-MM-DD", help="The day of the session, as you say it was.")
@click.option("--model", metavar="M", help="fixed, mobile, street, mail, vending or peer; the site's own by default.")
@click.option("--encounters", metavar="N", help="Visits, not people. Left out: not reported.")
@click.option("--others", metavar="N", help="Others supplied for. Left out: not reported.")
@click.option("--hours", metavar="H", help="Hours open, in quarters, such as 3.25.")
@click.option("--again", is_flag=True, help="Save it although a sheet with the same counts is there.")
@click.option("--corrects", metavar="ID", help="The sheet that these signed differences correct.")
@with_program
def tally_command(
    program: Program,
    counts: tuple[str, ...],
    site: str,
    day: str,
    model: str | None,
    encounters: str | None,
    others: str | None,
    hours: str | None,
    again: bool,
    corrects: str | None,
) -> None:
    """Save a whole tally sheet: `outreach tally --site outreach --day 2026-11-22 naloxone-nasal=12`."""
    signed = corrects is not None
    sheet = tally.WholeSheet(
        site=site,
        day=parse_day(day),
        model=model,
        counts=_counts(counts, signed),
        encounters=_number(encounters, signed),
        others=_number(others, signed),
        hours=None if hours is None else parse_hours(hours),
        corrects=corrects,
    )
    saved = tally.record(program, sheet, today=date.today(), again=again)
    lines = len(saved.lines)
    click.echo(f"Saved {lines} {'line' if lines == 1 else 'lines'} for {saved.site} on {saved.day.isoformat()}.")
    click.echo(f"sheet {saved.id}")


def _number(given: str | None, signed: bool) -> int | None:
    if given is None:
        return None
    if signed and given.strip().startswith("-"):
        return -parse_quantity(given.strip()[1:])
    return parse_quantity(given)


def _counts(given: tuple[str, ...], signed: bool) -> dict[tuple[str, Movement], int]:
    counts: dict[tuple[str, Movement], int] = {}
    for each in given:
        left, equals, quantity = each.partition("=")
        movement, colon, item = left.rpartition(":")
        if not equals or not item:
            raise BadCount(given=each)
        try:
            key = item, Movement(movement) if colon else Movement.GIVEN
        except ValueError:
            known = ", ".join(each.value for each in Movement)
            raise Misuse(
                N_("{given}: there is no movement {movement}. Movements: {known}."),
                given=each,
                movement=movement,
                known=known,
            ) from None
        if key in counts:
            raise Misuse(N_("{given}: {item} is there twice. Nothing was saved."), given=each, item=item)
        value = _number(quantity, signed)
        assert value is not None
        counts[key] = value
    return counts
