"""The page on what to pack tonight."""

from __future__ import annotations

from flask import render_template, request

from outreach.core.loading import LOOKED_AT, WEEKDAYS, weekday
from outreach.services import loading as packing
from outreach.services import settings
from outreach.web.house import program
from outreach.web.staff import staff_blueprint, today

loading = staff_blueprint("loading")


@loading.get("/load")
def show() -> str:
    on = weekday(request.args["weekday"]) if "weekday" in request.args else today().weekday()
    # A form that was sent with no stop chosen says so; one that was never sent gets the usual ones.
    stops = request.args.getlist("site") if "weekday" in request.args else packing.usual_stops(program(), on, today())
    return render_template(
        "staff/load.html",
        sites=settings.sites(program()),
        stops=stops,
        on=on,
        weekdays=WEEKDAYS,
        found=packing.load_list(program(), stops, on, today()),
        looked_at=LOOKED_AT,
    )
