"""What one printer does to a page, what makes up for it, and how a person finds that with a ruler."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from outreach.core.layouts import NotALength, Turn, in_mm, length, paper_size
from outreach.core.refusal import N_, Refusal

SHIFT_MAX = Fraction(10)
SCALE_LEAST, SCALE_MOST = Fraction(9, 10), Fraction(11, 10)
NAME_MAX = 40
CROSS, LINE = Fraction(20), Fraction(100)
"""On the calibration page, in millimetres: a cross as far from the left as from the top edge, and two lines as long."""


class ShiftTooFar(Refusal):
    sentence = N_(
        "{given} mm is more than a printer is ever off: at most {most} mm. Measure again, in millimeters. "
        "Nothing was saved."
    )


class ScaleTooFar(Refusal):
    sentence = N_(
        "A scale of {given} cannot be right: it lies between {least} and {most}. Print the page again at 100 %. "
        "Nothing was saved."
    )


class NotAPrinter(Refusal):
    sentence = N_(
        'A printer is called by small letters, digits and hyphens, such as "office-laser", not "{name}". '
        "Nothing was saved."
    )


class NotAShift(Refusal, ValueError):
    sentence = N_("{given} is not how far something is off. Type it such as 0.4mm or -0.2mm. Nothing was saved.")


class NotAScale(Refusal, ValueError):
    sentence = N_("{given} is not a scale. Type it such as 0.998. Nothing was saved.")


def shift(text: str) -> Fraction:
    """Millimetres, exactly, from "0.4mm" or "-0.2mm": to the right or down, or the other way."""
    try:
        return -length(text.strip()[1:]) if text.strip().startswith("-") else length(text)
    except NotALength:
        raise NotAShift(given=text.strip() or "-") from None


def scale(text: str) -> Fraction:
    """A scale such as "0.998"; 1 changes nothing."""
    if not re.fullmatch(r"[0-9](\.[0-9]{1,6})?", text.strip()):
        raise NotAScale(given=text.strip() or "-")
    return Fraction(text.strip())


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """What makes up for one printer: millimetres to move right and down, and how much larger to draw (1 = as it is).

    All as the page goes into the printer, from the paper's upper left corner. `back_x` and `back_y` come on top on
    the second side.
    """

    x: Fraction = Fraction(0)
    y: Fraction = Fraction(0)
    back_x: Fraction = Fraction(0)
    back_y: Fraction = Fraction(0)
    scale_x: Fraction = Fraction(1)
    scale_y: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        for scale in (self.scale_x, self.scale_y):
            if not SCALE_LEAST <= scale <= SCALE_MOST:
                raise ScaleTooFar(given=f"{float(scale):g}", least=float(SCALE_LEAST), most=float(SCALE_MOST))
        for shift in (self.x, self.y, self.back_x, self.back_y):
            if abs(shift) > SHIFT_MAX:
                raise ShiftTooFar(given=in_mm(abs(shift)), most=in_mm(SHIFT_MAX))

    def shift(self, side: str) -> tuple[Fraction, Fraction]:
        back = side == "back"
        return self.x + back * self.back_x, self.y + back * self.back_y


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer of the program's: what makes up for it, how it turns a sheet, and the paper that lies in it."""

    name: str
    profile: PrinterProfile = PrinterProfile()
    turn: Turn = Turn.LONG
    paper: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name) or len(self.name) > NAME_MAX:
            raise NotAPrinter(name=self.name)
        if self.paper:
            paper_size(self.paper)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a ruler shows on a calibration page printed without a profile, each side held upright; in millimetres.

    How far the upper left cross is from the paper's left and top edge on the front and on the back, and how long the
    two lines of 100 mm became.
    """

    left: Fraction = CROSS
    top: Fraction = CROSS
    across: Fraction = LINE
    down: Fraction = LINE
    back_left: Fraction = CROSS
    back_top: Fraction = CROSS

    def profile(self, paper: str, turn: Turn) -> PrinterProfile:
        """What makes up for it: a point that should lie at n was printed at shrunk * n + off."""
        given: dict[str, Fraction] = {}
        for axis, name, line, front, back in (
            (0, "x", self.across, self.left, self.back_left),
            (1, "y", self.down, self.top, self.back_top),
        ):
            shrunk, far = line / LINE, paper_size(paper)[axis]
            if shrunk <= 0:
                raise ScaleTooFar(given=0, least=float(SCALE_LEAST), most=float(SCALE_MOST))
            # A back turned over the short edge lies upside down in the printer: it is measured from the other end.
            seen, should = (far - back, far - CROSS) if turn is Turn.SHORT else (back, CROSS)
            first, second = ((shrunk * n - at) / shrunk for at, n in ((front, CROSS), (seen, should)))
            given |= {
                f"scale_{name}": round(1 / shrunk, 4),
                name: round(first, 2),
                f"back_{name}": round(second, 2) - round(first, 2),
            }
        return PrinterProfile(**given)
