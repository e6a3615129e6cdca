"""Which script a shipped font is for, and the font cut to the characters that a page shows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from outreach.printing import cutting
from outreach.shipped import FONTS

WEIGHTS = ("regular", "bold")
COARSE = 500
"""The grid that a heavy font is drawn on for the web: its steps are a fraction of a pixel in our largest letters."""


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))


@cache
def scripts_by_font() -> Mapping[str, str]:
    """The script of every shipped font file, by its name without an ending."""
    return {row[weight]: script for script, row in _rows().items() for weight in WEIGHTS}


def web_weights(script: str) -> tuple[str, ...]:
    """The weights that travel with a page in this script; where bold stays home, browsers thicken the regular one."""
    return ("regular",) if _is_heavy(script) else WEIGHTS


def cut(name: str, characters: frozenset[str]) -> bytes:
    """The font as it travels with a page that shows these characters; empty when it draws none of them."""
    return cutting.cut(name, characters, grid=COARSE if _is_heavy(scripts_by_font()[name]) else None)


def _is_heavy(script: str) -> bool:
    return bool(_rows()[script].get("heavy"))
