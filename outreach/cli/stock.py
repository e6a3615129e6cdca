"""Stock in a terminal: what is on hand, and what came, was counted, moved, thrown away or made up."""

from __future__ import annotations

from datetime import date

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import N_, Misuse
from outreach.core.tally import parse_day, parse_quantity
from outreach.services import assembling, settings, shelves, stock
from outreach.services.program import Program
from outreach.services.stock import Boxes, Taken


class BadStock(Misuse):
    sentence = N_("{given} should be an item and a number, such as naloxone-nasal=12. Nothing was saved.")


class SayWhere(Misuse):
    sentence = N_("Say at which site with --site. Sites: {known}. Nothing was saved.")


class SayWhereTo(Misuse):
    sentence = N_("Say where they went with --to. Sites: {known}. Nothing was saved.")


class SayHowMany(Misuse):
    sentence = N_("Say how many of what, such as naloxone-nasal=12. Nothing was saved.")


@click.command("stock")
@click.argument("act", required=False, type=click.Choice(["receive", "count", "discard", "move", "assemble"]))
@click.argument("things", nargs=-1, metavar="[ITEM=QTY]...")
@click.option("--site", metavar="CODE", help="At which site; see `outreach sites`. Needed where there are several.")
@click.option("--to", metavar="CODE", help="With move: the site they went to.")
@click.option("--day", metavar="YYYY-MM-DD", help="The day, as you say it was; today by default.")
@click.option("--lot", default="", metavar="LOT", help="The number on the box.")
@click.option("--expires", metavar="YYYY-MM-DD", help="With receive: the last day printed on the box.")
@click.option("--funder", default="", metavar="CODE", help="With receive: who paid; see `outreach funders`.")
@click.option("--sure", is_flag=True, help="Save an odd day or quantity, or more than the book has.")
@form_option
@with_program
def stock_command(
    program: Program,
    act: str | None,
    things: tuple[str, ...],
    site: str | None,
    to: str | None,
    day: str | None,
    lot: str,
    expires: str | None,
    funder: str,
    sure: bool,
    form: str,
) -> None:
    """What is on hand; or save what came, was counted, moved, thrown away or made up into kits.

    `outreach stock receive naloxone-nasal=120 --site outreach --lot A12 --expires 2029-03-31 --funder county`
    """
    today = date.today()
    if act is None:
        _on_hand(program, site, today, form)
        return
    on = parse_day(day) if day else today
    counts = _counts(things)
    at = _site(program, site)
    if act == "receive":
        last = parse_day(expires) if expires else None
        boxes = [Boxes(item, quantity, lot, last, funder) for item, quantity in counts.items()]
        saved = [stock.receive(program, at, boxes, on, today, sure)]
    elif act == "count":
        saved = [stock.count(program, at, counts, on, today, sure)]
    elif act == "assemble":
        saved = [assembling.assemble(program, at, counts, on, today, sure)]
    else:
        taken = [Taken(item, quantity, lot) for item, quantity in counts.items()]
        if act == "discard":
            saved = [stock.discard(program, at, taken, on, today, sure)]
        else:
            if to is None:
                raise SayWhereTo(known=_known(program))
            saved = list(stock.move(program, at, to, taken, on, today, sure))
    for sheet in saved:
        click.echo(f"Saved for {sheet.site} on {sheet.day.isoformat()}:")
        for line in sheet.lines:
            of_lot = f" (lot {line.lot})" if line.lot else ""
            click.echo(f"  {line.item}: {line.movement.value} {line.quantity:,}{of_lot}")
        click.echo(f"sheet {sheet.id}")


def _on_hand(program: Program, site: str | None, today: date, form: str) -> None:
    rows = [
        {
            "site": each.site or "(all)",
            "item": each.item,
            "on_hand": each.quantity,
            "used_28_days": each.used,
            "days_left": each.cover,
            "low": "low" if each.low else "",
        }
        for each in shelves.stand(program, today)
        if site is None or each.site == site
    ]
    show(form, ("site", "item", "on_hand", "used_28_days", "days_left", "low"), rows)
    if form == "json":
        return
    soon = shelves.naloxone_soon_over(program, today)
    if soon.expired:
        click.echo(f"\nNaloxone doses that have expired: {soon.expired:,}.")
    after = ""
    for days, doses in soon.within.items():
        if doses:
            click.echo(f"\nNaloxone doses that expire {after}within {days} days: {doses:,}.")
            after = "after that, "
    for kit in assembling.not_made_up(program):
        click.echo(f"\n{kit.kit}: {kit.quantity:,} more were given than made up. See `outreach stock assemble`.")


def _counts(things: tuple[str, ...]) -> dict[str, int]:
    if not things:
        raise SayHowMany()
    counts: dict[str, int] = {}
    for each in things:
        item, equals, quantity = each.partition("=")
        if not equals or not item or item in counts:
            raise BadStock(given=each)
        counts[item] = parse_quantity(quantity)
    return counts


def _site(program: Program, site: str | None) -> str:
    if site is not None:
        return site
    known = settings.sites(program)
    if len(known) > 1:
        raise SayWhere(known=_known(program))
    return known[0].code


def _known(program: Program) -> str:
    return ", ".join(each.code for each in settings.sites(program))
