"""A card that a screen reader can read: alone on its page and tagged, which a card on a sheet of many cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ctypes import create_string_buffer
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from outreach.printing.job import PrintJob
from outreach.printing.press import Press


def test_a_card_alone_is_tagged(press: Press, response: Callable[..., PrintJob]) -> None:
    """Marked, with headings, lists and what the code says, in one language; each side once, however many copies.

    The sheets of the same order are not: one drawing that is placed many times holds no tags. They are the control.
    """
    job = response({"es": 30})
    alone, sheets = press.tagged(job), press.print(job).pdf
    with pypdfium2.PdfDocument(alone) as document:
        assert [page.get_size() for page in document] == [(144, 252)] * 2
        kinds = dict(structure(document[0]))
        assert {"H1", "L", "LI", "P", "Figure"} <= set(kinds)
        assert kinds["Figure"] == next(iter(job.designs.values())).qr_text
        assert document.get_metadata_value("Title") == "Cards, one on a page"
    assert tagged(alone) and not tagged(sheets)


def tagged(pdf: bytes) -> bool:
    with pypdfium2.PdfDocument(pdf) as document:
        return bool(raw.FPDFCatalog_IsTagged(document))


def structure(page: Any) -> Iterator[tuple[str, str]]:
    """Each element's kind and its words for what is drawn; of two of a kind, the one that has words comes last."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    elements = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(raw.FPDF_StructTree_CountChildren(tree))]
    found = []
    while elements:
        element = elements.pop()
        found.append((told(raw.FPDF_StructElement_GetType, element), told(raw.FPDF_StructElement_GetAltText, element)))
        children = range(raw.FPDF_StructElement_CountChildren(element))
        elements += filter(None, (raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in children))
    yield from sorted(found, key=lambda pair: bool(pair[1]))
    raw.FPDF_StructTree_Close(tree)


def told(ask: Any, element: Any) -> str:
    room = create_string_buffer(2000)
    size = ask(element, room, len(room))
    return room.raw[: max(0, size - 2)].decode("utf-16-le")


def test_the_command_writes_both(outreach: Any, tmp_path: Path) -> None:
    """`--tagged` beside the sheets; a name that is no PDF is refused before anything is drawn."""
    asked = ("print", "not-alone", "--language", "en", "-o", tmp_path / "cards.pdf", "--tagged")
    ran = outreach(*asked, tmp_path / "alone.pdf")
    assert ran.code == 0 and "for a screen reader" in ran.out
    assert tagged((tmp_path / "alone.pdf").read_bytes()) and not tagged((tmp_path / "cards.pdf").read_bytes())
    assert "should end in .pdf" in outreach(*asked, tmp_path / "alone.txt").err


def test_the_page_offers_it(served: Any) -> None:
    """A link under the cards of an order that is ready."""
    page = served.post("/staff/en/print", {"card": "not-alone", "copies-en": "10", "layout": "avery-5371"})
    number = page.url.rstrip("/").rpartition("/")[2]
    assert f"/staff/en/print/{number}/tagged.pdf" in served.finished(f"/staff/en/print/{number}")
    file = served.get(f"/staff/en/print/{number}/tagged.pdf")
    assert file.headers["Content-Type"] == "application/pdf" and tagged(file.body)
