"""A page to measure a printer by: what it shows and in which words, as a job for the press."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from outreach.core.layouts import Layout, Turn
from outreach.core.printers import CROSS, LINE, PrinterProfile
from outreach.printing.job import layout_of, profile_of

ARM, BASE, RULER_END = Fraction(6), Fraction(12), Fraction(30)
"""Millimetres: a cross's arms; how far from the paper's edge rulers lie, and from its corners they end."""

Line = tuple[Fraction, Fraction, Fraction, Fraction]
"""From x and y to x and y, in millimetres from the paper's upper left corner."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One layout's calibration page, front and back, as one printer gets it.

    `words` are sentences by the part of the page they stand in; `front` and `back` hold what differs.
    """

    layout: Layout
    language: str
    direction: str
    scripts: tuple[str, ...]
    words: Mapping[str, list[str]]
    turn: Turn = Turn.LONG
    printer: PrinterProfile = field(default_factory=PrinterProfile)

    def to_json(self) -> bytes:
        return json.dumps({"calibration": asdict(self)}, default=str, ensure_ascii=False).encode()

    @classmethod
    def from_data(cls, read: dict[str, Any]) -> Calibration:
        given = {"layout": layout_of(read["layout"]), "printer": profile_of(read["printer"])}
        return cls(**read | given | {"scripts": tuple(read["scripts"]), "turn": Turn(read["turn"])})


def fine_lines(layout: Layout, side: str) -> Iterator[Line]:
    """The outline of each slot, where its card would lie on that side."""
    for slot in range(layout.slots):
        left, top = layout.corner(slot)
        width, height = layout.label
        if side == "back":
            left = layout.paper_size[0] - left - width
        right, bottom = left + width, top + height
        yield from ((left, y, right, y) for y in (top, bottom))
        yield from ((x, top, x, bottom) for x in (left, right))


def crosses(layout: Layout) -> list[tuple[Fraction, Fraction]]:
    """The one that is measured, upper left; then the other corners and the middle."""
    width, height = layout.paper_size
    corners = [(x, y) for y in (CROSS, height - CROSS) for x in (CROSS, width - CROSS)]
    return [*corners, (width / 2, height / 2)]


def bold_lines(layout: Layout) -> Iterator[Line]:
    """Crosses, the two lines of 100 mm, and rulers along all four edges."""
    for x, y in crosses(layout):
        yield from ((x - ARM, y, x + ARM, y), (x, y - ARM, x, y + ARM))
    (x, y), (left, top) = across_line(layout), down_line(layout)
    yield from ((x, y, x + LINE, y), (left, top, left, top + LINE))
    for n in range(0, int(LINE) + 1, 10):
        long = 4 if n in (0, int(LINE)) else 2
        yield from ((x + n, y - long, x + n, y), (left, top + n, left + long, top + n))
    width, height = layout.paper_size
    for axis, size in ((0, width), (1, height)):
        for at in range(int(RULER_END), int(size - RULER_END) + 1):
            long = Fraction(4 if at % 10 == 0 else 3 if at % 5 == 0 else 2)
            for far, way in ((BASE, -1), (layout.paper_size[1 - axis] - BASE, 1)):
                ends = (Fraction(at), far, Fraction(at), far + way * long)
                yield ends if axis == 0 else (ends[1], ends[0], ends[3], ends[2])


def across_line(layout: Layout) -> tuple[Fraction, Fraction]:
    """Where the line of 100 mm across begins."""
    return layout.paper_size[0] / 2 - LINE / 2, 3 * CROSS + 8


def down_line(layout: Layout) -> tuple[Fraction, Fraction]:
    """Where the line of 100 mm down begins."""
    return CROSS + ARM + 6, layout.paper_size[1] / 2 - LINE / 2
