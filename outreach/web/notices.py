"""What a program itself adds to every guide page: its supply alerts, its phone lines, its hours and note."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, g

from outreach.i18n.days import day_in
from outreach.services import alerts, phones
from outreach.web.house import program
from outreach.web.speech import page_language


def alerts_here() -> tuple[alerts.SaidAlert, ...]:
    """Today's alerts in the page's language; none on a page that has no language yet.

    An app that makes pages to keep (they would outlive the alert) sets ALERTS to False.
    """
    if "language" not in g or not current_app.config.get("ALERTS", True):
        return ()
    return alerts.shown(program(), page_language(), date.today(), day_in)


def lines_here(topic: str = "") -> tuple[phones.SaidLine, ...]:
    """The ticked phone lines in the page's language, all of them or those of one topic."""
    return phones.offered(program(), page_language(), date.today(), topic)


def notes_here() -> phones.SaidNotes:
    return phones.notes(program(), page_language())


def notices() -> dict[str, Any]:
    """What the guide's templates reach for."""
    return {"alerts_here": alerts_here, "lines_here": lines_here, "notes_here": notes_here}
