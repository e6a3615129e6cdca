"""Codes that a phone's camera reads off this screen: an address, or the way into a hotspot."""

from __future__ import annotations

import re

from outreach.core.refusal import N_, Refusal
from outreach.printing.qr import code_on_screen

__all__ = ["code_on_screen", "wifi_text"]

NAME_MAX = 32
PASSWORD = range(8, 64)


class NotAHotspot(Refusal):
    sentence = N_(
        "A hotspot's name has 1 to 32 letters and its password 8 to 63, or none. Type them again. Nothing was kept."
    )


def wifi_text(name: str, password: str) -> str:
    """What a code says so that a phone joins the hotspot. Refuses a name or password that no hotspot can have."""
    fits = 0 < len(name.encode()) <= NAME_MAX and (not password or len(password.encode()) in PASSWORD)
    if not fits or not (name + password).isprintable():
        raise NotAHotspot()
    if not password:
        return f"WIFI:T:nopass;S:{_escaped(name)};;"
    return f"WIFI:T:WPA;S:{_escaped(name)};P:{_escaped(password)};;"


def _escaped(text: str) -> str:
    return re.sub(r'([\\;,:"])', r"\\\1", text)
