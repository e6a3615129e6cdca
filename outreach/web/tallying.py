"""The page on what the program counts: things carried, their order, and the events beside them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import Refusal
from outreach.core.tallying import Standing, Tallying
from outreach.services import tallying as counted
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint

tallying = staff_blueprint("tallying")


@tallying.get("/counted")
def show() -> str:
    return _page()


@tallying.post("/counted")
def save() -> AnyResponse | tuple[str, int]:
    form = request.form
    standing = {key.removeprefix("thing-"): word for key, word in form.items() if key.startswith("thing-")}
    up = form.get("up", "")
    try:
        events, monthly = set(form.getlist("event")), set(form.getlist("monthly"))
        counted.choose(program(), form.get("edition", ""), standing, events, monthly, up)
    except counted.ChosenMeanwhile as refusal:
        return _page(sentence=refusal_words(refusal)), 409
    except Refusal as refusal:
        return _page(sentence=refusal_words(refusal)), 422
    # After a move the page stands where the thing went, so the next press is under the same finger.
    return redirect(url_for("tallying.show", saved=1, _anchor=up.replace(":", "-") or None), 303)


def _page(**more: Any) -> str:
    try:
        chosen, damaged = counted.choices(program()), ""
    except Refusal as refusal:
        chosen, damaged = Tallying(), refusal_words(refusal)
    return render_template(
        "staff/counted.html",
        chosen=chosen,
        groups=chosen.in_order(program().catalog),
        events=counted.all_events(program()),
        monthly=program().events.by_month,
        standings=list(Standing),
        edition=counted.edition(program()),
        **{"sentence": damaged} | more,
    )
