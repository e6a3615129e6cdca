"""The staff's page for phones in the room: the guide's address as a code, and the way into the hotspot."""

from __future__ import annotations

from flask import current_app, render_template, request

from outreach.core.codes import wifi_text
from outreach.services.codes import code_on_screen
from outreach.web.staff import staff_blueprint

codes = staff_blueprint("codes")
ADDRESSES = "LAN"
"""The app's setting that holds the addresses of the guide on this network; empty unless it is shared."""


@codes.route("/codes", methods=["GET", "POST"])
def show() -> str:
    # The hotspot's name and password live for this one answer: nothing keeps them, and no page is stored.
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    return render_template(
        "staff/codes.html",
        addresses=[(each, code_on_screen(each)) for each in current_app.config.get(ADDRESSES, ())],
        hotspot=name,
        wifi=code_on_screen(wifi_text(name, password)) if name or password else "",
    )
