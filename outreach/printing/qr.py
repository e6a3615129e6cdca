"""Codes that phones and worn wallets can read: whole printer dots, one rectangle a run of dark modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, length_in_bits

DOT = Fraction(254, 3000)
"""Millimetres of one dot at 300 a inch; two at 600. A module of whole dots is printed as wide as its neighbour."""
QUIET = 4  # modules of white that DENSO asks for on every side
AIM = 5  # dots a module: 0.42 mm
FLOOR = 4  # dots a module: 0.34 mm, the finest that phones read from a worn card (0.33)
MODULES, MODULES_MORE, VERSIONS, MODE_BITS = 17, 4, 40, 4
"""A side has 17 modules and 4 for each version, of which there are 40; the first bits say that bytes follow."""
LEVELS = {"Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M}
"""Q restores a quarter of a rubbed code. M restores a seventh, and needs fewer modules."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as a square of `modules`; `side` is its dark part and `quiet` the white around it, in millimetres."""

    rows: tuple[tuple[bool, ...], ...]
    level: str
    dots: int

    @property
    def modules(self) -> int:
        return len(self.rows)

    @property
    def side(self) -> Fraction:
        return self.modules * self.dots * DOT

    @property
    def quiet(self) -> Fraction:
        return QUIET * self.dots * DOT

    @property
    def svg(self) -> str:
        n = self.modules
        path = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in self.runs())
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n} {n}"><path d="{path}"/></svg>'

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Each horizontal run of dark modules as x, y and length."""
        for y, row in enumerate(self.rows):
            x = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    yield x, y, length
                x += length


def code_for(text: str, room: Fraction, *, small: bool = False) -> Code | None:
    """The code to print in a square of `room` millimetres (without its quiet zone), or None when none can be read.

    Level Q, unless only the coarser modules of level M reach what is aimed for. `small` asks for the
    smallest code that can still be read, for a card whose words need the room.
    """
    quarter = _drawn(text, "Q", room)
    if quarter.dots >= AIM and not small:
        return quarter
    seventh = _drawn(text, "M", room)
    if small:
        least = min(quarter, seventh, key=lambda code: code.modules)
        return Code(least.rows, least.level, FLOOR) if least.dots >= FLOOR else None
    if seventh.dots >= AIM:
        return seventh
    return next((code for code in (quarter, seventh) if code.dots >= FLOOR), None)


def holds(room: Fraction) -> int:
    """How many bytes a code in a square of `room` millimetres can say, at level M and the finest that can be read."""
    version = (int(room / (FLOOR * DOT)) - MODULES) // MODULES_MORE
    if version < 1:
        return 0
    bits = BIT_LIMIT_TABLE[ERROR_CORRECT_M][min(version, VERSIONS)]
    return int(bits - MODE_BITS - length_in_bits(MODE_8BIT_BYTE, min(version, VERSIONS))) // 8


def code_on_screen(text: str) -> str:
    """A code as SVG for a screen: black on white also in the dark, with its quiet zone, one unit a module."""
    code = _drawn(text, "M", Fraction(0))
    side = code.modules + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z" for x, y, run in code.runs())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#FFF" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _drawn(text: str, level: str, room: Fraction) -> Code:
    """The smallest version that holds the text, with as many dots a module as the room allows."""
    maker = QRCode(error_correction=LEVELS[level], border=0)
    maker.add_data(text.encode(), optimize=0)
    maker.make(fit=True)
    rows = tuple(tuple(bool(cell) for cell in row) for row in maker.get_matrix())
    return Code(rows, level, int(room / (len(rows) * DOT)))
