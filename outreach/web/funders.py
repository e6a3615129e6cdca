"""The page on who pays for supplies, and what their money may not buy."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.funders import Funders
from outreach.core.periods import parse_period
from outreach.core.refusal import Refusal
from outreach.services import funders as paying
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

funders = staff_blueprint("funders")


@funders.get("/funders")
def show() -> str:
    return _page()


@funders.post("/funders")
def add() -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        added = paying.add_funder(program(), form.get("code", ""), form.get("name", ""), form.get("kind", ""))
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return redirect(url_for("funders.show", saved=added.code), 303)


@funders.get("/funders/<code>")
def paid(code: str) -> str:
    """What a funder's money paid for in a period, kits taken apart."""
    asked = request.args.get("period") or f"{today():%Y-%m}"
    period = parse_period(asked)
    funder = paying.funders(program()).get(code)
    return render_template(
        "staff/funder.html",
        funder=funder,
        rows=paying.paid_for(program(), period, code),
        period=period,
        asked=asked,
        today=today(),
    )


def _page(sentence: str = "") -> str:
    try:
        known = paying.funders(program())
    except Refusal as refusal:
        known, sentence = Funders(), sentence or refusal_words(refusal)
    return render_template(
        "staff/funders.html",
        known=known,
        kinds={each.code: each for each in known.kinds},
        sentence=sentence,
        typed=request.form,
    )
