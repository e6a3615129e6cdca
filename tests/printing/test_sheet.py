"""Where every card lands, front and back, and what the file says about itself."""

from __future__ import annotations

import getpass
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.core.layouts import POINTS_PER_MM, sheets_needed
from outreach.core.printers import PrinterProfile
from outreach.printing.job import Printed, PrintJob
from outreach.printing.press import Press
from outreach.printing.proof import picture

FORM = 5  # pdfium's number for a form XObject
Opener = Callable[[bytes], pypdfium2.PdfDocument]


def boxes(page: pypdfium2.PdfPage) -> list[tuple[float, ...]]:
    """Each placed card as left, top, width and height in millimetres from the paper's upper left corner."""
    _, height = page.get_size()
    found = []
    for form in page.get_objects(filter=(FORM,), max_depth=1):
        a, b, c, d, e, f = form.get_matrix().get()
        # The form's own box, from what it is printed on: its label, upright or not.
        w, h = (88.9, 50.8) if abs(a) > 0.5 else (50.8, 88.9)
        xs = [a * x + c * y + e for x in (0, w / 25.4 * 72) for y in (0, h / 25.4 * 72)]
        ys = [b * x + d * y + f for x in (0, w / 25.4 * 72) for y in (0, h / 25.4 * 72)]
        points = (min(xs), height - max(ys), max(xs) - min(xs), max(ys) - min(ys))
        found.append(tuple(each / 72 * 25.4 for each in points))
    return found


def near(found: tuple[float, ...], wanted: tuple[Any, ...]) -> bool:
    return all(abs(a - float(b)) < 0.1 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["response", "mini"])
def test_every_card_lies_on_its_label(press: Press, request: pytest.FixtureRequest, opened: Opener, kind: str) -> None:
    """Front and back of all ten places agree with the layout to a tenth of a millimetre; backs are mirrored."""
    make = request.getfixturevalue(kind)
    job: PrintJob = make({"en": 10}) if kind == "response" else make()
    front, back = opened(press.print(job).pdf)

    for side, page in (("front", front), ("back", back)):
        placed = boxes(page)
        assert len(placed) == 10
        for slot, box in enumerate(placed):
            behind = job.layout.back_of(slot) if side == "back" else slot
            assert near(box, (*job.layout.corner(behind), *job.layout.label)), (side, slot)


@pytest.mark.parametrize("layout", ["avery-5371", "c32011"])
def test_ink_falls_where_the_layout_says(
    press: Press, mini: Callable[..., PrintJob], opened: Opener, layout: str
) -> None:
    """A black square drawn at a known place of the card is found on the paper there, in each place, on both sides."""
    job = mini(layout=layout)
    width, _ = map(float, job.layout.label)
    for side, page in zip(("front", "back"), opened(press.print(job).pdf), strict=True):
        sheet = picture(page, 300)
        rows = list(sheet.rows())
        for slot in range(job.layout.slots):
            x, y = map(float, job.layout.corner(job.layout.back_of(slot) if side == "back" else slot))
            left, top = x + width - 14, y + 6
            middle = rows[round((top + 2) / 25.4 * 300)]
            around = middle[round((left - 1) / 25.4 * 300) : round((left + 5) / 25.4 * 300)]
            dark = [n for n, value in enumerate(around) if value < 128]
            assert abs(len(dark) / 300 * 25.4 - 4) < 0.1, (side, slot)
            assert abs(dark[0] / 300 * 25.4 - 1) < 0.1, (side, slot)


def test_a_card_keeps_its_top_when_it_is_turned_over(
    press: Press, response: Callable[..., PrintJob], opened: Opener
) -> None:
    """The upright card is turned left on the front and right on the back, so that a hand turns it like a page."""
    front, back = opened(press.print(response({"en": 1})).pdf)
    turns = [next(iter(page.get_objects(filter=(FORM,), max_depth=1))).get_matrix().get()[:4] for page in (front, back)]
    assert turns == [(0, 1, -1, 0), (0, -1, 1, 0)]


