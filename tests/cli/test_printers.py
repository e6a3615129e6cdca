"""Printers and label stock of the program's own, as a person in a terminal keeps them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.conftest import Shell


def test_six_numbers_make_a_stock_that_cards_print_on(outreach: Shell, tmp_path: Path) -> None:
    """Typed once, it is in the list with its steps worked out, prints a card, and goes again."""
    added = outreach(
        "layouts", "add", "Wide cards", "--grid", "2", "5", "--label", "3.5in", "2in", "--origin", "0.5in", "0.5in"
    )
    assert (added.code, added.err) == (0, "")
    assert "wide-cards" in added.out
    row = next(each for each in outreach.json("layouts", "--format", "json") if each["layout"] == "wide-cards")
    assert (row["name"], row["places"], row["label"]) == ("Wide cards", 10, "88.9 x 50.8 mm")
    assert 'pitch = ["101.6mm", "50.8mm"]' in (outreach.home / "printables" / "layouts.toml").read_text("utf-8")

    file = tmp_path / "cards.pdf"
    printed = outreach("print", "response", "--language", "en:2", "--layout", "wide-cards", "-o", file)
    assert printed.code == 0, printed.err
    assert file.read_bytes().startswith(b"%PDF")

    assert outreach("layouts", "remove", "wide-cards").code == 0
    assert "wide-cards" not in outreach("layouts").out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--origin", "0.75in", "0.6in", "--pitch", "3.5in", "2in"), "15.24 mm at the top and 10.16 mm at the bottom"),
        (("--origin", "0.75in", "0.6in"), "overlap: it is 49.53 mm from one to the next, and a label is 50.8 mm"),
        (("--origin", "0.75in", "0.5in", "--pitch", "5in", "2in"), "reach 19.05 mm beyond the paper"),
        (("--origin", "0.75", "0.5in"), "0.75 is not a length"),
        (("--origin", "0.75in", "0.5in", "--paper", "foolscap"), "no paper called foolscap"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(outreach: Shell, typed: tuple[str, ...], said: str) -> None:
    """Each refusal says the numbers that were found, and nothing is kept."""
    ran = outreach("layouts", "add", "x", "--grid", "2", "5", "--label", "3.5in", "2in", *typed)
    assert ran.code == 1
    assert said in ran.err
    assert not outreach.home.exists()


def test_what_ships_is_neither_hidden_nor_removed(outreach: Shell) -> None:
    """A number that stands in the list already leads there; a shipped row stays; half a command is a misuse."""
    six = ("--grid", "2", "5", "--label", "3.5in", "2in", "--origin", "0.75in", "0.5in")
    taken = outreach("layouts", "add", "Avery 8371", *six)
    assert (taken.code, "avery-5371" in taken.err) == (1, True)
    stays = outreach("layouts", "remove", "5371")
    assert (stays.code, "stays in the list" in stays.err) == (1, True)
    assert [outreach("layouts", "add").code, outreach("layouts", "add", "x", "--grid", "2", "5").code] == [2, 2]
    assert outreach("layouts", "add", "...", *six).code == 1


def test_a_printer_is_kept_and_used(outreach: Shell, tmp_path: Path) -> None:
    """What is set is listed, changed one by one, used by name in an order and a check page, and removed."""
    first = ("--x", "0.4mm", "--y", "-0.2mm", "--scale", "0.998", "--turn", "short", "--paper", "a4")
    assert outreach("printers", "set", "office", *first).code == 0
    assert outreach("printers", "set", "office", "--back-x", "1mm", "--scale-y", "1").code == 0
    assert outreach.json("printers", "--format", "json") == [
        {"printer": "office", "x": 0.4, "y": -0.2, "back_x": 1.0, "back_y": 0.0}
        | {"scale_x": 0.998, "scale_y": 1.0, "turn": "short", "paper": "a4"}
    ]
    file = tmp_path / "cards.pdf"
    ran = outreach("print", "response", "--language", "en:1", "--printer", "office", "-o", file)
    assert (ran.code, "turned over the short edge" in ran.out) == (0, True)
    with pypdfium2.PdfDocument(file) as document:
        assert pypdfium2.raw.FPDF_VIEWERREF_GetDuplex(document) == pypdfium2.raw.DuplexFlipShortEdge
        assert [round(each) for each in document[0].get_size()] == [595, 842]  # the paper that lies in it

    check = tmp_path / "check.pdf"
    assert outreach("calibrate", "--layout", "c32015", "--printer", "office", "-o", check).code == 0
    with pypdfium2.PdfDocument(check) as document:
        text = document[0].get_textpage().get_text_range()
    assert "make up for the printer office" in " ".join(text.split())
    assert str(tmp_path).encode() not in check.read_bytes()

    assert outreach("printers", "remove", "office").code == 0
    assert outreach.json("printers", "--format", "json") == []


def test_a_check_page_says_how_to_print_it(outreach: Shell, tmp_path: Path) -> None:
    """The file wishes not to be scaled, its words say so too, and which viewers ignore the wish."""
    file = tmp_path / "check.pdf"
    assert outreach("calibrate", "--layout", "5163", "-o", file).code == 0
    with pypdfium2.PdfDocument(file) as document:
        assert pypdfium2.raw.FPDF_VIEWERREF_GetPrintScaling(document) == 0
        assert pypdfium2.raw.FPDF_VIEWERREF_GetDuplex(document) == pypdfium2.raw.DuplexFlipLongEdge
        front, back = (" ".join(page.get_textpage().get_text_range().split()) for page in document)
    for said in ("Print at 100 %, actual size, do not fit to page.", "it must be 100 mm", "macOS Preview and browsers"):
        assert said in front
    assert "like the page of a book" in back


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("set", "office", "--x", "11mm"), "11 mm is more than a printer is ever off"),
        (("set", "office", "--scale", "0.5"), "A scale of 0.5 cannot be right"),
        (("set", "office", "--scale", "98%"), "98% is not a scale"),
        (("set", "office", "--y", "0.2"), "0.2 is not how far"),
        (("set", "The Office", "--x", "1mm"), 'not "The Office"'),
        (("remove", "office"), "none was measured yet"),
    ],
)
def test_an_implausible_printer_is_refused(outreach: Shell, typed: tuple[str, ...], said: str) -> None:
    """More than ten millimetres, a scale beyond a tenth, a name that is none: a sentence, and nothing is kept."""
    ran = outreach("printers", *typed)
    assert (ran.code, said in ran.err) == (1, True), ran.err
    assert not outreach.home.exists()
    assert outreach("calibrate", "--layout", "nothing", "-o", "check.pdf").code == 1
