"""What was sent: every release as it was, and what would be another number now."""

from __future__ import annotations

import json

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import Refusal
from outreach.services import packs as packing
from outreach.services import releases
from outreach.web.asked import saved
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint
from outreach.web.writing import written

sent = staff_blueprint("sent")


@sent.get("/reports/sent")
def every() -> str:
    rows = []
    for each in reversed(releases.sent_before(program())):
        try:
            differs: int | None = len(releases.changes(program(), each, packing.find_pack(program(), each.pack)))
        except Refusal:
            differs = None  # its pack is gone or damaged: what was sent stays readable
        rows.append((each, json.loads(each.body), differs))
    return render_template("staff/sent.html", rows=rows)


@sent.get("/reports/sent/<release>")
def one(release: str) -> str:
    found = releases.find_release(program(), release)
    changed: tuple[releases.Change, ...] = ()
    problem = ""
    try:
        changed = releases.changes(program(), found, packing.find_pack(program(), found.pack))
    except Refusal as refusal:
        problem = refusal_words(refusal)
    return render_template(
        "staff/release.html",
        release=found,
        told=json.loads(found.body),
        report=releases.as_sent(found),
        changed=changed,
        problem=problem,
    )


@sent.post("/reports/sent/<release>/take-back")
def take_back(release: str) -> AnyResponse:
    releases.take_back(program(), release)
    return redirect(url_for("sent.every", taken_back=1), 303)


@sent.get("/reports/sent/<release>.<any(csv, json, xlsx, pdf, txt):form>")
def save(release: str, form: str) -> Response:
    found = releases.find_release(program(), release)
    report = releases.as_sent(found)
    return saved(written(report, form, json.loads(found.body)["title"]), form, found.pack, found.period)
