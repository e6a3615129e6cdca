"""A closed sheet put right: the differences are saved, everything is shown, nothing is edited."""

from __future__ import annotations

import re
import time
from typing import Any

TODAY = time.strftime("%Y-%m-%d")


def closed(served: Any, **counts: int) -> str:
    """A closed sheet with 9 visits and these items; its address."""
    sheet = served.open_sheet()
    tab = served.tab(sheet)
    served.tap(sheet, tab, 1, "encounters", 0, exactly=9)
    for n, (item, value) in enumerate(counts.items(), start=2):
        served.tap(sheet, tab, n, f"given:{item.replace('_', '-')}", 0, exactly=value)
    return str(served.post(f"/staff/en/tally/{sheet}/close").url.partition("/staff")[2])


def form(page: str, **changes: str) -> dict[str, str]:
    """The fields of the page with what they hold, changed."""
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]* value="([^"]*)"', page))
    return fields | {name.replace("__", ":").replace("_", "-"): value for name, value in changes.items()}


def cells(page: str, name: str) -> list[str]:
    """The numbers of a row of the sheet's table."""
    row = re.search(rf"<tr><th[^>]*>(?:<[^>]+>)*{name}.*?</tr>", page, re.DOTALL)
    assert row, page
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row[0], re.DOTALL)]


def totals(outreach: Any) -> dict[str, int]:
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    return {row["item"]: row["quantity"] for row in rows}


def test_a_correction_shows_both(served: Any, outreach: Any) -> None:
    """40 that should be 14, a forgotten 5, visits put right: differences of both signs, and what counts now."""
    address = "/staff" + closed(served, cooker=40)
    page = served.get(f"{address}/correct").text
    saved = served.post(f"{address}/correct", form(page, given__cooker="14", given__tourniquet="5", encounters="11"))

    assert saved.status == 200, saved.text
    assert cells(saved.text, "Cooker") == ["40", "14 −26"]
    assert cells(saved.text, "Tourniquet") == ["not reported", "5 +5"]
    assert cells(saved.text, "Visits") == ["9", "11 +2"]
    assert totals(outreach) == {"cooker": 14, "tourniquet": 5}
    visits = outreach.json("report", "visits", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    assert visits == [{"sessions": 1, "encounters": 11, "others": None, "hours": None}]

    again = served.get(f"{address}/correct").text
    second = served.post(f"{address}/correct", form(again, given__cooker="15"))
    assert cells(second.text, "Cooker") == ["40", "15 −26 +1"]
    assert totals(outreach)["cooker"] == 15


def test_what_counts_now_stands_beside_what_is_typed(served: Any) -> None:
    """Also when the form comes back with another number in the field; what was not reported has nothing beside it."""
    address = "/staff" + closed(served, cooker=40)
    page = served.get(f"{address}/correct").text
    assert re.search(r'name="given:cooker"[^>]* value="40" aria-describedby="now-given-cooker"', page)
    assert 'id="now-given-cooker">Now: 40<' in page and 'id="now-encounters">Now: 9<' in page
    assert "now-given-tourniquet" not in page
    refused = served.post(f"{address}/correct", form(page, given__cooker="1x")).text
    assert 'aria-describedby="bad-given-cooker now-given-cooker"' in refused and "Now: 40" in refused
    assert "Now: " not in served.get("/staff/en/paper").text, "on paper sheets nothing counts yet"


def test_two_people_correct_one_sheet(served: Any, outreach: Any) -> None:
    """The second one is told that the numbers changed, sees them, and their own beside; nothing is taken off twice."""
    address = "/staff" + closed(served, cooker=40)
    both = served.get(f"{address}/correct").text
    assert served.post(f"{address}/correct", form(both, given__cooker="14")).status == 200
    late = served.post(f"{address}/correct", form(both, given__cooker="15"))

    assert late.status == 409 and "Someone else corrected" in late.text
    assert form(late.text)["given:cooker"] == "14" and "You typed 15" in late.text
    assert totals(outreach) == {"cooker": 14}
    assert served.post(f"{address}/correct", form(late.text, given__cooker="15")).status == 200
    assert totals(outreach) == {"cooker": 15}


def test_what_cannot_be_a_correction(served: Any, outreach: Any) -> None:
    """Nothing changed, a reported number made blank, words for a number: a sentence each, and nothing is saved."""
    address = "/staff" + closed(served, cooker=40)
    page = served.get(f"{address}/correct").text
    same = served.post(f"{address}/correct", form(page))
    blank = served.post(f"{address}/correct", form(page, given__cooker=""))
    words = served.post(f"{address}/correct", form(page, given__cooker="some"))
    many = served.post(f"{address}/correct", form(page, given__cooker="200000"))

    assert [each.status for each in (same, blank, words, many)] == [422] * 4
    assert "says all of this already" in same.text and "cannot become blank" in blank.text
    assert "some is not a whole number" in words.text and 'name="sure"' in many.text
    assert totals(outreach) == {"cooker": 40}
    assert served.post(f"{address}/correct", form(page, given__cooker="0")).status == 200
    assert totals(outreach) == {"cooker": 0}


def test_everything_on_a_sheet_can_be_put_right(served: Any, outreach: Any) -> None:
    """Also what the page would not offer by itself: a thing brought back that is not sharp, and one not carried."""
    ran = outreach("tally", "--site", "outreach", "--day", TODAY, "returned:cooker=5", "tourniquet=2")
    page = served.get("/staff/en/counted").text
    edition = re.search(r'name="edition" value="([0-9a-f]*)"', page)
    assert edition
    served.post("/staff/en/counted", {"edition": edition[1], "thing-tourniquet": "not-carried"})
    address = f"/staff/en/tally/closed/{ran.out.split()[-1]}"
    fields = served.get(f"{address}/correct").text
    saved = served.post(f"{address}/correct", form(fields, returned__cooker="4", given__tourniquet="3"))
    assert cells(saved.text, "Cooker") == ["5", "4 −1"] and cells(saved.text, "Tourniquet") == ["2", "3 +1"]
