"""The door of a department's page: the home's token, in a cookie that no other page can send."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.web.entrance import going_in, same, token

hub_door = Blueprint("hub_door", __name__)
COOKIE = "outreach-hub"
"""Not the staff pages' own: a browser sends a cookie to every port of this computer."""


def closed_door() -> Response | None:
    """What the page answers to a browser without the token: one sentence, one button."""
    return None if same(request.cookies.get(COOKIE, ""), token()) else _closed()


def _closed() -> Response:
    asked_again = request.method == "GET" and request.endpoint != "hub_door.open_door"
    again = request.full_path.rstrip("?") if asked_again else url_for("hub_door.begin")
    return Response(render_template("hub/closed_door.html", again=again), status=403)


@hub_door.get("/open")
def open_door() -> AnyResponse:
    """Take the key out of the address: the home's own, or one that was made for one window."""
    return going_in(COOKIE, url_for("hub.show", tag="en")) or _closed()


@hub_door.get("/")
def begin() -> AnyResponse:
    return closed_door() or redirect(url_for("hub.show", tag="en"), 303)
