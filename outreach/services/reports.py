"""Questions over this program's ledger, answered as rows, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

from outreach.core import reports as core
from outreach.core.counted import Counted, spans
from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import LineSum, Report, UnknownReport
from outreach.services.program import Program

HOW_TOTALS = (
    N_("Loose went out by itself. In kits went out inside a kit, by what the kit held on that day. The total is both."),
    N_("Kits have lines of their own. Do not add kits and supplies together."),
    N_("Needles and syringes have lines of their own and are never added together."),
    N_("Not reported means that nobody counted. It is not 0."),
    N_("Visits are not people. The same person can come more than once."),
    N_("Only closed sheets are in the totals."),
)
"""How totals are counted, said under them on every page and in every file with words."""


class UnknownForm(Refusal):
    sentence = N_("A report cannot be written as {form}. Use {known}.")


def counted(program: Program, period: Period, site: str | None = None, grain: str = "month") -> Counted:
    """What the ledger holds of a period, summed by site and by "day", "month" or "all" days with the same recipes."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return Counted(period, program.catalog)
    at = _known(program, site)
    return Counted(
        period,
        program.catalog,
        lines=_lines(program, period, at, grain),
        visits=ledger.sums.visits(period, at, grain),
        events=ledger.sums.events(period, at, grain),
    )


def _lines(program: Program, period: Period, site: str | None, grain: str) -> tuple[LineSum, ...]:
    """Recipes change on a day: what is summed over days is summed up to that day and from it on."""
    ledger = program.ledger_if_any()
    pieces = spans(period, program.catalog) if ledger else ()
    return tuple(each for span in pieces for each in ledger.sums.lines(span, site, grain)) if ledger else ()


def counted_since(program: Program, period: Period) -> date | None:
    """The first day of the ledger where it lies in the period: the report is then not of the whole of it."""
    ledger = program.ledger_if_any()
    first = ledger.sums.first_day() if ledger else None
    return first if first and period.first < first <= period.last else None


def _grain(by: tuple[str, ...]) -> str:
    """How finely to sum for these groupings."""
    return next((grain for grain in ("day", "month") if grain in by), "all")


def totals(program: Program, period: Period, by: tuple[str, ...] = (), site: str | None = None) -> Report:
    """Totals by item, movement and grouping; no rows where nothing was counted."""
    lines = _lines(program, period, _known(program, site), _grain(by))
    return core.totals(lines, program.catalog, period, by)


def visits(program: Program, period: Period, by: tuple[str, ...] = (), site: str | None = None) -> Report:
    """Sessions, visits, others supplied for and hours."""
    ledger, at = program.ledger_if_any(), _known(program, site)
    return core.visits(ledger.sums.visits(period, at, _grain(by)) if ledger else (), period, by)


def _known(program: Program, site: str | None) -> str | None:
    return program.ledger().sites.get(site).code if site else None


REPORTS: dict[str, Callable[[Program, Period, tuple[str, ...], str | None], Report]] = {
    "totals": totals,
    "visits": visits,
}


def report(program: Program, name: str, period: Period, by: tuple[str, ...], site: str | None) -> Report:
    """The report of that name; refuses with the list."""
    if name not in REPORTS:
        raise UnknownReport(name=name, known=", ".join(REPORTS))
    return REPORTS[name](program, period, by, site)


def as_text(report: Report, form: str) -> str:
    """The report as `csv` (UTF-8 with a mark, so that spreadsheets read it) or `json` (stable keys)."""
    if form == "json":
        body = {
            "report": report.name,
            "period": {"from": report.period.first.isoformat(), "to": report.period.last.isoformat()},
            "columns": list(report.columns),
            "rows": list(report.rows),
        }
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    if form != "csv":
        raise UnknownForm(form=form, known="csv, json")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(report.columns)
    for row in report.rows:
        writer.writerow([_cell(row[name]) for name in report.columns])
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    """A spreadsheet runs a text that starts like a formula; a leading apostrophe makes it text again."""
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"):
        return "'" + value
    return "" if value is None else value
