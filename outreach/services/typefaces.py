"""Which script a shipped font is for, and the font cut to the characters that a page shows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from outreach.printing.cutting import cut
from outreach.shipped import FONTS

__all__ = ["cut", "scripts_by_font"]


@cache
def scripts_by_font() -> Mapping[str, str]:
    """The script of every shipped font file, by its name without an ending."""
    rows = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))
    return {row[weight]: script for script, row in rows.items() for weight in ("regular", "bold")}
