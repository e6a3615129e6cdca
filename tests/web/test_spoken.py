"""What a screen reader says: each name in one language, each change once, and no sign that is only for the eye."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.test_print_page import ENDLESS, ORDER, SLOW

ENGLISH_IN_NAMES = """[...document.querySelectorAll('a, button, summary')].filter(each =>
  [...each.querySelectorAll('.english')].some(part => !part.closest('[aria-hidden=true]'))).length"""
SPOKEN = """(() => {
  const said = document.querySelector('.said').cloneNode(true)
  for (const each of said.querySelectorAll('[aria-hidden=true]')) each.remove()
  return said.textContent.replace(/\\s+/g, ' ').trim()
})()"""


@pytest.mark.parametrize("path", ["/es/", "/es/overdose-response"])
def test_the_english_under_a_draft_is_in_no_name(reading: Any, browser: Any, path: str) -> None:
    """It stands beside links and buttons, in its own language; a touch on it still follows the link above it."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(reading.server.address + path)
    assert page.locator("main .english").count() > 10
    assert page.evaluate(ENGLISH_IN_NAMES) == 0
    page.evaluate("document.querySelector('main a').innerHTML += '<span class=english>English</span>'")
    assert page.evaluate(ENGLISH_IN_NAMES) == 1, "the control"

    page.goto(reading.server.address + "/es/")
    box = page.locator(".topics .english").first.bounding_box()
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] - 8)
    page.wait_for_url("**/es/overdose-response")


def test_what_folds_is_named_without_its_sign(reading: Any, browser: Any) -> None:
    """The + before a line that unfolds is for the eye: whether it is unfolded, the browser says itself."""
    page = browser.new_page()
    page.goto(reading.server.address + "/en/overdose-response")
    tree = page.locator(".sources").aria_snapshot()
    assert "Where this comes from" in tree and "+" not in tree
    page.locator(".sources summary").click()
    assert "\u2212" not in page.locator(".sources").aria_snapshot()


def test_a_tap_is_said_once_by_its_name_and_count(served: Any, browser: Any) -> None:
    """ "Visits 2", where the eye reads "1 → 2"; that it is saved, which it was before, is not said again."""
    page = browser.new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    said = page.evaluate_handle("document.querySelector('.state').firstChild")
    add = page.locator("[data-counter=encounters] .add")
    add.click()
    add.click()
    page.get_by_text("1 → 2").wait_for()
    assert page.evaluate(SPOKEN) == "Visits 2"
    page.locator(".state[data-state=saved]").wait_for()
    assert page.evaluate("said => said.isConnected", said)


@pytest.mark.parametrize("page", ["print", "setup/languages"])
def test_languages_are_called_as_the_page_speaks(reading: Any, page: str) -> None:
    """Under its own name each language has the name that the page's language gives it, and none twice."""
    for tag, called in (("en", "Vietnamese"), ("es", "vietnamita"), ("ar", "الفيتنامية")):
        shown = reading.get(f"/staff/{tag}/{page}").text
        assert f"<bdi>{called}</bdi>" in shown or f'<bdi class="under">{called}</bdi>' in shown
        assert ("Vietnamese" in shown) == (tag == "en")
    assert "español</bdi>" not in reading.get(f"/staff/es/{page}").text


def test_each_card_of_an_order_has_a_name_of_its_own(served: Any) -> None:
    """Its picture says which card it is and in which language, not only that it is the front."""
    form = {"card": "response", "layout": "avery-5371", "copies-en": "2", "copies-es": "2"}
    page = served.finished(served.post("/staff/en/print", form).url.removeprefix(served.server.address))
    assert 'alt="Overdose: what to do, Español, Front"' in page
    assert 'alt="Overdose: what to do, English, Front"' in page


def test_the_wait_for_cards_leaves_the_hand_where_it_is(served: Any, browser: Any, home: Path) -> None:
    """The page looks how far it is and stays the same, so that Stop can be reached; at the end the next one comes."""
    folder = home / "printables" / "slow"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(SLOW, encoding="utf-8")
    (folder / "card.html").write_text(ENDLESS, encoding="utf-8")
    address = served.post("/staff/en/print", ORDER | {"card": "slow", "copies-en": "1"}).url
    page = browser.new_page()
    page.goto(served.server.door)
    page.goto(address)
    page.get_by_role("button", name="Stop").focus()
    for _ in range(2):
        with page.expect_response(address):
            pass
    assert page.evaluate("document.activeElement.textContent") == "Stop"
    served.post(f"{address.removeprefix(served.server.address)}/stop")
    page.get_by_text("Stopped. Nothing was printed").wait_for()
