"""A question on the tally page: it holds its own number only, goes when that is typed anew, and hides nothing."""

from __future__ import annotations

from typing import Any

import pytest

SAVED = ".state[data-state=saved]"


@pytest.fixture
def page(served: Any, browser: Any) -> Any:
    """A tally page on a phone, with fields to type in."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    page.locator("[name=way][value=type]").check()
    return page


def type_in(page: Any, name: str, number: str) -> None:
    page.get_by_label(f"{name}: how many").fill(number)
    page.keyboard.press("Tab")


def test_a_question_holds_its_own_number_only(page: Any) -> None:
    """What is counted meanwhile is saved; the number typed anew takes the question away, and undo goes back to none."""
    type_in(page, "Cooker", "150000")
    page.get_by_text("150,000 of Cooker").wait_for()
    with page.expect_response("**/taps"):
        type_in(page, "Visits", "7")
    page.get_by_role("button", name="Close and save").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    bar, button = (page.locator(each).bounding_box() for each in (".last", "#close .do"))
    assert button["y"] + button["height"] <= bar["y"], "the question covers no button"

    type_in(page, "Cooker", "20")
    page.locator(SAVED).wait_for()
    assert not page.locator("[data-sure]").is_visible()
    page.reload()
    assert page.locator("[data-counter=encounters] .exact").input_value() == "7"
    assert page.locator("[data-counter='given:cooker'] .exact").input_value() == "20"


def test_what_cannot_be_is_not_asked(page: Any) -> None:
    """Beyond what a sheet holds it says no at once; 99 hours are asked about; what is no number stays to be seen."""
    type_in(page, "Cooker", "999999999")
    page.get_by_text("999,999,999 is too many: the most is 500,000").wait_for()
    assert not page.locator("[data-sure]").is_visible()
    type_in(page, "Cooker", "1e3")
    assert page.get_by_label("Cooker: how many").input_value() == "1e3"
    page.get_by_role("button", name="Close and save").click()
    assert page.get_by_text("Close the sheet", exact=True).is_visible(), "not closed over a number nobody could read"
    type_in(page, "Cooker", "3")
    page.locator("#hours").fill("99")
    page.keyboard.press("Tab")
    page.get_by_text("99 hours are more than a day has").wait_for()
    page.locator("[data-drop]").click()
    page.locator(SAVED).wait_for()
    page.reload()
    assert page.locator("#hours").input_value() == ""
    assert page.locator("[data-counter='given:cooker'] .exact").input_value() == "3"


def test_a_second_sheet_of_a_day_offers_the_first(served: Any) -> None:
    """The open sheet is one touch away; another session is a choice beside it, and opens one more."""
    form = {"site": "outreach", "day": "2026-11-20", "model": ""}
    opened = served.post("/staff/en/tally", form)
    asked = served.post("/staff/en/tally", form)
    address = opened.url.removeprefix(served.server.address)
    assert asked.status == 422 and f'href="{address}"' in asked.text
    assert "November 20, 2026 is open already" in asked.text and "Start another sheet" in asked.text
    assert served.post("/staff/en/tally", form | {"sure": "1"}).url != opened.url


def test_where_begins_with_the_site_of_the_last_sheet(served: Any) -> None:
    """After a sheet of one site the next begins there, still open or closed, not at the first of the list."""
    served.post("/staff/en/sites", {"code": "a-van", "name": "A van", "model": "mobile"})
    served.post("/staff/en/tally", {"site": "outreach", "day": "2026-11-20", "model": ""})
    page = served.get("/staff/en/tally").text
    assert page.index('value="a-van"') < page.index('<option value="outreach" selected'), "the control: not the first"

    served.post("/staff/en/tally", {"site": "a-van", "day": "2026-11-21", "model": ""})
    assert '<option value="a-van" selected' in served.get("/staff/en/tally").text
