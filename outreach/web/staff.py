"""What every staff blueprint shares: the door, today, and an address that begins with /staff and a language."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from outreach.web.entrance import closed_door


def staff_blueprint(noun: str) -> Blueprint:
    """A blueprint under /staff/<tag>/ that only a browser with the token may enter."""
    blueprint = Blueprint(noun, __name__, url_prefix="/staff/<tag>")
    blueprint.before_request(closed_door)
    return blueprint


def today() -> date:
    """The day on this laptop's own calendar. It is only ever a proposal: the worker says which day it is."""
    return date.today()
