"""Cards without Pango: the same sheets for the browser's own print, measured on the file that the browser makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.core.layouts import Layout
from outreach.home import Home
from outreach.printing.proof import Picture, picture
from outreach.services.cards import new_press, order, print_order
from outreach.services.program import Program
from tests.conftest import Browserless, Server, proofs_but

DPI = 200
HIDDEN = """import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Hidden())
"""
OWN = """id = "own"
title = "A card of ours"
topic = "overdose-response"
steps = ["call"]
layouts = ["plain-letter", "half-letter"]
"""
NARROW = """<!DOCTYPE html>
<html lang="{{ language }}">
<style>main { position: absolute; inset: 5mm auto auto 5mm; width: 50mm; height: 30mm }
:lang(es) main { height: 2mm }</style>
<main data-frame>
{{ steps[0].text }}<script>parent.document.body.remove()</script></main>
"""
SPANISH = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "card.own.title"
msgid "A card of ours"
msgstr "Una tarjeta nuestra"
"""
SQUARE = """<!DOCTYPE html>
<html lang="en"><style>i { position: absolute; left: 10mm; top: 6mm; width: 4mm; height: 4mm; background: #000 }</style>
<i></i>
"""


@pytest.fixture
def without_pango(tmp_path: Path, serve: Callable[..., Server]) -> Server:
    """A server on a computer where the drawing library cannot be loaded."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    return serve(env={"PYTHONPATH": str(tmp_path / "hidden")})


@pytest.fixture
def own(home: Path) -> Callable[..., None]:
    """Put a card of the program's own into its home."""

    def put(html: str, sides: Sequence[str] = ("front",)) -> None:
        folder = home / "printables" / "own"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "card.toml").write_text(f"{OWN}sides = {list(sides)}\n", encoding="utf-8")
        (folder / "card.html").write_text(html, encoding="utf-8")

    return put


def ordered(
    browser: Any, server: Server, card: str, layout: str, copies: dict[str, int], turn: str = "", **context: Any
) -> Any:
    """The page that an order leads to, reached through the form as a person does."""
    page = browser.new_context(viewport={"width": 390, "height": 800}, **context).new_page()
    page.goto(server.door)
    page.goto(f"{server.address}/staff/en/print")
    page.select_option("#card", card)
    page.select_option("#layout", layout)
    for tag, count in copies.items():
        page.fill(f"#copies-{tag}", str(count))
    if turn:
        page.locator("summary", has_text="Your printer").click()
        page.select_option("#turn", turn)
    page.get_by_role("button", name="Make the file").click()
    page.wait_for_load_state("load")
    return page


def fitted(page: Any) -> Any:
    """The same page when every face was looked at."""
    page.locator("#refused:not([hidden]), .leaves:not(.unfit)").first.wait_for(state="attached")
    return page


@dataclass(frozen=True)
class Seen:
    size: tuple[float, float]
    text: str
    picture: Picture


def looked_at(pdf: bytes) -> list[Seen]:
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [
            Seen(page.get_size(), "".join(page.get_textpage().get_text_range().split()), picture(page, DPI))
            for page in document
        ]


def printed(page: Any) -> list[Seen]:
    return looked_at(page.pdf(prefer_css_page_size=True))


def ink(sheet: Picture, layout: Layout, slot: int) -> tuple[float, ...] | None:
    """Where the ink of a place begins and ends, as left, top, right and bottom in millimetres on the paper."""
    (x, y), (width, height) = layout.corner(slot), layout.label
    left, top, right, bottom = (round(float(each) / 25.4 * DPI) for each in (x, y, x + width, y + height))
    rows = [row[left:right] for row in list(sheet.rows())[top:bottom]]
    dark = [n for n, row in enumerate(rows) if min(row) < 128]
    across = [n for n, darkest in enumerate(map(min, *rows)) if darkest < 128]
    if not dark:
        return None
    ends = (left + across[0], top + dark[0], left + across[-1] + 1, top + dark[-1] + 1)
    return tuple(each / DPI * 25.4 for each in ends)


@pytest.mark.parametrize("layout", proofs_but(["avery-5371"], ["avery-5371", "plain-a4"]))
def test_the_browser_prints_the_sheets_of_the_press(
    without_pango: Server, browser: Any, tmp_path: Path, layout: str
) -> None:
    """Each place of each sheet, front and mirrored back, has the card there that the press puts there."""
    copies = {"en": 7, "ar": 5}
    page = fitted(ordered(browser, without_pango, "response", layout, copies))
    assert "needs Pango" in page.locator("main").inner_text() and "Scan one with a phone" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "nothing is cut on a phone"
    pages = printed(page)

    program = Program(Home(tmp_path / "elsewhere"))
    asked = order(program, {("response", tag): count for tag, count in copies.items()}, layout)
    with new_press() as press:
        wanted = looked_at(print_order(program, press, asked).pdf)
    assert len(pages) == len(wanted) + 1 == 5, "two sheets with two sides, and the line to measure"
    stock = program.layouts[layout]
    for n, (mine, its) in enumerate(zip(pages[:-1], wanted, strict=True)):
        assert mine.size == pytest.approx(its.size, abs=0.5)
        assert mine.picture.codes() == its.picture.codes() and bool(mine.picture.codes()) == (n % 2 == 0)
        for slot in range(stock.slots):
            found, there = ink(mine.picture, stock, slot), ink(its.picture, stock, slot)
            assert bool(found) == bool(there), (n, slot)
            if found and there:
                # The cards lie turned, and a browser begins each line on a whole pixel.
                assert found[1::2] == pytest.approx(there[1::2], abs=0.3), (n, slot)
                assert found[::2] == pytest.approx(there[::2], abs=0.6), (n, slot)
    assert "100mm" in pages[-1].text
    longest = max(len([dot for dot in row if dot < 128]) for row in pages[-1].picture.rows())
    assert longest / DPI * 25.4 == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("turn", ["long", "short"])
