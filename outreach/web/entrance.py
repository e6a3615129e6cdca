"""The staff door: one token per home, carried in a cookie that no other page can send."""

from __future__ import annotations

import functools
import hmac
import secrets
from typing import cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.web.speech import browser_language

entrance = Blueprint("entrance", __name__, url_prefix="/staff")
COOKIE = "outreach"
_used: set[str] = set()


@functools.cache
def run_number() -> str:
    """Which run of the program this is: what opened a window in the run before opens none in this one."""
    return secrets.token_hex(16)


def token() -> str:
    return cast(str, current_app.config["TOKEN"])


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are one, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def proof(key: str, about: str) -> str:
    """What only a holder of the home's key can say about something; the key is not in it."""
    return hmac.new(key.encode(), about.encode("utf-8", "replace"), "sha256").hexdigest()


def once(key: str, run: str) -> str:
    """A key that opens the door once. Others on this computer can read what a browser is started with."""
    number = secrets.token_hex(16)
    return f"{number}.{proof(key, f'open {run} {number}')}"


def going_in(cookie: str, to: str) -> AnyResponse | None:
    """On from an address that holds a key, with the token in a cookie; None where no such key opens."""
    if not (same(request.args.get("key", ""), token()) or _opens(request.args.get("once", ""))):
        return None
    answer = redirect(to, 303)
    answer.set_cookie(cookie, token(), httponly=True, samesite="Strict", path="/")
    return answer


def _opens(given: str) -> bool:
    number, _, said = given.partition(".")
    if number in _used or not same(said, proof(token(), f"open {run_number()} {number}")):
        return False
    _used.add(number)
    return True


def holds_token() -> bool:
    """Whether this browser came in through the program's own window."""
    if "TOKEN" not in current_app.config:
        return False  # the guide on its own has no staff pages and no key
    return same(request.cookies.get(COOKIE, ""), token())


def closed_door() -> Response | None:
    """What a staff page answers to a browser without the token: one sentence, one button."""
    return None if holds_token() else _closed()


def _closed() -> Response:
    """The same page again: a browser that was led here from elsewhere sends its cookie with the next request."""
    asked_again = request.method == "GET" and request.endpoint != "entrance.open_door"
    again = request.full_path.rstrip("?") if asked_again else url_for("entrance.choose")
    return Response(render_template("staff/closed_door.html", again=again), status=403)


@entrance.get("/open")
def open_door() -> AnyResponse:
    """Take the key out of the address: the home's own, or one that the launcher made for one window."""
    return going_in(COOKIE, url_for("desk.home", tag=browser_language().tag)) or _closed()


@entrance.get("/")
def choose() -> AnyResponse:
    return closed_door() or redirect(url_for("desk.home", tag=browser_language().tag), 303)
