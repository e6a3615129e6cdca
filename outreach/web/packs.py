"""Funders' packs and the numbers behind them: worked out, saved, copied, filled into workbooks, marked as sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.answers import Figure, Question, figures
from outreach.core.indicators import Indicator
from outreach.core.packs import Pack, Release
from outreach.core.periods import Period, PeriodKind, latest_of
from outreach.core.refusal import N_, Implausible, Refusal
from outreach.core.reports import Report
from outreach.services import funders as paying
from outreach.services import packs as packing
from outreach.services import presenting, releases, settings
from outreach.services import reports as reporting
from outreach.web.asked import asked_numbers, asked_period, asked_site, beside, choices, saved, span_of
from outreach.web.guard import FILE_MAX
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today
from outreach.web.writing import reader, written

packs = staff_blueprint("packs")
OFFERED = {
    PeriodKind.MONTH: 13,
    PeriodKind.QUARTER: 8,
    PeriodKind.YEAR: 3,
    PeriodKind.FISCAL_JUL: 3,
    PeriodKind.FISCAL_OCT: 3,
}


class NoWorkbook(Refusal):
    sentence = N_("Choose the funder's workbook first. Nothing was filled.")


class NoCells(Refusal):
    sentence = N_("No line of this pack names a cell yet. Name them under Change this pack. Nothing was filled.")


@packs.get("/reports")
def hub() -> str:
    refused: dict[str, Any] = {}
    known = packing.packs(program(), refused)
    return render_template(
        "staff/reports.html",
        packs=known.values(),
        refused={name: refusal_words(problem) for name, problem in refused.items()},
        sent=releases.sent_before(program())[-3:],
        titles={each.id: each.title for each in known.values()},
    )


@packs.get("/reports/numbers")
def numbers() -> str:
    period, site = asked_period(f"{today():%Y-%m}"), asked_site()
    typed = asked_numbers()
    asked = packing.question(program(), period, site, typed)
    return render_template(
        "staff/indicators.html",
        answers=_answers(asked),
        typed=asked.indicators.typed,
        **_question(period, site, choices(OFFERED)),
    )


def _answers(asked: Question) -> list[tuple[Indicator, tuple[Figure, ...]]]:
    """Every indicator that is on; one that is counted by month once it was counted."""
    found = [(each, figures(each, asked)) for each in asked.indicators if each.on]
    return [(each, told) for each, told in found if not each.monthly or any(one.value is not None for one in told)]


@packs.get("/reports/numbers/<indicator>")
def behind(indicator: str) -> str:
    """The sites, months and days that a number is made of."""
    period, site = asked_period(f"{today():%Y-%m}"), asked_site()
    asked = packing.question(program(), period, site, asked_numbers(), grain="day")
    found = asked.indicators.get(indicator)
    return render_template(
        "staff/behind.html",
        indicator=found,
        whole=figures(found, asked),
        parts=packing.parts(found, asked),
        **_question(period, site, choices(OFFERED)),
    )


def _question(period: Period, site: str | None, offered: list[Any]) -> dict[str, Any]:
    return {
        "period": period,
        "site": site or "",
        "sites": settings.sites(program()),
        "choices": offered,
        "today": today(),
        "in_words": partial(reader().in_words, known=packing.indicators(program())),
    }


def _about(pack: Pack) -> releases.About:
    """What a pack page is about: the last whole period of the funder's kind unless the address says another."""
    last = latest_of(pack.period, today(), 2)[1]
    period = span_of(request.form["period"]) if request.form.get("period") else asked_period(last.name)
    return releases.About(period, asked_site() or "", asked_numbers(), request.values.get("funder", ""))


def _report(pack: Pack, about: releases.About) -> Report:
    return releases.report_of(program(), pack, about, today())


@packs.get("/reports/packs/<pack>")
def show(pack: str) -> str:
    return _page(packing.find_pack(program(), pack), {}, {})


