"""One side of a card as a page for a browser, with the lengths, fonts and sizes of text that paper has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from outreach.core.layouts import Layout
from outreach.printing import fonts
from outreach.printing.filling import lengths
from outreach.printing.fitting import BESIDE, comfortable_size, is_turned, sizes_to_try
from outreach.printing.job import Design
from outreach.printing.refusals import DesignMistake, FontMissing

LOOK = (
    # A frame has whole pixels, a label does not: the page is as large as the label, in the frame's upper left corner.
    "position:relative;width:var(--width) !important;height:var(--height) !important;margin:0 auto 0 0 !important;"
    # Screens move letters to whole pixels, paper does not: words would break elsewhere than they were measured.
    "text-rendering:geometricPrecision;"
    # Scroll bars would take room; browsers leave out what is white on black unless it is asked for.
    "overflow:hidden !important;print-color-adjust:exact;-webkit-print-color-adjust:exact;"
    "color-scheme:only light;background:#fff;-webkit-text-size-adjust:none;text-size-adjust:none;"
)


@dataclass(frozen=True, slots=True)
class BrowserPage:
    """A side in the smallest words, and the same with the smallest code; `sizes` are to be tried, in points.

    `turned` says that it lies on its label turned by 90°.
    """

    html: str
    tight: str
    turned: bool
    sizes: tuple[float, ...]


class _Root(HTMLParser):
    """What stands on `<html>`, and where that tag ends, or else what says that this is HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.end, self._html, self._found = 0, html, False
        self.feed(html)

    def handle_decl(self, decl: str) -> None:
        if not self._found:
            self.end = self._html.index(">", self._at()) + 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html" and not self._found:
            self.attributes, self._found = dict(attrs), True
            self.end = self._at() + len(self.get_starttag_text() or "")

    def _at(self) -> int:
        line, column = self.getpos()
        return sum(len(each) + 1 for each in self._html.split("\n")[: line - 1]) + column


def browser_page(layout: Layout, design: Design, pages: tuple[str, str], address: Callable[[Path], str]) -> BrowserPage:
    """A side that was filled, as it is and with the smallest code; `address` says where a browser finds a font."""
    about = {"card": design.card, "language": design.language}
    try:
        css = fonts.font_css(fonts.font_files(design.scripts), address)
    except fonts.NoFont as missing:
        raise FontMissing(font=missing, **about) from None
    root, floor = _Root(pages[0]), fonts.floor(design.scripts)
    try:
        sizes = sizes_to_try(floor, comfortable_size(root.attributes, floor))
    except ValueError:
        raise DesignMistake(why="data-comfortable is not a number of points", **about) from None
    turned = is_turned(layout, root.attributes)
    css += f":root{{{LOOK}font-size:{floor}pt !important;{lengths(layout, turned, floor)}"
    css += f"--beside:max(var(--smallest),{BESIDE}rem)}}"
    html, tight = (_styled(page, css) for page in pages)
    return BrowserPage(html, tight, turned, tuple(sizes))


def _styled(page: str, css: str) -> str:
    """The page with a style sheet before all of its own, as WeasyPrint takes ours."""
    end = _Root(page).end
    return f"{page[:end]}<style>{css}</style>{page[end:]}"
