"""Bringing past totals in: choose a file, say what its columns mean, look it over, save it, undo it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.past import DAY, ITEM, QUANTITY, SITE, UNDECIDED
from outreach.core.refusal import N_, Implausible, NotThere, Refusal
from outreach.core.tally import ENCOUNTERS, OTHERS
from outreach.services import past as bringing
from outreach.services import settings
from outreach.web.guard import FILE_MAX
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

past = staff_blueprint("past")
KEPT = 4


class NoFile(Refusal):
    sentence = N_("Choose a file first. Nothing was read.")


class Forgotten(NotThere):
    sentence = N_("This table is no longer at hand. Choose its file again. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Chosen:
    name: str
    table: bringing.Table


def _kept() -> OrderedDict[str, Chosen]:
    """The last few tables, in memory only: what is not saved leaves nothing behind."""
    kept: OrderedDict[str, Chosen] = current_app.extensions.setdefault("outreach-tables", OrderedDict())
    return kept


@past.get("/reports/past")
def show() -> str:
    return render_template("staff/past.html", imports=bringing.imports(program()))


@past.post("/reports/past")
def choose() -> AnyResponse:
    request.max_content_length = FILE_MAX
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile()
    table = bringing.read_table(sent.read(), sent.filename, request.form.get("sheet", ""))
    key = secrets.token_hex(8)
    kept = _kept()
    kept[key] = Chosen(sent.filename, table)
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return redirect(url_for("past.columns", table=key), 303)


def _chosen(key: str) -> Chosen:
    if key not in _kept():
        raise Forgotten()
    return _kept()[key]


@past.get("/reports/past/<table>")
def columns(table: str) -> str:
    chosen = _chosen(table)
    return _page(table, chosen, bringing.guess(program(), chosen.table))


@past.post("/reports/past/<table>")
def look_over(table: str) -> AnyResponse | str | tuple[str, int]:
    chosen, form = _chosen(table), request.form
    meanings = [form.get(f"column-{i}", UNDECIDED) for i in range(len(chosen.table.heads))]
    site = form.get("site", "")
    try:
        if form.get("do") == "save":
            bringing.bring_in(program(), chosen.table, meanings, site, today(), sure="sure" in form)
            _kept().pop(table, None)
            return redirect(url_for("past.show", saved=1), 303)
        found = bringing.look_over(program(), chosen.table, meanings, site)
    except Refusal as refusal:
        asks = isinstance(refusal, Implausible)
        return _page(table, chosen, meanings, site=site, sentence=refusal_words(refusal), asks=asks), 422
    return _page(table, chosen, meanings, site=site, found=found)


@past.post("/reports/past/undo")
def undo() -> AnyResponse:
    bringing.undo(program(), request.form.get("table", ""))
    return redirect(url_for("past.show", undone=1), 303)


def _page(key: str, chosen: Chosen, meanings: list[str], **more: Any) -> str:
    return render_template(
        "staff/past_columns.html",
        key=key,
        chosen=chosen,
        meanings=meanings,
        sites=settings.sites(program()),
        plain=(DAY, SITE, ENCOUNTERS, OTHERS, ITEM, QUANTITY),
        catalog=program().catalog,
        events=program().events.by_session,
        program_events=program().events,
        **{"site": "", "found": None, "sentence": "", "asks": False} | more,
    )
