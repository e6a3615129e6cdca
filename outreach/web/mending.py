"""Where a page leads from what was refused to the page that mends it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from outreach.core.law_checks import LawNotPrinted
from outreach.core.refusal import Refusal
from outreach.services.designs.coding import NothingToSay
from outreach.services.designs.contact import NoContact
from outreach.services.designs.counsel import ParticipationOff


def mended_at(refusal: Refusal) -> tuple[str, str] | None:
    """The address of that page and what its link says; None where there is no such page."""
    if isinstance(refusal, LawNotPrinted):
        return url_for("law.show", state=refusal.values["state"]), gettext("Who checked the law")
    if isinstance(refusal, ParticipationOff):
        return url_for("law.states"), gettext("Who checked the law")
    if isinstance(refusal, NoContact | NothingToSay):
        return url_for("desk.show_settings"), gettext("Settings")
    return None
