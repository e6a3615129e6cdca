"""Stock pages: what is on hand, and what came, was counted, moved, thrown away or made up into kits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.paper import read_numbers
from outreach.core.particulars import EXPIRES
from outreach.core.periods import Period, parse_period
from outreach.core.refusal import N_, Implausible, Refusal
from outreach.core.sheets import ClosedSheet
from outreach.core.stock import PROGRAM
from outreach.core.supplies import Kit
from outreach.core.tally import NoDay, NotADay, UnknownSite, parse_day
from outreach.services import assembling, funders, settings, shelves, tally
from outreach.services import stock as keeping
from outreach.services.stock import Boxes, Taken
from outreach.web.house import program
from outreach.web.mending import field_of
from outreach.web.speech import item_words, refusal_words, words_of
from outreach.web.staff import own_rows, staff_blueprint, today

stock = staff_blueprint("stock")
FIELD = "n:"
"""What the name of a number field begins with; the item follows, and its lot after a slash."""


class NothingChosen(Refusal):
    sentence = N_("Choose what came. Nothing was saved.")


class NoBoxes(Refusal):
    sentence = N_("Type how many boxes came. Nothing was saved.")


class NoneInABox(Refusal):
    sentence = N_("Type how many are in each box, or 1 for what comes loose. Nothing was saved.")


BESIDE: dict[type[Refusal], str] = {NotADay: "day", keeping.NotALot: "lot", keeping.LastDayNeedsALot: "lot"}
"""Which field of the form a refusal is about, where it is about one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line to type a number in: the field's name, the thing, its lot, and what the book has."""

    field: str
    item: str
    book: int | None
    lot: str = ""
    expires: date | None = None


@stock.get("/stock")
def show() -> str:
    rows = shelves.stand(program(), today())
    over = shelves.soon_over(program(), today())
    return render_template(
        "staff/stock.html",
        rows=[each for each in rows if each.site == PROGRAM],
        by_site={site.code: [each for each in rows if each.site == site.code] for site in settings.sites(program())},
        sites=settings.sites(program()),
        naloxone=shelves.naloxone_in(over, today()),
        lots=shelves.lots_left(program()),
        over=over,
        not_made_up=assembling.not_made_up(program()),
        today=today(),
    )


@stock.get("/stock/receive")
def receiving() -> str:
    saved = request.args.get("saved", "")
    return _receiving(request.args, saved=tally.closed_sheet(program(), saved) if saved else None)


@stock.post("/stock/receive")
def receive() -> AnyResponse | tuple[str, int]:
    form = request.form
    typed = read_numbers(form, ["quantity", "each"])
    if wrong := _missing(form) | dict(typed.wrong):
        return _receiving(form, wrong), 422
    last, site = form.get("expires", ""), form.get("site", "")
    try:
        boxes = Boxes(
            form["item"],
            typed.numbers.get("quantity", 0) * typed.numbers.get("each", 1),
            form.get("lot", "").strip(),
            parse_day(last) if last else None,
            form.get("funder", ""),
        )
        sheet = keeping.receive(program(), site, [boxes], _day(), today(), "sure" in form)
    except Refusal as refusal:
        return _receiving(form, refusal=refusal), 422
    again = {"site": site, "day": form.get("day", ""), "funder": boxes.funder}
    return redirect(url_for("stock.receiving", saved=sheet.id, **again), 303)


def _missing(form: Mapping[str, str]) -> dict[str, Refusal]:
    """What a delivery cannot do without, by its field. Who sends no number for a box tells of things one by one."""
    asked = {"day": NoDay(), "item": NothingChosen(), "quantity": NoBoxes(), "each": NoneInABox()}
    given = {"each": "1"} | dict(form.items())
    return {name: refusal for name, refusal in asked.items() if not given.get(name, "").strip()}


def _receiving(
    typed: Mapping[str, str],
    wrong: Mapping[str, Refusal] | None = None,
    refusal: Refusal | None = None,
    saved: ClosedSheet | None = None,
) -> str:
    known, damaged = own_rows(lambda at: {each.code: each for each in funders.funders(at).funders})
    things = list(program().catalog.handed_out())
    called = item_words(typed["item"]).shown if typed.get("item") else ""
    return render_template(
        "staff/stock_receive.html",
        sites=settings.sites(program()),
        things=things,
        units={each.code: words_of(f"unit.{each.units}", each.units).shown for each in things},
        groups=program().catalog.groups,
        funders=known.values(),
        today=today(),
        saved=saved,
        typed=typed,
        labels=dict.fromkeys((each for each in ("quantity", "each") if typed.get(each)), called),
        ids={name: name for name in ("day", "item", "quantity", "each", "lot")},
        last_days=saved.x.get(EXPIRES, {}) if saved else {},
        **_said(wrong, refusal) | ({"sentence": damaged} if damaged else {}),
    )


def _said(wrong: Mapping[str, Refusal] | None, refusal: Refusal | None) -> dict[str, Any]:
    """What a form that comes back with all that was typed says: what is wrong, and whether a yes would save it."""
    at = field_of(refusal, BESIDE)
    beside = dict(wrong or {}) | ({at: refusal} if refusal and at else {})
    return {
        "wrong": {name: refusal_words(each) for name, each in beside.items()},
        "sentence": refusal_words(refusal) if refusal and not at else "",
        "ask": isinstance(refusal, Implausible),
    }


@stock.get("/stock/<any(count, move, discard, assemble):act>")
def fill_in(act: str) -> str:
    return _form(act, request.args.get("site") or settings.sites(program())[0].code, {})


