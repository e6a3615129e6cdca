"""Undo on the tally page gives back what was there: a count that was blank is blank again, not a reported 0."""

from __future__ import annotations

from typing import Any

import pytest

SAVED = ".state[data-state=saved]"
COOKER, VISITS = "[data-counter='given:cooker']", "[data-counter=encounters]"


@pytest.fixture
def page(served: Any, browser: Any) -> Any:
    """A tally page on a phone."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    return page


def on_disk(page: Any, tile: str) -> str:
    page.locator(SAVED).wait_for()
    page.reload()
    return str(page.locator(f"{tile} .exact").get_attribute("value"))


def test_undo_of_a_first_tap_leaves_it_blank(page: Any) -> None:
    """A slip is no report of 0, though its answer was lost on the way; one that is taken away by hand is."""
    page.locator(f"{VISITS} .add").click()
    page.locator(f"{COOKER} .add").click()
    page.locator(SAVED).wait_for()
    lost: list[Any] = []

    def lose_one(route: Any) -> None:
        answer = route.fetch()
        lost.append(answer.json())
        route.abort() if len(lost) == 1 else route.fulfill(response=answer)

    page.route("**/taps", lose_one)
    page.locator("[data-undo]").click()
    page.get_by_text("1 → not counted").wait_for()
    assert "Cooker" not in page.locator(".sofar dl").inner_text()
    assert on_disk(page, COOKER) == ""
    assert lost == [{"value": None, "again": False}, {"value": None, "again": True}]

    page.locator(f"{COOKER} .add").click()
    page.locator(f"{COOKER} .less").click()
    assert on_disk(page, COOKER) == "0", "the control"

    page.get_by_role("button", name="Close and save").click()
    page.wait_for_url("**/closed/*")
    assert page.locator("tr", has_text="Cooker").locator("td").inner_text().strip() == "0"


def test_undo_of_a_typed_number(page: Any) -> None:
    """A first 0 that was typed is taken back to blank as well, and a later number to the one before it."""
    page.locator("[name=way][value=type]").check()
    for number in ("0", "12"):
        page.get_by_label("Cooker: how many").fill(number)
        page.keyboard.press("Tab")
    page.locator("[data-undo]").click()
    page.get_by_text("12 → 0").wait_for()
    page.locator("[data-undo]").click()
    page.get_by_text("0 → not counted").wait_for()

    assert on_disk(page, COOKER) == ""


def test_undo_behind_a_number_that_was_left_out(page: Any) -> None:
    """What was tapped while a question stood began the count once that number is left out; undone, it is blank."""
    page.locator("[name=way][value=type]").check()
    page.get_by_label("Cooker: how many").fill("150000")
    page.keyboard.press("Tab")
    page.get_by_text("150,000 of Cooker").wait_for()
    page.locator("[name=way][value=tap]").check()
    page.locator(f"{COOKER} .add").click()
    page.locator("[data-drop]").click()
    page.locator(SAVED).wait_for()
    page.locator("[data-undo]").click()

    assert on_disk(page, COOKER) == ""


def test_a_kit_says_what_it_holds(page: Any) -> None:
    """The bar says how many sprays went with the kits, so that nobody takes one tile for the other."""
    page.locator("[name=way][value=type]").check()
    for name in ("Naloxone kit, nasal", "Safer smoking kit"):
        page.get_by_label(f"{name}: how many").fill("12")
        page.keyboard.press("Tab")
        said = page.locator(".said").inner_text()
        assert ("= 24 × Naloxone nasal spray" in said) == (name == "Naloxone kit, nasal"), said
