"""What one printer does to a page, and what makes up for it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """How one printer misses: millimetres to the right and down, and how much it shrinks (1 = not at all).

    `back_x` and `back_y` come on top when it prints the second side.
    """

    x: Fraction = Fraction(0)
    y: Fraction = Fraction(0)
    back_x: Fraction = Fraction(0)
    back_y: Fraction = Fraction(0)
    scale: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not Fraction(9, 10) <= self.scale <= Fraction(11, 10):
            raise ValueError("a printer's scale lies between 0.9 and 1.1")

    def shift(self, side: str) -> tuple[Fraction, Fraction]:
        back = side == "back"
        return self.x + back * self.back_x, self.y + back * self.back_y
