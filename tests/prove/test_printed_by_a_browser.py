"""A topic, totals, a closed sheet and the recovery key, as the browser itself prints them: only what is for paper."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import pypdfium2
import pytest

from tests.conftest import Browserless
from tests.prove import layout

LETTER = {"width": 816, "height": 1056}
"""Letter paper in CSS pixels; its margins are taken off, so that it lies on the screen as on the sheet."""
MARGIN = 48

FOR_THE_SCREEN = """() => [...document.querySelectorAll(
    'button, input, select, textarea, form, nav, summary, audio, .bar, .top a, .actions, .foot, .skip, .up, .aid')]
  .filter(each => each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length
    && !each.closest('.unseen'))
  .map(each => each.outerHTML.slice(0, 80))"""

STRAY = """() => [...document.querySelectorAll('h2, h3')].filter(each => each.checkVisibility())
  .filter(each => {
    const all = [...each.closest('section, main').querySelectorAll('*')]
    return !all.some(other => each.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING
      && !each.contains(other) && other.checkVisibility() && other.textContent.trim())
  }).map(each => each.textContent.trim())"""
"""Headings under which nothing of their section is printed."""


@pytest.fixture
def paper(served: Browserless, browser: Any) -> Any:
    """A page of a browser, as wide as a sheet without its margins, in the print style."""
    page = browser.new_context(viewport={**LETTER, "width": LETTER["width"] - 2 * MARGIN}).new_page()
    page.emulate_media(media="print")
    page.goto(served.server.door)
    return page


def letters(text: str) -> str:
    """Without spaces and hyphens, which stand otherwise where a line ends."""
    return "".join(each for each in text if each.isalnum())


def printed(page: Any, find: str = "") -> tuple[int, list[str]]:
    """How many sheets it takes, and what of its letters is not within the margins."""
    margin = dict.fromkeys(("top", "bottom", "left", "right"), f"{MARGIN}px")
    over = []
    with closing(pypdfium2.PdfDocument(page.pdf(format="Letter", margin=margin))) as document:
        for n, sheet in enumerate(document):
            width = sheet.get_size()[0]
            text = sheet.get_textpage()
            edge = MARGIN * 0.75 - 2
            for each in range(text.count_chars()):
                left, _, right, _ = text.get_charbox(each)
                if right > left and (left < edge or right > width - edge):
                    over.append(f"sheet {n + 1}: {text.get_text_range(each, 12)}")
        every = "".join(sheet.get_textpage().get_text_range() for sheet in document)
        assert letters(find) in letters(every)
        return len(document), over


def wrong(page: Any, find: str = "") -> list[str]:
    """What is printed and is for the screen, what has no words under it, what leaves its place or the paper."""
    found = [f"for the screen: {each}" for each in page.evaluate(FOR_THE_SCREEN)]
    found += [f"alone: {each}" for each in page.evaluate(STRAY)]
    found += page.evaluate(layout.WRONG)
    return found + printed(page, find)[1]


def a_closed_sheet(own: Browserless) -> str:
    sheet = own.open_sheet()
    tab = own.tab(sheet)
    for n, counter in enumerate(("given:naloxone-nasal", "given:kit-naloxone-nasal", "encounters"), 1):
        own.tap(sheet, tab, n, counter)
    return own.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).url.removeprefix(own.server.address)


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_pages_on_paper(served: Browserless, paper: Any, tag: str) -> None:
    """No bar, button or form, no heading without its words, nothing past the edge."""
    closed = a_closed_sheet(served).replace("/staff/en/", f"/staff/{tag}/")
    year = time.strftime("%Y")
    pages = (
        f"/{tag}/overdose-response",
        f"/{tag}/test-strips",
        f"/staff/{tag}/reports/totals?period={year}&by=site&by=month",
        f"/staff/{tag}/reports/charts?period={year}",
        f"/staff/{tag}/reports/packs/utah-quarterly?period={year}-Q4",
        closed,
    )
    found = {}
    for each in pages:
        assert paper.goto(served.server.address + each).status == 200, each
        if hits := wrong(paper):
            found[each] = hits
    assert found == {}


def keyed(page: Any, base: str) -> str:
    """Set a passphrase with a recovery key, as a coordinator does; the key's own text."""
    page.emulate_media(media="screen")
    page.goto(f"{base}/staff/en/passphrase/new")
    words = page.inner_text("#proposed")
    page.click("text=I wrote them down")
    page.wait_for_selector("#words")
    page.fill("#words", words)
    page.check("[name=recovery]")
    page.click("main .do")
    page.wait_for_selector(".key")
    key = str(page.inner_text(".key"))
    page.emulate_media(media="print")
    return key


def test_the_recovery_key_is_printed_whole_and_alone(served: Browserless, paper: Any) -> None:
    """All of the key on one sheet, with its heading, and nothing of how the lock is set."""
    key = keyed(paper, served.server.address)
    assert "AGE-SECRET-KEY-" in key
    assert wrong(paper, find=key) == []
    assert printed(paper)[0] == 1
    seen = paper.locator("main :is(h2, p, li):visible").all_inner_texts()
    assert seen == ["The recovery key"]


def test_what_is_for_the_screen_would_be_found(served: Browserless, paper: Any) -> None:
    """The controls: the same page with the style of the screen, a heading alone, and words past the edge."""
    paper.goto(served.server.address + "/staff/en/reports/totals")
    assert wrong(paper) == []
    stray = "<section><h2>Alone</h2></section><p class='wide-words'>" + "wide " * 60
    paper.evaluate("text => document.querySelector('main').insertAdjacentHTML('beforeend', text)", stray)
    paper.evaluate("document.querySelector('.wide-words').style.whiteSpace = 'nowrap'")
    hits = " ".join(wrong(paper))
    assert "alone: Alone" in hits and "off the screen" in hits
    paper.emulate_media(media="screen")
    assert any("<button" in each or "<form" in each for each in paper.evaluate(FOR_THE_SCREEN))
