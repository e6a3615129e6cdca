"""Codes on paper: whole dots, a quiet zone, the smallest version, and a refusal when it would be too fine."""

from __future__ import annotations

from fractions import Fraction

import pytest
import zxingcpp

from outreach.printing.proof import Picture
from outreach.printing.qr import DOT, FLOOR, Code, code_for

SHORT = "911. Give naloxone. Breathe for them. Stay."
ARABIC = "911. أعط، تنفس، ابق. " * 2


def seen(code: Code, dots: int = 4) -> Picture:
    """The code drawn from its own rectangles with its quiet zone, as a printer would put the dots."""
    size = (code.modules + 8) * dots
    grid = [bytearray(b"\xff" * size) for _ in range(size)]
    for x, y, run in code.runs():
        for row in grid[(y + 4) * dots : (y + 5) * dots]:
            row[(x + 4) * dots : (x + 4 + run) * dots] = bytes(run * dots)
    return Picture(size, size, b"".join(grid))


@pytest.mark.parametrize("text", [SHORT, "Sólo palabras: ñ, ¿?", ARABIC.strip(), "x" * 110])
def test_the_rectangles_say_the_words(text: str) -> None:
    """One rectangle a run of dark modules is the whole code: it reads back byte for byte, accents and all."""
    code = code_for(text, Fraction(30))
    assert code
    assert seen(code).codes() == {text.encode()}


def test_a_wrong_rectangle_would_be_noticed() -> None:
    """The reading above is a real one: a code with a third of it gone is not read."""
    code = code_for(SHORT, Fraction(30))
    assert code
    spoiled = Code(tuple(row if n % 3 else (False,) * len(row) for n, row in enumerate(code.rows)), "Q", code.dots)
    assert seen(spoiled).codes() == set()


def test_modules_are_whole_dots_and_never_finer_than_phones_read() -> None:
    """A module is a whole number of dots at 300 and at 600 a inch, and at least 0.33 mm."""
    for room in range(10, 30):
        code = code_for(SHORT, Fraction(room))
        if code:
            assert code.side == code.modules * code.dots * DOT <= room
            assert float(code.dots * DOT) >= 0.33
            assert code.quiet == 4 * code.dots * DOT


def test_level_q_unless_only_m_reaches_the_aim() -> None:
    """Q restores a rubbed code; where it would be fine print and M would not, M is printed."""
    words = "911. Estas palabras sólo sirven para medir códigos."
    roomy, tight = code_for(words, Fraction(20)), code_for(words, Fraction(14))
    assert roomy and roomy.level == "Q"
    assert tight and (tight.level, tight.dots) == ("M", 5)


def test_the_smallest_version_is_used() -> None:
    """43 bytes at level Q are version 4, 33 modules; one version more would only be finer."""
    code = code_for(SHORT, Fraction(20))
    assert code and (code.modules, code.level) == (33, "Q")
    picture = seen(code)
    view = memoryview(picture.pixels).cast("B", (picture.height, picture.width))
    assert "Q" in str(zxingcpp.read_barcodes(view)[0].ec_level)


def test_a_code_too_fine_for_its_room_is_none() -> None:
    """What could not be read from a worn card is not made; a little more room makes it."""
    assert code_for(SHORT, 33 * FLOOR * DOT - Fraction(1, 100)) is None
    assert code_for(SHORT, 33 * FLOOR * DOT) is not None
    assert code_for("x" * 110, Fraction(14)) is None


def test_a_small_code_gives_room_to_the_words() -> None:
    """Asked for the smallest, it keeps to the floor."""
    small = code_for(SHORT, Fraction(20), small=True)
    assert small and (small.dots, small.modules) == (FLOOR, 33)
