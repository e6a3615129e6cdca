"""Counsel's wording for the participation card, from the home's own file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from outreach.content.laws import find_state
from outreach.content.reading import read_table
from outreach.content.tongues import tongue
from outreach.core.participation import Participation


def read_participation(file: Path) -> Participation | None:
    """The wording that was saved; None while the card is off."""
    if not file.exists():
        return None
    top = read_table(file)
    top.only(("state", "statute", "wording", "by", "day", "language"))
    return top.build(
        lambda: Participation(
            state=find_state(top.get("state", str)),
            statute=top.get("statute", str),
            wording=top.get("wording", str),
            by=top.get("by", str),
            day=top.get("day", date),
            language=tongue(top),
        )
    )
