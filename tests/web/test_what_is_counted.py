"""What a program counts shows everywhere it counts, and two people who change it at once are told."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any


def edition(page: str) -> str:
    found = re.search(r'name="edition" value="([0-9a-f]*)"', page)
    assert found, page[:1500]
    return found[1]


def form(page: str, **changes: str) -> dict[str, str]:
    """The form as the page holds it, with changes; no event is ticked."""
    chosen = dict(re.findall(r'name="(thing-[a-z0-9-]+)">.*?value="([a-z-]+)" selected', page, re.DOTALL))
    return {"edition": edition(page), **chosen, **changes}


def test_what_is_not_carried_is_offered_nowhere(served: Any, outreach: Any) -> None:
    """Not on the tally page, the blank sheet or for typing in; still in reports, and on a sheet that holds it."""
    sheet = served.open_sheet()
    served.tap(sheet, served.tab(sheet), 1, "given:cooker")
    page = served.get("/staff/en/counted").text
    saved = served.post("/staff/en/counted", form(page, **{"thing-cooker": "not-carried"}))
    assert "Saved." in saved.text

    assert "given:cooker" in served.get(f"/staff/en/tally/{sheet}").text, "what was counted is not hidden"
    other = served.open_sheet()
    text = served.get(f"/staff/en/tally/{other}").text
    assert "given:cooker" not in text and "given:tourniquet" in text
    assert "Cooker" not in served.get("/staff/en/blank").text
    assert {row["item"]: row["here"] for row in outreach.json("items", "--format", "json")}["cooker"] == "not-carried"
    served.post(f"/staff/en/tally/{sheet}/close")
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    assert {row["item"] for row in rows} == {"cooker"}


def test_order_and_events(served: Any) -> None:
    """A group moved up stands first on the tally page; an event that is ticked gets a tile that counts."""
    page = served.get("/staff/en/counted").text
    served.post("/staff/en/counted", form(page, up="group:naloxone", event="litter"))
    sheet = served.open_sheet()
    text = served.get(f"/staff/en/tally/{sheet}").text
    assert re.findall(r'data-group="([a-z-]+)"', text)[:2] == ["naloxone", "kits"]
    assert "event:litter" in text and "event:reversal" not in text
    assert served.tap(sheet, served.tab(sheet), 1, "event:litter").status == 200


def test_two_people_choose_at_once(served: Any, home: Path) -> None:
    """The second of two browsers is told and sees what the first saved; nothing is written over."""
    one = served.get("/staff/en/counted").text
    served.post("/staff/en/counted", form(one, **{"thing-cooker": "not-carried"}))
    before = (home / "tally.toml").read_text()
    late = served.post("/staff/en/counted", form(one, **{"thing-tourniquet": "not-counted"}))

    assert late.status == 409 and "Someone else changed" in late.text
    assert (home / "tally.toml").read_text() == before
    again = served.post("/staff/en/counted", form(late.text, **{"thing-tourniquet": "not-counted"}))
    assert again.status == 200
    text = (home / "tally.toml").read_text()
    assert '"cooker"' in text and '"tourniquet"' in text


def test_a_damaged_file_stops_no_one_counting(served: Any, home: Path, outreach: Any) -> None:
    """Everything is offered as it ships, the page and `outreach check` say what to mend, and it is not written over."""
    served.open_sheet()
    (home / "tally.toml").write_text("things = 3\n")
    sheet = served.open_sheet()
    assert "given:cooker" in served.get(f"/staff/en/tally/{sheet}").text
    page = served.get("/staff/en/counted").text
    assert "tally.toml" in page
    refused = served.post("/staff/en/counted", form(page))
    assert refused.status == 422 and (home / "tally.toml").read_text() == "things = 3\n"
    assert "tally.toml" in outreach("check").out
    assert served.post("/staff/en/counted", {"edition": "", "thing-cooker": "sold"}).status in (409, 422)
