"""A drawing of bars, lines and words: the same on a page and on paper, from either side, with no word on another."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from outreach.core.languages import LRI, PDI, Direction

PAGE = {
    "ink": "var(--ink, #1F1B16)",
    "muted": "var(--muted, #5B534A)",
    "line": "var(--line, #D9D0C3)",
    "edge": "var(--edge, #857B6F)",
    "accent": "var(--accent, #0A5F5B)",
    "card": "var(--card, #FFFFFF)",
}
PAPER = {
    "ink": "#000000",
    "muted": "#3A352F",
    "line": "#D0CAC0",
    "edge": "#6B6258",
    "accent": "#0A5F5B",
    "card": "#FFFFFF",
}

Point = tuple[float, float]

NARROW, WIDE, SHEET = 340, 700, 656
"""Widths to draw at: for a phone and for a laptop, of which a page may hold both and show one; and for A4 or Letter."""

ASCENT = 0.388  # of the letter size: from the middle of a line of Noto Sans down to what its letters stand on
_WIDTHS = {"W": 1.0, "F": 1.0}
_NARROW_LETTERS = frozenset("fijlrtI.,:;'!()[] -")
_WIDE_LETTERS = frozenset("mwMW%@&…ŉ©®¼½¾ÆæŒœŴŵسشصض")


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is set: `number` writes a number as the language does, `face` is the page's stack of fonts.

    On paper the words are HTML on top of the drawing: WeasyPrint sets each letter of an SVG's words by itself,
    so that Arabic falls apart. The drawing then is exactly `width` px wide. On a page it is as wide as there is room.
    """

    number: Callable[[int], str]
    direction: Direction = Direction.LTR
    width: int = WIDE
    paper: bool = False
    face: str = "NotoSans, NotoSansArabic, sans-serif"
    size: int = 14

    @property
    def palette(self) -> dict[str, str]:
        return PAPER if self.paper else PAGE


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text as it was set: where it begins or ends or has its middle, and what it stands on."""

    text: str
    x: float
    y: float
    anchor: str
    color: str
    bold: bool


@dataclass(slots=True)
class Drawing:
    """Marks and words in px, x from where reading begins. Right to left, all of it is set from the other side."""

    look: Look
    height: float = 0
    marks: list[str] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def x(self, x: float) -> float:
        return self.look.width - x if self.look.direction is Direction.RTL else x

    def word(
        self, text: str, x: float, y: float, anchor: str = "start", color: str = "ink", bold: bool = False
    ) -> None:
        """One line of text that stands on `y`; `anchor` says which of its ends, or its middle, is at `x`."""
        self.words.append(Word(text, x, y, anchor, color, bold))

    def path(self, through: list[Point], color: str, width: float = 1, dash: str = "", fill: str = "") -> None:
        """A line through these points; filled, if asked, with a color of the palette."""
        points = " ".join(f"{_n(self.x(x))},{_n(y)}" for x, y in through)
        colors, dashes = self.look.palette, f' stroke-dasharray="{dash}"' if dash else ""
        inside = colors[fill] if fill else "none"
        shape = "polygon" if fill else "polyline"
        self.marks.append(
            f'<{shape} points="{points}" fill="{inside}" stroke="{colors[color]}" stroke-width="{_n(width)}"'
            f' stroke-linejoin="round"{dashes}/>'
        )

    def box(self, left: float, top: float, width: float, height: float, style: int, data: str = "") -> None:
        """A box in one of the styles, told apart without color. A box of no height is a line."""
        fill, edge, hatch = STYLES[style]
        colors = self.look.palette
        start = self.x(left + width) if self.look.direction is Direction.RTL else left
        self.marks.append(
            f'<rect{data} x="{_n(start)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}"'
            f' fill="{colors[fill]}" stroke="{colors[edge]}" stroke-width="1"/>'
        )
        lines = "".join(_hatch(start, top, width, height, hatch))
        if lines:
            self.marks.append(f'<path d="{lines}" fill="none" stroke="{colors[edge]}" stroke-width="1.2"/>')

    def svg(self, title: str) -> str:
        """The drawing: an SVG, or on paper an SVG with HTML words on it."""
        look, width = self.look, self.look.width
        space = f'viewBox="0 0 {width} {_n(self.height)}"'
        named = f'role="img" aria-label="{escape(title)}"'
        title = f"<title>{escape(title)}</title>"
        start = '<svg xmlns="http://www.w3.org/2000/svg"'
        if look.paper:
            size = f'width="{width}" height="{_n(self.height)}"'
            words = "".join(self._html(word) for word in self.words)
            return (
                f'<div style="position:relative;width:{width}px;height:{_n(self.height)}px">'
                f"{start} {space} {size} {named}>{title}{''.join(self.marks)}</svg>{words}</div>"
            )
        words = "".join(self._text(word) for word in self.words)
        # Whatever the page's direction: "start" is the left here, and each word says which way it runs.
        return (
            f'{start} {space} width="100%" {named} direction="ltr" font-family="{escape(look.face)}"'
            f' font-size="{look.size}">{title}{"".join(self.marks)}{words}</svg>'
        )

    def _anchor(self, word: Word) -> str:
        if self.look.direction is Direction.RTL:
            return {"start": "end", "end": "start"}.get(word.anchor, word.anchor)
        return word.anchor

    def _text(self, word: Word) -> str:
        text = word.text
        if self.look.direction is Direction.RTL:
            text = f"\u2067{text}{PDI}"  # runs right to left as a whole, though the drawing is set from the left
        bold = ' font-weight="700"' if word.bold else ""
        return (
            f'<text x="{_n(self.x(word.x))}" y="{_n(word.y)}" text-anchor="{self._anchor(word)}"'
            f' fill="{self.look.palette[word.color]}"{bold}>{escape(text)}</text>'
        )

    def _html(self, word: Word) -> str:
        size, x, side = self.look.size, self.x(word.x), 400
        anchor = self._anchor(word)
        left = {"start": x, "end": x - side, "middle": x - side / 2}[anchor]
        align = {"start": "left", "end": "right", "middle": "center"}[anchor]
        line = size * 1.5
        return (
            f'<span dir="{self.look.direction.value}" style="position:absolute;left:{_n(left)}px;width:{side}px;'
            f"top:{_n(word.y - line / 2 - size * ASCENT)}px;height:{_n(line)}px;line-height:{_n(line)}px;"
            f"font-size:{size}px;text-align:{align};white-space:nowrap;color:{self.look.palette[word.color]};"
            f'font-weight:{700 if word.bold else 400}">{escape(word.text)}</span>'
        )

    def number(self, value: int) -> str:
        """A number in the language's own digits and signs, kept in one piece."""
        said = self.look.number(value)
        return f"{LRI}{said}{PDI}" if self.look.direction is Direction.RTL else said


