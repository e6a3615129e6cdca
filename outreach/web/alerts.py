"""The page of supply alerts: three taps, a look at it in every language, on with it; and ending one early."""

from __future__ import annotations

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core import alerts as limits
from outreach.core.refusal import Refusal
from outreach.i18n.days import day_in
from outreach.services import alerts as service
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint, today

alerts = staff_blueprint("alerts")
AHEAD = (3, 7, 14, 30)
"""Days an alert may be chosen to show, today not counted."""


@alerts.get("/alerts")
def show() -> str:
    return _form()


def _form(sentence: str = "") -> str:
    """The form with what was chosen and typed so far, under the alerts that show now."""
    chosen = request.form
    return render_template(
        "staff/alerts.html",
        book=service.phrasebook(),
        showing=service.showing_now(program(), page_language(), today(), day_in),
        most=limits.MOST,
        days=[today() + timedelta(days=ahead) for ahead in AHEAD],
        limits=limits,
        line_languages=service.line_languages(program()),
        sentence=sentence,
        effects=chosen.getlist("effect"),
        todos=chosen.getlist("todo"),
        typed=chosen,
    )


@alerts.post("/alerts")
def make() -> AnyResponse | str | tuple[str, int]:
    """Look at it first, then show it; a refusal or a change of mind gives the form back as it was filled in."""
    if request.form.get("change"):
        return _form()
    try:
        alert = service.make(
            program(),
            request.form.getlist("effect"),
            request.form.getlist("todo"),
            request.form.get("county", ""),
            _day(request.form.get("until", "")),
            request.form.get("note", ""),
            request.form.get("language", ""),
            today(),
        )
        if request.form.get("save"):
            service.save(program(), alert, today())
            return redirect(url_for("alerts.show", saved="1"), 303)
    except Refusal as refusal:
        return _form(refusal_words(refusal)), 422
    every = [service.said(program(), alert, row, day_in) for row in program().languages.rows]
    return render_template("staff/alert_preview.html", every=every, typed=request.form)


@alerts.post("/alerts/end")
def end() -> AnyResponse:
    number = request.form.get("number", "")
    ended = service.end(program(), int(number) if number.isdecimal() else 0, today())
    again = {"effect": ended.effects, "todo": ended.todos, "until": ended.until.isoformat()}
    again |= {"county": ended.county, "note": ended.note, "language": ended.language}
    return redirect(url_for("alerts.show", saved="ended", **again), 303)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return date.min
