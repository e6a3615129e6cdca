"""Sheets of an earlier day are asked about, and few visits are offered another sheet of their day."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import Any

TODAY = time.strftime("%Y-%m-%d")
EARLIER = (date.fromisoformat(TODAY) - timedelta(days=9)).isoformat()


def counted(served: Any, visits: int, cookers: int, day: str = TODAY) -> str:
    sheet = str(served.open_sheet(day=day))
    tab = served.tab(sheet)
    served.tap(sheet, tab, 1, "encounters", 0, exactly=visits)
    served.tap(sheet, tab, 2, "given:cooker", 0, exactly=cookers)
    return sheet


def reported(outreach: Any) -> tuple[int, int, int]:
    """Sessions, visits and cookers."""
    years = (EARLIER[:4], TODAY[:4])
    asked = ("--period", years[0], "--format", "json")
    rows = outreach.json("report", "visits", *asked)["rows"]
    cookers = outreach.json("report", "totals", *asked)["rows"]
    return rows[0]["sessions"], rows[0]["encounters"], cookers[0]["quantity"]


def test_an_earlier_day_is_asked_about(served: Any, outreach: Any) -> None:
    """On the desk and on the Count page: the weekday and the day, continue or close; closing keeps that day."""
    sheet = counted(served, 9, 40, EARLIER)
    weekday = date.fromisoformat(EARLIER).strftime("%A")
    for page in ("/staff/en/", "/staff/en/tally"):
        text = served.get(page).text
        assert re.search(rf"{weekday}, [A-Z][a-z]+ \d+, \d+: continue or close\?", text), page
        assert f'action="/staff/en/tally/{sheet}/close"' in text and f'href="/staff/en/tally/{sheet}"' in text
    closed = served.post(f"/staff/en/tally/{sheet}/close")
    assert closed.status == 200 and "/closed/" in closed.url
    assert "continue or close" not in served.get("/staff/en/tally").text

    today = counted(served, 9, 1)
    assert "continue or close" not in served.get("/staff/en/tally").text, "the control: today's sheet just goes on"
    assert f"/staff/en/tally/{today}" in served.get("/staff/en/tally").text


def test_few_visits_go_to_the_open_sheet(served: Any, outreach: Any) -> None:
    """Two visits: closing offers the other open sheet, and why; its counts then hold both, as one session."""
    few, more = counted(served, 2, 5), counted(served, 9, 40)
    offered = served.post(f"/staff/en/tally/{few}/close")
    assert "could point to someone" in offered.text and more in offered.text
    joined = served.post(f"/staff/en/tally/{few}/join", {"other": more})

    assert joined.url.endswith(more)
    assert served.get(f"/staff/en/tally/{few}").status == 409
    assert "/closed/" in served.post(f"/staff/en/tally/{more}/close").url
    assert reported(outreach) == (1, 11, 45)


def test_few_visits_go_to_the_closed_sheet(served: Any, outreach: Any) -> None:
    """The other one is closed: its counts grow by a correction, and its page shows both."""
    more = served.post(f"/staff/en/tally/{counted(served, 9, 40)}/close").url.rpartition("/")[2]
    few = counted(served, 2, 5)
    assert more in served.post(f"/staff/en/tally/{few}/close").text
    joined = served.post(f"/staff/en/tally/{few}/join", {"other": more})

    assert joined.url.endswith(f"/closed/{more}") and "Counts now" in joined.text
    assert reported(outreach) == (1, 11, 45)


def test_nothing_is_offered_where_nothing_helps(served: Any, outreach: Any) -> None:
    """Three visits, no visits counted, or no other sheet of that day and place: it closes at once. A no is a no."""
    alone = served.post(f"/staff/en/tally/{counted(served, 2, 5, EARLIER)}/close")
    assert "/closed/" in alone.url
    first = counted(served, 3, 5)
    second = counted(served, 2, 6)
    assert "/closed/" in served.post(f"/staff/en/tally/{first}/close").url
    assert "/few" in served.post(f"/staff/en/tally/{second}/close").url
    assert served.post(f"/staff/en/tally/{second}/join", {"other": "0" * 32}).status == 422
    assert "/closed/" in served.post(f"/staff/en/tally/{second}/close", {"as-it-is": "1"}).url
    uncounted = served.open_sheet()
    served.tap(uncounted, served.tab(uncounted), 1, "given:cooker")
    assert "/closed/" in served.post(f"/staff/en/tally/{uncounted}/close").url
