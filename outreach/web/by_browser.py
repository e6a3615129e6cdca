"""The sheets of an order for the browser's own print: the page around them, their style sheet, and each face alone."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, render_template, send_from_directory, url_for

from outreach.core.refusal import Refusal
from outreach.services.browser_sheets import BrowserSheets
from outreach.web.guard import POLICY
from outreach.web.house import program
from outreach.web.printing import again, found
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint

by_browser = staff_blueprint("by_browser")

FACE_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox allow-same-origin"
)
"""A face is what a template made of it, perhaps one of the program's own: it may show, and do nothing."""


@by_browser.get("/print/<number>/browser/")
def sheets(number: str) -> Response:
    work = found(number)
    try:
        order = _sheets(number)
    except Refusal as refusal:
        said = render_template("staff/not_printed.html", sentence=refusal_words(refusal), again=again(work))
        return Response(said, status=422)
    page = render_template(
        "staff/by_browser.html",
        kept=number,
        order=order,
        not_here=refusal_words(work.not_here) if work.not_here else "",
        refused={face.name: refusal_words(face.does_not_fit(order.job.layout.id)) for face in order.faces.values()},
        lost={face.name: refusal_words(face.not_loaded) for face in order.faces.values()},
        names={row.tag: row for row in program().known_languages},
        again=again(work),
    )
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


@by_browser.get("/print/<number>/browser/sheets.css")
def style(number: str) -> Response:
    return Response(_sheets(number).css(), mimetype="text/css")


@by_browser.get("/print/<number>/browser/<int:n>/<any(front, back):side>", defaults={"kind": "html"})
@by_browser.get("/print/<number>/browser/<int:n>/<any(front, back):side>-<any(tight):kind>")
def face(number: str, n: int, side: str, kind: str) -> Response:
    """One side, filled; `tight` with the smallest code."""
    one = _sheets(number).find(n, side) or abort(404)
    answer = Response(one.page.tight if kind == "tight" else one.page.html)
    answer.headers["Content-Security-Policy"] = FACE_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@by_browser.get("/print/<number>/browser/<int:n>/<path:name>")
def file(number: str, n: int, name: str) -> Response:
    """A file of a card's own folder, which its template may name."""
    one = _sheets(number).find(n, "front") or abort(404)
    return send_from_directory(one.design.folder.resolve(), name, max_age=0)


def _sheets(number: str) -> BrowserSheets:
    return found(number).for_browser(_font_address)


def _font_address(file: Path) -> str:
    return url_for("guide.font", name=file.stem)
