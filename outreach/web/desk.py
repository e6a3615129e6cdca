"""The staff's first page, and the settings: sites, the program's name and phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import Refusal
from outreach.core.sheets import ServiceModel
from outreach.services import guidance, lineup, settings, setup, shelves, tally
from outreach.services.reminders import ASKS, GONE, SAID, WAIT, reminders
from outreach.web.house import program
from outreach.web.mending import field_of
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint, today

desk = staff_blueprint("desk")
SITE_FIELDS: dict[type[Refusal], str] = {
    settings.NotASiteName: "name",
    settings.NameOfAnother: "name",
    settings.UnknownModel: "model",
}
"""Which field of a new site a refusal is about; the others are about its code."""


@desk.get("/")
def home() -> str:
    counted: dict[str, Any] = {"open_sheets": [], "naloxone": None, "sites": [], "together": False, "offered": False}
    try:
        counted = {
            "open_sheets": tally.open_sheets(program()),
            "naloxone": shelves.naloxone_soon_over(program(), today()),
            "sites": settings.sites(program()),
            "together": not lineup.is_alone(program()),
            "offered": setup.is_offered(program()),
        }
    except Refusal:
        # Guide and cards work on when the counts are damaged, and this is the way to them.
        if program().trouble is None:
            raise
    return render_template(
        "staff/home.html",
        languages=program().staff_languages.rows,
        **counted,
        today=today(),
        reminders=_reminders(),
        staff_topics=guidance.staff_topics(program(), page_language().tag),
    )


_PAGES = {ASKS: "laptops.show", WAIT: "exchange.show", GONE: "exchange.show"}


def _reminders() -> list[tuple[str, str]]:
    """What is to be done, each with the part of its page; what is damaged there stops no shift."""
    try:
        return [
            (gettext(SAID[each]), url_for(_PAGES.get(each, "keeping.show"), _anchor=each))
            for each in reminders(program(), today())
        ]
    except Refusal as refusal:
        return [(refusal_words(refusal), url_for("keeping.show"))]


@desk.get("/settings")
def show_settings() -> str:
    return _settings({}, {})


def _settings(typed: Mapping[str, str], wrong: Mapping[str, Refusal]) -> str:
    """The page, with what was typed of a site that could not be added, and why beside the field it is about."""
    return render_template(
        "staff/settings.html",
        settings=settings.all_settings(program()),
        sites=settings.sites(program()),
        models=list(ServiceModel),
        typed=typed,
        wrong={name: refusal_words(each) for name, each in wrong.items()},
    )


@desk.post("/settings")
def save_settings() -> AnyResponse:
    changes = {key: request.form[key] for key in settings.ON_PAGE if key in request.form}
    settings.change(program(), changes)
    return redirect(url_for("desk.show_settings", saved="settings"), 303)


@desk.post("/sites")
def add_site() -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        settings.add_site(program(), form.get("code", ""), form.get("name", ""), form.get("model", "street"))
    except Refusal as refusal:
        at = field_of(refusal, SITE_FIELDS, "code")
        return _settings(form, {at: refusal}), 422
    return redirect(url_for("desk.show_settings", saved="site"), 303)


@desk.post("/sites/<code>/name")
def rename_site(code: str) -> AnyResponse:
    settings.rename_site(program(), code, request.form.get("name", ""))
    if request.form.get("step"):
        return redirect(url_for("setting_up.ask", step="sites", saved=1), 303)
    return redirect(url_for("desk.show_settings", saved="settings"), 303)
