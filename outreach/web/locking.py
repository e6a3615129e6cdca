"""Locking and unlocking: the button, the words, the recovery key, and what an open page asks now and then."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from outreach.services import locking as lock
from outreach.services.keyring import NoPassphrase
from outreach.web.bolt import WORDS, latch, lock_page, try_words
from outreach.web.entrance import closed_door
from outreach.web.house import program
from outreach.web.staff import staff_blueprint

locking = staff_blueprint("locking")
bolt = Blueprint("bolt", __name__, url_prefix="/staff")
bolt.before_request(closed_door)


@locking.before_app_request
def look_first() -> None:
    """Before anything is answered: did the computer sleep, was it left alone?"""
    latch().watch.look()


@bolt.post("/lock")
def lock_all() -> str:
    """For the command: lock, and say no more."""
    _lock()
    return ""


@locking.post("/lock")
def lock_now() -> AnyResponse:
    _lock()
    return redirect(url_for("locking.show", then=_safe(request.form.get("then", ""))), 303)


def _lock() -> None:
    if not program().keyring.has_passphrase:
        raise NoPassphrase()
    lock.lock(program())


@locking.get("/unlock")  # after words that were not the right ones, the browser stands there
@locking.get("/lock")
def show() -> AnyResponse:
    """The page that takes the words, with `then` for the page to go on to."""
    then = _safe(request.args.get("then", ""))
    if not program().keyring.has_passphrase:
        return redirect(url_for("passphrase.show"), 303)
    return lock_page(then=then, closed="closed" in request.args) if program().is_locked else redirect(then, 303)


@locking.post("/unlock")
def unlock() -> AnyResponse:
    then = _safe(request.form.get("then", ""))
    refused = try_words(request.form.get(WORDS, ""))
    return lock_page(refused, then=then) if refused else redirect(then, 303)


@locking.get("/lock/state")
def state() -> dict[str, Any]:
    """For a page that is open: whether to go away. It says, too, that somebody used it meanwhile."""
    if "used" in request.args and not program().is_locked:
        latch().watch.used()
    return {"locked": program().is_locked}


def _safe(then: str) -> str:
    """A staff page of our own that can be looked at; the desk for anything else."""
    parts = urlsplit(then)
    try:
        if parts.scheme or parts.netloc or not parts.path.startswith("/staff/"):
            raise ValueError
        current_app.url_map.bind("").match(parts.path, "GET")
    except (ValueError, HTTPException):
        return url_for("desk.home")
    return then
