"""Label stock of the program's own: six numbers typed, a drawing to look at, then kept."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.layouts import PAPERS, Layout, in_mm
from outreach.core.refusal import Refusal
from outreach.core.tally import parse_quantity
from outreach.services import layouts as stock
from outreach.web import taken
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import own_rows, staff_blueprint

layouts = staff_blueprint("layouts")


@layouts.get("/print/stock")
def show() -> str:
    return _page()


@layouts.post("/print/stock")
def measure() -> AnyResponse | str | tuple[str, int]:
    """Look at what was typed; keep it when asked to, once it was looked at."""
    try:
        made = _typed()
        if "save" in request.form:
            stock.save(program(), made)
            return redirect(url_for("layouts.show", saved=made.id), 303)
    except Refusal as refusal:
        return _page(sentence=refusal_words(refusal), typed=request.form), 422
    return _page(made=made, typed=request.form)


@layouts.post("/print/stock/remove")
def remove() -> AnyResponse:
    gone = stock.remove(program(), request.form.get("layout", ""))
    return redirect(url_for("layouts.show", taken=taken.keep(gone)), 303)


@layouts.post("/print/stock/back")
def put_back() -> AnyResponse:
    stock.put_back(program(), taken.find(Layout))
    taken.forget()
    return redirect(url_for("layouts.show", saved="1"), 303)


def _page(**more: Any) -> str:
    own, damaged = own_rows(stock.own_layouts)
    more = {"own": own.values(), "sentence": damaged, "taken": taken.shown(Layout)} | more
    return render_template("staff/layouts.html", papers=PAPERS, most=stock.NAME_MAX, in_mm=in_mm, **more)


def _typed() -> Layout:
    """The layout that the form describes; its lengths are in the unit chosen."""
    form = request.form
    unit = "mm" if form.get("unit") == "mm" else "in"

    def pair(first: str, second: str) -> tuple[str, str]:
        one, two = (form.get(key, "").strip().replace(",", ".") for key in (first, second))
        return one and one + unit, two and two + unit

    return stock.measured(
        program(),
        form.get("name", ""),
        form.get("paper", ""),
        parse_quantity(form.get("columns", "")),
        parse_quantity(form.get("rows", "")),
        pair("width", "height"),
        pair("left", "top"),
        pair("across", "down"),
        die_cut="plain" not in form,
    )
