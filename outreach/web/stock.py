"""Stock pages: what is on hand, and what came, was counted, moved, thrown away or made up into kits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.lots import SOON
from outreach.core.periods import Period, parse_period
from outreach.core.sheets import ClosedSheet
from outreach.core.stock import PROGRAM
from outreach.core.supplies import Kit
from outreach.core.tally import parse_day, parse_quantity
from outreach.services import assembling, funders, settings, shelves, tally
from outreach.services import stock as keeping
from outreach.services.stock import Boxes, Taken
from outreach.web.house import program
from outreach.web.staff import own_rows, staff_blueprint, today

stock = staff_blueprint("stock")
FIELD = "n:"
"""What the name of a number field begins with; the item follows, and its lot after a slash."""


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
    return render_template(
        "staff/stock.html",
        rows=[each for each in rows if each.site == PROGRAM],
        by_site={site.code: [each for each in rows if each.site == site.code] for site in settings.sites(program())},
        sites=settings.sites(program()),
        naloxone=shelves.naloxone_soon_over(program(), today()),
        lots=[
            lot
            for lot in shelves.lots(program())
            if lot.site != PROGRAM
            and lot.quantity > 0
            and (lot.expired(today()) or lot.expires_within(max(SOON), today()))
        ],
        not_made_up=assembling.not_made_up(program()),
        today=today(),
    )


@stock.get("/stock/receive")
def receiving() -> str:
    known, damaged = own_rows(lambda at: {each.code: each for each in funders.funders(at).funders})
    return render_template(
        "staff/stock_receive.html",
        sites=settings.sites(program()),
        things=list(program().catalog.handed_out()),
        groups=program().catalog.groups,
        funders=known.values(),
        sentence=damaged,
        today=today(),
        saved=request.args.get("saved", ""),
        typed=request.args,
    )


@stock.post("/stock/receive")
def receive() -> AnyResponse:
    form = request.form
    last = form.get("expires", "")
    boxes = Boxes(
        form.get("item", ""),
        parse_quantity(form.get("quantity", "")),
        form.get("lot", "").strip(),
        parse_day(last) if last else None,
        form.get("funder", ""),
    )
    site = form.get("site", "")
    sheet = keeping.receive(program(), site, [boxes], _day(), today(), "sure" in form)
    again = {"site": site, "day": form.get("day", ""), "funder": boxes.funder}
    return redirect(url_for("stock.receiving", saved=sheet.id, **again), 303)


@stock.get("/stock/<any(count, move, discard, assemble):act>")
def fill_in(act: str) -> str:
    sites = settings.sites(program())
    site = request.args.get("site") or sites[0].code
    return render_template(
        "staff/stock_form.html", act=act, rows=_rows(act, site), site=site, sites=sites, today=today()
    )


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
        # What lies in lots stands there already, lot by lot.
        rest = [each for each in things if each.code in held and held[each.code] != in_lots.get(each.code)]
        return by_lot + [Row(FIELD + each.code, each.code, held[each.code]) for each in rest]
    kept = [Row(FIELD + each.code, each.code, held[each.code]) for each in things if each.code in held]
    if act == "move":
        return kept
    return kept + [Row(FIELD + each.code, each.code, None) for each in things if each.code not in held]


@stock.post("/stock/<any(count, move, discard, assemble):act>")
def save(act: str) -> AnyResponse:
    form = request.form
    site, sure = form.get("site", ""), "sure" in form
    typed = {
        tuple(name.removeprefix(FIELD).partition("/")[::2]): parse_quantity(value)
        for name, value in form.items()
        if name.startswith(FIELD) and value.strip()
    }
    counts = {item: quantity for (item, _), quantity in typed.items()}
    taken = [Taken(item, quantity, lot) for (item, lot), quantity in typed.items()]
    saved: ClosedSheet
    if act == "count":
        saved = keeping.count(program(), site, counts, _day(), today(), sure)
    elif act == "assemble":
        saved = assembling.assemble(program(), site, counts, _day(), today(), sure)
    elif act == "discard":
        saved = keeping.discard(program(), site, taken, _day(), today(), sure)
    else:
        saved, _ = keeping.move(program(), site, form.get("to", ""), taken, _day(), today(), sure)
    return redirect(url_for("stock.show", saved=saved.id), 303)


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
    return render_template(
        "staff/stock_levels.html",
        levels=known,
        sentence=damaged,
        rows=_rows("count", PROGRAM),
        saved=request.args.get("saved"),
    )


@stock.post("/stock/levels")
def save_levels() -> AnyResponse:
    typed = {name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)}
    shelves.set_levels(
        program(), {item: parse_quantity(value) if value.strip() else None for item, value in typed.items()}
    )
    return redirect(url_for("stock.levels", saved=1), 303)


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