def test_used_places_are_left_empty(press: Press, mini: Callable[..., PrintJob], opened: Opener) -> None:
    """After seven used labels the first card lies on the eighth, the rest on a second sheet; backs follow."""
    job = mini(copies=5, skip=7)
    printed = press.print(job)
    pages = list(opened(printed.pdf))

    assert printed.sheets == 2 == sheets_needed(5, job.layout, 7)
    assert [len(boxes(page)) for page in pages] == [3, 3, 2, 2]
    assert near(boxes(pages[0])[0], (*job.layout.corner(7), *job.layout.label))
    assert near(boxes(pages[1])[0], (*job.layout.corner(6), *job.layout.label))


def test_languages_share_sheets(press: Press, response: Callable[..., PrintJob], opened: Opener) -> None:
    """12 Spanish, 13 Arabic and 7 English cards take four sheets, each card with the back of its own language."""
    printed = press.print(response({"es": 12, "ar": 13, "en": 7}))
    pages = [page.get_textpage().get_text_bounded() for page in opened(printed.pdf)]

    assert printed.sheets == 4
    fronts = [
        (text.count("Palabras"), text.count("1-800-555-0100") // 6, text.count("Words to")) for text in pages[::2]
    ]
    assert fronts == [(10, 0, 0), (2, 8, 0), (0, 5, 5), (0, 0, 2)]
    backs = [(text.count("Sólo palabras"), text.count("Only words.")) for text in pages[1::2]]
    assert backs == [(10, 0), (2, 0), (0, 5), (0, 2)]


def test_a_phone_number_is_not_printed_backwards(
    press: Press, response: Callable[..., PrintJob], design: Callable[..., Any], opened: Opener
) -> None:
    """Inside Arabic a phone number's digits stand in their own order on paper; without its isolates they would not."""

    def on_paper(job: PrintJob) -> str:
        page = opened(press.print(job).pdf)[0].get_textpage()
        digits = [(page.get_charbox(n)[1], char) for n, char in enumerate(page.get_text_range()) if char in "15"][:4]
        # The card is turned left on the sheet: what runs to the right on it runs upwards here.
        return "".join(char for _, char in sorted(digits))

    step = design("ar").context["steps"][0]
    number = [step | {"text": "اتصل \u20661-555\u2069 الآن"}]
    raw = [step | {"text": "اتصل 1-555 الآن"}]
    assert on_paper(response({"ar": 1}, steps=number)) == "1555"
    assert on_paper(response({"ar": 1}, steps=raw)) == "5551"


def test_the_printer_profile_moves_and_scales(press: Press, mini: Callable[..., PrintJob], opened: Opener) -> None:
    """What a printer shifts or shrinks is made up for on every page, and more on the back where it needs more."""
    plain = [picture(page, 150) for page in opened(press.print(mini()).pdf)]
    profile = PrinterProfile(x=Fraction(254, 150), y=Fraction(254, 150), back_x=Fraction(-254, 75))
    moved = [picture(page, 150) for page in opened(press.print(mini(printer=profile)).pdf)]

    def first_ink(seen: Any) -> tuple[int, int]:
        rows = list(seen.rows())
        top = next(n for n, row in enumerate(rows) if row.strip(b"\xff"))
        return min(len(row) - len(row.lstrip(b"\xff")) for row in rows), top

    for before, after, right in zip(plain, moved, (10, -10), strict=True):
        assert abs(first_ink(after)[0] - first_ink(before)[0] - right) <= 1
        assert abs(first_ink(after)[1] - first_ink(before)[1] - 10) <= 1
    shrunk = picture(opened(press.print(mini(printer=PrinterProfile(scale_x=Fraction(98, 100)))).pdf)[0], 150)
    assert abs(first_ink(shrunk)[0] - 0.98 * first_ink(plain[0])[0]) <= 1


def test_plain_paper_shows_where_to_cut(press: Press, mini: Callable[..., PrintJob], opened: Opener) -> None:
    """Marks stand in the margins only, in line with the edges of the cards; label stock has none."""
    job = mini(layout="plain-letter")
    page = opened(press.print(job).pdf)[0]
    lines = [each for each in page.get_objects(max_depth=1) if each.type != FORM]
    first, last = job.layout.corner(0), job.layout.corner(9)
    right, bottom = (float(last[n] + job.layout.label[n]) for n in (0, 1))
    _, height = page.get_size()

    assert len(lines) == 2 * (3 + 6)  # cards that touch share a cut
    for line in lines:
        x0, y0, x1, y1 = (each / float(POINTS_PER_MM) for each in line.get_bounds())
        top = height / float(POINTS_PER_MM) - y1
        clear = x1 < float(first[0]) - 1 or x0 > right + 1 or top + (y1 - y0) < float(first[1]) - 1 or top > bottom + 1
        assert clear
    assert not [each for each in opened(press.print(mini()).pdf)[0].get_objects(max_depth=1) if each.type != FORM]


def test_the_same_order_gives_the_same_bytes(press: Press, response: Callable[..., PrintJob], tmp_path: Path) -> None:
    """Another process, another hash seed, another temporary folder: not one byte differs."""
    job = response({"en": 11})
    here = press.print(job)
    (tmp_path / "job").write_bytes(job.to_json())
    script = (
        "import sys, pathlib; from outreach.printing.press import Press; from outreach.printing.job import PrintJob\n"
        "with Press() as press: sys.stdout.buffer.write("
        "press.print(PrintJob.from_json(pathlib.Path(sys.argv[1]).read_bytes())).pdf)"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    there = subprocess.run([sys.executable, "-c", script, tmp_path / "job"], capture_output=True, env=env, check=True)

    assert there.stdout == here.pdf
    assert press.print(job).pdf == here.pdf


def test_the_file_says_how_to_print_it_and_nothing_about_anyone(
    press: Press, three: tuple[PrintJob, Printed], response: Callable[..., PrintJob]
) -> None:
    """Full size, both sides over the long edge, its language; no day, no path, no user, no maker, no serial."""
    pdf = press.print(response({"es": 200})).pdf
    said = inside(pdf)

    assert b"/PrintScaling /None" in said
    assert b"/Duplex /DuplexFlipLongEdge" in said
    assert b"/Lang (es)" in said
    assert re.findall(rb"/(Title|Author|Subject|Keywords|Creator|Producer)\b", said) == [b"Title"]
    assert b"/Title (Cards: print at 100 %)" in said
    for telltale in (b"CreationDate", b"ModDate", b"/ID", b"/tmp", b"/work", b"weasyprint", os.sep.encode() + b"home"):
        assert telltale not in said, telltale
    if len(getpass.getuser()) > 4:
        assert getpass.getuser().encode() not in said
    assert b"/Lang" not in inside(three[1].pdf)


def test_fonts_are_embedded_and_cut_to_their_letters(press: Press, response: Callable[..., PrintJob]) -> None:
    """Each font travels as a subset, so a thousand cards in two languages stay far below 100 kB."""
    pdf = press.print(response({"en": 1000, "ar": 1000})).pdf
    said = inside(pdf)

    assert sorted(set(re.findall(rb"/BaseFont /[A-Z]{6}\+([A-Za-z-]+)", said))) == [
        *(b"NotoSans", b"NotoSans-Bold", b"NotoSansArabic", b"NotoSansArabic-Bold"),
    ]
    assert said.count(b"/FontFile2") == 4
    assert len(pdf) < 100_000


def inside(pdf: bytes) -> bytes:
    """What the file says with its packed objects opened; drawings and fonts left out."""
    plain = re.sub(rb"stream\n.*?\nendstream", b"", pdf, flags=re.S)
    packed = re.findall(rb"/Type /ObjStm.*?stream\n(.*?)\nendstream", pdf, re.S)
    return b"\n".join([plain, *map(zlib.decompress, packed)])
