"""The page on how long things are kept, and what the desk says of it: asked first, done by one button."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.core.safety import Safety
from outreach.home import Home
from outreach.services.program import Program
from outreach.services.safety import safety, set_safety

KEEP = "/staff/en/keep"
OLD = ("tally", "--site", "outreach", "--day", "2024-05-04", "cooker=3", "--encounters", "4")


@pytest.fixture
def staff(outreach: Any, serve: Callable[..., Any], client: Any) -> Any:
    """A running server on a home with one old session."""
    assert outreach(*OLD).code == 0
    return client(serve()).enter()


def stands(home: Path) -> Safety:
    return safety(Program(Home(home)))


def kinds(outreach: Any) -> list[int]:
    """Rows of sheets, and of sheets that were folded away."""
    data = outreach.json("holds", "--format", "json")
    rows = {each["table"]: each["rows"] for each in data["tables"]}
    return [rows.get("sheet", 0), rows.get("tombstone", 0)]


def test_days_are_folded_after_a_look_by_one_button(staff: Any, outreach: Any, home: Path) -> None:
    """The rule is asked about once, with what it would fold; then the desk says so, and one button does it, asked."""
    asked = staff.post(f"{KEEP}/days", {"months": "12"})
    assert asked.status == 422 and "Is this right?" in asked.text and "whole months: 1." in asked.text
    assert stands(home).keep_days_months is None
    assert "old days to fold" not in staff.get("/staff/en/").text, "the control"

    assert staff.post(f"{KEEP}/days", {"months": "12", "sure": "1"}).status == 200
    assert stands(home).keep_days_months == 12 and kinds(outreach) == [1, 0], "nothing is folded by itself"
    assert "old days to fold" in staff.get("/staff/en/").text and "old days to fold" in outreach("check").out
    assert "May 2024" in staff.get(KEEP).text

    asked = staff.post(f"{KEEP}/fold")
    assert asked.status == 422 and "gone for good" in asked.text and kinds(outreach) == [1, 0], "asked before"
    assert "Now month totals: 1 sheet." in staff.post(f"{KEEP}/fold", {"sure": "1"}).text
    assert kinds(outreach) == [1, 1]
    assert "old days to fold" not in staff.get("/staff/en/").text


def test_a_hold_is_on_at_once_seen_at_the_desk_and_off_after_two_questions(
    staff: Any, outreach: Any, home: Path
) -> None:
    """While it stands nothing is due, nothing is folded and no clearing can be planned."""
    staff.post(f"{KEEP}/days", {"months": "12", "sure": "1"})
    staff.post(f"{KEEP}/hold", {"hold": "on"})
    desk = staff.get("/staff/en/").text
    assert "A legal hold stands" in desk and "old days to fold" not in desk
    assert staff.post(f"{KEEP}/fold").status == 422
    assert staff.post(f"{KEEP}/clearing", {"day": "2099-01-01"}).status == 422
    assert kinds(outreach) == [1, 0]

    questions = []
    for answered in ("0", "1"):
        page = staff.post(f"{KEEP}/hold", {"hold": "off", "answered": answered}).text
        questions += re.findall(r'role="alert">([^<]*)<', page)
        assert stands(home).legal_hold
    assert len(set(questions)) == 2
    staff.post(f"{KEEP}/hold", {"hold": "off", "answered": "2"})
    assert not stands(home).legal_hold and "A legal hold stands" not in staff.get("/staff/en/").text


def test_a_computer_is_cleared_on_its_day_and_the_guide_goes_on(staff: Any, outreach: Any, home: Path) -> None:
    """Two touches and a third for sheets in no backup; the server that did it counts anew."""
    today = time.strftime("%Y-%m-%d")
    assert "from tomorrow on" in staff.post(f"{KEEP}/clearing", {"day": today}).text
    assert staff.post(f"{KEEP}/clear", {"touched": "1", "sure": "1"}).status == 422, "no day is set"
    staff.post(f"{KEEP}/clearing", {"day": "2099-01-01"})
    assert staff.post(f"{KEEP}/clear", {"touched": "1", "sure": "1"}).status == 422, "not that day yet"
    assert "day to clear" not in staff.get("/staff/en/").text
    set_safety(Program(Home(home)), clear_on=date.today())
    assert "day to clear" in staff.get("/staff/en/").text
    assert "outreach is running" in outreach("clear", "--yes", "--yes").err

    assert "Yes, clear it now" in staff.post(f"{KEEP}/clear").text
    assert "knows of no backup" in staff.post(f"{KEEP}/clear", {"touched": "1"}).text
    assert kinds(outreach) == [1, 0]
    assert "Cleared." in staff.post(f"{KEEP}/clear", {"touched": "1", "sure": "1"}).text

    left = {each.name for each in home.rglob("*") if each.is_file()}
    assert left == {"token", "running", "safety.toml", "ballast"}
    assert staff.get("/en/overdose-response").status == 200
    assert staff.get("/staff/en/reports/totals").status == 200
    sheet = staff.open_sheet()
    assert staff.tap(sheet, staff.tab(sheet), 1, "given:cooker").status == 200


def test_the_pages_stand_while_the_file_on_safety_is_damaged(staff: Any, home: Path) -> None:
    """The desk says what to mend, counting goes on, and nothing is folded or cleared."""
    (home / "safety.toml").write_text("legal_hold = perhaps", encoding="utf-8")

    for page in (staff.get("/staff/en/"), staff.get(KEEP)):
        assert page.status == 200 and "safety.toml" in page.text
    assert staff.post(f"{KEEP}/fold").status == 422
    assert staff.post(f"{KEEP}/clear", {"touched": "1", "sure": "1"}).status == 422
    assert staff.open_sheet()
