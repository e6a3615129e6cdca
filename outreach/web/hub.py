"""A department's one page: who has reported, who is late, what waits for someone here, and what all add up to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.hub_reports import ROLES, months_before
from outreach.core.periods import parse_period
from outreach.core.refusal import N_, Refusal
from outreach.core.suppression import DEFAULT_THRESHOLD, THRESHOLDS
from outreach.services import packs, presenting
from outreach.services import reports as reporting
from outreach.services.hub_desk import Desk
from outreach.services.hub_reports import BYS, EVERY, Answer, Asked
from outreach.web.asked import saved
from outreach.web.house import program
from outreach.web.hub_door import closed_door
from outreach.web.speech import item_words, month_in_words, page_language, refusal_words, words_of

hub = Blueprint("hub", __name__, url_prefix="/hub/<tag>")
hub.before_request(closed_door)
Noted = AnyResponse | tuple[str, int]
"""What a form of the page is answered with."""
DATABASE = "HUB_DATABASE"
"""Where the app's config keeps the hub's address."""
SHOWN = 6
"""Months on the page."""
DONE = {
    "accepted": N_("Its returns count from now on."),
    "seen": N_("Marked as seen."),
    "mapped": N_("It counts as that from now on, in every month."),
    "due": N_("Saved."),
    "released": N_("Marked as published."),
}


class NothingTicked(Refusal):
    sentence = N_("Tick a return first. Nothing was changed.")


@hub.before_request
def _in_a_staff_language() -> Response | AnyResponse | None:
    if page_language().tag in program().staff_languages:
        return None
    g.language = program().source
    return redirect(url_for("hub.show"), 303) if request.method == "GET" else None


def _desk() -> Desk:
    return Desk(program(), current_app.config[DATABASE])


def _asked() -> Asked:
    """The question as the address or a form asks it; the last whole month by default."""
    told = request.values
    hidden = told.get("threshold", "")
    return Asked(
        parse_period(told.get("period") or months_before(date.today(), 1)[0]),
        told.get("by", ""),
        told.get("pack", ""),
        bool(told.get("public")),
        int(hidden) if hidden in map(str, THRESHOLDS) else DEFAULT_THRESHOLD,
        packs.typed_numbers(program(), told),
    )


def _question(asked: Asked) -> dict[str, str]:
    """The same question as an address asks it."""
    told = {"period": str(asked.period), "by": asked.by, "pack": asked.pack}
    told |= {"public": "1", "threshold": str(asked.threshold)} if asked.public else {}
    told |= {name: request.values[name] for name in asked.typed}
    return {name: value for name, value in told.items() if value}


@hub.get("/")
def show() -> str:
    """The page. What all add up to is worked out only where the address asks for it."""
    return _page()


def _page(sentence: str = "") -> str:
    desk, today = _desk(), date.today()
    asked = _asked()
    overview = desk.overview(today, SHOWN, asked.period)
    region = request.args.get("region", "")
    wanted = "" if region == "-" else region
    reporters = overview.standings.reporters
    refused: dict[str, Any] = {}
    return render_template(
        "hub/show.html",
        overview=overview,
        names={each.code: each.called for each in reporters},
        regions=sorted({each.region for each in reporters}),
        asked_region=region,
        shown=[each for each in reporters if not region or each.region == wanted],
        shared=_shared(),
        roles=ROLES,
        done=_done(),
        sentence=sentence,
        typed=request.form,
        today=today,
        asked=asked,
        question=_question(asked),
        answer=desk.answer(asked, today) if request.args.get("period") else None,
        bys=BYS,
        every=EVERY,
        packs=list(packs.packs(program(), refused).values()),
        thresholds=THRESHOLDS,
    )


def _done() -> str:
    said = DONE.get(request.args.get("done", ""))
    return presenting.Reader(program(), page_language()).say(said) if said else ""


def _shared() -> list[tuple[str, list[tuple[str, str]]]]:
    """Shared items and kits by their groups, and events, each with its words."""
    catalog = program().catalog
    found = []
    for group in catalog.groups:
        things = [(each.code, item_words(each.code).shown) for each in catalog.handed_out() if each.group == group.code]
        found.append((words_of(f"group.{group.code}", group.name).shown, things))
    found.append((gettext("Events"), [(each.code, gettext(each.name)) for each in program().events.events]))
    return [(name, things) for name, things in found if things]


@hub.get("/return/<which>")
def one(which: str) -> str:
    """A return as it came, with what a later edition changed."""
    desk = _desk()
    events = {each.code: each.name for each in program().events.events}
    return render_template("hub/one.html", one=desk.one(which), names=desk.names(), roles=ROLES, events=events)


@hub.get("/totals.<any(csv, json, xlsx, txt):form>")
def save(form: str) -> Response:
    """The answer as a file."""
    desk, asked = _desk(), _asked()
    return saved(_written(desk, desk.answer(asked, date.today()), form), form, "returns", asked.period)


def _written(desk: Desk, answer: Answer, form: str) -> bytes | str:
    if form in ("csv", "json"):
        return reporting.as_text(answer.report, form)
    reader, shown = desk.presented(page_language(), answer, answer.report)
    return presenting.as_workbook(reader, shown) if form == "xlsx" else presenting.as_lines(shown)


@hub.post("/accept")
def accept() -> Noted:
    form = request.form
    digits, code, region = (form.get(name, "").strip() for name in ("digits", "code", "region"))
    return _noted("accepted", lambda: _desk().accept(digits, code, region, bool(form.get("same"))))


@hub.post("/seen")
def see() -> Noted:
    return _noted("seen", _see)


def _see() -> None:
    if not request.form.getlist("return"):
        raise NothingTicked()
    _desk().see(request.form.getlist("return"), request.form.get("role", ""), date.today())


@hub.post("/map")
def map_item() -> Noted:
    program, item, shared = (request.form.get(name, "") for name in ("program", "item", "shared"))
    return _noted("mapped", lambda: _desk().map_item(program, item, shared))


@hub.post("/due")
def set_due() -> Noted:
    return _noted("due", lambda: _desk().set_due(request.form.get("day", "").strip()))


@hub.post("/release")
def release() -> AnyResponse:
    """Keep what a public release told, so that later ones are made safe beside it."""
    _desk().release(_asked(), date.today())
    return _back("released")


def _noted(done: str, note: Callable[[], None]) -> Noted:
    """The page again: with what was done or, where that is refused, why, and the form as it was typed."""
    try:
        note()
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return _back(done)


def _back(done: str) -> AnyResponse:
    return redirect(url_for("hub.show", done=done), 303)


hub.add_app_template_filter(lambda month: month_in_words(date.fromisoformat(f"{month}-01")), "month_words")
