"""A printer's profile found with a ruler: what it makes up for, and what cannot be right."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.core.layouts import PAPERS, NoSuchPaper, Turn
from outreach.core.printers import CROSS, LINE, Measured, NotAPrinter, Printer, PrinterProfile, ScaleTooFar, ShiftTooFar

tenths = st.integers(-40, 40).map(lambda n: Fraction(n, 10))


@settings(deadline=None)  # a laptop may be busy
@given(tenths, tenths, tenths, tenths, st.integers(975, 1025), st.integers(975, 1025), st.sampled_from(list(Turn)))
def test_what_is_measured_makes_up_for_the_printer(
    right: Fraction, down: Fraction, back_right: Fraction, back_down: Fraction, wide: int, high: int, turn: Turn
) -> None:
    """A printer that shifts and shrinks each side prints true with the profile its own calibration page gives."""
    shrink = (Fraction(wide, 1000), Fraction(high, 1000))
    shift = {"front": (right, down), "back": (right + back_right, down + back_down)}
    size = PAPERS["letter"]

    def printed(side: str, point: tuple[Fraction, ...], made_up: PrinterProfile) -> tuple[Fraction, ...]:
        """Where ink lands, seen upright, of a point that a page has there."""
        upside_down = side == "back" and turn is Turn.SHORT
        fed = [far - n if upside_down else n for far, n in zip(size, point, strict=True)]
        scales = (made_up.scale_x, made_up.scale_y)
        asked = [scale * n + move for scale, n, move in zip(scales, fed, made_up.shift(side), strict=True)]
        landed = [less * n + off for less, n, off in zip(shrink, asked, shift[side], strict=True)]
        return tuple(far - n if upside_down else n for far, n in zip(size, landed, strict=True))

    nothing = PrinterProfile()
    front, back = (printed(side, (CROSS, CROSS), nothing) for side in ("front", "back"))
    measured = Measured(*front, shrink[0] * LINE, shrink[1] * LINE, *back)
    profile = measured.profile("letter", turn)
    for side in ("front", "back"):
        for point in ((CROSS, CROSS), (size[0] / 2, size[1] / 2), (size[0] - 10, size[1] - 10)):
            landed = printed(side, point, profile)
            assert all(abs(is_at - should) < Fraction(1, 20) for is_at, should in zip(landed, point, strict=True))


def test_a_page_that_printed_true_needs_nothing() -> None:
    """Measuring what should be there gives the profile that changes nothing."""
    for turn in Turn:
        assert Measured().profile("a4", turn) == PrinterProfile()


def test_what_cannot_be_right_is_refused() -> None:
    """Over 10 mm, a scale beyond a tenth, inches for millimetres, a page that was fitted: each is a sentence."""
    with pytest.raises(ShiftTooFar, match="10.01 mm"):
        PrinterProfile(x=Fraction("-10.01"))
    with pytest.raises(ShiftTooFar):
        PrinterProfile(back_y=Fraction(11))
    assert PrinterProfile(x=Fraction(10), scale_x=Fraction("1.1"))
    for scale in ("0.899", "1.101", "0"):
        with pytest.raises(ScaleTooFar, match=scale):
            PrinterProfile(scale_y=Fraction(scale))
    with pytest.raises(ShiftTooFar):
        Measured(left=Fraction("0.79")).profile("letter", Turn.LONG)
    for line in ("85", "0", "-100", "3.94"):
        with pytest.raises(ScaleTooFar):
            Measured(across=Fraction(line)).profile("letter", Turn.LONG)


def test_a_printer_has_a_plain_name_and_a_known_paper() -> None:
    """Its name stands in a file and an address, so it is a short code; its paper is one we know."""
    assert Printer("office-laser", paper="a4").turn is Turn.LONG
    for name in ("", "Office", "../x", "a b", "-", "a" * 41):
        with pytest.raises(NotAPrinter):
            Printer(name)
    with pytest.raises(NoSuchPaper):
        Printer("office", paper="foolscap")
