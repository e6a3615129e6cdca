"""Card pages: what and how many, the real sheet to look at, then the file."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.tally import parse_quantity
from outreach.services import cards
from outreach.web.house import prints, program
from outreach.web.speech import page_language
from outreach.web.staff import staff_blueprint

printing = staff_blueprint("printing")


@printing.get("/print")
def choose() -> str:
    return render_template(
        "staff/print.html",
        cards=cards.card_list(program(), page_language()),
        layouts=cards.layout_list(program()),
        languages=cards.card_languages(program()).rows,
        asked=request.args,
    )


@printing.post("/print")
def order() -> AnyResponse:
    card = request.form.get("card", "")
    copies = {
        (card, row.tag): parse_quantity(request.form[f"copies-{row.tag}"])
        for row in cards.card_languages(program()).rows
        if request.form.get(f"copies-{row.tag}", "").strip()
    }
    wanted = cards.order(
        program(),
        {asked: n for asked, n in copies.items() if n},
        layout=request.form.get("layout", ""),
        skip=parse_quantity(request.form.get("skip") or "0"),
    )
    number = prints().keep(cards.print_order(program(), prints().press, wanted), wanted)
    return redirect(url_for("printing.sheet", number=number), 303)


@printing.get("/print/<number>")
def sheet(number: str) -> str:
    kept = prints().find(number) or abort(404)
    return render_template("staff/printed.html", kept=number, printed=kept.printed, order=kept.order)


@printing.get("/print/<number>/<any(front, back):side>.png")
def preview(number: str, side: str) -> Response:
    kept = prints().find(number) or abort(404)
    return Response(kept.printed.preview_png[side], mimetype="image/png")


@printing.get("/print/<number>/cards.pdf")
def pdf(number: str) -> Response:
    kept = prints().find(number) or abort(404)
    answer = Response(kept.printed.pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="cards.pdf"'
    return answer
