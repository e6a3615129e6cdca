"""What comes out of the press is looked at as a phone and a paper cutter would."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from outreach.core.cards import sheets_of
from outreach.core.layouts import POINTS_PER_MM
from outreach.printing.job import Printed, PrintJob
from outreach.printing.placing import slot_area
from outreach.printing.press import Press
from outreach.printing.proof import Picture, picture, prove
from outreach.printing.refusals import CodeNotRead, InkOutside

Opener = Callable[[bytes], pypdfium2.PdfDocument]


def test_every_code_of_every_sheet_says_the_words_of_its_card(
    press: Press, three: tuple[PrintJob, Printed], response: Callable[..., PrintJob], opened: Opener
) -> None:
    """From a scan at 150 dots a inch every code in three languages reads back byte for byte; backs have none."""
    other = response({"en": 1, "es": 1, "ar": 1}, "c32011")
    read = 0
    for job, printed in (three, (other, press.print(other))):
        document = opened(printed.pdf)
        for sheet, placed in enumerate(sheets_of(job.order, job.layout)):
            for each in placed:
                seen = picture(document[2 * sheet], 150, slot_area(job, "front", each.slot))
                assert seen.codes() == {job.designs[each.printable].qr_text.encode()}
                read += 1
            assert picture(document[2 * sheet + 1], 150).codes() == set()
    assert read == 24 + 3


def test_a_code_that_says_something_else_is_refused(press: Press, mini: Callable[..., PrintJob]) -> None:
    """Proved against other words, the same file is refused; against its own it is not. No code is a fault as well."""
    job = mini()
    pdf, plan = press.print(job).pdf, list(sheets_of(job.order, job.layout))
    flat: Any = {(design.printable, side): SimpleNamespace(turned=False) for design, side in job.faces()}
    prove(job, flat, pdf, plan)

    (what, design), *_ = job.designs.items()
    with pytest.raises(CodeNotRead):
        prove(replace(job, designs={what: replace(design, qr_text="Other words.")}), flat, pdf, plan)
    with pytest.raises(CodeNotRead):
        press.print(mini(html='<!DOCTYPE html><link rel="stylesheet" href="card.css"><p>Some words.'))


def test_a_code_on_a_dark_ground_is_not_handed_out(press: Press, mini: Callable[..., PrintJob]) -> None:
    """A design may spoil a code in ways that no box shows; reading it back notices."""
    html = (
        '<!DOCTYPE html><link rel="stylesheet" href="card.css">'
        '<body>{% if side == "front" %}<div style="background: #222; width: 30mm; height: 25mm; margin: 4mm"></div>'
        "{{ code('14mm') }}{% endif %}<p>Some words."
    )
    with pytest.raises(CodeNotRead):
        press.print(mini(html=html))


@pytest.mark.parametrize("css", ["body { border: 1mm solid }", "i { right: 1mm }", "i { top: -1mm }"])
def test_ink_in_the_safe_edge_is_refused(press: Press, mini: Callable[..., PrintJob], css: str) -> None:
    """Frames, lines and grounds are no words; the picture of the page still shows them where a cut would run."""
    base = """* { margin: 0; padding: 0; box-sizing: border-box } body { position: relative; height: var(--height) }
    img, p, i { position: absolute } img { top: 5mm; left: 5mm } p { top: 28mm; left: 5mm }
    i { background: #000; width: 4mm; height: 4mm; right: 10mm; top: 6mm } """
    assert press.print(mini(css=base)).sheets == 1
    with pytest.raises(InkOutside, match="within 3 mm of the edge"):
        press.print(mini(css=base + css))


def test_the_shipped_card_leaves_its_edge_white(three: tuple[PrintJob, Printed], opened: Opener) -> None:
    """3 mm on every side of all 48 faces, measured on the picture of the sheets."""
    job, printed = three
    pages = [picture(page, 300) for page in opened(printed.pdf)]
    for sheet, placed in enumerate(sheets_of(job.order, job.layout)):
        for n, side in enumerate(("front", "back")):
            rows = list(pages[2 * sheet + n].rows())
            for each in placed:
                left, bottom, right, top = (round(float(edge) / 72 * 300) for edge in slot_area(job, side, each.slot))
                inside = [row[left:right] for row in rows[len(rows) - top : len(rows) - bottom]]
                label = Picture(right - left, len(inside), b"".join(inside))
                assert label.edge_is_white(round(2.7 / 25.4 * 300)), (each, side)


def test_the_preview_is_the_sheet(press: Press, mini: Callable[..., PrintJob]) -> None:
    """One PNG a side: the whole first sheet, used places empty."""
    previews = press.print(mini(copies=3, skip=7)).preview_png
    assert list(previews) == ["front", "back"]
    for data in previews.values():
        seen = unpacked(data)
        assert abs(seen.width / seen.height - 8.5 / 11) < 0.01
        rows = list(seen.rows())
        used, free = rows[: seen.height * 6 // 11], rows[seen.height * 13 // 22 :]
        assert not b"".join(used).strip(b"\xff")
        assert b"".join(free).strip(b"\xff")


def test_each_card_is_shown_upright(three: tuple[PrintJob, Printed]) -> None:
    """The screen shows each card alone, its title above its last step, on both sides, though it lies on the sheet."""
    faces = three[1].faces_png
    assert {what.language: list(sides) for what, sides in faces.items()} == dict.fromkeys(
        ("en", "es", "ar"), ["front", "back"]
    )
    for what, sides in faces.items():
        front, back = map(unpacked, sides.values())
        assert (front.width, front.height) == (back.width, back.height)
        assert abs(front.width / front.height - 50.8 / 88.9) < 0.01
        found = zxingcpp.read_barcodes(memoryview(front.pixels).cast("B", (front.height, front.width)))
        assert found[0].orientation == 0
        assert (found[0].position.top_left.x > front.width / 2) == (what.language != "ar")
        assert found[0].position.top_left.y < front.height / 5


def test_a_picture_survives_being_a_png() -> None:
    """Width, height and every pixel."""
    seen = Picture(5, 3, bytes(range(15)))
    assert unpacked(seen.png()) == seen


def test_a_place_is_where_the_layout_says(mini: Callable[..., PrintJob]) -> None:
    """The part of the page that is proved is the label itself."""
    job = mini()
    left, bottom, right, top = slot_area(job, "front", 0)
    assert (left, right) == (Fraction(54), Fraction(54 + 252))
    assert (bottom, top) == (792 - 36 - 144, 792 - 36)
    assert slot_area(job, "back", 0)[0] == 54 + 252
    assert right - left == job.layout.label[0] * POINTS_PER_MM


def unpacked(png: bytes) -> Picture:
    """A grey PNG without filters, as our own writer makes it."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks[kind] = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + chunks[kind])
        at += 12 + size
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour) == (8, 0)
    lines: Any = zlib.decompress(chunks[b"IDAT"])
    rows = [lines[n * (width + 1) : (n + 1) * (width + 1)] for n in range(height)]
    assert all(row[0] == 0 for row in rows)
    return Picture(width, height, b"".join(row[1:] for row in rows))
