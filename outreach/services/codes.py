"""Codes that a phone's camera reads off this screen: an address, or the way into a hotspot."""

from __future__ import annotations

from outreach.printing.qr import code_on_screen

__all__ = ["code_on_screen"]
