"""Printed, turned into a picture and measured: ink lies where the layout says, to a tenth of a millimetre."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pypdfium2
import pytest

from outreach.content.layouts import shipped_layouts
from outreach.core.cards import Copies, Order, Printable
from outreach.core.languages import LanguageTag
from outreach.core.layouts import Layout, Turn, slot_runs
from outreach.core.printers import PrinterProfile
from outreach.printing.calibration import Calibration
from outreach.printing.job import Design, PrintJob
from outreach.printing.press import Press
from outreach.printing.proof import Picture, picture
from tests.conftest import proofs_but

DPI, FINE = 150, 400
Box = tuple[float, float, float, float]
Opener = Callable[[bytes], pypdfium2.PdfDocument]

# A card that is all measure: one black box in its upper left quarter, so that a turned or mirrored one is told apart.
# Its corners are round because pdfium moves plain rectangles to whole pixels, and draws other shapes exactly, in grey.
HTML = '<!DOCTYPE html><html lang="en"><link rel="stylesheet" href="card.css"><body><i></i></body></html>'
CSS = """body { margin: 0; --in: calc(var(--safe) + .5mm) }
i { position: absolute; background: #000; border-radius: .5mm; left: var(--in); top: var(--in);
  width: calc(var(--width) / 2 - var(--in)); height: calc(var(--height) / 2 - var(--in)) }"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("measure")
    (made / "card.html").write_text(HTML, encoding="utf-8")
    (made / "card.css").write_text(CSS, encoding="utf-8")
    return made


def job(folder: Path, layout: Layout, turn: Turn, skip: int, printer: PrinterProfile | None = None) -> PrintJob:
    """A sheet filled from the first free slot on, and one more card."""
    what = Printable("measure", LanguageTag("en"))
    order = Order((Copies(what, layout.slots - skip + 1),), layout.id, skip, turn)
    designs = {what: Design(what, folder, ("front", "back"), "ltr", ("latin",), {})}
    return PrintJob(layout, order, designs, printer or PrinterProfile())


def boxes(layout: Layout, side: str, turn: Turn, slots: range) -> Iterator[Box]:
    """Where the black box of each slot belongs on the page, worked out here from corner and paper alone."""
    inside = float(layout.safe_edge) + 0.5
    (width, height), (paper_width, paper_height) = map(float, layout.label), map(float, layout.paper_size)
    for slot in slots:
        x, y = map(float, layout.corner(slot))
        if side == "back":
            x = paper_width - x - width
        box = (x + inside, y + inside, x + width / 2, y + height / 2)
        if side == "back" and turn is Turn.SHORT:
            box = (paper_width - box[2], paper_height - box[3], paper_width - box[0], paper_height - box[1])
        yield box


def measure(seen: Picture, layout: Layout, near: Box) -> Box:
    """The edges of the black box that lies about there. Grey pixels count for the part of them that is black."""
    scales = per_mm(seen, layout)

    def edges(line: bytes, start: float, end: float, scale: float) -> tuple[float, float]:
        first, middle, last = (round(each * scale) for each in (max(start - 1.5, 0), (start + end) / 2, end + 1.5))
        before, after = (sum(255 - value for value in part) / 255 for part in (line[first:middle], line[middle:last]))
        return (middle - before) / scale, (middle + after) / scale

    row, column = (round((near[n] + near[n + 2]) / 2 * scales[n]) for n in (1, 0))
    left, right = edges(seen.pixels[row * seen.width : (row + 1) * seen.width], near[0], near[2], scales[0])
    top, bottom = edges(seen.pixels[column :: seen.width], near[1], near[3], scales[1])
    return left, top, right, bottom


def per_mm(seen: Picture, layout: Layout) -> tuple[float, float]:
    """Pixels a millimetre: pdfium stretches a page to whole pixels."""
    return seen.width / float(layout.paper_size[0]), seen.height / float(layout.paper_size[1])


def dark(seen: Picture, layout: Layout, box: Box) -> bool:
    """Whether any ink lies in the box."""
    left, top, right, bottom = (round(n * scale) for n, scale in zip(box, per_mm(seen, layout) * 2, strict=True))
    return any(min(seen.pixels[row * seen.width + left : row * seen.width + right]) < 128 for row in range(top, bottom))


def off(found: Box, wanted: Box) -> float:
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("layout", proofs_but(["avery-5371"], shipped_layouts()))
def test_every_slot_lies_where_its_layout_says(
    press: Press, folder: Path, opened: Opener, layout: str, turn: Turn
) -> None:
    """Front and back of every slot are within a tenth of a millimetre, over either edge; used places stay white."""
    stock = shipped_layouts()[layout]
    skip = stock.slots // 3
    pages = [picture(page, DPI) for page in opened(press.print(job(folder, stock, turn, skip)).pdf)]
    runs = list(slot_runs(stock.slots - skip + 1, stock, skip))
    assert len(pages) == 2 * len(runs)
    for sheet, slots in enumerate(runs):
        for seen, side in zip(pages[2 * sheet : 2 * sheet + 2], ("front", "back"), strict=True):
            for near in boxes(stock, side, turn, slots):
                assert off(measure(seen, stock, near), near) < 0.1, (side, near)
            unused = [slot for slot in range(stock.slots) if slot not in slots]
            for each in unused:
                assert not dark(seen, stock, next(boxes(stock, side, turn, range(each, each + 1)))), (side, each)