def _page(found: Pack, copied: Mapping[str, str], wrong: Mapping[str, Refusal]) -> str:
    """A pack with its numbers; `copied` is what was typed for a copy that could not be made."""
    about = _about(found)
    known = packing.indicators(program())
    return render_template(
        "staff/pack.html",
        pack=found,
        copied=copied,
        wrong={name: refusal_words(each) for name, each in wrong.items()},
        report=_report(found, about),
        about=about,
        funders=paying.funders(program()).funders,
        typed=found.typed(known),
        numbers={each.id: request.args.get(each.id, "") for each in known.typed},
        counted=[known.get(each) for each in dict.fromkeys(line.indicator for line in found.lines) if each],
        sent=releases.sent_before(program(), found.id),
        is_one=found.period.is_one(about.period),
        beside=beside(found.period, about.period, over=found.release is Release.PUBLIC),
        since=reporting.counted_since(program(), about.period),
        **_question(about.period, about.site, choices({found.period: 8})),
    )


@packs.get("/reports/packs/<pack>.<any(csv, json, xlsx, pdf, txt):form>")
def save(pack: str, form: str) -> Response:
    found = packing.find_pack(program(), pack)
    about = _about(found)
    notes = presenting.pack_notes(reader(), found, packing.indicators(program()), about.period, today())
    return saved(written(_report(found, about), form, found.title, notes), form, found.id, about.period)


@packs.post("/reports/packs/<pack>/copy")
def copy(pack: str) -> AnyResponse | tuple[str, int]:
    form = request.form
    try:
        made = packing.make_yours(program(), pack, form.get("name", "").strip().lower(), form.get("title", ""))
    except (packing.NotAPackName, packing.NotAPack) as refusal:
        at = "name" if isinstance(refusal, packing.NotAPackName) else "title"
        return _page(packing.find_pack(program(), pack), form, {at: refusal}), 422
    return redirect(url_for("packs.change", pack=made.id), 303)


@packs.get("/reports/packs/<pack>/change")
def change(pack: str) -> str:
    return _change(packing.find_pack(program(), pack), {}, "")


def _change(pack: Pack, typed: Mapping[str, str], sentence: str) -> str:
    names = {each.id: each.name for each in packing.indicators(program())}
    return render_template("staff/pack_change.html", pack=pack, names=names, typed=typed, sentence=sentence)


@packs.post("/reports/packs/<pack>/change")
def save_change(pack: str) -> AnyResponse | tuple[str, int]:
    form = request.form
    found = packing.find_pack(program(), pack)
    changes = {
        at: {"label": " ".join(form.get(f"label-{at}", "").split()), "cell": form.get(f"cell-{at}", "").strip()}
        for at in range(len(found.lines))
    }
    drop = {at for at in changes if f"drop-{at}" in form}
    try:
        packing.change(program(), pack, form.get("title", ""), changes, drop)
    except Refusal as refusal:
        return _change(found, form, refusal_words(refusal)), 422
    return redirect(url_for("packs.show", pack=pack, saved=1), 303)


@packs.post("/reports/packs/<pack>/remove")
def remove(pack: str) -> AnyResponse:
    packing.remove(program(), pack)
    return redirect(url_for("packs.hub"), 303)


@packs.post("/reports/packs/<pack>/workbook")
def fill(pack: str) -> Response:
    """The funder's own workbook with this pack's numbers in the cells that its lines name."""
    request.max_content_length = FILE_MAX
    found = packing.find_pack(program(), pack)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoWorkbook()
    if not any(line.cell for line in found.lines):
        raise NoCells()
    about = _about(found)
    return saved(packing.fill(sent.read(), sent.filename, found, _report(found, about)), "xlsx", found.id, about.period)


@packs.post("/reports/packs/<pack>/sent")
def mark_sent(pack: str) -> AnyResponse:
    found = packing.find_pack(program(), pack)
    if not request.form.get("period"):
        raise NoPeriod()
    about = _about(found)
    if not found.period.is_one(about.period) and "sure" not in request.form:
        raise OtherPeriod(title=found.title)
    made = releases.mark_sent(program(), found, about, today())
    return redirect(url_for("sent.one", release=made.id), 303)


class NoPeriod(Refusal):
    sentence = N_("Say for which days it was sent. Nothing was marked.")


class OtherPeriod(Implausible):
    sentence = N_("{title} asks for another kind of period. Nothing was marked yet.")