# What fills a bar, what goes around it, and which lines run through it.
STYLES = (
    ("accent", "accent", ""),
    ("card", "accent", "/"),
    ("line", "edge", ""),
    ("card", "ink", "-"),
    ("card", "edge", "x"),
)


def _hatch(left: float, top: float, width: float, height: float, kind: str) -> list[str]:
    """Lines through a box, cut at its edges. They hang on the drawing, so that boxes side by side match."""
    gap = 6.0
    right, bottom = left + width, top + height
    lines = []
    if kind == "-":
        y = (top // 4 + 1) * 4
        while y < bottom:
            lines.append(f"M{_n(left)} {_n(y)}H{_n(right)}")
            y += 4
    if kind in ("/", "x"):
        c = ((left + top) // gap + 1) * gap  # x + y = c
        while c < right + bottom:
            x1, x2 = max(left, c - bottom), min(right, c - top)
            lines.append(f"M{_n(x1)} {_n(c - x1)}L{_n(x2)} {_n(c - x2)}")
            c += gap
    if kind == "x":
        c = ((left - bottom) // gap + 1) * gap  # x - y = c
        while c < right - top:
            x1, x2 = max(left, c + top), min(right, c + bottom)
            lines.append(f"M{_n(x1)} {_n(x1 - c)}L{_n(x2)} {_n(x2 - c)}")
            c += gap
    return lines


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a line is in Noto Sans, and never less: no font is at hand here to ask."""
    width = 0.0
    for letter in text:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            continue
        if letter in _NARROW_LETTERS:
            width += 0.42
        elif letter in _WIDE_LETTERS:
            width += 0.98
        else:
            width += _WIDTHS.get(unicodedata.east_asian_width(letter), 0.8 if letter.isupper() else 0.67)
    return width * size * (1.12 if bold else 1)


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than this, broken between words, or inside one that is too long by itself."""
    lines = [""]
    for word in text.split():
        while word:
            longer = f"{lines[-1]} {word}".strip()
            if text_width(longer, size, bold) <= width:
                lines[-1] = longer
                break
            if lines[-1]:
                lines.append("")
                continue
            cut = len(word)
            while cut > 1 and text_width(word[:cut], size, bold) > width:
                cut -= 1
            lines[-1], word = word[:cut], word[cut:]
            if word:
                lines.append("")
    return lines


def _n(value: float) -> str:
    """A length without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
