"""The program's printers: a page to measure each by, what was measured, and what makes up for it."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.layouts import PAPERS, Turn, decimal_text, in_mm
from outreach.core.printers import CROSS, LINE, NAME_MAX, Printer
from outreach.core.refusal import Refusal
from outreach.services import calibrating, cards
from outreach.services import layouts as stocks
from outreach.services import printers as machines
from outreach.web import taken
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import own_rows, staff_blueprint

printers = staff_blueprint("printers")

MEASURED = ("left", "top", "across", "down", "back_left", "back_top")


@printers.get("/print/printers")
def show() -> str:
    return _page()


@printers.post("/print/printers")
def save() -> AnyResponse | tuple[str, int]:
    form = request.form
    typed = {key: form.get(key, "").strip() for key in MEASURED}
    try:
        kept = machines.set_measured(
            program(), form.get("name", "").strip(), typed, form.get("turn", ""), form.get("paper", "")
        )
    except Refusal as refusal:
        return _page(sentence=refusal_words(refusal), typed=form), 422
    return redirect(url_for("printers.show", saved=kept.name), 303)


@printers.post("/print/printers/remove")
def remove() -> AnyResponse:
    gone = machines.remove_printer(program(), request.form.get("printer", ""))
    return redirect(url_for("printers.show", taken=taken.keep(gone)), 303)


@printers.post("/print/printers/back")
def put_back() -> AnyResponse:
    machines.put_back(program(), taken.find(Printer))
    taken.forget()
    return redirect(url_for("printers.show", saved="1"), 303)


@printers.get("/print/printers/check.pdf")
def check_page() -> Response:
    asked = {key: request.args.get(key, "") for key in ("layout", "printer", "turn")}
    pdf = calibrating.calibration(
        program(), prints().press, asked["layout"], page_language(), asked["printer"], asked["turn"]
    )
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="check.pdf"'
    return answer


def _page(**more: Any) -> str:
    known, damaged = own_rows(machines.printers)
    more = {"sentence": damaged} | more
    return render_template(
        "staff/printers.html",
        printers=known.values(),
        layouts=cards.layout_list(program()),
        own_papers=own_rows(stocks.own_layouts)[0],
        papers=PAPERS,
        turns=list(Turn),
        cross=CROSS,
        line=LINE,
        name_max=NAME_MAX,
        in_mm=in_mm,
        decimal=decimal_text,
        saved=known.get(request.args.get("saved", "")),
        taken=taken.shown(Printer),
        **more,
    )
