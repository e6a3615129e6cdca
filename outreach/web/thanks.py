"""The team's own pages: what it did in a month, a poster of it, and the letter that says why no names are kept."""

from __future__ import annotations

from flask import Response, render_template, url_for

from outreach.core.periods import Period, PeriodKind
from outreach.services import packs as packing
from outreach.services import settings
from outreach.services import thanks as thanking
from outreach.web.asked import asked_period, asked_site, choices, saved
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.speech import day_in_words
from outreach.web.staff import staff_blueprint, today
from outreach.web.writing import reader

thanks = staff_blueprint("thanks")
OFFERED = {PeriodKind.MONTH: 13, PeriodKind.QUARTER: 4, PeriodKind.YEAR: 2}


def _thanked() -> tuple[tuple[thanking.Thanked, ...], Period]:
    period = asked_period(f"{today():%Y-%m}")
    return thanking.month(packing.question(program(), period, asked_site(), stock=False)), period


@thanks.get("/reports/month")
def month() -> str:
    thanked, period = _thanked()
    return render_template(
        "staff/month.html",
        thanked=thanked,
        sentence=thanking.thank_you(period, today()),
        period=period,
        site=asked_site() or "",
        sites=settings.sites(program()),
        choices=choices(OFFERED),
        today=today(),
    )


@thanks.get("/reports/month.pdf")
def poster() -> Response:
    thanked, period = _thanked()
    first, last = day_in_words(period.first), day_in_words(period.last)
    page = thanking.poster(reader(), thanked, thanking.thank_you(period, today()), first, last)
    return saved(prints().press.document(page), "pdf", "month", period)


@thanks.get("/reports/letter")
def letter() -> str:
    page = thanking.letter(reader(), day_in_words(today()))
    return render_template("staff/letter.html", blocks=page.blocks, pdf=url_for("thanks.letter_pdf"))


@thanks.get("/reports/letter.pdf")
def letter_pdf() -> Response:
    page = thanking.letter(reader(), day_in_words(today()))
    return saved(prints().press.document(page), "pdf", "letter", Period(today(), today()))
