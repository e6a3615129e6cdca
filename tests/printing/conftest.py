"""Cards to print with: the shipped one with words to measure by, and small ones of our own with a known fault."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.content.layouts import read_layouts
from outreach.content.printables import read_cards
from outreach.core.cards import Copies, Order, Printable
from outreach.core.languages import LanguageTag, isolate
from outreach.core.printers import PrinterProfile
from outreach.home import Home
from outreach.printing.fonts import NO_FONTCONFIG
from outreach.printing.job import Design, Printed, PrintJob
from outreach.printing.press import Press
from outreach.shipped import PICTURES

# No test may lean on a font of this computer: fontconfig is told that there is none, before WeasyPrint asks.
_folder = tempfile.TemporaryDirectory(prefix="outreach-test-")
_no_fonts = Path(_folder.name) / "fonts.conf"
_no_fonts.write_text(NO_FONTCONFIG, encoding="utf-8")
os.environ["FONTCONFIG_FILE"] = str(_no_fonts)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that there are no fonts is what we want
    import weasyprint  # noqa: F401

NOWHERE = Home(Path("/nonexistent"))
PICTURE = (PICTURES / "call.svg").read_text(encoding="utf-8")

# Words with the length and the letters of real ones. What cards say is in locales/, where speakers check it.
WORDS = {
    "en": ("ltr", "Words to measure with", "Seven short words that say nothing here.", "Only words."),
    "es": ("ltr", "Palabras para medir bien", "Estas palabras sólo sirven para medir, ¿sí? 911.", "Sólo palabras."),
    "ar": ("rtl", "كلمات للقياس فقط", isolate("هذه كلمات قصيرة للقياس فقط، رقم 1-800-555-0100."), "كلمات فقط."),
}
CODES = {
    "en": "911. Give naloxone. Breathe for them. Stay.",
    "es": "911. Estas palabras sólo sirven para medir códigos.",
    "ar": "911. كلمات قصيرة للقياس فقط، لا غير.",
}

MINI = """<!DOCTYPE html><html lang="{{ language }}"><meta charset="utf-8"><link rel="stylesheet" href="card.css">
<body>{% if side == "front" %}{{ code("14mm") }}{% endif %}<p data-frame>{{ words }}</p><i></i></body></html>"""
MINI_CSS = """* { margin: 0; padding: 0 } body { position: relative; height: var(--height) }
img, p, i { position: absolute } img { top: 5mm; left: 5mm } p { top: 28mm; left: 5mm; width: 60mm; height: 18mm }
i { background: #000; width: 4mm; height: 4mm; right: 10mm; top: 6mm }"""


def printable(tag: str, card: str = "response") -> Printable:
    return Printable(card, LanguageTag(tag))


def said(text: str, tag: str, direction: str) -> dict[str, str]:
    return {"text": text, "lang": tag, "dir": direction}


def response_design(tag: str, **changes: Any) -> Design:
    """The shipped card's context as services hand it over."""
    direction, title, step, says = WORDS[tag]
    numbers = [{"number": n, "numbered": True, "picture": PICTURE} for n in range(1, 7)]
    steps = [said(step, tag, direction) | number for number in numbers]
    english = [said(WORDS["en"][2], "en", "ltr") | number for number in numbers]
    back = {"kind": "how-to", "title": said(title, tag, direction), "steps": steps[:4]}
    if tag != "en":
        back = {"kind": "english", "title": said(WORDS["en"][1], "en", "ltr"), "steps": english}
    context = {
        "title": said(title, tag, direction),
        "steps": steps,
        "back": back,
        "draft_words": said(says, tag, direction),
        "qr_says": said(says, tag, direction),
        "anyone": None,
        "phones": [],
        "program": "",
        "demo": None,
    }
    scripts = ("latin", "arabic") if tag == "ar" else ("latin",)
    folder = read_cards(NOWHERE)["response"].folder
    return Design(printable(tag), folder, ("front", "back"), direction, scripts, context | changes, CODES[tag])


@pytest.fixture(scope="session", name="printable")
def printable_fixture() -> Callable[..., Printable]:
    return printable


@pytest.fixture(scope="session")
def layouts() -> dict[str, Any]:
    return read_layouts(NOWHERE)


@pytest.fixture(scope="session")
def design() -> Callable[..., Design]:
    return response_design


@pytest.fixture(scope="session")
def response(layouts: dict[str, Any]) -> Callable[..., PrintJob]:
    """A job for the shipped card: languages with copies, a layout, places to skip, changes to the context."""

    def job(copies: dict[str, int], layout: str = "avery-5371", skip: int = 0, **changes: Any) -> PrintJob:
        order = Order(tuple(Copies(printable(t), n) for t, n in copies.items()), layout, skip)
        designs = {printable(tag): response_design(tag, **changes) for tag in copies}
        return PrintJob(layouts[layout], order, designs)

    return job


@pytest.fixture
def mini(layouts: dict[str, Any], tmp_path: Path) -> Callable[..., PrintJob]:
    """A job for a small card whose template and style a test may spoil."""

    def job(
        html: str = MINI,
        css: str = MINI_CSS,
        *,
        words: str = "Some words.",
        copies: int = 10,
        skip: int = 0,
        layout: str = "avery-5371",
        scripts: tuple[str, ...] = ("latin",),
        qr_text: str = "Only words.",
        printer: PrinterProfile | None = None,
        sides: tuple[str, ...] = ("front", "back"),
    ) -> PrintJob:
        folder = tmp_path / "mini"
        folder.mkdir(exist_ok=True)
        (folder / "card.html").write_text(html, encoding="utf-8")
        (folder / "card.css").write_text(css, encoding="utf-8")
        what = printable("en", "mini")
        order = Order((Copies(what, copies),), layout, skip)
        made = {what: Design(what, folder, sides, "ltr", scripts, {"words": words}, qr_text)}
        return PrintJob(layouts[layout], order, made, printer or PrinterProfile())

    return job


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """One warm press for every test that does not break it."""
    with Press() as one:
        yield one


@pytest.fixture(scope="session")
def three(press: Press, response: Callable[..., PrintJob]) -> tuple[PrintJob, Printed]:
    """The shipped card in three languages on three shared sheets, printed once."""
    job = response({"en": 8, "es": 9, "ar": 7})
    return job, press.print(job)


@pytest.fixture
def opened() -> Iterator[Callable[[bytes], pypdfium2.PdfDocument]]:
    """Open PDFs that are closed again."""
    documents: list[pypdfium2.PdfDocument] = []

    def open_one(pdf: bytes) -> pypdfium2.PdfDocument:
        documents.append(pypdfium2.PdfDocument(pdf))
        return documents[-1]

    yield open_one
    for document in documents:
        document.close()
