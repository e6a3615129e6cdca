"""The tally page by keyboard and by glove: letters find, digits count, Backspace takes back, every count exact."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

SAID = "document.querySelector('.said').textContent.trim()"
FOCUSED = "document.activeElement.closest('.tile')?.dataset.counter ?? ''"
SAVED = ".state[data-state=saved]"


@pytest.fixture
def counting(shared: Any, browser: Any) -> Iterator[tuple[Any, Any, str]]:
    """A tally page in Chromium, the client beside it, and the sheet's address."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(shared.server.door)
    address = f"{shared.server.address}/staff/en/tally/{shared.open_sheet()}"
    page.goto(address)
    yield page, shared, address


def count(page: Any, counter: str) -> str:
    page.locator(SAVED).wait_for()
    page.reload()
    return str(page.locator(f"[data-counter='{counter}'] .exact").input_value())


def keys(page: Any, *pressed: str) -> None:
    for each in pressed:
        page.keyboard.press(each)


def test_letters_find_digits_count_enter_adds(counting: tuple[Any, Any, str]) -> None:
    """ "nal" puts the focus on a naloxone tile and says so, "12" Enter adds 12, Enter alone adds 1."""
    page, _, _ = counting
    keys(page, *"fen")
    assert page.evaluate(FOCUSED) == "given:fentanyl-strip"
    assert "fen: Fentanyl test strip" in page.evaluate(SAID)
    keys(page, *"12", "Enter", "Enter")
    assert "12 → 13" in page.evaluate(SAID)
    keys(page, *"naloxone n")
    assert page.evaluate(FOCUSED) == "given:naloxone-nasal"
    keys(page, "Enter")

    assert count(page, "given:fentanyl-strip") == "13"
    assert count(page, "given:naloxone-nasal") == "1"


def test_arrows_go_on_to_the_others(counting: tuple[Any, Any, str]) -> None:
    """Where several names begin so, the page says how many, and an arrow key goes to the next."""
    page, _, _ = counting
    keys(page, *"nal")
    first = page.evaluate(FOCUSED)
    assert first and "Others:" in page.evaluate(SAID)
    keys(page, "ArrowDown")
    assert page.evaluate(FOCUSED) not in ("", first)
    keys(page, "ArrowUp")
    assert page.evaluate(FOCUSED) == first


def test_backspace_takes_the_last_thing_back(counting: tuple[Any, Any, str]) -> None:
    """First a digit typed wrong, then a letter, then the last count; nothing called so is said in words."""
    page, _, _ = counting
    keys(page, *"cook", *"77", "Backspace", "Enter")
    assert "→ 7" in page.evaluate(SAID) or page.evaluate(SAID).endswith("7")
    keys(page, *"zzz")
    assert "Nothing here is called zzz" in page.evaluate(SAID)
    keys(page, "Backspace", "Backspace", "Backspace")
    keys(page, "Backspace")
    assert "Undone" in page.evaluate(SAID)

    assert count(page, "given:cooker") == "", "blank, as it was"


def test_it_keeps_out_of_the_way(counting: tuple[Any, Any, str]) -> None:
    """In a field letters are only letters; with Ctrl or Alt they are the browser's; switched off they do nothing."""
    page, _, _ = counting
    page.locator("#hours").focus()
    keys(page, *"fen")
    assert page.evaluate(FOCUSED) == ""
    page.locator("#hours").fill("")
    page.locator("h1").click()
    keys(page, "Alt+f", "Control+f")
    assert page.evaluate(FOCUSED) == ""
    page.locator("details.keys summary").click()
    page.locator("[name=keys]").uncheck()
    page.locator("h1").click()
    keys(page, *"fen")
    assert page.evaluate(FOCUSED) == ""
    page.locator("[name=keys]").check()
    page.locator("h1").click()
    keys(page, *"fen")
    assert page.evaluate(FOCUSED) == "given:fentanyl-strip"


def test_two_tabs_stay_exact(counting: tuple[Any, Any, str]) -> None:
    """One worker taps, the other types on the keyboard: the sheet holds both, and undo takes back only one's own."""
    page, served, address = counting
    other = page.context.new_page()
    other.goto(address)
    for _ in range(5):
        page.locator("[data-counter='given:cooker'] .add").click()
        keys(other, *"cook", "2", "Enter")
    other.locator(SAVED).wait_for()
    keys(other, "Backspace")
    other.locator(SAVED).wait_for()

    assert count(page, "given:cooker") == "13"
    assert served.get("/healthz").status == 200


def test_tiles_are_made_for_gloves(counting: tuple[Any, Any, str]) -> None:
    """On a phone and on a laptop no tile is smaller than 160 by 96, and the whole tile is the button."""
    page, _, _ = counting
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        sizes = page.eval_on_selector_all(
            ".tile .add", "all => all.map(each => each.getBoundingClientRect()).map(each => [each.width, each.height])"
        )
        assert len(sizes) > 20
        assert [each for each in sizes if each[0] < 158 or each[1] < 96] == []


def test_a_shift_of_120_taps_with_5_undos(served: Any, browser: Any, outreach: Any) -> None:
    """By touch at 390 px: 120 taps over 12 tiles, 5 of them taken back, closed; the ledger holds the other 115."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/tally/{served.open_sheet()}")
    tiles = page.locator("[data-group] .tile .add")
    counters = tiles.evaluate_all("all => all.map(each => each.closest('.tile').dataset.counter)")
    undo = page.locator("[data-undo]")
    expected: dict[str, int] = {}
    for n in range(120):
        counter = counters[n * 7 % 12]
        tiles.nth(n * 7 % 12).tap()
        expected[counter] = expected.get(counter, 0) + 1
        if n % 24 == 23:
            undo.tap()
            expected[counter] -= 1
    page.locator(SAVED).wait_for()
    page.locator("form[action$='/close'] button").first.tap()
    page.wait_for_url("**/closed/*")

    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    found = {f"given:{row['item']}": row["loose"] for row in rows if row["loose"]}
    assert found == expected, json.dumps(rows)
    assert sum(expected.values()) == 115
