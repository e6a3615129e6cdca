"""Paper sheets typed in: checked by their sums, nothing typed is lost, a month without the mouse."""

from __future__ import annotations

import re
import time
import urllib.parse
from datetime import date, timedelta
from typing import Any

TODAY = time.strftime("%Y-%m-%d")
KEY, MOVE = 0.25, 0.4
"""Seconds a person takes for one key, and to look up and find the next line of the paper."""


def sheet(**more: str) -> dict[str, str]:
    return {"site": "outreach", "day": TODAY, "model": ""} | {
        name.replace("__", ":").replace("_", "-"): value for name, value in more.items()
    }


def alert(page: str) -> str:
    found = re.search(r'role="alert">(.*?)</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[1]) if found else ""


def totals(outreach: Any) -> dict[tuple[str, str], int]:
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    return {(row["item"], row["movement"]): row["quantity"] for row in rows}


def test_a_sheet_with_right_sums_is_saved(served: Any, outreach: Any) -> None:
    """Numbers, hours and events are saved as typed; the next form is at the same site, a day later."""
    typed = sheet(
        encounters="9",
        others="",
        quarter_hours="3.25",
        given__cooker="40",
        given__syringe_1ml="1,200",
        returned__syringe_1ml="0",
        event__reversal="2",
        foot__given="1240",
        foot__returned="0",
    )
    saved = served.post("/staff/en/paper", typed)

    assert saved.status == 200 and "Saved:" in saved.text
    assert f'value="{date.fromisoformat(TODAY) + timedelta(days=1)}"' in saved.text
    assert totals(outreach) == {
        ("cooker", "given"): 40,
        ("syringe-1ml", "given"): 1200,
        ("syringe-1ml", "returned"): 0,
    }
    visits = outreach.json("report", "visits", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    assert visits == [{"sessions": 1, "encounters": 9, "others": None, "hours": 3.25}]


def test_a_wrong_sum_says_which_column_and_by_how_much(served: Any, outreach: Any) -> None:
    """Nothing is saved, every number typed is still there; put right, it is saved."""
    typed = sheet(given__cooker="40", given__tourniquet="31", foot__given="53", foot__returned="7")
    typed["returned:syringe-1ml"] = "7"
    wrong = served.post("/staff/en/paper", typed)

    assert wrong.status == 422
    assert "Handed out: the lines typed add up to 71, the sum on the paper is 53." in alert(wrong.text)
    assert "They are 18 apart." in alert(wrong.text)
    assert "Brought back" not in alert(wrong.text)
    for name, value in typed.items():
        if name not in ("site", "day", "model"):
            assert re.search(rf'name="{name}"[^>]* value="{value}"', wrong.text), name
    assert totals(outreach) == {}
    assert served.post("/staff/en/paper", typed | {"given:tourniquet": "13"}).status == 200
    assert totals(outreach)["tourniquet", "given"] == 13


def test_no_sum_on_the_paper(served: Any, outreach: Any) -> None:
    """A column with numbers and no sum is asked about; with a yes it is saved, but a wrong sum never is."""
    typed = sheet(given__cooker="40")
    asked = served.post("/staff/en/paper", typed)
    assert asked.status == 422 and 'value="no-sums"' in asked.text
    wrong = served.post("/staff/en/paper", typed | {"sure": "no-sums", "foot:given": "41"})
    assert wrong.status == 422
    assert served.post("/staff/en/paper", typed | {"sure": "no-sums"}).status == 200
    assert totals(outreach) == {("cooker", "given"): 40}


def test_every_mistake_is_told_at_once(shared: Any) -> None:
    """Two fields that are no numbers: two sentences, each with a link to its field."""
    wrong = shared.post("/staff/en/paper", sheet(given__cooker="4O", encounters="-2", foot__given="40"))
    assert wrong.status == 422
    assert "Cooker: 4O is not a whole number" in alert(wrong.text) and "-2 is not a whole number" in alert(wrong.text)
    assert 'href="#at-given-cooker"' in wrong.text and "add up to" not in alert(wrong.text)


def test_the_same_sheet_twice_asks(served: Any, outreach: Any) -> None:
    """Typed in again it asks, with everything still there; a yes makes it a second session."""
    typed = sheet(encounters="9", given__cooker="40", foot__given="40")
    assert served.post("/staff/en/paper", typed).status == 200
    asked = served.post("/staff/en/paper", typed)

    assert asked.status == 422 and "second session" in alert(asked.text)
    assert totals(outreach) == {("cooker", "given"): 40}
    assert served.post("/staff/en/paper", typed | {"sure": "again"}).status == 200
    assert totals(outreach) == {("cooker", "given"): 80}


def test_odd_days_and_numbers_ask(shared: Any) -> None:
    """A day before 2020 and 150,000 of a thing are asked about and taken with a yes; what cannot be is refused."""
    old = sheet(given__cooker="1", foot__given="1") | {"day": "2019-05-05"}
    assert "before 2020" in alert(shared.post("/staff/en/paper", old).text)
    assert shared.post("/staff/en/paper", old | {"sure": "odd"}).status == 200
    many = sheet(given__cooker="150000", foot__given="150000")
    assert "more than most programs" in alert(shared.post("/staff/en/paper", many).text)
    assert shared.post("/staff/en/paper", sheet()).status == 422
    assert shared.post("/staff/en/paper", sheet(encounters="1") | {"day": "soon"}).status == 422
    assert shared.post("/staff/en/paper", sheet(encounters="1") | {"site": "nowhere"}).status == 422


def test_a_sheet_of_40_lines_by_keyboard_in_under_two_minutes(served: Any, browser: Any, outreach: Any) -> None:
    """Only keys: every field of the form, then Enter saves and the next form waits at its first field.

    The pauses are counted, not waited for: a quarter of a second for a key, and four tenths to find the next line.
    """
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(served.server.door)
    # With another event than ships, so that the sheet has 40 lines.
    counted = served.get("/staff/en/counted").text
    edition = re.search(r'name="edition" value="([0-9a-f]*)"', counted)
    assert edition
    everything = urllib.parse.urlencode([("edition", edition[1]), ("event", "litter"), ("event", "reversal")])
    chosen = served.ask("POST", "/staff/en/counted", everything.encode(), {"Sec-Fetch-Site": "same-origin"})
    assert chosen.status == 200
    page.goto(served.server.address + f"/staff/en/paper?site=outreach&day={TODAY}")
    focused = "document.activeElement.name"
    assert page.evaluate(focused) == "site"
    keys = looks = lines = out = back = 0
    expected: dict[tuple[str, str], int] = {}
    while True:
        name = page.evaluate(focused)
        typed = ""
        if name == "foot:given":
            typed = str(out)
        elif name == "foot:returned":
            typed = str(back)
        elif name == "quarter-hours":
            typed = "3.5"
        elif name not in ("site", "day", "model"):
            lines += 1
            typed = str(lines * 7 % 90 + 3)
        movement, colon, item = name.partition(":")
        if colon and movement in ("given", "returned"):
            expected[item, movement] = int(typed)
            out += int(typed) if movement == "given" else 0
            back += int(typed) if movement == "returned" else 0
        for key in (*typed, "Enter"):
            page.keyboard.press(key)
        keys += len(typed) + 1
        looks += bool(typed)
        if name == "foot:returned":
            break
    page.locator("[role=status]").wait_for()
    seconds = keys * KEY + looks * MOVE

    assert page.evaluate(focused) == "site", "the next sheet begins without the mouse"
    assert page.locator("#day").input_value() == str(date.fromisoformat(TODAY) + timedelta(days=1))
    assert lines >= 40, lines
    assert seconds < 120, (keys, looks, seconds)
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    kits = {row["item"] for row in rows if row["units"] == "kits"}
    assert {(row["item"], row["movement"]): row["loose"] for row in rows} == expected and kits


def test_a_wrong_sum_puts_the_cursor_there(served: Any, browser: Any) -> None:
    """After a wrong sum the focus is in it, and one Enter after the right one saves."""
    page = browser.new_context().new_page()
    page.goto(served.server.door)
    page.goto(served.server.address + "/staff/en/paper")
    page.locator("[name='given:cooker']").fill("12")
    page.locator("[name='foot:given']").fill("21")
    page.locator("[name='foot:returned']").press("Enter")
    page.locator("[role=alert]").wait_for()
    assert page.evaluate("document.activeElement.name") == "foot:given"
    for key in ("1", "2", "Enter", "Enter"):
        page.keyboard.press(key)
    page.locator("[role=status]").wait_for()
