"""The page of phone lines: tick what was called, keep lines of the program's own, its hours and a note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core import phones as limits
from outreach.core.refusal import Refusal
from outreach.services import phones as lines
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint, today

phones = staff_blueprint("phones")


@phones.get("/phones")
def show() -> str:
    return _page()


def _page(**more: Any) -> str:
    own = lines.own_phones(program())
    return render_template(
        "staff/phones.html",
        states=lines.states(program(), today()),
        notes=own.notes,
        limits=limits,
        languages=program().languages.rows,
        **more,
    )


def _done(change: Callable[[], object], form: str = "") -> AnyResponse | tuple[str, int]:
    """Change and show the page again; when refused, the page with the sentence and everything that was typed."""
    try:
        change()
    except Refusal as refusal:
        return _page(sentence=refusal_words(refusal), typed=request.form, at=form), 422
    return redirect(url_for("phones.show", saved="1"), 303)


@phones.post("/phones/called")
def called() -> AnyResponse | tuple[str, int]:
    day = today() if request.form.get("called") else None
    return _done(lambda: lines.called(program(), request.form.get("line", ""), day, today()))


@phones.post("/phones/line")
def line() -> AnyResponse | tuple[str, int]:
    given = {key: request.form.get(key, "") for key in ("name", "number", "hours", "use", "language")}
    line_id = request.form.get("line", "")
    if request.form.get("remove"):
        return _done(lambda: lines.remove(program(), line_id))
    return _done(lambda: lines.save_line(program(), line_id, **given), form=f"line-{line_id}")


@phones.post("/phones/notes")
def notes() -> AnyResponse | tuple[str, int]:
    given = {key: request.form.get(key, "") for key in ("hours", "note", "language")}
    return _done(lambda: lines.save_notes(program(), **given), form="notes")
