"""The staff's two pages beside Print: label stock of one's own, and what makes up for a printer."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from tests.conftest import Browserless

STOCK = {"name": "Wide cards", "paper": "letter", "unit": "in", "columns": "2", "rows": "5"}
STOCK |= {"width": "3.5", "height": "2", "left": "0,5", "top": "1/2"}


def test_a_stock_is_looked_at_before_it_is_kept(served: Browserless) -> None:
    """Six numbers give a drawing with the margins found; only Save keeps them; Print then offers the stock."""
    looked = served.post("/staff/en/print/stock", STOCK)
    assert looked.status == 200
    assert looked.text.count("<g data-slot") == 10
    assert "Margin left and right: 12.7 mm. Top and bottom: 12.7 mm." in looked.text
    assert "101.6 mm across, 50.8 mm down" in looked.text
    assert "wide-cards" not in served.get("/staff/en/print").text

    saved = served.post("/staff/en/print/stock", STOCK | {"save": "1"})
    assert (saved.status, "Saved." in saved.text) == (200, True)
    page = served.get("/staff/en/print").text
    assert 'data-layouts="avery-5371' in page
    assert "wide-cards" in page

    served.post("/staff/en/print/stock/remove", {"layout": "wide-cards"})
    assert "wide-cards" not in served.get("/staff/en/print").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"top": "0.6", "across": "4", "down": "2"}, "15.24 mm at the top and 10.16 mm at the bottom"),
        ({"width": "5"}, "would overlap"),
        ({"width": "5", "across": "5", "down": "2"}, "beyond the paper, which is 215.9 x 279.4 mm"),
        ({"left": "a little"}, "is not a length"),
        ({"columns": "0"}, "at least 1 column"),
        ({"columns": "x"}, "x"),
        ({"paper": "foolscap"}, "no paper called foolscap"),
        ({"name": " "}, "Give the stock a name"),
        ({"name": "Avery 5160"}, "already in the list, as avery-5160"),
    ],
)
def test_a_stock_that_cannot_be_is_refused_with_what_was_typed(
    served: Browserless, typed: dict[str, str], said: str
) -> None:
    """The page says the numbers it found and keeps every field, so that one number is typed again and not ten."""
    answer = served.post("/staff/en/print/stock", STOCK | typed | {"save": "1"})
    assert answer.status == 422
    assert said in answer.text
    for name, value in (STOCK | typed).items():
        if name in ("name", "width", "height", "left", "top"):
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert not (served.server.home / "printables").exists()


def test_a_printer_is_measured_with_a_ruler(served: Browserless) -> None:
    """What was measured becomes a profile; the check page, the form and the sheet of cards then use it."""
    plain = served.get("/staff/en/print/printers/check.pdf?layout=c32015&turn=short")
    assert plain.headers["Content-Type"] == "application/pdf"
    assert plain.headers["Content-Disposition"] == 'attachment; filename="check.pdf"'
    measured = {"name": "office", "turn": "short", "paper": "a4", "left": "20.5", "top": "19,8", "across": "99"}
    saved = served.post("/staff/en/print/printers", measured)
    assert saved.status == 200
    # The line came out 99 mm long: 20 mm became 19.8, so the cross is off by 0.7, and that is 0.71 before shrinking.
    assert "Front: 0.71 mm to the left · 0.2 mm down" in " ".join(saved.text.split())
    assert "Scale: 1.0101 across, 1 down" in saved.text
    assert 'x = "-0.71mm"' in (served.server.home / "printers.toml").read_text("utf-8")

    assert 'value="office"' in served.get("/staff/en/print").text
    check = served.get("/staff/en/print/printers/check.pdf?layout=c32015&printer=office")
    with pypdfium2.PdfDocument(io.BytesIO(check.body)) as document:
        assert "printer office" in " ".join(document[0].get_textpage().get_text_range().split())
        assert pypdfium2.raw.FPDF_VIEWERREF_GetDuplex(document) == pypdfium2.raw.DuplexFlipShortEdge
    order = {"card": "response", "layout": "c32011", "copies-en": "2", "skip": "0", "printer": "office", "turn": ""}
    made = served.post("/staff/en/print", order)
    assert "Flip on the short edge." in served.finished(made.url.removeprefix(served.server.address))

    served.post("/staff/en/print/printers/remove", {"printer": "office"})
    assert 'value="office"' not in served.get("/staff/en/print").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"left": "0.79"}, "more than a printer is ever off"),
        ({"across": "85"}, "Print the page again at 100 %"),
        ({"down": "0"}, "cannot be right"),
        ({"back_top": "35"}, "more than a printer is ever off"),
        ({"top": "twenty"}, "is not a length"),
        ({"name": "Anna"}, "small letters"),
        ({"paper": ""}, "no paper called"),
        ({"turn": "sideways"}, "not sideways"),
    ],
)
def test_an_implausible_measure_is_refused_with_what_was_typed(
    served: Browserless, typed: dict[str, str], said: str
) -> None:
    """Inches, a page that was fitted, a slip of the pen: a sentence, every field kept, nothing saved."""
    given = {"name": "office", "turn": "long", "paper": "letter", "left": "20.5"} | typed
    answer = served.post("/staff/en/print/printers", given)
    assert (answer.status, said in answer.text) == (422, True), answer.text
    assert f'value="{given["left"]}"' in answer.text
    assert not (served.server.home / "printers.toml").exists()


def test_both_pages_speak_the_staffs_languages(served: Browserless) -> None:
    """Spanish and Arabic pages and check pages have no English sentence left in them."""
    for tag, stock, printer in (("es", "Otras etiquetas", "Su impresora"), ("ar", "ملصقات أخرى", "طابعتك")):
        assert stock in served.get(f"/staff/{tag}/print/stock").text
        assert printer in served.get(f"/staff/{tag}/print/printers").text
        check = served.get(f"/staff/{tag}/print/printers/check.pdf?layout=avery-5371")
        with pypdfium2.PdfDocument(io.BytesIO(check.body)) as document:
            assert "measure" not in document[0].get_textpage().get_text_range()
