"""Setting up on the first evening: one thing a page, each saved by itself, each may be left out."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import Refusal
from outreach.core.sheets import ServiceModel
from outreach.services import cards, settings, setup, tallying
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint

setting_up = staff_blueprint("setting_up")

ROWS = 3
"""Sites that one page takes; a button brings the next three."""


@setting_up.get("/setup")
def show() -> str:
    """What is set and what is as it ships; the end of the steps and the way back to any of them."""
    said = settings.all_settings(program())
    carried = [row for row in program().languages.rows if row.tag in program().setup.languages]
    return render_template(
        "staff/setup.html",
        steps=setup.STEPS,
        untouched=setup.untouched(program()),
        name=said["program-name"],
        phone=said["program-phone"],
        sites=settings.sites(program()),
        languages=carried,
        left_out=sum(not is_carried for _, _, things in setup.carried(program()) for _, is_carried in things),
        layout=program().layouts.get(program().setup.layout),
    )


@setting_up.post("/setup")
def be_done() -> AnyResponse:
    """The offer on the first page goes for good: put off there, or the last step was read."""
    setup.be_done(program())
    return redirect(url_for("setting_up.show" if "last" in request.form else "desk.home"), 303)


@setting_up.get("/setup/<step>")
def ask(step: str) -> str:
    return _page(_known(step))


@setting_up.post("/setup/<step>")
def save(step: str) -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        more = _SAVE[_known(step)]()
    except tallying.ChosenMeanwhile as refusal:
        return _page(step, sentence=refusal_words(refusal)), 409
    except Refusal as refusal:
        return _page(step, sentence=refusal_words(refusal), typed=form), 422
    stays = "more" in form or "up" in form
    to = step if stays else _beside(step, 1)
    if not to:
        return redirect(url_for("setting_up.show"), 303)
    anchor = f"language-{form['up']}" if "up" in form else None
    return redirect(url_for("setting_up.ask", step=to, saved=1, **more, _anchor=anchor), 303)


def _name() -> dict[str, Any]:
    keys = ("program-name", "program-phone")
    settings.change(program(), {key: request.form[key] for key in keys if key in request.form})
    return {}


def _sites() -> dict[str, Any]:
    rows = zip(request.form.getlist("name"), request.form.getlist("model"), strict=False)
    return {"added": [site.code for site in setup.add_sites(program(), rows)]}


def _languages() -> dict[str, Any]:
    setup.choose_languages(program(), request.form.getlist("language"), request.form.get("up", ""))
    return {}


def _supplies() -> dict[str, Any]:
    setup.hand_out(program(), request.form.get("edition", ""), set(request.form.getlist("thing")))
    return {}


def _paper() -> dict[str, Any]:
    setup.choose_layout(program(), request.form.get("layout", ""))
    return {}


_SAVE = {"name": _name, "sites": _sites, "languages": _languages, "supplies": _supplies, "paper": _paper}


def _known(step: str) -> str:
    if step not in setup.STEPS or (request.method == "POST" and step not in _SAVE):
        abort(404)
    return step


def _beside(step: str, by: int) -> str:
    """The step before or after; empty at both ends."""
    at = setup.STEPS.index(step) + by
    return setup.STEPS[at] if 0 <= at < len(setup.STEPS) else ""


def _page(step: str, **more: Any) -> str:
    sites = settings.sites(program())
    added = [site for site in sites if site.code in request.args.getlist("added")]
    return render_template(
        "staff/setup_step.html",
        step=step,
        at=setup.STEPS.index(step) + 1,
        of=len(setup.STEPS),
        before=_beside(step, -1),
        after=_beside(step, 1),
        settings=settings.all_settings(program()),
        sites=sites,
        added=added,
        rows=ROWS,
        models=list(ServiceModel),
        languages=program().languages.rows,
        first=program().setup.languages,
        groups=setup.carried(program()),
        edition=tallying.edition(program()),
        papers=_papers() if step == "paper" else {},
        layout=program().setup.layout,
        **{"sentence": "", "typed": None} | more,
    )


def _papers() -> dict[bool, list[Any]]:
    """The layouts that some card is made for: plain paper, and label stock."""
    fits = {each for card in program().cards for each in cards.card_layouts(program(), card)}
    there = [each for each in cards.layout_list(program()) if each.id in fits]
    return {plain: [each for each in there if each.die_cut is not plain] for plain in (True, False)}