def _form(
    act: str,
    site: str,
    typed: Mapping[str, str],
    wrong: Mapping[str, Refusal] | None = None,
    refusal: Refusal | None = None,
) -> str:
    rows = _rows(act, site)
    return render_template(
        "staff/stock_form.html",
        act=act,
        rows=rows,
        site=site,
        sites=settings.sites(program()),
        today=today(),
        typed=typed,
        labels=_labels(rows),
        ids=_ids(rows) | {"day": "day"},
        **_said(wrong, refusal),
    )


def _labels(rows: Iterable[Row]) -> dict[str, str]:
    return {each.field: item_words(each.item).shown + (f" ({each.lot})" if each.lot else "") for each in rows}


def _ids(rows: Iterable[Row]) -> dict[str, str]:
    """The ids of fields on their page: a lot may hold what no id can."""
    return {each.field: f"f{n}" for n, each in enumerate(rows, start=1)}


def _rows(act: str, site: str) -> list[Row]:
    """The lines of a form: what the site keeps first, then the rest of the catalog with nothing by the book."""
    held = {each.item: each.quantity for each in shelves.stand(program(), today()) if each.site == site}
    things = list(program().catalog.handed_out())
    if act == "assemble":
        return [Row(FIELD + each.code, each.code, held.get(each.code)) for each in things if isinstance(each, Kit)]
    if act == "discard":
        boxes = [lot for lot in shelves.lots(program()) if lot.site == site and lot.lot and lot.quantity > 0]
        by_lot = [Row(f"{FIELD}{lot.item}/{lot.lot}", lot.item, lot.quantity, lot.lot, lot.expires) for lot in boxes]
        in_lots = {row.item: 0 for row in by_lot}
        for row in by_lot:
            in_lots[row.item] += row.book or 0
        # What lies in lots stands there already, lot by lot: only the rest of it is here again.
        rest = [(each.code, held[each.code] - in_lots.get(each.code, 0)) for each in things if each.code in held]
        return by_lot + [Row(FIELD + item, item, left) for item, left in rest if left > 0 or item not in in_lots]
    kept = [Row(FIELD + each.code, each.code, held[each.code]) for each in things if each.code in held]
    if act == "move":
        return kept
    return kept + [Row(FIELD + each.code, each.code, None) for each in things if each.code not in held]


@stock.post("/stock/<any(count, move, discard, assemble):act>")
def save(act: str) -> AnyResponse | tuple[str, int]:
    form, site = request.form, request.form.get("site", "")
    typed = read_numbers(form, _fields(form))
    if typed.wrong:
        return _form(act, site, form, typed.wrong), 422
    try:
        saved = _save(act, site, {name.removeprefix(FIELD): n for name, n in typed.numbers.items()})
    except UnknownSite:
        raise
    except Refusal as refusal:
        return _form(act, site, form, refusal=refusal), 422
    return redirect(url_for("stock.show", saved=saved.id), 303)


def _fields(form: Mapping[str, str]) -> list[str]:
    return [name for name in form if name.startswith(FIELD)]


def _save(act: str, site: str, numbers: Mapping[str, int]) -> ClosedSheet:
    sure = "sure" in request.form
    taken = [Taken(item, n, lot) for (item, _, lot), n in ((name.partition("/"), n) for name, n in numbers.items())]
    if act == "count":
        return keeping.count(program(), site, numbers, _day(), today(), sure)
    if act == "assemble":
        return assembling.assemble(program(), site, dict(numbers), _day(), today(), sure)
    if act == "discard":
        return keeping.discard(program(), site, taken, _day(), today(), sure)
    return keeping.move(program(), site, request.form.get("to", ""), taken, _day(), today(), sure)[0]


@stock.post("/stock/take-back/<sheet>")
def take_back(sheet: str) -> AnyResponse:
    keeping.take_back(program(), tally.closed_sheet(program(), sheet))
    return redirect(url_for("tally.closed", sheet=sheet), 303)


@stock.post("/stock/made-up")
def made_up() -> AnyResponse:
    saved = assembling.save_as_made_up(program(), request.form.get("kit", ""), request.form.get("site", ""))
    return redirect(url_for("stock.show", saved=saved[-1].id), 303)


@stock.get("/stock/levels")
def levels() -> str:
    known, damaged = own_rows(shelves.levels)
    return _levels({FIELD + item: str(least) for item, least in known.items()}, damaged)


@stock.post("/stock/levels")
def save_levels() -> AnyResponse | tuple[str, int]:
    form = request.form
    names = _fields(form)
    typed = read_numbers(form, names)
    if typed.wrong:
        return _levels(form, wrong=typed.wrong), 422
    shelves.set_levels(program(), {name.removeprefix(FIELD): typed.numbers.get(name) for name in names})
    return redirect(url_for("stock.levels", saved=1), 303)


def _levels(typed: Mapping[str, str], damaged: str = "", wrong: Mapping[str, Refusal] | None = None) -> str:
    rows = _rows("count", PROGRAM)
    return render_template(
        "staff/stock_levels.html",
        typed=typed,
        rows=rows,
        labels=_labels(rows),
        ids=_ids(rows),
        saved=request.args.get("saved"),
        **_said(wrong, None) | ({"sentence": damaged} if damaged else {}),
    )


@stock.get("/stock/book")
def book() -> str:
    asked = request.args.get("period") or f"{today():%Y-%m}"
    period: Period = parse_period(asked)
    site = request.args.get("site", PROGRAM)
    return render_template(
        "staff/stock_book.html",
        books=shelves.book(program(), period, today(), site),
        period=period,
        asked=asked,
        site=site,
        sites=settings.sites(program()),
        today=today(),
    )


def _day() -> date:
    return parse_day(request.form.get("day", ""))
