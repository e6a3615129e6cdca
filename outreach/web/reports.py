"""Totals on a page, and the same rows as CSV and JSON to save."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from outreach.core.periods import Period, parse_period
from outreach.core.reports import GROUPINGS
from outreach.core.tally import parse_day
from outreach.services import reports as reporting
from outreach.services import settings
from outreach.web.house import program
from outreach.web.staff import staff_blueprint, today

reports = staff_blueprint("reports")
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _question() -> tuple[Period, tuple[str, ...], str | None]:
    """Period, groupings and site as the address asks; this month by default."""
    asked = request.args
    if asked.get("from") and asked.get("to"):
        period = Period(parse_day(asked["from"]), parse_day(asked["to"]))
    else:
        period = parse_period(asked.get("period") or f"{today():%Y-%m}")
    return period, tuple(asked.getlist("by")), asked.get("site") or None


@reports.get("/reports/totals")
def totals() -> str:
    period, by, site = _question()
    question: dict[str, Any] = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "by": list(by),
        "site": site or "",
    }
    return render_template(
        "staff/totals.html",
        totals=reporting.totals(program(), period, by, site),
        visits=reporting.visits(program(), period, by, site),
        question=question,
        groupings=list(GROUPINGS),
        sites=settings.sites(program()),
        today=today(),
    )


@reports.get("/reports/totals.<any(csv, json):form>")
def save_totals(form: str) -> Response:
    period, by, site = _question()
    report = reporting.totals(program(), period, by, site)
    body = reporting.as_text(report, form)
    answer = Response(body, content_type=_TYPES[form])
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="totals-{period.first.isoformat()}-{period.last.isoformat()}.{form}"'
    )
    return answer
