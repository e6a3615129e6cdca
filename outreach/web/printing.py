"""Card pages: what and how many, the wait, the real sheet to look at, then the file."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.cards import FORM_NAMES
from outreach.core.law_checks import LawNotPrinted
from outreach.core.layouts import Turn
from outreach.core.refusal import Refusal
from outreach.core.tally import parse_quantity
from outreach.services import cards, printed_stock, settings
from outreach.services import layouts as papers
from outreach.services import printers as machines
from outreach.services.designs.coding import NothingToSay
from outreach.services.designs.contact import NoContact
from outreach.services.designs.counsel import ParticipationOff
from outreach.services.print_work import PrintWork
from outreach.web import order_form
from outreach.web.house import program
from outreach.web.mending import field_of, mended_at
from outreach.web.prints import prints
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import own_rows, staff_blueprint, today

printing = staff_blueprint("printing")

AT_ONCE = 1.5
"""Seconds that a small order is waited for, so that it is simply there; a larger one shows how far it is."""


@printing.get("/print")
def choose() -> str:
    return _choose(request.args)


def _choose(asked: MultiDict[str, str], refusal: Refusal | None = None) -> str:
    """The form as the address or what was typed fills it in; what was refused is said beside its field."""
    at = field_of(refusal, order_form.FIELDS)
    said = refusal_words(refusal) if refusal else ""
    lines = order_form.lines_of(asked.getlist("line"))
    titles = cards.card_list(program(), page_language())
    (own_papers, no_papers), (printers, no_printers) = own_rows(papers.own_layouts), own_rows(machines.printers)
    fits = {card.id: cards.card_layouts(program(), card.id) for card, _ in titles}
    return render_template(
        "staff/print.html",
        cards=titles,
        form_names=FORM_NAMES,
        titles={card.id: title for card, title in titles},
        names={row.tag: row for row in program().known_languages},
        options=cards.card_options(program()),
        fits=fits,
        layouts=[each for each in cards.layout_list(program()) if any(each.id in some for some in fits.values())],
        own_papers=own_papers,
        fitting=order_form.fitting_layouts(program(), lines),
        languages=cards.card_languages(program()).rows,
        whole={card.id: [row.tag for row in cards.whole_languages(program(), card.id).rows] for card, _ in titles},
        liked=program().setup.layout,
        carried=program().setup.languages,
        typed_tongues=order_form.tongues_in(asked),
        wrong={at: said} if at else {},
        sentence="" if at else said,
        lines=lines,
        damaged=[each for each in (no_papers, no_printers) if each],
        printers=printers.values(),
        turns=list(Turn),
        asked=asked,
        left_out=settings.left_out_of_cards(program()),
    )


@printing.post("/print")
def order() -> AnyResponse | tuple[str, int]:
    try:
        return _order()
    except order_form.MENDED_HERE as refusal:
        return _choose(request.form, refusal), 422


def _order() -> AnyResponse:
    lines = order_form.lines_of(request.form.getlist("line"))
    lines += order_form.typed_lines(program(), request.form)
    given = order_form.given_in(request.form)
    layout = request.form.get("layout", "")
    skip = parse_quantity(request.form.get("skip") or "0")
    turn, printer = request.form.get("turn", ""), request.form.get("printer", "")
    wanted = cards.order(
        program(),
        order_form.copies_of(lines),
        layout=layout,
        skip=skip,
        given=given,
        sure="sure" in request.form,
        turn=turn,
        printer=printer,
    )
    if "more" in request.form:
        kept = {f"{order_form.GIVEN}{key}": value for key, value in given.items()}
        kept |= {"layout": layout, "skip": str(skip), "turn": turn, "printer": printer}
        return redirect(url_for("printing.choose", line=[str(each) for each in lines], **kept), 303)
    number = prints().begin(cards.print_job(program(), wanted))
    work = found(number)
    if work.wait(AT_ONCE) and work.refusal and not work.not_here:
        raise work.refusal
    return redirect(url_for("printing.sheet", number=number), 303)


@printing.get("/print/<number>")
def sheet(number: str) -> AnyResponse | str:
    work = found(number)
    if not work.done:
        return render_template("staff/making.html", kept=number, work=work)
    if work.not_here:
        return redirect(url_for("by_browser.sheets", number=number), 303)
    if work.refusal:
        return Response(_not_printed(work.refusal, again(work)), status=422)
    is_open = not program().is_locked
    return render_template(
        "staff/printed.html",
        kept=number,
        printed=work.printed,
        order=work.order,
        titles={card.id: title.shown for card, title in cards.card_list(program(), page_language())},
        tongues={row.tag: row.name for row in program().known_languages},
        english_backs=[row for row in program().known_languages if row.tag in work.english_backs],
        fills_the_paper=program().layouts[work.order.layout].fills_the_paper,
        again=again(work),
        for_stock=printed_stock.cards_for_stock(program(), work.order) if is_open else 0,
        stocked=work.stocked,
        sites=settings.sites(program()) if is_open else [],
    )


@printing.post("/print/<number>/stock")
def they_printed(number: str) -> AnyResponse:
    work = found(number)
    if not work.printed or not printed_stock.cards_for_stock(program(), work.order):
        abort(404)
    printed_stock.they_printed(program(), work, request.form.get("site", ""), today())
    return redirect(url_for("printing.sheet", number=number, _anchor="stock"), 303)


@printing.post("/print/<number>/stop")
def stop(number: str) -> AnyResponse:
    work = found(number)
    work.stop()
    return redirect(again(work) if work.refusal else url_for("printing.sheet", number=number), 303)


@printing.get("/print/<number>/<any(front, back):side>.png")
def preview(number: str, side: str) -> Response:
    work = found(number)
    if not work.printed or side not in work.printed.preview_png:
        abort(404)
    return Response(work.printed.preview_png[side], mimetype="image/png")


@printing.get("/print/<number>/<int:n>-<any(front, back):side>.png")
def upright(number: str, n: int, side: str) -> Response:
    """One side of one of the order's cards, alone and upright."""
    work = found(number)
    faces = list(work.printed.faces_png.values()) if work.printed else []
    if n >= len(faces) or side not in faces[n]:
        abort(404)
    return Response(faces[n][side], mimetype="image/png")


