"""What this laptop holds: the page for whoever asks, and the same to print."""

from __future__ import annotations

from flask import Response, render_template

from outreach.core.periods import Period
from outreach.services import held_words
from outreach.services.holding import holdings
from outreach.web.asked import saved
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.staff import staff_blueprint, today
from outreach.web.writing import reader

holds = staff_blueprint("holds")


@holds.get("/holds")
def show() -> str:
    return render_template("staff/holds.html", blocks=list(held_words.blocks(reader(), holdings(program()))))


@holds.get("/holds.pdf")
def paper() -> Response:
    page = held_words.paper(reader(), holdings(program()), today())
    return saved(prints().press.document(page), "pdf", "holds", Period(today(), today()))
