"""Backs behind fronts: whichever edge a sheet is turned over, on any grid, to the last fraction."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.core.cards import Copies, Order, Printable
from outreach.core.languages import LanguageTag
from outreach.core.layouts import PAPERS, POINTS_PER_MM, Layout, Turn
from outreach.core.printers import PrinterProfile
from outreach.printing.job import Design, PrintJob
from outreach.printing.placing import Matrix, css_place, page_matrix, slot_area, slot_box, slot_matrix

Point = tuple[Fraction, Fraction]
LETTER = PAPERS["letter"]


@st.composite
def grids(draw: st.DrawFn) -> Layout:
    """Any layout with equal margins on Letter paper."""
    count = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    label = draw(st.integers(70, 400)), draw(st.integers(70, 200))
    label = tuple(
        min(Fraction(each, 10), size / n) for each, size, n in zip(label, LETTER, count, strict=True)
    )  # tenths of a millimetre
    room = tuple(size - n * each for size, n, each in zip(LETTER, count, label, strict=True))
    gap = tuple(Fraction(draw(st.integers(0, 10)), 10) * each / n for each, n in zip(room, count, strict=True))
    origin = tuple((each - (n - 1) * between) / 2 for each, n, between in zip(room, count, gap, strict=True))
    pitch = (label[0] + gap[0], label[1] + gap[1])
    return Layout("any", "Any", "letter", *count, label=label, origin=origin, pitch=pitch)


def moved(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def on_page(layout: Layout, turn: Turn, side: str, slot: int, portrait: bool, point: Point) -> Point:
    """Where a point of a card, given from the card's own lower left corner, lands on the page, in points."""
    box = slot_box(layout, side, slot)
    placed = moved(slot_matrix(box, side, portrait), point)
    return moved(page_matrix(layout, PrinterProfile(), turn, side), placed)


def behind(turn: Turn, point: Point) -> Point:
    """The place on the front page that a place on the back page lies behind, once the printer turned the sheet."""
    width, height = (each * POINTS_PER_MM for each in LETTER)
    return (width - point[0], point[1]) if turn is Turn.LONG else (point[0], height - point[1])


@settings(deadline=None)  # a laptop may be busy
@given(grids(), st.sampled_from(list(Turn)), st.booleans(), st.data())
def test_a_back_lies_exactly_behind_its_front(layout: Layout, turn: Turn, portrait: bool, data: st.DataObject) -> None:
    """Turned like a page of a book, a card shows its back upright, edge on edge, over either edge of the paper."""
    slot = data.draw(st.integers(0, layout.slots - 1))
    width, height = (each * POINTS_PER_MM for each in (reversed(layout.label) if portrait else layout.label))
    for across in (Fraction(0), Fraction(1, 4), Fraction(1)):
        for up in (Fraction(0), Fraction(1, 3), Fraction(1)):
            front = on_page(layout, turn, "front", slot, portrait, (across * width, up * height))
            back = on_page(layout, turn, "back", slot, portrait, ((1 - across) * width, up * height))
            assert behind(turn, back) == front


@settings(deadline=None)  # a laptop may be busy
@given(grids(), st.sampled_from(list(Turn)), st.data())
def test_backs_fill_the_mirrored_slots(layout: Layout, turn: Turn, data: st.DataObject) -> None:
    """With equal margins the back of each slot lies on another slot of the same grid: the one `back_of` names."""
    slot = data.draw(st.integers(0, layout.slots - 1))
    width, height = (each * POINTS_PER_MM for each in layout.label)
    corners = [on_page(layout, turn, "back", slot, False, at) for at in ((Fraction(0), Fraction(0)), (width, height))]
    assert tuple(map(min, zip(*corners, strict=True))) == slot_box(layout, "front", layout.back_of(slot, turn))[:2]
    assert layout.back_of(layout.back_of(slot, turn), turn) == slot


CSS = re.compile(r"translate\((.+)pt,(.+)pt\) matrix\((.+),(.+),(.+),(.+),0,0\)")


@settings(deadline=None)
@given(grids(), st.sampled_from(list(Turn)), st.booleans(), st.sampled_from(["front", "back"]), st.data())
def test_a_browser_puts_a_face_where_the_press_does(
    layout: Layout, turn: Turn, turned: bool, side: str, data: st.DataObject
) -> None:
    """Each corner of a face, moved by the CSS, lies where its place on paper is, made up for the printer."""
    slot = data.draw(st.integers(0, layout.slots - 1))
    printable = Printable("any", LanguageTag("en"))
    design = Design(printable, Path("any"), ("front", "back"), "ltr", ("latin",), {})
    printer = PrinterProfile(Fraction(7, 10), Fraction(-4, 10), Fraction(1, 5), Fraction(3, 10))
    order = Order((Copies(printable, 1),), layout.id, turn=turn)
    job = PrintJob(layout, order, {printable: design}, printer)

    found = CSS.fullmatch(css_place(job, side, slot, turned))
    assert found
    right, down, a, b, c, d = map(float, found.groups())
    width, height = (float(each * POINTS_PER_MM) for each in (reversed(layout.label) if turned else layout.label))
    paper = float(layout.paper_size[1] * POINTS_PER_MM)
    corners = [(a * x + c * y + right, paper - b * x - d * y - down) for x in (0, width) for y in (0, height)]
    for n, wanted in enumerate(slot_area(job, side, slot)):
        reach = [each[n % 2] for each in corners]
        assert abs((min if n < 2 else max)(reach) - float(wanted)) < 0.001
    whole = on_page(layout, turn, side, slot, turned, (Fraction(0), Fraction(0)))
    first = (c * height + right, paper - d * height - down)
    assert all(abs(mine - float(its)) < 6 for mine, its in zip(first, whole, strict=True)), "its own lower left corner"
