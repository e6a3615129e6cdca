"""Who pays for supplies, from a terminal: the funders, and what each paid for."""

from __future__ import annotations

from dataclasses import asdict

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.periods import parse_period
from outreach.core.refusal import N_, Misuse
from outreach.services import funders
from outreach.services.program import Program


@click.command("funders")
@click.argument("action", required=False, type=click.Choice(["add", "paid"]))
@click.argument("code", required=False)
@click.option("--name", default="", metavar="N", help="With add: what your team calls it.")
@click.option("--kind", default="private", metavar="K", help="With add: samhsa, federal, local or private.")
@click.option("--period", metavar="P", help="With paid: a year, quarter or month, such as 2026-Q3.")
@form_option
@with_program
def funders_command(
    program: Program, action: str | None, code: str | None, name: str, kind: str, period: str | None, form: str
) -> None:
    """List who pays for supplies, add one, or show what one paid for.

    `outreach funders add county --name "County health" --kind local`, `outreach funders paid county --period 2026-Q3`
    """
    if action is None:
        known = funders.funders(program)
        kinds = {each.code: each for each in known.kinds}
        rows = [
            {
                "funder": each.code,
                "name": each.name,
                "kind": each.kind,
                "may_not_pay_for": "; ".join(
                    f"{', '.join((*rule.items, *rule.groups, *rule.counts_as))} from {rule.start.isoformat()}"
                    for rule in (*(kinds[each.kind].rules if each.kind else ()), *each.rules)
                ),
            }
            for each in known.funders
        ]
        show(form, ("funder", "name", "kind", "may_not_pay_for"), rows)
        return
    if code is None:
        raise Misuse(N_("Say which: outreach funders add CODE. Nothing was saved."))
    if action == "paid":
        if period is None:
            raise Misuse(N_("Say for when, such as --period 2026-Q3. Nothing was shown."))
        found = funders.paid_for(program, parse_period(period), funders.funders(program).get(code).code)
        show(form, ("item", "received", "out"), [asdict(each) for each in found])
        return
    added = funders.add_funder(program, code, name, kind)
    click.echo(f"Added {added.code}. Receive with it: outreach stock receive ITEM=QTY --funder {added.code}")
