"""Step and repeat: each drawn face once in the file, placed on sheet after sheet from exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pydyf

from outreach.core.cards import Placed, Printable
from outreach.core.layouts import POINTS_PER_MM, Layout, Turn
from outreach.core.printers import PrinterProfile
from outreach.printing.job import PrintJob
from outreach.printing.render import Face

TITLE = "Cards: print at 100 %"
MARK, MARK_LEAST, MARK_GAP = Fraction(4), Fraction(2), Fraction(3, 2)
"""Millimetres of a cut mark, of the shortest one worth printing, and its distance from the cards."""
DUPLEX = {Turn.LONG: "/DuplexFlipLongEdge", Turn.SHORT: "/DuplexFlipShortEdge"}

Faces = Mapping[tuple[Printable, str], Face]
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


def finisher(job: PrintJob, faces: Faces, plan: Sequence[tuple[Placed, ...]]) -> Callable[[Any, pydyf.PDF], None]:
    """What WeasyPrint calls before it writes: the pages of `faces`, in their order, become sheets."""

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        names = _forms(pdf, faces)
        paper = pydyf.Array([0, 0, *(decimal(each * POINTS_PER_MM) for each in job.layout.paper_size)])
        forms = pydyf.Dictionary({name: stream.reference for name, stream in names.values()})
        pdf.pages.update(Kids=pydyf.Array(), Count=0, MediaBox=paper, Resources=pydyf.Dictionary({"XObject": forms}))
        contents: dict[tuple[str, tuple[Placed, ...]], pydyf.Stream] = {}
        for placed in plan:
            for side in job.sides:
                content = contents.get((side, placed))
                if content is None:
                    content = pydyf.Stream(list(_content(job, side, placed, faces, names)), compress=True)
                    pdf.add_object(content)
                    contents[side, placed] = content
                pdf.add_page(
                    pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference, "Contents": content.reference})
                )
        say(pdf, TITLE, job.order.turn if len(job.sides) > 1 else None, job.languages)

    return finish


def _forms(pdf: pydyf.PDF, faces: Faces) -> dict[tuple[Printable, str], tuple[str, pydyf.Stream]]:
    """Turn every page into a form that can be placed many times, and empty what was its page."""
    made = {}
    for number, (key, face_page) in enumerate(zip(faces, pdf.page_references, strict=True)):
        page = pdf.objects[int(face_page.split()[0])]
        stream = pdf.objects[int(page["Contents"].split()[0])]
        stream.extra.update(Type="/XObject", Subtype="/Form", BBox=page["MediaBox"], Resources=page["Resources"])
        made[key] = (f"F{number}", stream)
        page.clear()  # marked free, it would make pydyf miscount its objects
    return made


def _content(
    job: PrintJob,
    side: str,
    placed: tuple[Placed, ...],
    faces: Faces,
    names: Mapping[tuple[Printable, str], tuple[str, pydyf.Stream]],
) -> Iterator[bytes]:
    adjust = page_matrix(job.layout, job.printer, job.order.turn, side)
    if adjust != (ONE, NONE, NONE, ONE, NONE, NONE):
        yield operands(*adjust) + b" cm"
    if not job.layout.die_cut:
        yield from _cut_marks(job.layout)
    for each in placed:
        key = (each.printable, side)
        if key not in faces:
            continue  # a card without a back on a sheet that has one
        matrix = slot_matrix(slot_box(job.layout, side, each.slot), side, faces[key].turned)
        yield b"q " + operands(*matrix) + f" cm /{names[key][0]} Do Q".encode()


def _cut_marks(layout: Layout) -> Iterator[bytes]:
    """Short hairlines in the margins of plain paper, in line with every edge that is cut.

    Nothing is drawn in a card or on its edge: cards that fill the paper have no marks, and are cut into equal parts.
    """
    yield b"0.25 w"
    paper = layout.paper_size
    for axis, count in ((0, layout.columns), (1, layout.rows)):
        starts = [layout.origin[axis] + i * layout.pitch[axis] for i in range(count)]
        cuts = dict.fromkeys(each for start in starts for each in (start, start + layout.label[axis]))
        near, far = layout.margins(1 - axis)
        for room, card, way in ((near, near, -1), (far, paper[1 - axis] - far, 1)):
            long = min(MARK, room - MARK_GAP)
            start, end = card + way * MARK_GAP, card + way * (MARK_GAP + long)
            for at in (each for each in cuts if 0 < each < paper[axis] and long >= MARK_LEAST):
                yield stroke(layout, (at, start, at, end) if axis == 0 else (start, at, end, at))


def stroke(layout: Layout, line: Rectangle) -> bytes:
    """A line from x and y to x and y, given in millimetres from the paper's upper left corner."""
    (x0, y0, x1, y1), height = (each * POINTS_PER_MM for each in line), layout.paper_size[1] * POINTS_PER_MM
    return operands(x0, height - y0) + b" m " + operands(x1, height - y1) + b" l S"


def say(pdf: pydyf.PDF, title: str, turn: Turn | None, languages: Sequence[str]) -> None:
    """What the file says about itself: how to print it, its language when it has one, and nothing else."""
    pdf.info.clear()
    pdf.info["Title"] = pydyf.String(title)
    wishes = {"PrintScaling": "/None", "DisplayDocTitle": "true"}
    if turn:
        wishes["Duplex"] = DUPLEX[turn]
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary(wishes)
    for key in ("Lang", "Names", "Outlines"):  # they speak of pages as they were drawn
        pdf.catalog.pop(key, None)
    if len(languages) == 1:
        pdf.catalog["Lang"] = pydyf.String(languages[0])


def decimal(number: Fraction) -> str:
    """An exact fraction to a hundred-thousandth of a point, without a float in between."""
    whole, rest = divmod(abs(round(number * 100_000)), 100_000)
    text = f"{whole}.{rest:05}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text


def operands(*numbers: Fraction) -> bytes:
    return " ".join(map(decimal, numbers)).encode()
