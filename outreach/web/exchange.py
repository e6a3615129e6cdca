"""Carrying counts: saved onto a stick for the other laptops, brought in from theirs, and what there is to look at."""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response as FileResponse
from flask import current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.sheets import Kind
from outreach.services import exchange as carrying
from outreach.services import laptops, lineup, missing, waiting
from outreach.services.exchange import END, Exported, Merged
from outreach.services.sticks import EXAMPLE, NoPlace, files_on_sticks, sticks, typed_place
from outreach.web.guard import CARRIED_MAX
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

exchange = staff_blueprint("exchange")
KEPT = 8
"""Batches whose outcome can still be looked at; they are kept in memory only."""
Answer = Response | str | tuple[str, int]


class NoFiles(Refusal):
    sentence = N_("Choose a file first. Nothing was read.")


class Forgotten(NotThere):
    sentence = N_("What came in then is no longer at hand. It is counted, and bringing it in again changes nothing.")


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to look at, and whether this is a coordinator's laptop, which may answer."""

    gaps: Sequence[Any] = ()
    forks: Sequence[Any] = ()
    clashes: Sequence[Any] = ()
    waiting: Sequence[Any] = ()
    kept: int = 0
    coordinator: bool = False

    @property
    def anything(self) -> bool:
        return any((self.gaps, self.forks, self.clashes, self.waiting, self.kept))


def look() -> Look:
    own = program()
    return Look(
        missing.gaps(own),
        missing.forks(own),
        missing.clashes(own),
        waiting.waits(own),
        waiting.kept(own),
        laptops.is_coordinator(own),
    )


def _batches() -> OrderedDict[str, list[Merged]]:
    """What became of the files of the last few batches, by a name that says nothing."""
    found: OrderedDict[str, list[Merged]] = current_app.extensions.setdefault("outreach-brought", OrderedDict())
    return found


def _page(refusal: Refusal | None = None, saved: Exported | None = None) -> str:
    alone = lineup.is_alone(program())
    found, own = ([], []) if alone else carrying.parted(program(), files_on_sticks(END))
    return render_template(
        "staff/exchange.html",
        sentence=refusal_words(refusal) if refusal else "",
        saved=saved,
        words=refusal_words,
        alone=alone,
        sticks=sticks(),
        example=EXAMPLE,
        found=found,
        own=own,
        most=CARRIED_MAX - (64 << 10),
        look=Look() if alone else look(),
    )


@exchange.get("/exchange")
def show() -> str:
    return _page(saved=_saved().get(request.args.get("saved", "")))


@exchange.post("/exchange")
def save() -> Answer:
    typed = request.form.get("place") or request.form.get("place-typed", "").strip()
    try:
        if not typed:
            raise NoPlace()
        done = carrying.export(program(), carrying.place(program(), typed_place(typed), today()), today())
    except Refusal as refusal:
        return _page(refusal), 422
    # Answered with another address: loaded again, the page writes no second file.
    saved = _saved()
    saved.clear()
    saved[key := secrets.token_hex(8)] = done
    return redirect(url_for("exchange.show", saved=key), 303)


@exchange.post("/exchange/file")
def send() -> Answer:
    """The same file for the browser to save: who has no stick in this laptop knows no folder either."""
    with TemporaryDirectory() as folder:
        try:
            file = carrying.place(program(), Path(folder), today())
            carrying.export(program(), file, today())
        except Refusal as refusal:
            return _page(refusal), 422
        answer = FileResponse(file.read_bytes(), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


def _saved() -> dict[str, Exported]:
    """What was saved last, by a name that says nothing."""
    found: dict[str, Exported] = current_app.extensions.setdefault("outreach-saved", {})
    return found


@exchange.post("/exchange/bring")
def bring() -> Response:
    """Files from a form, all at once; or one after the other into one batch, as the page sends them."""
    request.max_content_length = CARRIED_MAX
    if request.accept_mimetypes.best != "application/json":
        return redirect(url_for("exchange.brought", batch=_brought()), 303)
    try:
        return jsonify({"batch": _brought()})
    except Refusal as refusal:
        answer = jsonify({"sentence": refusal_words(refusal)})
        answer.status_code = 422
        return answer


def _brought() -> str:
    sent = [(each.filename, each) for each in request.files.getlist("files") if each.filename]
    if not sent:
        raise NoFiles()
    # Read one after the other, so that only one is in memory twice.
    results = carrying.merge(program(), ((name, each.read()) for name, each in sent), today())
    return _batch(results, request.form.get("batch", ""))


@exchange.post("/exchange/found")
def from_sticks() -> Response:
    files, _ = carrying.parted(program(), files_on_sticks(END))
    if not files:
        raise NoFiles()
    return redirect(url_for("exchange.brought", batch=_batch(carrying.merge_paths(program(), files, today()))), 303)


def _batch(results: Iterable[Merged], batch: str = "") -> str:
    """Put what came of files to a batch, a new one where that is not there; its name."""
    batches = _batches()
    name = batch if batch in batches else secrets.token_hex(8)
    batches.setdefault(name, []).extend(results)
    while len(batches) > KEPT:
        batches.popitem(last=False)
    return name


@exchange.get("/exchange/brought/<batch>")
def brought(batch: str) -> str:
    results = _batches().get(batch)
    if results is None:
        raise Forgotten()
    return render_template(
        "staff/brought.html",
        results=results,
        fresh=sum(each.new for each in results),
        kinds=sum((Counter(each.kinds) for each in results), Counter()),
        every_kind=list(Kind),
        refused=sum(each.refusal is not None for each in results),
        # A file brought in twice says twice that its sheets wait.
        held=sum(sum(each.waiting.values()) for each in results if each.new),
        words=refusal_words,
        look=look(),
    )


@exchange.post("/exchange/count")
def count_anyway() -> Response:
    """A coordinator's yes to sheets whose day looked wrong."""
    laptops.accept_sheets(program(), request.form.getlist("sheet"))
    return redirect(url_for("exchange.show", _anchor="look"), 303)


@exchange.post("/exchange/same")
def same_place() -> Response:
    waiting.same_place(program(), request.form.get("device", ""), request.form.get("code", ""))
    return redirect(url_for("exchange.show", _anchor="look"), 303)
