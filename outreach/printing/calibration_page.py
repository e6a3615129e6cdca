"""The calibration page on paper: lines from exact fractions, words and figures laid over them by WeasyPrint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from outreach.core.printers import LINE
from outreach.printing import fonts
from outreach.printing.calibration import (
    BASE,
    RULER_END,
    Calibration,
    across_line,
    bold_lines,
    down_line,
    fine_lines,
)
from outreach.printing.closed import OwnFilesOnly, heard
from outreach.printing.filling import css_mm
from outreach.printing.placing import page_matrix
from outreach.printing.refusals import FontMissing
from outreach.printing.sheet import operands, say, stroke

TITLE = "Calibration page: print at 100 %"
SIDES = ("front", "back")

STYLE = """* { margin: 0; padding: 0 }
@page { margin: 0 }
body { font-size: 10pt; line-height: 1.3 }
section { position: relative; break-after: page }
section > * { position: absolute }
div { background: #fff }
:lang(ar), :lang(fa), :lang(my), :lang(km) { line-height: 1.6 }
h1 { font-size: 15pt; margin-bottom: 2mm }
p { margin-bottom: 2mm }
p.first { font-weight: 700; font-size: 12pt; margin: 0 }
i { font-style: normal; font-size: 6.5pt; line-height: 3mm; text-align: center; background: #fff }
i.line { font-size: 9pt; line-height: 4mm }
"""


def draw(page: Calibration, font_config: FontConfiguration) -> bytes:
    """Front and back as a PDF."""
    about = ("calibration", page.language)
    try:
        files = fonts.font_files(page.scripts)
    except fonts.NoFont as missing:
        raise FontMissing(card=about[0], language=about[1], font=missing) from None
    fetcher = OwnFilesOnly(Path(__file__).parent / "none", files.values())
    with heard(*about):
        html = HTML(string=_html(page, fonts.font_css(files)), url_fetcher=fetcher)
        return bytes(html.write_pdf(font_config=font_config, finisher=_finisher(page)))


def _finisher(page: Calibration) -> Callable[[Any, pydyf.PDF], None]:
    """Puts the lines under the words of each side, and moves both to make up for the printer."""

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        for side, reference in zip(SIDES, pdf.page_references, strict=True):
            stream = pdf.objects[int(pdf.objects[int(reference.split()[0])]["Contents"].split()[0])]
            stream.stream[:0] = _lines(page, side)
        say(pdf, TITLE, page.turn, [page.language])

    return finish


def _lines(page: Calibration, side: str) -> Iterator[bytes]:
    yield operands(*page_matrix(page.layout, page.printer, page.turn, side)) + b" cm"
    outlines, marks = fine_lines(page.layout, side), bold_lines(page.layout)
    for look, lines in ((b"0.25 w [3 3] 0 d", outlines), (b"0.5 w [] 0 d", marks)):
        yield look
        yield from (stroke(page.layout, line) for line in lines)


def _html(page: Calibration, font_css: str) -> str:
    width, height = map(css_mm, page.layout.paper_size)
    sides = "".join(
        f'<section style="width:{width};height:{height}">{_words(page, side)}{"".join(_figures(page))}</section>'
        for side in SIDES
    )
    return (
        f'<!DOCTYPE html><html lang="{page.language}" dir="{page.direction}"><meta charset="utf-8"><title>.</title>'
        f"<style>{font_css}{STYLE}@page{{size:{width} {height}}}</style><body>{sides}</body></html>"
    )


def _words(page: Calibration, side: str) -> str:
    """What to do: the first sentence stands on the line across that it speaks of, the rest below it."""
    title, first, *rest = page.words[side]
    start, (width, height) = down_line(page.layout)[0] + 12, page.layout.paper_size
    line = across_line(page.layout)[1]
    place = f"left:{css_mm(start)};width:{css_mm(width - 2 * start)};"
    above, below = f"{place}bottom:{css_mm(height - line + 4)}", f"{place}top:{css_mm(line + 8)}"
    head = f'<h1>{escape(title)}</h1><p class="first">{escape(first)}</p>'
    more = "".join(f"<p>{escape(each)}</p>" for each in rest)
    return f'<div style="{above}">{head}</div><div style="{below}">{more}</div>'


def _figures(page: Calibration) -> Iterator[str]:
    """Numbers on the rulers, from the paper's left and top edge, and the length of the two lines."""
    width, height = page.layout.paper_size
    for at in range(int(RULER_END), int(width - RULER_END) + 1, 10):
        for y in (BASE + 2, height - BASE - 2):
            yield _figure(str(at), Fraction(at), y)
    for at in range(int(RULER_END), int(height - RULER_END) + 1, 10):
        for x in (BASE + 3, width - BASE - 3):
            yield _figure(str(at), x, Fraction(at))
    (x, y), (left, top) = across_line(page.layout), down_line(page.layout)
    yield _figure("100 mm", x + LINE / 2, y + 4, "line")
    yield _figure("100 mm", left, top - 4, "line")


def _figure(text: str, x: Fraction, y: Fraction, kind: str = "") -> str:
    """A few characters in the middle of a point."""
    width, height = (Fraction(16), Fraction(4)) if kind else (Fraction(5), Fraction(3))
    place = f"left:{css_mm(x - width / 2)};top:{css_mm(y - height / 2)};width:{css_mm(width)}"
    return f'<i class="{kind}" dir="ltr" style="{place}">{text}</i>'
