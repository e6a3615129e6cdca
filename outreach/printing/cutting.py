"""Fonts cut to the characters that a page shows, packed for the web: a page that travels alone carries only those."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from outreach.shipped import FONTS

ALWAYS = frozenset(" \u00a0\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202f\u25cc")
"""What any script may need between its letters: spaces, joiners, and what keeps a phone in order inside Arabic."""


@lru_cache(maxsize=64)
def cut(name: str, characters: frozenset[str], folder: Path = FONTS, grid: int | None = None) -> bytes:
    """The shipped font `name` (such as "NotoSans-Bold") as woff2 with these characters and how they join.

    Empty when it can draw none of them. The same characters give the same bytes. `grid` is the number of
    steps in the height of a line to draw on, the font's own (1,000) when left out: fewer weigh less.
    """
    # Imported late: it is slow to load, and pages that are only served need none of it.
    from fontTools.subset import Options, Subsetter, load_font
    from fontTools.ttLib.scaleUpem import scale_upem

    options = Options()
    options.flavor = "woff2"
    # What browsers apply by themselves, and the even figures that our styles ask for. All features would bring small
    # capitals and the other hands of Arabic along: up to four times the drawings.
    options.layout_features = [*options.layout_features, "tnum"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]  # the licence asks that notice and licence travel along
    options.recalc_timestamp = False
    options.harfbuzz_repacker = False  # used only where uharfbuzz is installed, so the bytes would depend on that
    with load_font(str(folder / f"{name}.ttf"), options) as font:
        if not {ord(each) for each in characters - ALWAYS} & font.getBestCmap().keys():
            return b""
        subsetter = Subsetter(options)
        subsetter.populate(unicodes={ord(each) for each in characters | ALWAYS})
        subsetter.subset(font)
        if grid:
            scale_upem(font, grid)
        packed = BytesIO()
        font.flavor = "woff2"
        font.save(packed)
    return packed.getvalue()
