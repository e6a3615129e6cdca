"""What to pack, in a terminal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def test_a_load_list_over_two_stops(outreach: Any) -> None:
    """The mean of the last four such days at each stop, added up; corrections count, and other days do not."""
    outreach("sites", "add", "north")
    outreach("sites", "add", "harbor")
    day = date.today() - timedelta(days=7)
    for weeks, (site, cookers) in enumerate((("north", 10), ("north", 13), ("harbor", 4))):
        on = (day - timedelta(days=7 * weeks)).isoformat()
        ran = outreach("tally", "--site", site, "--day", on, f"cooker={cookers}", "returned:syringe-1ml=50")
        assert ran.code == 0, ran.err
    sheet = ran.out.split()[-1]
    outreach("tally", "--site", "harbor", "--day", on, "cooker=-1", "--corrects", sheet)
    outreach("tally", "--site", "north", "--day", (day + timedelta(days=1)).isoformat(), "cooker=900")

    asked = ("load", "--site", "north", "--site", "harbor", "--weekday", f"{day:%A}")
    assert outreach.json(*asked, "--format", "json") == [{"item": "cooker", "pack": 15, "mean": 14.5, "largest": 16}]
    assert "rounded up" in outreach(*asked).out
    assert outreach("load", "--site", "nowhere").code == 1
    assert outreach("load", "--site", "north", "--weekday", "someday").code == 2