@printing.get("/print/<number>/cards.pdf")
def pdf(number: str) -> Response:
    work = found(number)
    if not work.printed:
        abort(404)
    answer = Response(work.printed.pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="cards.pdf"'
    return answer


@printing.get("/print/<number>/tagged.pdf")
def tagged(number: str) -> Response:
    """Each card once, for a screen reader."""
    work = found(number)
    if not work.printed:
        abort(404)
    answer = Response(prints().press.tagged(work.job), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="cards-tagged.pdf"'
    return answer


@printing.errorhandler(LawNotPrinted)
@printing.errorhandler(NoContact)
@printing.errorhandler(NothingToSay)
@printing.errorhandler(ParticipationOff)
def not_printed(refusal: Refusal) -> tuple[str, int]:
    """The sentence, the way to the page that puts it right, and the form as it was filled in."""
    return _not_printed(refusal, url_for("printing.choose", **order_form.as_typed(request.form))), 422


def _not_printed(refusal: Refusal, again: str) -> str:
    said, mend = refusal_words(refusal), mended_at(refusal)
    return render_template("staff/not_printed.html", sentence=said, again=again, mend=mend)


def found(number: str) -> PrintWork:
    """An order that is kept, or no such page."""
    return prints().find(number) or abort(404)


def again(work: PrintWork) -> str:
    """The address of the form with this order in it."""
    order = work.order
    lines = [f"{each.printable.card}:{each.printable.language}:{each.count}" for each in order.copies]
    given = {f"{order_form.GIVEN}{key}": value for key, value in order.given.items()}
    how = {"layout": order.layout, "skip": order.skip, "turn": order.turn.value, "printer": order.printer}
    return url_for("printing.choose", line=lines, **how, **given)