def test_the_measure_sees_a_tenth_of_a_millimetre(press: Press, folder: Path, opened: Opener) -> None:
    """Control: the ruler of these tests tells a box moved by 0.1 mm from one that was not."""
    layout = shipped_layouts()["c32015"]
    profile = PrinterProfile(x=Fraction(1, 10), y=Fraction(-1, 10))
    pages = [
        picture(opened(press.print(job(folder, layout, Turn.LONG, 0, each)).pdf)[0], FINE) for each in (None, profile)
    ]
    near = next(boxes(layout, "front", Turn.LONG, range(1)))
    before, after = (measure(page, layout, near) for page in pages)
    moved = [b - a for a, b in zip(before, after, strict=True)]
    assert moved == pytest.approx([0.1, -0.1, 0.1, -0.1], abs=0.03)


@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("layout", proofs_but(["l7163"], ["avery-5371", "l7163", "quarter-letter"]))
def test_a_profile_moves_every_slot_by_exactly_itself(
    press: Press, folder: Path, opened: Opener, layout: str, turn: Turn
) -> None:
    """Shift, scale and the back's own shift are found again on paper, as the page goes into the printer."""
    stock = shipped_layouts()[layout]
    given = {"x": "0.7", "y": "-0.4", "back_x": "-0.3", "back_y": "0.5", "scale_x": "0.996", "scale_y": "1.003"}
    profile = PrinterProfile(**{key: Fraction(each) for key, each in given.items()})
    pages = opened(press.print(job(folder, stock, turn, 0, profile)).pdf)
    for side, (right, down) in (("front", (0.7, -0.4)), ("back", (0.4, 0.1))):
        seen = picture(pages[0 if side == "front" else 1], FINE)
        for near in boxes(stock, side, turn, range(stock.slots)):
            wanted = tuple(
                n * scale + shift for n, scale, shift in zip(near, (0.996, 1.003) * 2, (right, down) * 2, strict=True)
            )
            assert off(measure(seen, stock, wanted), wanted) < 0.03, (side, near)


@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("layout", proofs_but(["avery-5160"], ["avery-5160", "c32011", "full-a3"]))
def test_the_calibration_page_is_true(press: Press, opened: Opener, layout: str, turn: Turn) -> None:
    """Crosses, both lines of 100 mm and the outline of each slot lie where they are said to, on each side."""
    stock = shipped_layouts()[layout]
    words = ["Words to measure with."] * 4
    profile = PrinterProfile(x=Fraction(1), y=Fraction(2), back_x=Fraction(-3))
    for printer in (PrinterProfile(), profile):
        page = Calibration(stock, "en", "ltr", ("latin",), {"front": words, "back": words}, turn, printer)
        document = opened(press.calibrate(page))
        assert len(document) == 2
        for n, side in enumerate(("front", "back")):
            drawn = lines(document[n])
            if side == "back" and turn is Turn.SHORT:
                far_x, far_y = map(float, stock.paper_size)
                drawn = [(far_x - x1, far_y - y1, far_x - x0, far_y - y0) for x0, y0, x1, y1 in drawn]
            right, down = (0.0, 0.0) if printer is not profile else (1.0 - 3.0 * n, 2.0)
            if side == "back" and turn is Turn.SHORT:
                right, down = -right, -down
            for line in wanted_lines(stock, side):
                moved = (line[0] + right, line[1] + down, line[2] + right, line[3] + down)
                assert any(same(each, moved) for each in drawn), (side, line)


def same(bounds: Box, line: Box) -> bool:
    """Whether a stroke is that line: its middle to a hundredth of a millimetre, its ends to the width of the stroke."""
    middles = (abs(bounds[n] + bounds[n + 2] - line[n] - line[n + 2]) / 2 for n in (0, 1))
    return off(bounds, line) < 0.2 and max(middles) < 0.01


def wanted_lines(stock: Layout, side: str) -> Iterator[Box]:
    """What must be on the page: each slot's edges, five crosses, 100 mm across and down. From x, y to x, y."""
    width, height = map(float, stock.paper_size)
    for slot in range(stock.slots):
        x, y = map(float, stock.corner(slot if side == "front" else stock.back_of(slot)))
        w, h = map(float, stock.label)
        yield from ((x, y, x + w, y), (x, y + h, x + w, y + h), (x, y, x, y + h), (x + w, y, x + w, y + h))
    for x, y in ((20, 20), (width - 20, 20), (20, height - 20), (width - 20, height - 20), (width / 2, height / 2)):
        yield from ((x - 6, y, x + 6, y), (x, y - 6, x, y + 6))
    yield (width / 2 - 50, 68, width / 2 + 50, 68)
    yield (32, height / 2 - 50, 32, height / 2 + 50)


def lines(page: pypdfium2.PdfPage) -> list[Box]:
    """Every stroke of a page, in millimetres from its upper left corner; bounds reach a stroke's width further."""
    _, height = page.get_size()
    found = []
    for each in page.get_objects(max_depth=1):
        left, bottom, right, top = each.get_bounds()
        found.append(tuple(n * 25.4 / 72 for n in (left, height - top, right, height - bottom)))
    return found
