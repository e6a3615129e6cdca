"""What every staff blueprint shares: the door, today, and an address that begins with /staff and a language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from outreach.core.refusal import Refusal
from outreach.services.program import Program
from outreach.web.bolt import locked_out
from outreach.web.entrance import closed_door
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words

T = TypeVar("T")


def staff_blueprint(noun: str) -> Blueprint:
    """A blueprint under /staff/<tag>/ that only a browser with the token may enter; most of it only while unlocked."""
    blueprint = Blueprint(noun, __name__, url_prefix="/staff/<tag>")
    blueprint.before_request(closed_door)
    blueprint.before_request(_in_a_staff_language)
    blueprint.before_request(locked_out)
    return blueprint


def _in_a_staff_language() -> Response | None:
    """Staff pages in English for a language that has only the guide's words; None when there is nothing to do."""
    if request.method != "GET" or page_language().tag in program().staff_languages:
        return None
    values = {**(request.view_args or {}), **request.args, "tag": program().source.tag}
    return redirect(url_for(str(request.endpoint), **values), 303)


def own_rows(read: Callable[[Program], dict[str, T]]) -> tuple[dict[str, T], str]:
    """The program's own rows; none, and what to mend in their file, while it cannot be read."""
    try:
        return read(program()), ""
    except Refusal as refusal:
        return {}, refusal_words(refusal)


def today() -> date:
    """The day on this laptop's own calendar. It is only ever a proposal: the worker says which day it is."""
    return date.today()
