"""Reports in a terminal or a file: totals and visits."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.asking import table, with_program
from outreach.core.periods import Period, parse_period
from outreach.core.refusal import N_, Misuse
from outreach.core.tally import parse_day
from outreach.services import reports
from outreach.services.files import write_whole
from outreach.services.program import Program


@click.command("report")
@click.argument("name", default="totals")
@click.option("--from", "first", metavar="DAY", help="The first day, such as 2026-07-01.")
@click.option("--to", "last", metavar="DAY", help="The last day.")
@click.option("--period", metavar="P", help="A year, quarter or month: 2026, 2026-Q3, 2026-07.")
@click.option("--site", metavar="CODE", help="Only this site.")
@click.option("--by", multiple=True, metavar="GROUP", help="site, month or day; may be given more than once.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a file.")
@with_program
def report_command(
    program: Program,
    name: str,
    first: str | None,
    last: str | None,
    period: str | None,
    site: str | None,
    by: tuple[str, ...],
    form: str,
    output: Path | None,
) -> None:
    """What was handed out (totals) or how often (visits): `outreach report totals --period 2026-Q3 --by site`."""
    report = reports.report(program, name, _period(first, last, period), by, site)
    if form == "text":
        columns = [each for each in report.columns if any(row.get(each) not in (None, "") for row in report.rows)]
        words = (
            f"{report.name}, {report.period}\n\n{table(columns, report.rows)}"
            if report.rows
            else (f"{report.name}, {report.period}: nothing was counted in these days.")
        )
    else:
        words = reports.as_text(report, form)
    if output is None:
        click.echo(words, nl=not words.endswith("\n"))
    else:
        write_whole(output, words.encode("utf-8"))
        click.echo(f"Wrote {output}. This file can be read by anyone who has it.")


def _period(first: str | None, last: str | None, period: str | None) -> Period:
    if period and (first or last):
        raise Misuse(N_("Give --period, or --from and --to, not both."))
    if period:
        return parse_period(period)
    if not (first and last):
        raise Misuse(N_("Say which days: --period 2026-Q3, or --from 2026-07-01 --to 2026-09-30."))
    return Period(parse_day(first), parse_day(last))
