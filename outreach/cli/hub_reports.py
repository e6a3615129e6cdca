"""What all programs of a department add up to, in a terminal or a file: `outreach hub report --state`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from outreach.cli.asking import table
from outreach.cli.reports import asked_period, typed_numbers
from outreach.core.refusal import N_, Misuse
from outreach.core.suppression import DEFAULT_THRESHOLD, THRESHOLDS
from outreach.services import presenting, reports
from outreach.services.files import write_whole
from outreach.services.hub_desk import Desk
from outreach.services.hub_reports import Answer, Asked
from outreach.services.program import Program

STANDING, TOTALS, VISITS = "standing", "totals", "visits"
_OPTIONS = (
    click.option("--state", is_flag=True, help="Of all programs' returns, as the department's role."),
    click.option("--public", is_flag=True, help="With --state: few people or reversals hidden."),
    click.option(
        "--threshold",
        type=click.Choice([str(each) for each in THRESHOLDS]),
        default=str(DEFAULT_THRESHOLD),
        show_default=True,
        help="With --public: hide counts of people below this.",
    ),
    click.option("--published", is_flag=True, help="With --public: keep what was told, for later ones."),
)


def state_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what `show_state` is asked with beside a report's own options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def show_state(
    program: Program,
    database: str,
    *,
    public: bool,
    threshold: str,
    published: bool,
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
    """Print a report over all programs' returns, or write it into a file."""
    if site or funder or form == "pdf" or len(by) > 1 or name not in (STANDING, TOTALS, VISITS):
        raise Misuse(N_("A state report takes standing, totals or visits, one --by, and no --site, --funder or PDF."))
    if published and not public:
        raise Misuse(N_("Only what is for the public can be kept as published: give --public, too."))
    desk, today = Desk(program, database), date.today()
    if name == STANDING:
        _show_standing(desk, today)
        return
    span = asked_period(first, last, period)
    asked = Asked(span, by[0] if by else "", pack or "", public, int(threshold), typed_numbers(program, typed))
    answer = desk.release(asked, today) if published else desk.answer(asked, today)
    report = answer.visits if name == VISITS else answer.report
    if form == "xlsx":
        if output is None:
            raise Misuse(N_("Say where to write it: -o FILE."))
        _wrote(output, presenting.as_workbook(*desk.presented(program.source, answer, report)))
        return
    words = reports.as_text(report, form) if form != "text" else _as_table(answer, report)
    if output is None:
        click.echo(words, nl=not words.endswith("\n"))
    else:
        _wrote(output, words.encode("utf-8"))
    if published:
        click.echo("Kept as published. Later releases are made safe beside it.", err=True)


def _as_table(answer: Answer, report: Any) -> str:
    if not report.rows:
        return f"{report.name}, {report.period}: no return that counts holds anything of these months."
    kept = [each for each in report.columns if any(row.get(each) not in (None, "") for row in report.rows)]
    missing = f"\n\nReturns not here yet: {answer.missing:,}." if answer.missing else ""
    return f"{report.name}, {report.period}\n\n{table(kept, report.rows)}{missing}"


def _wrote(output: Path, content: bytes) -> None:
    write_whole(output, content)
    click.echo(f"Wrote {output}. This file can be read by anyone who has it.")


def _show_standing(desk: Desk, today: date) -> None:
    """Who has reported and who is late, of the last six months."""
    overview = desk.overview(today, 6)
    months = overview.standings.months
    rows = [
        {"program": each.code, "region": each.region}
        | {month: _cell(overview.standings.cells[each.code, month]) for month in months}
        for each in overview.standings.reporters
    ]
    click.echo(table(("program", "region", *months), rows))
    for waiting in overview.waiting:
        click.echo(f"Waits for a yes: {waiting.name or waiting.id}, digits {waiting.digits}.")
    for apart in overview.unmapped:
        click.echo(f"No shared item is named for {apart.item} of {apart.program}: {apart.quantity:,}.")


def _cell(cell: Any) -> str:
    if cell.received is None:
        return {"late": "late", "open": "not due", "not-expected": "-"}.get(cell.state.value, "")
    said = f"edition {cell.received.edition}" if cell.received.edition > 1 else "here"
    return said if cell.received.seen else f"{said}, not seen"
