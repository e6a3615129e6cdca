"""Returned syringes that nobody counts: the page on the program's own weighing, and what a weight tells a sheet."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import N_, Misuse, Refusal
from outreach.core.returns import CONTAINER, HOW_MANY, TOLD, WEIGHED, WEIGHINGS, Container, Scales
from outreach.core.tally import event_counter, parse_day, parse_quantity
from outreach.services import weighing as scales
from outreach.web import taken
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

weighing = staff_blueprint("weighing")


@weighing.get("/weighing")
def show() -> str:
    return _page()


@weighing.post("/weighing")
def save() -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        if "container" in form:
            scales.set_container(program(), form["container"], form.get("fewest", ""), form.get("most", ""))
        else:
            hundreds = tuple(form.get(f"hundred-{n}", "") for n in range(1, WEIGHINGS + 1))
            scales.set_weighing(program(), form.get("tare", ""), hundreds, parse_day(form.get("day", "")), today())
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return redirect(url_for("weighing.show", saved=1), 303)


@weighing.post("/weighing/remove")
def remove() -> AnyResponse:
    gone = scales.remove_container(program(), request.form.get("container", ""))
    return redirect(url_for("weighing.show", taken=taken.keep(gone)), 303)


@weighing.post("/weighing/back")
def put_back() -> AnyResponse:
    scales.put_back(program(), taken.find(Container))
    taken.forget()
    return redirect(url_for("weighing.show", saved="1"), 303)


@weighing.post("/weighing/estimate")
def estimate() -> dict[str, Any]:
    """What a weight, full containers or a visitor's word add to a sheet: counters with how many, and the range."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise Misuse(N_("This could not be read. Nothing was counted. Load the page again."))
    if body.get("way") == "told":
        n = parse_quantity(body.get("number", ""))
        return {"low": n, "middle": n, "high": n, "counters": {event_counter(TOLD): n}}
    if body.get("way") == "weighed":
        found, event = scales.by_weight(program(), body.get("number", "")), WEIGHED
    else:
        found, event = scales.by_container(program(), body.get("container", ""), body.get("number", "")), CONTAINER
    counters = {event_counter(each): n for each, n in found.events(event).items()}
    return {"low": found.low, "middle": found.middle, "high": found.high, "counters": counters}


def _page(sentence: str = "") -> str:
    try:
        known = scales.scales(program())
    except Refusal as refusal:
        known, sentence = Scales(), sentence or refusal_words(refusal)
    return render_template(
        "staff/weighing.html",
        known=known,
        sentence=sentence,
        taken=taken.shown(Container),
        typed=request.form,
        how_many=HOW_MANY,
        weighings=WEIGHINGS,
        today=today(),
    )
