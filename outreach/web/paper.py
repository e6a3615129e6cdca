"""The pages where numbers are typed rather than tapped: paper sheets, one after the other, and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.paper import NoSum
from outreach.core.refusal import Implausible, Refusal
from outreach.core.sheets import ServiceModel
from outreach.core.tally import ENCOUNTERS, OTHERS, QUARTER_HOURS, OddDay, OddQuantity, SameSheetAgain
from outreach.services import correcting, paper, settings, tallying
from outreach.services import tally as counting
from outreach.web.house import program
from outreach.web.speech import item_words, refusal_words
from outreach.web.staff import staff_blueprint, today

typing_in = staff_blueprint("typing_in")
Page = AnyResponse | tuple[str, int] | str


@typing_in.get("/paper")
def fresh() -> str:
    """An empty form; after a sheet it begins at the same site a day later."""
    return _paper({"site": request.args.get("site", ""), "day": request.args.get("day", "") or today().isoformat()})


@typing_in.post("/paper")
def save_paper() -> Page:
    form = request.form
    sure = set(form.getlist("sure"))
    typed = paper.read_typed(form, paper.counters(*_offered({})), "no-sums" in sure)
    if typed.wrong:
        return _paper(form, wrong=typed.wrong), 422
    answered = paper.Sure("odd" in sure, "again" in sure)
    try:
        saved = paper.save(program(), form, typed.numbers, today(), answered)
    except (OddDay, OddQuantity) as question:
        return _paper(form, sentence=refusal_words(question), ask="odd"), 422
    except SameSheetAgain:
        return _paper(form, ask="again"), 422
    except Refusal as refusal:
        return _paper(form, sentence=refusal_words(refusal)), 422
    after = saved.day + timedelta(days=1)
    return redirect(url_for("typing_in.fresh", site=saved.site, day=after.isoformat(), saved=saved.id), 303)


def _offered(held: Mapping[str, int]) -> tuple[tuple[tallying.TileGroup, ...], tuple[tallying.TileGroup, ...]]:
    return tallying.groups(program(), held), tallying.event_groups(program(), held)


def _labels(offered: tuple[tuple[tallying.TileGroup, ...], tuple[tallying.TileGroup, ...]]) -> dict[str, str]:
    """What each field is called, for what is said about it at the top of the page."""
    supplies, events = offered
    named = {
        counter: item_words(each.code).shown for group in supplies for each in group.things for counter in each.counters
    }
    named |= {each.counter: gettext(each.name) for group in events for each in group.things}
    people = {
        QUARTER_HOURS: gettext("Hours open"),
        ENCOUNTERS: gettext("Visits"),
        OTHERS: gettext("Others supplied for"),
    }
    return named | people


def _words(wrong: Mapping[str, Refusal]) -> dict[str, str]:
    return {name: refusal_words(refusal) for name, refusal in wrong.items()}


def _paper(typed: Mapping[str, str], wrong: Mapping[str, Refusal] | None = None, **more: Any) -> str:
    groups, events = offered = _offered({})
    saved = None
    if request.method == "GET" and "saved" in request.args:
        saved = counting.closed_sheet(program(), request.args["saved"])
    return render_template(
        "staff/paper_sheet.html",
        typed=typed,
        wrong=_words(wrong or {}),
        no_sum=bool(wrong) and all(isinstance(each, NoSum) for each in (wrong or {}).values()),
        groups=groups,
        events=events,
        labels=_labels(offered),
        sites=settings.sites(program()),
        models=list(ServiceModel),
        sure=request.form.getlist("sure"),
        saved=saved,
        **more,
    )


@typing_in.get("/tally/closed/<sheet>/correct")
def correction(sheet: str) -> str:
    return _correction(correcting.whole_sheet(program(), sheet))


@typing_in.post("/tally/closed/<sheet>/correct")
def save_correction(sheet: str) -> Page:
    form = request.form
    found = correcting.whole_sheet(program(), sheet)
    typed = correcting.read_wanted(found, form, paper.counters(*_offered(found.now)))
    if typed.wrong:
        return _correction(found, form, typed.wrong), 422
    try:
        correcting.correct(program(), sheet, form.get("edition", ""), typed.numbers, "odd" in form.getlist("sure"))
    except correcting.CorrectedMeanwhile as refusal:
        now = correcting.whole_sheet(program(), sheet)
        return _correction(now, sentence=refusal_words(refusal), beside=form), 409
    except Implausible as question:
        return _correction(found, form, sentence=refusal_words(question), ask="odd"), 422
    except Refusal as refusal:
        return _correction(found, form, sentence=refusal_words(refusal)), 422
    return redirect(url_for("tally.closed", sheet=found.first.id), 303)


def _correction(
    found: correcting.Whole,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, Refusal] | None = None,
    **more: Any,
) -> str:
    groups, events = offered = _offered(found.now)
    now = {name: f"{n / 4:g}" if name == QUARTER_HOURS else str(n) for name, n in found.now.items()}
    return render_template(
        "staff/correct.html",
        found=found,
        site=settings.site_name(program(), found.first.site),
        typed=now if typed is None else typed,
        now=now,
        wrong=_words(wrong or {}),
        groups=groups,
        events=events,
        labels=_labels(offered),
        **{"beside": {}} | more,
    )
