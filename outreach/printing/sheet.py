"""Step and repeat: each drawn face once in the file, placed on sheet after sheet from exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pydyf

from outreach.core.cards import Placed, Printable
from outreach.core.layouts import POINTS_PER_MM, Layout, Turn
from outreach.printing.job import PrintJob
from outreach.printing.placing import (
    NONE,
    ONE,
    Rectangle,
    cut_lines,
    decimal,
    page_matrix,
    slot_box,
    slot_matrix,
)
from outreach.printing.render import Face

TITLE, TITLE_ALONE = "Cards: print at 100 %", "Cards, one on a page"
DUPLEX = {Turn.LONG: "/DuplexFlipLongEdge", Turn.SHORT: "/DuplexFlipShortEdge"}

Faces = Mapping[tuple[Printable, str], Face]


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


def alone(job: PrintJob) -> Callable[[Any, pydyf.PDF], None]:
    """What WeasyPrint calls instead when each face stays a page of its own."""

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        say(pdf, TITLE_ALONE, None, job.languages)

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
        yield b"0.25 w"
        yield from (stroke(job.layout, line) for line in cut_lines(job.layout))
    for each in placed:
        key = (each.printable, side)
        if key not in faces:
            continue  # a card without a back on a sheet that has one
        matrix = slot_matrix(slot_box(job.layout, side, each.slot), side, faces[key].turned)
        yield b"q " + operands(*matrix) + f" cm /{names[key][0]} Do Q".encode()


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


def operands(*numbers: Fraction) -> bytes:
    return " ".join(map(decimal, numbers)).encode()
