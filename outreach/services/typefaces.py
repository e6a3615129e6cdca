"""Which script a shipped font is for, and the font cut to the characters that a page shows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from outreach.printing.cutting import cut
from outreach.shipped import FONTS

__all__ = ["cut", "scripts_by_font", "web_weights"]

WEIGHTS = ("regular", "bold")


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))


@cache
def scripts_by_font() -> Mapping[str, str]:
    """The script of every shipped font file, by its name without an ending."""
    return {row[weight]: script for script, row in _rows().items() for weight in WEIGHTS}


def web_weights(script: str) -> tuple[str, ...]:
    """The weights that travel with a page in this script; where bold stays home, browsers thicken the regular one."""
    return ("regular",) if _rows()[script].get("one_weight") else WEIGHTS
