"""Label stock and paper as exact geometry: where each slot of a sheet lies, front and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from outreach.core.refusal import N_, Refusal

MM_PER_INCH = Fraction(254, 10)
POINTS_PER_MM = Fraction(72) / MM_PER_INCH
_TOLERANCE = Fraction(1, 10)  # mm; what sources of label geometry agree to


class Turn(StrEnum):
    """The edge of upright paper over which a printer turns a sheet for its second side."""

    LONG = "long"
    SHORT = "short"


class UnknownLayout(Refusal):
    sentence = N_("There is no layout called {layout}. Layouts: {known}. Nothing was printed.")


class SkipTooFar(Refusal):
    sentence = N_("{layout}: a sheet of it has {slots} places, so at most {most} can be skipped. Nothing was printed.")


class OnePlace(SkipTooFar):
    sentence = N_("{layout}: a sheet of it has one place, so none can be skipped. Type 0. Nothing was printed.")


class NotALength(Refusal, ValueError):
    sentence = N_("{given} is not a length. Type it such as 3.5in, 5/32in or 54mm.")


class NoSuchPaper(Refusal):
    sentence = N_("There is no paper called {paper} here. Papers: {known}.")


class NoLabels(Refusal):
    sentence = N_("A sheet has at least 1 column and 1 row of labels.")


class LabelTooSmall(Refusal):
    sentence = N_("A label of {width} x {height} mm is too small to print on. Each side has to be over {least} mm.")


class LabelsOverlap(Refusal):
    sentence = N_(
        "The labels of {layout} would overlap: it is {pitch} mm from one to the next, and a label is {label} mm."
    )


class OffThePaper(Refusal):
    sentence = N_("The labels of {layout} reach {over} mm beyond the paper, which is {width} x {height} mm.")


class SidesDiffer(Refusal):
    sentence = N_(
        "The margins of {layout} differ: {near} mm on the left and {far} mm on the right. "
        "On real stock they are equal. Measure a sheet again."
    )


class EndsDiffer(Refusal):
    sentence = N_(
        "The margins of {layout} differ: {near} mm at the top and {far} mm at the bottom. "
        "On real stock they are equal. Measure a sheet again."
    )


def length(text: str) -> Fraction:
    """Millimetres, exactly, from "3.5in", "35/8in" or "54mm"."""
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6}|/[1-9][0-9]{0,5})?)(mm|in)", text.strip())
    if not match:
        raise NotALength(given=text.strip() or "-")
    return Fraction(match[1]) * (MM_PER_INCH if match[2] == "in" else 1)


def decimal_text(number: Fraction, places: int = 6) -> str:
    """A number as a decimal without zeros behind, as `length` reads it."""
    text = f"{float(number):.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def length_text(length: Fraction) -> str:
    """What `length` reads back exactly: a decimal where there is one, else a fraction of a millimetre."""
    decimal = decimal_text(length)
    return f"{decimal if Fraction(decimal) == length else length}mm"


def in_mm(length: Fraction) -> str:
    """A length for a sentence: millimetres to a hundredth."""
    return decimal_text(length, 2)


PAPERS = {
    "letter": (length("8.5in"), length("11in")),
    "a4": (length("210mm"), length("297mm")),
    "tabloid": (length("11in"), length("17in")),
    "a3": (length("297mm"), length("420mm")),
}

SAFE_EDGE, UNPRINTABLE = Fraction(3), Fraction(6)
"""Millimetres that stay white: inside a label's edge, as no cut is exact; at the paper's, where few printers reach."""


def paper_size(paper: str) -> tuple[Fraction, Fraction]:
    """Width and height of a paper, upright; refuses with the list."""
    if paper not in PAPERS:
        raise NoSuchPaper(paper=paper, known=", ".join(PAPERS))
    return PAPERS[paper]


def even_pitch(paper: Fraction, count: int, label: Fraction, origin: Fraction) -> Fraction:
    """The step from label to label that leaves the same margin after the last one as before the first."""
    return (paper - 2 * origin - label) / (count - 1) if count > 1 else label


@dataclass(frozen=True, slots=True)
class Layout:
    """One row of `layouts.toml`; all lengths in millimetres.

    Slots are numbered from 0, left to right and then down. `lopsided` explains a stock whose
    margins really differ; without it unequal margins are refused, because they are nearly always
    a slip in the source (three public ones were found that way). `own` rows come from the program itself.
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

    own: bool = False

    def __post_init__(self) -> None:
        paper_size(self.paper)
        if self.columns < 1 or self.rows < 1:
            raise NoLabels()
        if min(self.label) <= 2 * SAFE_EDGE:
            width, height = map(in_mm, self.label)
            raise LabelTooSmall(width=width, height=height, least=in_mm(2 * SAFE_EDGE))
        for axis, count in ((0, self.columns), (1, self.rows)):
            if count > 1 and self.pitch[axis] < self.label[axis]:
                raise LabelsOverlap(layout=self.id, pitch=in_mm(self.pitch[axis]), label=in_mm(self.label[axis]))
        for axis, differ in ((0, SidesDiffer), (1, EndsDiffer)):
            near, far = self.margins(axis)
            if far < -_TOLERANCE:
                width, height = map(in_mm, self.paper_size)
                raise OffThePaper(layout=self.id, over=in_mm(-far), width=width, height=height)
            if abs(near - far) >= _TOLERANCE and not self.lopsided:
                raise differ(layout=self.id, near=in_mm(near), far=in_mm(far))

    def margins(self, axis: int) -> tuple[Fraction, Fraction]:
        """The paper left free before the first label and after the last one: across (0) or down (1)."""
        count = (self.columns, self.rows)[axis]
        last = self.origin[axis] + (count - 1) * self.pitch[axis] + self.label[axis]
        return self.origin[axis], self.paper_size[axis] - last

    @property
    def safe_edge(self) -> Fraction:
        """Millimetres inside each label that stay white; more where labels lie at the paper's own edge."""
        return max(SAFE_EDGE, UNPRINTABLE - min(map(min, map(self.margins, (0, 1)))))

    def holds(self, other: Layout) -> bool:
        """Whether what fits a label of `other` fits one of these, to the tolerance of label geometry."""
        return all(mine + _TOLERANCE >= its for mine, its in zip(self.label, other.label, strict=True))

    @property
    def slots(self) -> int:
        return self.columns * self.rows

    @property
    def fills_the_paper(self) -> bool:
        """Whether the paper is cut into equal parts: its cards leave no margin for marks to cut along."""
        return not self.die_cut and self.slots > 1 and not any(self.origin)

    @property
    def paper_size(self) -> tuple[Fraction, Fraction]:
        return paper_size(self.paper)

    def corner(self, slot: int) -> tuple[Fraction, Fraction]:
        """The slot's left and top edge from the paper's left and top, in millimetres."""
        row, column = divmod(slot, self.columns)
        if not 0 <= row < self.rows:
            raise IndexError(slot)
        return self.origin[0] + column * self.pitch[0], self.origin[1] + row * self.pitch[1]

    def back_of(self, slot: int, turn: Turn = Turn.LONG) -> int:
        """The slot on the back behind `slot`: columns are mirrored over the long edge, rows over the short one."""
        row, column = divmod(slot, self.columns)
        if turn is Turn.SHORT:
            return (self.rows - 1 - row) * self.columns + column
        return row * self.columns + (self.columns - 1 - column)


def sheets_needed(copies: int, layout: Layout, skip: int = 0) -> int:
    """Sheets that `copies` cards fill when the first `skip` slots are already used."""
    if not 0 <= skip < layout.slots:
        refused = OnePlace if layout.slots == 1 else SkipTooFar
        raise refused(layout=layout.name, slots=layout.slots, most=layout.slots - 1)
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
