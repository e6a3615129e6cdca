"""Charts on paper: the press sets them without a complaint, words whole and in their own direction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pypdfium2
import pytest

from outreach.core.charts import Chart, Series, across, bars, lines
from outreach.core.drawing import SHEET, Look, text_width
from outreach.core.languages import Direction
from outreach.printing.document import Block, Document
from outreach.printing.press import Press

ENGLISH = Document("Report", "en", "ltr", ("latin",), ())
ARABIC = Document("تقرير", "ar", "rtl", ("latin", "arabic"), ())


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def look(direction: Direction, paper: bool = True) -> Look:
    return Look("{:,}".format, direction, SHEET, paper)


def page_of(pdf: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("draw", [bars, lines, across])
def test_the_press_sets_a_chart(press: Press, draw: Callable[[Chart, Look], str]) -> None:
    """Every word of it is on the page, and the file stays tagged: the press refuses what WeasyPrint complains of."""
    chart = Chart(
        "Supplies",
        ("Jan\n2026", "Feb", "Mar"),
        (Series("Naloxone", (1_204, None, 980)), Series("Sterile syringes", (0, 4_000, 4_100))),
        unit="given out",
        blank="not reported",
    )
    block = Block("chart", "Supplies by month", svg=draw(chart, look(Direction.LTR)))
    pdf = press.document(replace(ENGLISH, blocks=(block,)))

    found = page_of(pdf)
    assert all(word in found for word in ("Naloxone", "Sterile syringes", "given out", "not reported", "Feb"))
    assert pypdfium2.raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(pdf).raw)


def width_of(pdf: bytes) -> float:
    """From the left of the leftmost Arabic letter to the right of the rightmost, in points."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_charbox(i) for i in range(page.count_chars()) if page.get_text_range(i, 1) > "\u0600"]
    return max(box[2] for box in boxes) - min(box[0] for box in boxes)


def test_arabic_is_joined_on_paper(press: Press) -> None:
    """A word is as wide as the same word in a paragraph: set letter by letter it would be wider, and reversed."""
    word = "نالوكسون"
    chart = Chart("x", (word,), (Series("a", (0,)),))
    drawn = across(chart, replace(look(Direction.RTL), number=lambda value: ""))
    alone = f'<p style="font-size:14px">{word}</p>'
    text = f'<text y="20" font-size="14" font-family="NotoSansArabic">{word}</text>'
    letters = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 656 30"><title>x</title>{text}</svg>'

    on_chart, in_words, apart = (
        width_of(press.document(replace(ARABIC, blocks=(Block("chart", "x", svg=html),))))
        for html in (drawn, alone, letters)
    )
    assert on_chart == pytest.approx(in_words, rel=0.02)
    assert apart > in_words * 1.1  # the control: why words are not left to the SVG


@pytest.mark.parametrize("word", ["أغسطس", "سبتمبر", "أكتوبر", "يُبلَّغ", "تنتهي صلاحيته"])
def test_arabic_is_never_wider_than_thought(press: Press, word: str) -> None:
    """The estimate that keeps words apart is no less than the width of the joined word."""
    html = f'<p style="font-size:14px">{word}</p>'
    width = width_of(press.document(replace(ARABIC, blocks=(Block("chart", "x", svg=html),))))

    assert text_width(word, 14) >= width / 0.75 > text_width(word, 14) / 2
