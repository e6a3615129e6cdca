"""Where each face and each cut mark lies on the paper, from exact fractions; nothing here draws."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from outreach.core.layouts import POINTS_PER_MM, Layout, Turn
from outreach.core.printers import PrinterProfile
from outreach.printing.job import PrintJob

MARK, MARK_LEAST, MARK_GAP = Fraction(4), Fraction(2), Fraction(3, 2)
"""Millimetres of a cut mark, of the shortest one worth printing, and its distance from the cards."""

Rectangle = tuple[Fraction, Fraction, Fraction, Fraction]
Matrix = tuple[Fraction, Fraction, Fraction, Fraction, Fraction, Fraction]
NONE, ONE = Fraction(0), Fraction(1)


def slot_box(layout: Layout, side: str, slot: int) -> Rectangle:
    """A slot in points from the page's lower left corner. A back lies mirrored, as a page of a book is turned."""
    x, y = layout.corner(slot)
    (width, height), (paper_width, paper_height) = layout.label, layout.paper_size
    left = paper_width - x - width if side == "back" else x
    edges = left, paper_height - y - height, left + width, paper_height - y
    left, bottom, right, top = (each * POINTS_PER_MM for each in edges)
    return left, bottom, right, top


def slot_area(job: PrintJob, side: str, slot: int) -> Rectangle:
    """Where a slot really lands on the page, printer profile included."""
    across, _, _, up, x, y = page_matrix(job.layout, job.printer, job.order.turn, side)
    left, bottom, right, top = slot_box(job.layout, side, slot)
    (left, right), (bottom, top) = sorted((across * left, across * right)), sorted((up * bottom, up * top))
    return left + x, bottom + y, right + x, top + y


def page_matrix(layout: Layout, printer: PrinterProfile, turn: Turn, side: str) -> Matrix:
    """Where a whole page goes: a back turned over its short edge upside down, so that it lies behind its front all the
    same; then what makes up for the printer: scaled about the paper's upper left corner, moved right and down."""
    width, height = layout.paper_size
    across, up, (right, down) = printer.scale_x, printer.scale_y, printer.shift(side)
    x, y = right, height * (1 - up) - down
    if side == "back" and turn is Turn.SHORT:
        across, up, x, y = -across, -up, x + across * width, y + up * height
    return across, NONE, NONE, up, x * POINTS_PER_MM, y * POINTS_PER_MM


def slot_matrix(box: Rectangle, side: str, turned: bool) -> Matrix:
    """Where a face goes. A turned card is turned left on the front and right on the back: its top stays its top."""
    left, bottom, right, top = box
    if not turned:
        return ONE, NONE, NONE, ONE, left, bottom
    if side == "back":
        return NONE, -ONE, ONE, NONE, left, top
    return NONE, ONE, -ONE, NONE, right, bottom


def css_place(job: PrintJob, side: str, slot: int, turned: bool) -> str:
    """Where a browser moves a face that lies in the paper's upper left corner, printer profile included."""
    across, _, _, up, x, y = page_matrix(job.layout, job.printer, job.order.turn, side)
    a, b, c, d, e, f = slot_matrix(slot_box(job.layout, side, slot), side, turned)
    matrix = across * a, up * b, across * c, up * d, across * e + x, up * f + y
    return _css(job.layout, matrix, job.layout.label[0 if turned else 1])


def css_page(job: PrintJob, side: str) -> str:
    """Where a browser moves what lies on the whole page, such as cut marks."""
    return _css(job.layout, page_matrix(job.layout, job.printer, job.order.turn, side), job.layout.paper_size[1])


def _css(layout: Layout, matrix: Matrix, height: Fraction) -> str:
    """A matrix of paper, whose corner is the lower left one, for something of this height on a screen."""
    (a, b, c, d, e, f), high = matrix, height * POINTS_PER_MM
    right, down = e + c * high, layout.paper_size[1] * POINTS_PER_MM - d * high - f
    turn = ",".join(map(decimal, (a, -b, -c, d)))
    return f"translate({decimal(right)}pt,{decimal(down)}pt) matrix({turn},0,0)"


def cut_lines(layout: Layout) -> Iterator[Rectangle]:
    """Short hairlines in the margins of plain paper, in line with every edge that is cut, in millimetres from the
    paper's upper left corner.

    Nothing is drawn in a card or on its edge: cards that fill the paper have no marks, and are cut into equal parts.
    """
    paper = layout.paper_size
    for axis, count in ((0, layout.columns), (1, layout.rows)):
        starts = [layout.origin[axis] + i * layout.pitch[axis] for i in range(count)]
        cuts = dict.fromkeys(each for start in starts for each in (start, start + layout.label[axis]))
        near, far = layout.margins(1 - axis)
        for room, card, way in ((near, near, -1), (far, paper[1 - axis] - far, 1)):
            long = min(MARK, room - MARK_GAP)
            start, end = card + way * MARK_GAP, card + way * (MARK_GAP + long)
            for at in (each for each in cuts if 0 < each < paper[axis] and long >= MARK_LEAST):
                yield (at, start, at, end) if axis == 0 else (start, at, end, at)


def decimal(number: Fraction) -> str:
    """An exact fraction to a hundred-thousandth, without a float in between."""
    whole, rest = divmod(abs(round(number * 100_000)), 100_000)
    text = f"{whole}.{rest:05}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text
