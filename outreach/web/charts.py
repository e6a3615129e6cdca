"""The page for those who would rather look: charts with the table behind each, and the same as pages to print."""

from __future__ import annotations

from flask import Response, render_template
from markupsafe import Markup

from outreach.core.periods import Period, PeriodKind
from outreach.i18n.days import short_month_in
from outreach.services import charting, settings
from outreach.web.asked import asked_for_days, asked_period, asked_site, choices, saved
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.speech import day_in_words, month_in_words, page_language
from outreach.web.staff import staff_blueprint, today
from outreach.web.writing import reader

charts = staff_blueprint("charts")
OFFERED = {
    PeriodKind.MONTH: 13,
    PeriodKind.QUARTER: 4,
    PeriodKind.YEAR: 2,
    PeriodKind.FISCAL_JUL: 2,
    PeriodKind.FISCAL_OCT: 2,
}


def _looks() -> tuple[charting.Looks, Period]:
    """The charts for the days that the address asks for; for the last 12 months where it asks for none."""
    this_month = asked_period(f"{today():%Y-%m}")
    period = this_month if asked_for_days() else charting.year_up_to(this_month, today())
    calendar = charting.Calendar(day_in_words, month_in_words, lambda day: short_month_in(day, page_language()))
    return charting.looks(reader(), period, today(), calendar, asked_site()), period


@charts.get("/reports/charts")
def show() -> str:
    shown, period = _looks()
    return render_template(
        "staff/charts.html",
        looks=shown,
        drawn=_drawn,
        period=period,
        site=asked_site() or "",
        sites=settings.sites(program()),
        choices=choices(OFFERED),
    )


def _drawn(drawn: charting.Drawn) -> tuple[Markup, Markup]:
    """The drawing for a phone and for a laptop."""
    # Drawn by our own code with every text escaped.
    narrow, wide = (Markup(each) for each in charting.on_page(drawn, reader()))  # noqa: S704
    return narrow, wide


@charts.get("/reports/charts.pdf")
def save() -> Response:
    shown, period = _looks()
    return saved(prints().press.document(charting.on_paper(reader(), shown)), "pdf", "charts", period)
