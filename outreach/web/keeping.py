"""How long things are kept: the legal hold, single days folded into months, and clearing the computer."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import N_, Implausible, Misuse, Refusal
from outreach.core.safety import Safety
from outreach.core.tally import parse_day
from outreach.services import clearing, folding, holds
from outreach.services.safety import safety, set_safety
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

keeping = staff_blueprint("keeping")
OFFERED = (3, 6, 12, 24, 36)
"""Months that the page offers; others can be set by a command."""


class KeepSoLong(Implausible):
    sentence = N_(
        "Sessions older than {months} whole months: {sessions}. Turned into totals, their days are gone for good; the "
        "totals of their months stay. Keep days so long?"
    )


class GoneForGood(Implausible):
    sentence = N_(
        "Sessions to turn into totals: {sessions}. Their single days are gone for good; the totals stay. Backups made "
        "before, and what a restore put aside, still hold the days. Nothing was changed yet."
    )


@keeping.get("/keep")
def show() -> str:
    return _page()


@keeping.post("/keep/hold")
def hold() -> AnyResponse | str:
    """On at once; off after two questions, each of which sends how many were answered so far."""
    if request.form.get("hold") == "on":
        holds.put_on(program())
    else:
        answered = request.form.get("answered", "0")
        try:
            holds.take_off(program(), int(answered) if answered in ("1", "2") else 0)
        except holds.EndTheHold as question:
            return _page(question=refusal_words(question), answered=question.answered + 1)
    return redirect(url_for("keeping.show"), 303)


@keeping.post("/keep/days")
def days() -> AnyResponse:
    """How long days are kept, said once the page has told what that would fold now."""
    typed = request.form.get("months", "")
    if typed and (not typed.isascii() or not typed.isdigit() or len(typed) > 3):
        raise Misuse(N_("Give a number of months, or `all`."))
    months = int(typed) if typed else None
    if months and request.form.get("sure") != "1":
        raise KeepSoLong(months=months, sessions=f"{folding.sessions_older(program(), months, today()):,}")
    set_safety(program(), keep_days_months=months)
    return redirect(url_for("keeping.show", saved=1), 303)


@keeping.post("/keep/fold")
def fold() -> AnyResponse:
    """Asks once, with how many sessions it would be."""
    before, due = folding.kept_from(program(), today()), folding.due(program(), today())
    if due and request.form.get("sure") != "1":
        raise GoneForGood(sessions=f"{sum(each.sessions for each in due.folds):,}")
    done = folding.fold(program(), before, today()) if before else folding.Plan(())
    return redirect(url_for("keeping.show", folded=done.replaced), 303)


@keeping.post("/keep/clearing")
def plan() -> AnyResponse | tuple[str, int]:
    try:
        day = parse_day(request.form["day"]) if request.form.get("day") else None
        clearing.plan(program(), day, today())
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return redirect(url_for("keeping.show", saved=1), 303)


@keeping.post("/keep/clear")
def clear() -> AnyResponse | str:
    """The first touch shows what goes, the second one clears; a third where no backup is known."""
    touched = request.form.get("touched")
    if touched is None:
        return _page(touched=True)
    gone = clearing.clear(program(), today(), sure=request.form.get("sure") == "1")
    return redirect(url_for("keeping.show", cleared=gone), 303)


def _page(sentence: str = "", **asked: Any) -> str:
    chosen, due = Safety(), None
    try:
        chosen = safety(program())
        due = folding.due(program(), today())
        outlook = clearing.outlook(program(), today())
    except Refusal as refusal:
        sentence, outlook = sentence or refusal_words(refusal), None
    months = sorted({*OFFERED, *([chosen.keep_days_months] if chosen.keep_days_months else [])})
    return render_template(
        "staff/keep.html",
        chosen=chosen,
        due=due,
        outlook=outlook,
        months=months,
        sentence=sentence,
        words=clearing,
        **asked,
    )
