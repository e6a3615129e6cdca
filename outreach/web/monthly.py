"""The page that is filled in once a month: totals of the whole program, typed from paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.periods import PeriodKind, latest_of, parse_month, period_of
from outreach.core.refusal import Implausible, Refusal
from outreach.services import monthly as keeping
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

monthly = staff_blueprint("monthly")
OFFERED = 13
"""This month and a year of those before it."""


@monthly.get("/monthly")
def show() -> str:
    """The month of the address; else the last whole one, which is what is at hand on paper."""
    asked = request.args.get("month")
    period = parse_month(asked) if asked else latest_of(PeriodKind.MONTH, today(), 2)[1]
    return _page(keeping.month(program(), period))


@monthly.post("/monthly")
def save() -> AnyResponse | tuple[str, int]:
    form = request.form
    found = keeping.month(program(), parse_month(form.get("month", "")))
    typed = keeping.read_typed(found, form)
    if typed.wrong:
        return _page(found, form, typed.wrong), 422
    try:
        keeping.save(program(), found, form.get("edition", ""), typed.numbers, today(), "sure" in form)
    except keeping.MonthChangedMeanwhile as refusal:
        now = keeping.month(program(), found.period)
        return _page(now, sentence=refusal_words(refusal), beside=form), 409
    except Implausible as question:
        return _page(found, form, sentence=refusal_words(question), ask=True), 422
    except Refusal as refusal:
        return _page(found, form, sentence=refusal_words(refusal)), 422
    return redirect(url_for("monthly.show", month=f"{found.period.first:%Y-%m}", saved=1), 303)


def _page(
    found: keeping.Month,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, Refusal] | None = None,
    **more: Any,
) -> str:
    offered = [*latest_of(PeriodKind.MONTH, today(), OFFERED), found.period]
    offered += [period_of(PeriodKind.MONTH, day) for day in keeping.months_kept(program())]
    return render_template(
        "staff/monthly.html",
        found=found,
        months=sorted({each.first for each in offered}, reverse=True),
        kept=keeping.months_kept(program()),
        typed={name: str(n) for name, n in found.now.items()} if typed is None else typed,
        wrong={name: refusal_words(refusal) for name, refusal in (wrong or {}).items()},
        labels={each.counter: gettext(each.name) for group in found.groups for each in group.things},
        **{"sentence": "", "ask": False, "beside": {}} | more,
    )
