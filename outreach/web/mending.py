"""Where what was refused is mended: on which page, or in which field of this one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext

from outreach.core.law_checks import LawNotPrinted
from outreach.core.refusal import Refusal
from outreach.services.designs.coding import NothingToSay
from outreach.services.designs.contact import NoContact
from outreach.services.designs.counsel import ParticipationOff


def field_of(refusal: Refusal | None, fields: Mapping[type[Refusal], str], other: str = "") -> str:
    """The name of the field that a refusal is about, by its kind; `other` where it is about none of these."""
    return next((name for kind, name in fields.items() if isinstance(refusal, kind)), other)


def mended_at(refusal: Refusal) -> tuple[str, str] | None:
    """The address of that page and what its link says; None where there is no such page."""
    if isinstance(refusal, LawNotPrinted):
        return url_for("law.show", state=refusal.values["state"]), gettext("Who checked the law")
    if isinstance(refusal, ParticipationOff):
        return url_for("law.states"), gettext("Who checked the law")
    if isinstance(refusal, NoContact | NothingToSay):
        return url_for("desk.show_settings"), gettext("Settings")
    return None
