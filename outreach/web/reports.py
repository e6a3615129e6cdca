"""Totals on a page, and the same rows as files to save."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from outreach.core.periods import Period
from outreach.core.refusal import N_
from outreach.core.reports import GROUPINGS
from outreach.services import reports as reporting
from outreach.services import settings
from outreach.web.asked import asked_period, asked_site, saved
from outreach.web.house import program
from outreach.web.staff import staff_blueprint, today
from outreach.web.writing import reader, written

reports = staff_blueprint("reports")


def _question() -> tuple[Period, tuple[str, ...], str | None]:
    """Period, groupings and site as the address asks; this month by default."""
    return asked_period(f"{today():%Y-%m}"), tuple(request.args.getlist("by")), asked_site()


@reports.get("/reports/totals")
def totals() -> str:
    period, by, site = _question()
    question: dict[str, Any] = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "by": list(by),
        "site": site or "",
    }
    found = reporting.totals(program(), period, by, site)
    by_people = [row for row in found.rows if row["movement"] in ("given", "returned")]
    # What only went from one site to another is nothing for all of them together.
    stirred = [row for row in found.rows if row["movement"] != "moved" or row["loose"] or row["in_kits"]]
    return render_template(
        "staff/totals.html",
        how=reporting.HOW_TOTALS,
        totals=found,
        by_people=by_people,
        on_shelves=[row for row in stirred if row not in by_people],
        visits=reporting.visits(program(), period, by, site),
        question=question,
        groupings=list(GROUPINGS),
        sites=settings.sites(program()),
        today=today(),
    )


@reports.get("/reports/totals.<any(csv, json, xlsx, pdf, txt):form>")
def save_totals(form: str) -> Response:
    period, by, site = _question()
    report = reporting.totals(program(), period, by, site)
    say = reader().say
    notes = tuple(map(say, reporting.HOW_TOTALS))
    return saved(written(report, form, say(N_("Totals")), notes), form, "totals", period)
