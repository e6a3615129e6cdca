"""Reports in a terminal or a file: totals and visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import click

from outreach.cli.asking import WIDTH, cells, form_option, show, table, with_program
from outreach.core.packs import Pack
from outreach.core.periods import Period, parse_period
from outreach.core.refusal import N_, Misuse
from outreach.core.reports import Report
from outreach.core.tally import parse_day
from outreach.services import packs, presenting, releases, reports
from outreach.services.cards import new_press
from outreach.services.files import write_whole
from outreach.services.program import Program

_OPTIONS = (
    click.argument("name", default="totals"),
    click.option("--from", "first", metavar="DAY", help="The first day, such as 2026-07-01."),
    click.option("--to", "last", metavar="DAY", help="The last day."),
    click.option("--period", metavar="P", help="A year, quarter or month: 2026, 2026-Q3, 2026-07."),
    click.option("--site", metavar="CODE", help="Only this site."),
    click.option("--by", multiple=True, metavar="GROUP", help="site, month or day; may be given more than once."),
    click.option("--pack", metavar="P", help="A funder's lines in its own words; `outreach packs` lists them."),
    click.option("--funder", default="", metavar="CODE", help="With --pack: only what this funder's money paid for."),
    click.option("--typed", multiple=True, metavar="NAME=N", help="A number that a line needs, such as pwid=1200."),
    click.option(
        "--format", "form", type=click.Choice(["text", "csv", "json", "xlsx", "pdf"]), default="text", show_default=True
    ),
    click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a file."),
)


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what `show_report` is asked with."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("report")
@report_options
@with_program
def report_command(program: Program, **asked: Any) -> None:
    """What was handed out (totals) or how often (visits): `outreach report totals --period 2026-Q3 --by site`.

    With --pack, a funder's own lines: `outreach report --pack utah-quarterly --period 2026-Q3`.
    """
    show_report(program, **asked)


def show_report(
    program: Program,
    *,
    name: str,
    first: str | None,
    last: str | None,
    period: str | None,
    site: str | None,
    by: tuple[str, ...],
    pack: str | None,
    funder: str,
    typed: tuple[str, ...],
    form: str,
    output: Path | None,
) -> None:
    """Print a report of the program's ledger, wherever that is, or write it into a file."""
    span = asked_period(first, last, period)
    found = packs.find_pack(program, pack) if pack else None
    if found:
        about = releases.About(span, site or "", typed_numbers(program, typed), funder)
        report = releases.report_of(program, found, about, date.today())
    else:
        report = reports.report(program, name, span, by, site)
    if form in ("xlsx", "pdf"):
        _write_page(program, report, form, output, found)
        return
    if form == "text":
        columns = [each for each in report.columns if any(row.get(each) not in (None, "") for row in report.rows)]
        words = (
            f"{report.name}, {report.period}\n\n{in_blocks(columns, report.rows, by)}"
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


def in_blocks(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> str:
    """A table; where it is wider than a terminal one for each site, month or day, which then stands above it.

    Numbers are never folded, and what is the same in every row of a block need not stand in each of them.
    """
    whole = table(columns, rows)
    first = next((name for name in columns if name in by), None)
    if first is None or max(map(cells, whole.splitlines())) <= WIDTH:
        return whole
    left = [name for name in columns if name != first]
    blocks = ((value, list(same)) for value, same in groupby(rows, key=itemgetter(first)))
    return "\n\n".join(f"{first}: {value}\n\n{in_blocks(left, same, by)}" for value, same in blocks)


def typed_numbers(program: Program, given: tuple[str, ...]) -> dict[str, int | Fraction]:
    """Numbers given as NAME=N; refuses a name that no line asks for."""
    told = dict(each.partition("=")[::2] for each in given)
    known = [each.id for each in packs.indicators(program).typed]
    for name in told:
        if name not in known:
            raise Misuse(
                N_("There is no number called {name} to type. Names: {known}."), name=name, known=", ".join(known)
            )
    return packs.typed_numbers(program, told)


def _write_page(program: Program, report: Report, form: str, output: Path | None, pack: Pack | None) -> None:
    """A workbook or pages to print, in English; these go into a file only."""
    if output is None:
        raise Misuse(N_("Say where to write it: -o FILE."))
    reader = presenting.Reader(program, program.source)
    notes = presenting.pack_notes(reader, pack, packs.indicators(program), report.period, date.today()) if pack else ()
    shown = presenting.presented(reader, report, pack.title if pack else report.name.capitalize(), notes)
    if form == "xlsx":
        write_whole(output, presenting.as_workbook(reader, shown))
    else:
        with new_press() as press:
            write_whole(output, press.document(presenting.as_document(reader, shown, date.today())))
    click.echo(f"Wrote {output}. This file can be read by anyone who has it.")


@click.command("packs")
@form_option
@with_program
def packs_command(program: Program, form: str) -> None:
    """Funders' packs: reports in their own words, shipped and of your own."""
    rows = [
        {"pack": each.id, "title": each.title, "period": each.period.value, "release": each.release.value}
        for each in packs.packs(program).values()
    ]
    show(form, ("pack", "period", "release", *(["title"] if form == "json" else [])), rows)


def asked_period(first: str | None, last: str | None, period: str | None) -> Period:
    """The days asked for, by a name or by both ends."""
    if period and (first or last):
        raise Misuse(N_("Give --period, or --from and --to, not both."))
    if period:
        return parse_period(period)
    if not (first and last):
        raise Misuse(N_("Say which days: --period 2026-Q3, or --from 2026-07-01 --to 2026-09-30."))
    return Period(parse_day(first), parse_day(last))
