"""Counting over HTTP: a shift from opening a sheet to its totals, and everything that can go wrong on the way."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

TODAY = time.strftime("%Y-%m-%d")


def said(answer: Any) -> str:
    return str(json.loads(answer.text)["sentence"])


def test_a_shift_from_opening_to_totals(served: Any, outreach: Any) -> None:
    """Open, tap, undo, type a number, close: the totals are what was on the screen."""
    sheet = served.open_sheet()
    tab = served.tab(sheet)
    for n in range(1, 6):
        assert json.loads(served.tap(sheet, tab, n, "given:naloxone-nasal").text) == {"value": n, "again": False}
    assert json.loads(served.tap(sheet, tab, 6, "given:naloxone-nasal", -1).text)["value"] == 4
    assert json.loads(served.tap(sheet, tab, 7, "given:syringe-1ml", 0, exactly=120).text)["value"] == 120
    served.tap(sheet, tab, 8, "encounters")
    served.tap(sheet, tab, 9, "quarter-hours", 0, exactly=13)
    closed = served.post(f"/staff/en/tally/{sheet}/close")

    assert closed.status == 200
    assert "/tally/closed/" in closed.url
    rows = outreach.json("report", "totals", "--period", TODAY[:4], "--format", "json")["rows"]
    assert {row["item"]: row["quantity"] for row in rows} == {"naloxone-nasal": 4, "syringe-1ml": 120}
    visits = outreach.json("report", "visits", "--period", TODAY[:4], "--format", "json")["rows"]
    assert visits == [{"sessions": 1, "encounters": 1, "others": None, "hours": 3.25}]


def test_a_lost_answer_is_asked_for_again(shared: Any) -> None:
    """The same touch sent three times counts once; another touch with its number is refused."""
    sheet = shared.open_sheet()
    tab, nonce = shared.tab(sheet), os.urandom(16)
    answers = [json.loads(shared.tap(sheet, tab, 1, "given:cooker", nonce=nonce).text) for _ in range(3)]

    assert answers == [{"value": 1, "again": False}, {"value": 1, "again": True}, {"value": 1, "again": True}]
    assert shared.tap(sheet, tab, 1, "given:cooker").status == 409
    assert shared.tap(sheet, tab, 3, "given:cooker").status == 409
    assert shared.tap(sheet, "00" * 16, 1, "given:cooker").status == 409


def test_two_tabs_count_on_one_sheet(shared: Any) -> None:
    """Two workers on one sheet: each tab in its own step, both on the same count."""
    sheet = shared.open_sheet()
    one, two = shared.tab(sheet), shared.tab(sheet)
    shared.tap(sheet, one, 1, "given:cooker")
    shared.tap(sheet, two, 1, "given:cooker")

    assert json.loads(shared.tap(sheet, one, 2, "given:cooker").text)["value"] == 3


def test_a_closed_sheet_takes_no_taps(served: Any, outreach: Any) -> None:
    """Two people close one sheet: it is counted once, and a tap after that is refused, not lost silently."""
    sheet = served.open_sheet()
    tab = served.tab(sheet)
    served.tap(sheet, tab, 1, "given:cooker")
    assert served.post(f"/staff/en/tally/{sheet}/close").status == 200
    second = served.post(f"/staff/en/tally/{sheet}/close")
    late = served.tap(sheet, tab, 2, "given:cooker")

    assert second.status == late.status == 409
    assert "closed" in said(late)
    rows = outreach.json("report", "totals", "--period", TODAY[:4], "--format", "json")["rows"]
    assert [row["quantity"] for row in rows] == [1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"counter": "given:nothing-like-it"}, 422),
        ({"counter": "sold:cooker"}, 422),
        ({"counter": "name:ann"}, 422),
        ({"counter": 7}, 422),
        ({"change": -1}, 422),
        ({"change": 1.5}, 422),
        ({"change": True}, 422),
        ({"exactly": 900_000}, 422),
        ({"exactly": -1}, 422),
        ({"exactly": 10**30}, 422),
        ({"n": "1"}, 422),
        ({"tab": "zz"}, 422),
        ({"nonce": ""}, 422),
    ],
)
def test_a_tap_that_makes_no_sense_is_refused(shared: Any, change: dict[str, Any], status: int) -> None:
    """A malformed or impossible tap gets a sentence, counts nothing, and the next one still works."""
    sheet = shared.open_sheet()
    tab = shared.tab(sheet)
    touch = {"tab": tab, "n": 1, "nonce": "00" * 16, "counter": "given:cooker", "change": 1} | change
    answer = shared.post_json(f"/staff/en/tally/{sheet}/taps", touch)

    assert answer.status == status, answer.text
    assert said(answer)
    assert json.loads(shared.tap(sheet, tab, 1, "given:cooker").text)["value"] == 1


def test_a_large_number_asks_first(shared: Any) -> None:
    """More than 100,000 of one thing is asked about, and taken when the person is sure."""
    sheet = shared.open_sheet()
    tab = shared.tab(sheet)
    asked = shared.tap(sheet, tab, 1, "given:cooker", 0, exactly=150_000)

    assert asked.status == 422 and json.loads(asked.text)["asks"] is True
    sure = shared.tap(sheet, tab, 1, "given:cooker", 0, exactly=150_000, sure=True)
    assert json.loads(sure.text)["value"] == 150_000


def test_an_odd_day_asks_first(shared: Any) -> None:
    """A day before 2020 is asked about on a page; an impossible one is refused."""
    asked = shared.post("/staff/en/tally", {"site": "outreach", "day": "1999-12-31", "model": "street"})
    sure = shared.post("/staff/en/tally", {"site": "outreach", "day": "1999-12-31", "model": "street", "sure": "1"})
    wrong = shared.post("/staff/en/tally", {"site": "outreach", "day": "2026-02-30", "model": "street"})

    assert asked.status == 422 and 'name="sure"' in asked.text
    assert sure.status == 200 and "/tally/" in sure.url
    assert wrong.status == 422 and "not a day" in wrong.text


def test_an_empty_sheet_is_not_closed(served: Any, outreach: Any) -> None:
    """Nothing counted, nothing to close; the sheet can be put away instead."""
    sheet = served.open_sheet()
    assert served.post(f"/staff/en/tally/{sheet}/close").status == 422
    assert served.post(f"/staff/en/tally/{sheet}/put-away").status == 200
    assert served.get(f"/staff/en/tally/{sheet}").status == 409
    assert outreach.json("report", "visits", "--period", TODAY[:4], "--format", "json")["rows"] == []


def test_nothing_of_taps_is_left_after_closing(serve: Any, client: Any, home: Path, tmp_path: Path) -> None:
    """On the engine without encryption no tab token and no counter name is in any file once a sheet is closed.

    The control finds both in the very same files while the sheet is open.
    """
    blocked = tmp_path / "plain"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text("import sys\nsys.modules['sqlcipher3'] = None\n")
    own = client(serve(env={"PYTHONPATH": str(blocked)})).enter()
    sheet = own.open_sheet()
    tab = own.tab(sheet)
    for n in range(1, 41):
        own.tap(sheet, tab, n, ("given:fentanyl-strip", "given:cooker")[n % 2])
    marks = (bytes.fromhex(tab), b"given:fentanyl-strip", sheet.encode())

    assert all(found_in(home, mark) for mark in marks), "the control: everything is there while the sheet is open"
    assert own.post(f"/staff/en/tally/{sheet}/close").status == 200
    assert [mark for mark in marks if found_in(home, mark)] == []


def found_in(home: Path, mark: bytes) -> list[Path]:
    """Files that hold the mark in their content or their name."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in files if mark in path.read_bytes() or mark in path.name.encode()]


def test_encrypted_pages_hold_no_token_either(served: Any, home: Path) -> None:
    """With encryption: the open sheet's key and file are gone after closing, and the ledger has no such table."""
    sheet = served.open_sheet()
    served.tap(sheet, served.tab(sheet), 1, "given:cooker")
    assert list((home / "open").glob("*.db")) and list((home / "keys").glob("open-*"))
    served.post(f"/staff/en/tally/{sheet}/close")

    assert list((home / "open").iterdir()) == []
    assert list((home / "keys").glob("open-*")) == []
    from outreach.store.engine import connect

    connection = connect(home / "outreach.db", (home / "keys" / "ledger.key").read_bytes())
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    content = "\n".join(repr(row) for name in tables for row in connection.execute(f"SELECT * FROM {name}"))
    connection.close()
    assert "cooker" in content, "the control: the decrypted ledger holds the closed line"
    assert "given:cooker" not in content and sheet not in content