def test_ink_falls_where_the_layout_says(
    without_pango: Server, browser: Any, own: Callable[..., None], tmp_path: Path, turn: str
) -> None:
    """A black square of a known place is found there on each label, front and mirrored back, to 0.2 mm."""
    own(SQUARE, sides=["front", "back"])
    page = fitted(ordered(browser, without_pango, "own", "plain-letter", {"en": 10}, turn))
    stock = Program(Home(tmp_path / "elsewhere")).layouts["plain-letter"]
    width, height = map(float, stock.label)
    for side, seen in zip(("front", "back"), printed(page), strict=False):
        for slot in range(stock.slots):
            x, y = map(float, stock.corner(slot))
            left, top = x + 10, y + 6
            if side == "back" and turn == "short":  # upside down, so that it lies behind its front all the same
                left, top = x + width - 14, y + height - 10
            square = ink(seen.picture, stock, slot)
            assert square == pytest.approx((left, top, left + 4, top + 4), abs=0.2), (side, slot)


def test_a_large_order_shows_each_sheet_once(without_pango: Server, browser: Any) -> None:
    """1,000 copies are one sheet to print 100 times; its own button prints it and nothing else."""
    page = fitted(ordered(browser, without_pango, "response", "avery-5371", {"es": 1000}))
    assert "Print this sheet 100 times." in page.content()
    assert page.locator("iframe").count() == 20
    page.evaluate("window.print = () => { window.printed = document.querySelector('.leaves').className }")
    page.get_by_role("button", name="Print this sheet").click()
    assert page.evaluate("window.printed") == "leaves one"
    assert len(printed(page)) == 2


def test_words_without_room_are_refused_by_name(
    without_pango: Server, browser: Any, own: Callable[..., None], home: Path
) -> None:
    """The sentence of the press with language and words, and no sheet of the order; the other language fits alone."""
    own(NARROW)
    words = home / "locales" / "es" / "LC_MESSAGES" / "guidance.po"
    words.parent.mkdir(parents=True)
    words.write_text(SPANISH, encoding="utf-8")
    page = fitted(ordered(browser, without_pango, "own", "plain-letter", {"en": 1, "es": 1}))
    said = page.locator("#refused").inner_text()
    assert "The card own in es does not fit on plain-letter: even at 6.5 pt" in said
    assert 'no room for "Llame al 911' in said.replace("\u00a0", " ")
    assert page.get_by_role("button", name="Print this sheet").count() == 0
    assert not any("911" in each.text for each in printed(page))

    page = fitted(ordered(browser, without_pango, "own", "plain-letter", {"en": 1}))
    assert page.locator("#refused").is_hidden()
    assert page.get_by_role("button", name="Print this sheet").count() == 1
    assert page.locator("iframe").get_attribute("data-size") == "9"
    assert "911" in printed(page)[0].text


def test_a_picture_that_is_not_there_is_refused(without_pango: Server, browser: Any, own: Callable[..., None]) -> None:
    """A face that lacks a part of itself is not offered."""
    own('<!DOCTYPE html><p style="margin: 6mm">{{ steps[0].text }}</p><img src="gone.png">')
    page = fitted(ordered(browser, without_pango, "own", "plain-letter", {"en": 1}))
    assert "The card own in en was not printed: a picture or a font" in page.locator("#refused").inner_text()


def test_what_is_known_before_drawing_is_refused_alike(without_pango: Server, own: Callable[..., None]) -> None:
    """A template's mistake with its line, a law that nobody checked: sentences, and no page to print."""
    own("<!DOCTYPE html>\n{{ nothing }}")
    client = Browserless(without_pango).enter()
    made = client.post("/staff/en/print", {"card": "own", "layout": "plain-letter", "copies-en": "1"})
    assert made.status == 422 and "card.html, line 2" in made.text and "iframe" not in made.text
    made = client.post("/staff/en/print", {"card": "law", "copies-en": "1", "given-state": "CA"})
    assert made.status == 422 and "iframe" not in made.text


def test_without_javascript_it_has_to_be_looked_at(without_pango: Server, browser: Any) -> None:
    """The smallest words, and a sentence that nothing was checked."""
    page = ordered(browser, without_pango, "response", "avery-5371", {"en": 2}, java_script_enabled=False)
    assert "Look at every card before you print" in page.locator("noscript").inner_text()
    assert len(printed(page)) == 3


def test_a_computer_that_can_print_offers_it_too(served: Browserless) -> None:
    """A link on the page of the file. A face may show and do nothing; the page around it stays as strict as any."""
    made = served.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-en": "1"})
    address = made.url.removeprefix(served.server.address)
    assert f'href="{address}/browser/"' in served.finished(address)
    page = served.get(f"{address}/browser/")
    assert page.status == 200 and "Pango" not in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    face = served.get(f"{address}/browser/0/front")
    policy = face.headers.get_all("Content-Security-Policy")
    assert len(policy) == 1 and "script-src 'none'" in policy[0] and "sandbox" in policy[0]
    assert face.headers.get_all("X-Frame-Options") == ["SAMEORIGIN"]
    assert served.get(f"{address}/browser/0/card.css").headers["Content-Type"].startswith("text/css")
    for gone in ("1/front", "0/..%2f..%2flayouts.toml", "0/nothing.css"):
        assert served.get(f"{address}/browser/{gone}").status == 404
