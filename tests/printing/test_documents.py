"""Reports, letters and posters on paper: the words are there, tagged, the same each time, and nothing else is said."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from outreach.core.cards import PrintRefused
from outreach.printing.document import Block, Document
from outreach.printing.press import Press
from outreach.printing.refusals import LetterMissing

REPORT = Document(
    title="Report",
    language="en",
    direction="ltr",
    scripts=("latin",),
    blocks=(
        Block("title", "Quarterly report"),
        Block("lead", "In July you handed out 1,204 naloxone doses."),
        Block("table", heads=("What", "How many"), rows=(("=1+1 <b>", "12"), ("Cookers", "40")), numbers=(1,)),
        Block("big", "1,204", rows=(("doses",),)),
        Block("note", "Visits are not people."),
    ),
    mark="DEMO",
)


@pytest.fixture(scope="module")
def press() -> object:
    with Press() as press:
        yield press


def words(pdf: bytes) -> str:
    read = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in read)


def test_every_block_is_on_paper(press: Press) -> None:
    """Text, figures and a cell that looks like markup or a formula all arrive as they were given."""
    found = " ".join(words(press.document(REPORT)).split())

    for piece in (
        "DEMO",
        "Quarterly report",
        "1,204 naloxone doses",
        "=1+1 <b>",
        "40",
        "Visits are not people.",
        "1 / 1",
    ):
        assert piece in found


@pytest.mark.parametrize("figures", [1, 4, 5, 8])
def test_a_poster_is_one_page_for_a_wall(press: Press, figures: int) -> None:
    """However many figures there are, one page holds them, long words too, without a number; a table makes a report."""
    long = "reversals that people in this city told us of. Someone breathed again."
    big = tuple(Block("big", f"{86_221 + n:,}", rows=((long,),)) for n in range(figures))
    head = (Block("title", "What we did together"), Block("lead", "Thank you. " + "All of this was you. " * 4))
    poster = replace(REPORT, blocks=(*head, *big, Block("note", "Example Outreach of the North and the Harbor")))
    pdf = press.document(poster)

    assert len(pypdfium2.PdfDocument(pdf)) == 1
    found = " ".join(words(pdf).split())
    assert all(f"{86_221 + n:,}" in found for n in range(figures))
    assert found.count("Someone breathed again.") == figures
    assert "Example Outreach of the North" in found
    assert "1 / 1" not in found
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(i) for i in range(text.count_chars()) if text.get_text_range(i, 1).strip()]
    assert min(box[0] for box in boxes) > 40 and max(box[2] for box in boxes) < page.get_width() - 40

    report = replace(poster, blocks=(*poster.blocks, Block("table", heads=("What",), rows=(("Cookers",),))))
    assert "1 / " in words(press.document(report))


def test_the_same_blocks_give_the_same_bytes_and_say_nothing_about_the_maker(press: Press) -> None:
    """No time, no author and no path is in the file; it is tagged and names its language."""
    pdf = press.document(REPORT)

    assert pdf == press.document(REPORT)
    told = pypdfium2.PdfDocument(pdf)
    assert {key: value for key, value in told.get_metadata_dict().items() if value} == {"Title": "Report"}
    assert pypdfium2.raw.FPDFCatalog_IsTagged(told.raw)


def test_a_letter_without_a_font_refuses_and_names_it(press: Press) -> None:
    """A site's name in a script that this document has no font for is refused, not printed as boxes."""
    with pytest.raises(LetterMissing, match="U\\+05D0"):
        press.document(replace(REPORT, blocks=(Block("text", "\u05d0"),)))


def test_a_drawing_that_reaches_out_is_refused(press: Press) -> None:
    """Nothing outside the document is read, not even by a drawing."""
    reaching = Block("chart", "A chart", svg='<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x/"/></svg>')
    with pytest.raises(PrintRefused):
        press.document(replace(REPORT, blocks=(reaching,)))
