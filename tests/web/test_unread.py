"""A number on the tally page that cannot be read is seen where it was typed, mended or undone, and never "Saved"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.test_undo import COOKER, SAVED, VISITS, on_disk

UNDO, STATE, HOURS = "[data-undo]", ".state", "#hours"
TEN = "ten is not a whole number of 0 or more. Type the number again."


@pytest.fixture(params=[390, 320])
def page(request: pytest.FixtureRequest, served: Any, browser: Any) -> Any:
    """A tally page on a phone and on a small one, with ten typed in words in a tile."""
    page = browser.new_context(viewport={"width": request.param, "height": 700}).new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    page.locator("[name=way][value=type]").check()
    page.get_by_label("Cooker: how many").fill("ten")
    page.keyboard.press("Tab")
    return page


def within(page: Any, selector: str) -> bool:
    """All of it, with all that it says, stands on the screen."""
    return bool(
        page.locator(selector).evaluate(
            "at => { const box = at.getBoundingClientRect(); return at.scrollWidth <= at.offsetWidth && box.left >= 0"
            " && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight }"
        )
    )


def test_tap_waits_for_it(page: Any) -> None:
    """Typing stays on at that field with the reason under it; put right, it counts, and Tap is there again."""
    page.locator("[name=way][value=tap]").click()

    assert page.locator("[name=way][value=type]").is_checked()
    assert page.evaluate("document.activeElement.closest('[data-counter]').dataset.counter") == "given:cooker"
    assert page.evaluate("document.activeElement.value") == "ten"
    assert page.locator(f"{COOKER} .bad").inner_text() == TEN
    assert page.locator(".said").inner_text().strip() == f"Cooker: {TEN}"
    assert within(page, f"{COOKER} .exact") and within(page, f"{COOKER} .bad")

    page.keyboard.type("10")
    assert not page.locator(f"{COOKER} .bad").is_visible(), "it can be read already"
    page.locator("[name=way][value=tap]").click()
    assert page.locator("[name=way][value=tap]").is_checked()
    assert page.locator(f"{COOKER} .count").inner_text() == "10"
    assert on_disk(page, COOKER) == "10"


def test_a_decimal_comma_is_not_dropped(page: Any) -> None:
    """2,5 is refused where it is typed and never 25; a comma that parts thousands is read."""
    field = page.get_by_label("Cooker: how many")
    field.fill("2,5")
    page.keyboard.press("Tab")
    assert page.locator(f"{COOKER} .bad").inner_text().startswith("2,5 is not a whole number")
    field.fill("1,204")
    page.keyboard.press("Tab")
    assert on_disk(page, COOKER) == "1204"


def test_the_bar_says_it_whole(page: Any) -> None:
    """The sentence, Undo and what is not saved stand on the screen, none cut; "Saved" is not said, whatever else is."""
    page.get_by_label("Visits: how many").fill("7")
    page.keyboard.press("Tab")
    page.get_by_text("Not saved: Cooker").wait_for()
    page.locator(f"{COOKER} .add").click(position={"x": 20, "y": 20})

    assert page.locator(".said").inner_text().strip() == f"Cooker: {TEN}", "and nothing was added to it"
    assert [each for each in (".last", ".said", UNDO, STATE) if not within(page, each)] == []
    assert page.locator(".last").get_by_text("Saved", exact=True).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    page.reload()
    assert page.locator(f"{VISITS} .exact").input_value() == "7", "the control: that was saved"


def test_undo_gives_it_up(page: Any) -> None:
    """What was counted after it is undone first, then it: the tile shows what counts, and the bar says so."""
    page.get_by_label("Visits: how many").fill("7")
    page.keyboard.press("Tab")
    page.locator(UNDO).click()
    page.get_by_text("7 → not counted").wait_for()
    assert page.get_by_label("Cooker: how many").input_value() == "ten"

    page.locator(UNDO).click()
    page.get_by_text("ten → not counted").wait_for()
    page.locator(SAVED).wait_for()
    assert page.get_by_label("Cooker: how many").input_value() == ""
    assert page.locator(".bad").count() == 0 and page.locator(UNDO).is_disabled()
    page.locator("[name=way][value=tap]").click()
    page.locator(f"{COOKER} .add").click()
    assert on_disk(page, COOKER) == "1"


def test_hours_are_not_hidden_behind_it(page: Any) -> None:
    """Each field says what is wrong with it, the bar names both, and closing leads to one after the other."""
    page.locator(HOURS).fill("3.3")
    page.keyboard.press("Tab")
    page.get_by_text("Not saved: Cooker, Hours open").wait_for()
    hours = "3.3 is not a number of hours in quarters, such as 3.25. Type it again."
    assert page.locator(".close .bad").inner_text() == hours and page.locator(f"{COOKER} .bad").inner_text() == TEN

    close = page.get_by_role("button", name="Close and save")
    close.click()
    assert page.evaluate("document.activeElement.value") == "ten"
    page.keyboard.type("10")
    close.click()
    assert page.evaluate("document.activeElement.id") == "hours"
    assert page.locator(".said").inner_text().strip() == f"Hours open: {hours}"
    assert [each for each in (".said", UNDO, STATE) if not within(page, each)] == []
    page.keyboard.type("3.25")
    close.click()
    page.wait_for_url("**/closed/*")
    assert page.locator("tr", has_text="Cooker").locator("td").inner_text().strip() == "10"


def test_typed_without_choosing_type(page: Any) -> None:
    """From the keyboard a tile's field is there while one taps: what is wrong in it turns typing on, so it is seen."""
    page.reload()
    page.locator(f"{COOKER} .exact").focus()
    page.keyboard.type("1.5")
    page.keyboard.press("Tab")

    assert page.locator("[name=way][value=type]").is_checked()
    assert page.get_by_label("Cooker: how many").input_value() == "1.5"
    assert page.locator(f"{COOKER} .bad").is_visible()


def test_a_refusal_stands_without_saved(page: Any) -> None:
    """A number that the sheet refuses is refused in words, and nothing beside them says that it was saved."""
    page.get_by_label("Cooker: how many").fill("999999999")
    page.keyboard.press("Tab")
    page.get_by_text("999,999,999 is too many").wait_for()

    assert page.locator(SAVED).count() == 1 and not page.locator(SAVED).is_visible()
    assert within(page, ".said") and within(page, UNDO)
    page.get_by_label("Cooker: how many").fill("9")
    page.keyboard.press("Tab")
    page.locator(SAVED).wait_for()
