"""Counting pages: open a sheet, tap, close."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import N_, Misuse
from outreach.core.sheets import ServiceModel
from outreach.core.tally import Applied, OpenAlready, Tap, parse_day
from outreach.services import correcting, joining, lineup, settings, tallying, weighing
from outreach.services import tally as counting
from outreach.web.bolt import after_closing
from outreach.web.house import program
from outreach.web.speech import item_words, refusal_words
from outreach.web.staff import staff_blueprint, today

tally = staff_blueprint("tally")


@tally.get("/tally")
def sheets() -> str:
    open_sheets, closed = counting.open_sheets(program()), counting.recent_sheets(program(), 10)
    return render_template(
        "staff/sheets.html",
        open_sheets=open_sheets,
        closed=closed,
        sites=settings.sites(program()),
        site=counting.last_site(open_sheets, closed),
        models=list(ServiceModel),
        today=today(),
        waits=lineup.is_waiting(program()),
    )


@tally.get("/blank")
def blank() -> str:
    return render_template(
        "staff/blank.html", groups=tallying.groups(program()), events=tallying.event_groups(program())
    )


@tally.post("/tally")
def open_sheet() -> AnyResponse | tuple[str, int]:
    form = request.form
    site, day = form.get("site", ""), parse_day(form.get("day", ""))
    try:
        opened = counting.open_sheet(program(), site, day, form.get("model", ""), today(), sure="sure" in form)
    except OpenAlready as question:
        there = next(each for each in counting.open_sheets(program()) if (each.site, each.day) == (site, day))
        go_on = url_for("tally.sheet", sheet=there.id)
        sentence = refusal_words(question)
        return render_template("refused.html", sentence=sentence, asks=True, form=form, status=422, go_on=go_on), 422
    return redirect(url_for("tally.sheet", sheet=opened.id), 303)


@tally.get("/tally/<sheet>")
def sheet(sheet: str) -> str:
    opened = counting.read_sheet(program(), sheet)
    # A new token with every load: two tabs, or one tab loaded twice, can never speak for each other.
    return render_template(
        "staff/sheet.html",
        sheet=opened,
        # What the team calls its places is in the ledger.
        site=opened.site if program().is_locked else settings.site_name(program(), opened.site),
        counts_on=True,
        tab=counting.mint_tab(program(), sheet).hex(),
        scales=weighing.scales_or_none(program()),
        groups=tallying.groups(program(), opened.counters),
        holds={
            code: [(item_words(part).shown, n) for part, n in parts.items()]
            for code, parts in tallying.small_kits(program(), opened.day).items()
        },
        events=tallying.event_groups(program(), opened.counters),
    )


@tally.post("/tally/<sheet>/taps")
def tap(sheet: str) -> dict[str, Any]:
    touch = _touch(request.get_json(silent=True))
    applied, value = counting.tap(program(), sheet, touch[0], sure=touch[1])
    return {"value": value, "again": applied is Applied.BEFORE}


def _touch(body: Any) -> tuple[Tap, bool]:
    """A tap as the page sends it; anything of another shape is refused before it is looked at."""
    try:
        exactly, change = body.get("exactly"), body.get("change", 0)
        for value in (body["n"], change, *([] if exactly is None else [exactly])):
            if type(value) is not int or abs(value) > 10**9:
                raise ValueError(value)
        touch = Tap(
            bytes.fromhex(body["tab"]),
            body["n"],
            bytes.fromhex(body["nonce"]),
            body["counter"],
            change,
            exactly,
            body.get("blank") is True,
        )
        if not (len(touch.token) == len(touch.nonce) == 16 and isinstance(touch.counter, str)):
            raise ValueError(touch)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Misuse(N_("This tap could not be read. Nothing was counted. Load the page again.")) from None
    return touch, body.get("sure") is True


@tally.post("/tally/<sheet>/close")
def close(sheet: str) -> AnyResponse:
    if "as-it-is" not in request.form and joining.is_offered(program(), counting.read_sheet(program(), sheet)):
        return redirect(url_for("tally.few", sheet=sheet), 303)
    closed = counting.close_sheet(program(), sheet)
    return after_closing(url_for("tally.closed", sheet=closed.id))


@tally.get("/tally/<sheet>/few")
def few(sheet: str) -> str:
    """Before a sheet with few visits is closed: another sheet of that day could take them."""
    opened = counting.read_sheet(program(), sheet)
    return render_template(
        "staff/few.html",
        sheet=opened,
        site=settings.site_name(program(), opened.site),
        others=joining.others(program(), opened),
    )


@tally.post("/tally/<sheet>/join")
def join(sheet: str) -> AnyResponse:
    other = request.form.get("other", "")
    correction = joining.join(program(), sheet, other)
    if correction is None:
        return redirect(url_for("tally.sheet", sheet=other), 303)
    return after_closing(url_for("tally.closed", sheet=correction.corrects))


@tally.post("/tally/<sheet>/put-away")
def put_away(sheet: str) -> AnyResponse:
    counting.put_away(program(), sheet)
    return redirect(url_for("tally.sheets"), 303)


@tally.get("/tally/closed/<sheet>")
def closed(sheet: str) -> str:
    found = correcting.whole_sheet(program(), sheet)
    known = program().events

    def event_name(code: str) -> str:
        return known.get(code).name if code in known else code

    site = settings.site_name(program(), found.first.site)
    return render_template("staff/closed.html", found=found, site=site, event_name=event_name)
