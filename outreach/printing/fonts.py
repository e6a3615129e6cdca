"""The fonts that paper may use: our own, checked before anything is drawn, never the system's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from outreach.shipped import FONTS

LATIN = "NotoSans"
WEIGHTS = {"regular": 400, "bold": 700}
TRUETYPE = (b"\x00\x01\x00\x00", b"true", b"OTTO")
FLOOR, FLOOR_FINE = 6.5, 7.0
"""Points below which nothing is printed: 7 for scripts with finer strokes and marks than Latin."""

CUT_ANYWHERE = ("latin",)
"""The scripts of a language whose words may be cut, when nothing else is left. Letters that join, or words that only
a dictionary tells apart, would become other words."""

NO_FONTCONFIG = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig></fontconfig>'
"""A fontconfig without a single font: what our files cannot draw is refused instead of drawn by chance."""


class NoFont(Exception):
    """The name of a font file that is missing, unreadable or no font. Drawing without it would end the process."""


def font_files(scripts: Iterable[str], folder: Path = FONTS) -> dict[tuple[str, int], Path]:
    """Every file for these scripts by family and weight, each looked into; raises NoFont.

    In the order in which they are tried for a letter: that of `scripts`, but a font that leads comes first.
    """
    try:
        rows = tomllib.loads((folder / "fonts.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NoFont("fonts.toml") from None
    wanted = list(scripts)
    for script in wanted:
        if script not in rows:
            raise NoFont(script)
    found: dict[tuple[str, int], Path] = {}
    for script in sorted(wanted, key=lambda each: not rows[each].get("leads", False)):
        for weight, number in WEIGHTS.items():
            file = folder / f"{rows[script][weight]}.ttf"
            try:
                with file.open("rb") as opened:
                    start = opened.read(4)
            except OSError:
                raise NoFont(file.name) from None
            if start not in TRUETYPE:
                raise NoFont(file.name)
            found[rows[script]["family"], number] = file
    return found


def font_css(files: dict[tuple[str, int], Path], address: Callable[[Path], str] = Path.as_uri) -> str:
    """One `@font-face` a file, and the families tried in the given order; for English, Latin letters first."""
    faces = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url("{address(file)}")}}\n'
        for (family, weight), file in files.items()
    )
    families = tuple(dict.fromkeys(family for family, _ in files))
    latin_first = sorted(families, key=lambda family: family != LATIN)
    return f"{faces}html{{font-family:{_stack(families)}}}\n:lang(en){{font-family:{_stack(latin_first)}}}\n"


def _stack(families: Iterable[str]) -> str:
    return ",".join(f'"{family}"' for family in families)


def floor(scripts: Iterable[str]) -> float:
    """The smallest text size, in points, that these scripts are printed in."""
    return FLOOR if set(scripts) <= {"latin"} else FLOOR_FINE
