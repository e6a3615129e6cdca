"""Label stock and paper as exact geometry: where each slot of a sheet lies, front and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from outreach.core.refusal import N_, Refusal

MM_PER_INCH = Fraction(254, 10)
POINTS_PER_MM = Fraction(72) / MM_PER_INCH
_TOLERANCE = Fraction(1, 10)  # mm; what sources of label geometry agree to


class UnknownLayout(Refusal):
    sentence = N_("There is no layout called {layout}. Layouts: {known}. Nothing was printed.")


class SkipTooFar(Refusal):
    sentence = N_("A sheet of {layout} has {slots} places, so at most {most} can be skipped. Nothing was printed.")


def length(text: str) -> Fraction:
    """Millimetres, exactly, from "3.5in", "35/8in" or "54mm"."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+|/[0-9]+)?)(mm|in)", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a length such as 3.5in, 5/32in or 54mm")
    return Fraction(match[1]) * (MM_PER_INCH if match[2] == "in" else 1)


PAPERS = {
    "letter": (length("8.5in"), length("11in")),
    "a4": (length("210mm"), length("297mm")),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One row of `layouts.toml`; all lengths in millimetres.

    Slots are numbered from 0, left to right and then down. `lopsided` explains a stock whose
    margins really differ; without it unequal margins are refused, because they are nearly always
    a slip in the source (three public ones were found that way).
    """

    id: str
    name: str
    paper: str
    columns: int
    rows: int
    label: tuple[Fraction, Fraction]
    origin: tuple[Fraction, Fraction]
    pitch: tuple[Fraction, Fraction]
    die_cut: bool = True
    equivalents: tuple[str, ...] = ()
    lopsided: str = ""

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise ValueError(f"layout {self.id}: paper is one of {', '.join(PAPERS)}")
        if self.columns < 1 or self.rows < 1:
            raise ValueError(f"layout {self.id}: needs at least one column and one row")
        for axis, count in ((0, self.columns), (1, self.rows)):
            if count > 1 and self.pitch[axis] < self.label[axis]:
                raise ValueError(f"layout {self.id}: labels overlap, the pitch is smaller than the label")
            far = self.origin[axis] + (count - 1) * self.pitch[axis] + self.label[axis]
            margin = PAPERS[self.paper][axis] - far
            if margin < -_TOLERANCE:
                raise ValueError(f"layout {self.id}: labels run off the paper by {float(-margin):.2f} mm")
            if abs(margin - self.origin[axis]) >= _TOLERANCE and not self.lopsided:
                raise ValueError(
                    f"layout {self.id}: margins differ ({float(self.origin[axis]):.2f} and {float(margin):.2f} mm)"
                )

    @property
    def slots(self) -> int:
        return self.columns * self.rows

    @property
    def paper_size(self) -> tuple[Fraction, Fraction]:
        return PAPERS[self.paper]

    def corner(self, slot: int) -> tuple[Fraction, Fraction]:
        """The slot's left and top edge from the paper's left and top, in millimetres."""
        row, column = divmod(slot, self.columns)
        if not 0 <= row < self.rows:
            raise IndexError(slot)
        return self.origin[0] + column * self.pitch[0], self.origin[1] + row * self.pitch[1]

    def back_of(self, slot: int) -> int:
        """The slot on the back that lies behind `slot` when the sheet is turned over its long edge."""
        row, column = divmod(slot, self.columns)
        return row * self.columns + (self.columns - 1 - column)


def sheets_needed(copies: int, layout: Layout, skip: int = 0) -> int:
    """Sheets that `copies` cards fill when the first `skip` slots are already used."""
    if not 0 <= skip < layout.slots:
        raise SkipTooFar(layout=layout.id, slots=layout.slots, most=layout.slots - 1)
    return -(-(skip + copies) // layout.slots)


def slot_runs(copies: int, layout: Layout, skip: int = 0) -> Iterator[range]:
    """The slots filled on each sheet, in order."""
    sheets_needed(copies, layout, skip)
    left, start = copies, skip
    while left > 0:
        stop = min(layout.slots, start + left)
        yield range(start, stop)
        left -= stop - start
        start = 0
