"""What every app here is made of: blueprints, tongues, and refusals as pages or as one line of JSON."""

from __future__ import annotations

from enum import Enum
from functools import cache
from io import BytesIO
from typing import Any

from flask import Blueprint, Flask, Request, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from outreach.core.languages import UnknownLanguage
from outreach.core.refusal import N_, Implausible, NoRoom, NotThere, OutOfStep, Refusal
from outreach.services.keyring import Locked
from outreach.services.program import Program
from outreach.web import house
from outreach.web.entrance import holds_token
from outreach.web.guide import guide
from outreach.web.speech import refusal_words, speak

_STATUS = {NotThere: 404, OutOfStep: 409, Locked: 423, NoRoom: 507}


class InMemory(Request):
    """A request whose files stay in memory: Werkzeug would put the larger ones on disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> BytesIO:
        return BytesIO()


class Way(Enum):
    """How a page reaches its reader; templates leave out what would not work there."""

    SERVED = "served"
    FILE = "file"
    BOOK = "book"
    SITE = "site"


def make_guide_app(program: Program, way: Way = Way.SERVED) -> Flask:
    """The guide and nothing else: no staff pages, no key to them, nothing that writes."""
    return framed(program, way, (guide,))


def framed(program: Program, way: Way, blueprints: tuple[Blueprint, ...]) -> Flask:
    """An app of these blueprints and of what every app has."""
    app = Flask(__name__, static_folder="static")
    app.request_class = InMemory
    # What travels outlives an alert, and nothing would take the alert back.
    app.config.update(ALERTS=way is Way.SERVED)
    # What a refusal stands in, and where its button leads, on pages that are not the staff's.
    app.config.update(FRAME="guide/base.html", AWAY="guide.languages")
    app.config.update(WAY=way.value, MAX_CONTENT_LENGTH=256 * 1024, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["outreach"] = program
    app.extensions["outreach-files"] = cache(lambda way: make_guide_app(program, Way(way)))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    speak(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.before_request(_freshen)
    app.context_processor(_on_every_page)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, _refused_by_flask)
    app.register_error_handler(Exception, _broken)
    return app


def _freshen() -> None:
    """What a coordinator shares may have been taken since, by a command too: pages say what is there now."""
    house.program().freshen()


def _on_every_page() -> dict[str, Any]:
    for_staff = request.path.startswith("/staff/") and holds_token()
    locks = for_staff and current_app.config["LOCKS"]
    trouble = house.program().trouble if for_staff else None
    return {
        "demo": house.program().home.is_demo,
        "for_staff": for_staff,
        "lockable": locks and house.program().keyring.has_passphrase,
        "could_lock": locks and not house.program().keyring.has_passphrase,
        "locked": for_staff and house.program().is_locked,
        "here": request.full_path.rstrip("?"),
        "trouble": refusal_words(trouble) if trouble else "",
        "way": current_app.config["WAY"],
    }


def _answer(words: str, status: int, asks: bool = False) -> Response:
    if request.is_json:
        answer = jsonify({"sentence": words, "asks": asks})
        answer.status_code = status
        return answer
    g.setdefault("language", house.program().source)
    page = render_template("refused.html", sentence=words, asks=asks, form=request.form if asks else {}, status=status)
    return Response(page, status=status)


def refused(refusal: Refusal) -> Response:
    """What was not done and why, as a page or as one line of JSON."""
    status = next((status for kind, status in _STATUS.items() if isinstance(refusal, kind)), 422)
    if isinstance(refusal, UnknownLanguage) and "guide" in current_app.blueprints:
        # The chooser with a sentence is more use than an error page in a language that is not there.
        rows = house.program().languages.rows
        page = render_template("guide/languages.html", languages=rows, sentence=refusal_words(refusal))
        return Response(page, status=404)
    return _answer(refusal_words(refusal), status, asks=isinstance(refusal, Implausible))


def _refused_by_flask(problem: HTTPException) -> Response:
    if problem.code == 404:
        return _answer(refusal_words(Refusal(N_("There is no page at this address. Nothing was changed."))), 404)
    if problem.code == 413:
        return _answer(refusal_words(Refusal(N_("That is more than this page takes. Nothing was changed."))), 413)
    return _answer(refusal_words(Refusal()), problem.code or 400)


def _broken(problem: Exception) -> Response:
    # No traceback reaches a person, and none is written down: it could hold what they typed.
    return _answer(
        refusal_words(
            Refusal(N_("Something in the program broke. What was saved before is safe. Go back and try again."))
        ),
        500,
    )
