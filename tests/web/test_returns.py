"""Syringes back on the tally page: worked out from the program's own weighing, added once, undone at one go, kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.program import Program

SAVED = ".state[data-state=saved]"
LOW, MIDDLE, HIGH = "returned-weighed-low", "returned-weighed", "returned-weighed-high"


@pytest.fixture
def tallying(served: Any, browser: Any) -> Any:
    """A tally page in Chromium of a program that has weighed its own containers."""
    weights = {"tare": "300", "hundred-1": "800", "hundred-2": "820", "hundred-3": "780", "day": "2026-06-01"}
    assert served.post("/staff/en/weighing", weights).status == 200
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    return page


def weigh(page: Any, grams: str) -> None:
    page.get_by_text("Syringes back, not counted one by one").click()
    page.get_by_label("Weighed", exact=False).first.check()
    page.locator("#returned-number").fill(grams)
    page.get_by_role("button", name="Work it out").click()


def counts(page: Any) -> dict[str, str]:
    page.locator(SAVED).wait_for()
    page.reload()
    fields = page.locator("input[data-counter^='event:returned-weighed']").all()
    return {each.get_attribute("data-counter").partition(":")[2]: each.get_attribute("value") for each in fields}


def test_a_weighed_container(tallying: Any, home: Path) -> None:
    """1,300 g are about 200, 192 to 208; the page tells nobody to open one; closing keeps how it was weighed."""
    page = tallying
    weigh(page, "1300")
    page.get_by_text("About 200: between 192 and 208.").wait_for()
    assert page.get_by_text("Weigh the closed container. Do not open it.").is_visible()
    page.get_by_role("button", name="Add to the sheet").dblclick()
    assert counts(page) == {LOW: "192", MIDDLE: "200", HIGH: "208"}, "added once"

    weigh(page, "800")
    page.get_by_text("About 100: between 96 and 104.").wait_for()
    page.get_by_role("button", name="Add to the sheet").click()
    page.locator("[data-undo]").click()
    assert counts(page) == {LOW: "192", MIDDLE: "200", HIGH: "208"}, "one undo takes the three back"

    page.get_by_role("button", name="Close and save").click()
    page.get_by_text("Closed and saved").wait_for()
    (sheet,) = Program(Home(home)).ledger().sheets()
    assert sheet.events == {LOW: 192, MIDDLE: 200, HIGH: 208}
    assert sheet.x["weighed"] == {"per100": [500, 520, 480], "tare": 300, "since": date(2026, 6, 1).isoformat()}


def test_what_is_refused_counts_nothing(tallying: Any) -> None:
    """Less than the empty container, or no number: a sentence, and nothing to add."""
    page = tallying
    weigh(page, "250")
    page.get_by_text("250 g is no more than the empty container weighs (300 g)").wait_for()
    assert not page.get_by_role("button", name="Add to the sheet").is_visible()
    page.locator("#returned-number").fill("many")
    page.get_by_role("button", name="Work it out").click()
    page.get_by_text("many is not a weight in whole grams").wait_for()
    page.get_by_role("button", name="Close and save").click()
    page.get_by_text("This number is not on the sheet yet").wait_for()
    assert set(counts(page).values()) == {""}
