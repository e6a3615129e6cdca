"""The staff door: one token per home, carried in a cookie that no other page can send."""

from __future__ import annotations

import hmac
from typing import cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.web.speech import page_language

entrance = Blueprint("entrance", __name__, url_prefix="/staff")
COOKIE = "outreach"


def token() -> str:
    return cast(str, current_app.config["TOKEN"])


def holds_token() -> bool:
    """Whether this browser came in through the program's own window."""
    if "TOKEN" not in current_app.config:
        return False  # the guide on its own has no staff pages and no key
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), token().encode())


def closed_door() -> Response | None:
    """What a staff page answers to a browser without the token: one sentence, one way on."""
    if holds_token():
        return None
    return Response(render_template("staff/closed_door.html"), status=403)


@entrance.get("/open")
def open_door() -> AnyResponse:
    """Take the key that the launcher put into the address, and leave the address without it."""
    if not hmac.compare_digest(request.args.get("key", "").encode(), token().encode()):
        return Response(render_template("staff/closed_door.html"), status=403)
    answer = redirect(url_for("guide.languages"), 303)
    answer.set_cookie(COOKIE, token(), httponly=True, samesite="Strict", path="/")
    return answer


@entrance.get("/")
def choose() -> AnyResponse:
    return redirect(url_for("desk.home", tag=page_language().tag), 303)
