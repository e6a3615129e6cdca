"""The bar of an urgent topic and its breath pacer on the smallest phone, in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.program import Program
from tests.conftest import proofs_but

TAGS = [row.tag for row in Program(Home(Path("/nonexistent"))).languages.rows]

# Words of which a line holds only a part; scripts without spaces may end a line anywhere and are left out.
CUT_WORDS = """selector => {
  const cut = []
  for (const each of document.querySelectorAll(selector)) {
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{M}\\p{N}]+/gu)) {
        const range = document.createRange()
        range.setStart(texts.currentNode, word.index)
        range.setEnd(texts.currentNode, word.index + word[0].length)
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)))
        if (lines.size > 1 && !/\\p{Script=Han}/u.test(word[0])) cut.push(word[0])
      }
    }
  }
  return cut
}"""

PLACES = """() => ['.call', '#pace', '[data-dose]'].map(each => {
  const { left, top, bottom } = document.querySelector(each).getBoundingClientRect()
  return [left, top, bottom].map(Math.round)
})"""


@pytest.fixture
def phone(browser: Any) -> Any:
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


@pytest.mark.parametrize("tag", proofs_but(["en", "ar"], TAGS))
def test_the_bar_in_every_language(reading: Any, phone: Any, tag: str) -> None:
    """No word is cut, here or in the steps; no button moves from the first breath until a dose is due."""
    phone.goto(f"{reading.server.address}/{tag}/overdose-response")
    cut = phone.evaluate(CUT_WORDS, "main .words")
    phone.click("#pace")
    phone.clock.run_for(300)
    cut += phone.evaluate(CUT_WORDS, ".aid")
    call, pace, dose = phone.evaluate(PLACES)
    phone.click("[data-dose]")
    phone.clock.run_for(125_000)
    later = phone.evaluate(PLACES)
    cut += phone.evaluate(CUT_WORDS, ".dose, .bar")

    assert cut == []
    assert later[:2] == [call, pace] and abs(later[2][2] - dose[2]) <= 1 and later[2][2] <= call[1]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.locator(".next").inner_text()


def test_a_cut_word_would_be_found(served: Any, phone: Any) -> None:
    """The control: a button that is too narrow for "Breath" cuts it."""
    phone.goto(f"{served.server.address}/en/overdose-response")
    assert phone.evaluate(CUT_WORDS, ".aid") == []
    phone.add_style_tag(content="#pace { max-inline-size: 90px; min-inline-size: 0; overflow-wrap: anywhere }")
    assert "Breath" in phone.evaluate(CUT_WORDS, ".aid")


def test_the_english_stands_under_the_pacers_words(served: Any, phone: Any) -> None:
    """Under every word of care in a draft language, and none under English."""
    for tag, times in (("ar", 5), ("en", 0)):
        phone.goto(f"{served.server.address}/{tag}/overdose-response")
        phone.click("#pace")
        english = phone.locator(".pacer .english")
        assert english.count() == times
        assert all(each.get_attribute("lang") == "en" for each in english.all())
    phone.goto(f"{served.server.address}/ar/overdose-response")
    phone.click("#pace")
    phone.click("[data-dose]")
    phone.clock.run_for(121_000)
    assert "give 1\u00a0more dose" in phone.locator(".next .english").inner_text()


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_steps_are_one_click_away_on_a_laptop(served: Any, browser: Any, tag: str) -> None:
    """A button to the six steps is on the first screen, above the bar; a title that asks ends without a full stop."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{served.server.address}/{tag}/overdose-response")
    way, bar = page.locator(".parts .jump").bounding_box(), page.locator(".bar").bounding_box()
    assert way and bar and way["y"] + way["height"] < bar["y"]
    assert "?." not in page.locator(".sources").text_content()
    context.close()


@pytest.mark.parametrize("path", ["ht/naloxone", "ht/overdose-response", "es/naloxone"])
def test_the_steps_are_one_touch_away_on_a_phone(served: Any, browser: Any, path: str) -> None:
    """The way to the steps is whole on the first screen, above the bar, and the draft note is not pushed off it."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{served.server.address}/{path}")
    way, bar = page.locator("main a.do").first.bounding_box(), page.locator(".bar").bounding_box()
    note = page.locator("main .draft").first.bounding_box()
    assert way and bar and note and way["y"] + way["height"] < min(bar["y"], note["y"])
    assert note["y"] < bar["y"]
    context.close()


def test_the_english_lies_under_its_arabic(served: Any, browser: Any) -> None:
    """A short line of English ends where its Arabic begins, and not on the other side of a laptop's page."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{served.server.address}/ar/overdose-response")
    for place in ("h1 ~ .english", "h2 + .english", ".signs .english", ".avoid .english"):
        edges = page.locator(f"main {place}").first.evaluate(
            "each => [each, each.parentElement].map(box => Math.round(box.getBoundingClientRect().right))"
        )
        assert edges[0] == edges[1], place
    context.close()
