"""Who checked the law of which state: what is held for it, a form for who and when, and the way back to its card."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.law_checks import BY_MAX
from outreach.core.refusal import Refusal
from outreach.core.tally import parse_day
from outreach.i18n.days import as_of_in
from outreach.services import law_checks, laws
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint, today

law = staff_blueprint("law")


@law.get("/law")
def states() -> str:
    every = laws.states(program())
    return render_template(
        "staff/laws.html",
        asks=laws.asks(program(), page_language().tag),
        entered=law_checks.listed(program(), today()),
        whole=[each for each in every if not laws.not_looked_up(each.code)],
        open_ended=[each for each in every if laws.not_looked_up(each.code)],
    )


@law.get("/law/<state>")
def show(state: str) -> str:
    return _page(state)


def _page(state: str, sentence: str = "") -> str:
    said = laws.said_law(program(), state, page_language().tag, as_of_in)
    return render_template(
        "staff/law.html",
        law=said,
        asks=laws.asks(program(), page_language().tag),
        missing=laws.not_looked_up(said.state),
        found=law_checks.standing(program(), said.state, today()),
        today=today(),
        by_max=BY_MAX,
        sentence=sentence,
        typed=request.form,
    )


@law.post("/law/<state>")
def enter(state: str) -> AnyResponse | tuple[str, int]:
    """Keep who checked it; when refused, the page with the sentence and everything that was typed."""
    try:
        day = parse_day(request.form.get("day", "").strip() or "-")
        found = law_checks.enter(program(), state, request.form.get("by", ""), day, today())
    except Refusal as refusal:
        return _page(state, refusal_words(refusal)), 422
    return redirect(url_for("law.show", state=found.state, saved="1"), 303)
