"""Who belongs to the program, from a terminal: invited by one line, let in by eight digits, turned away when lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services import tally
from outreach.services.program import Program

FAR = date(2041, 1, 1)
DAY = ("--day", "2026-11-20")


@pytest.fixture
def two(shell: Callable[[Path], Any], tmp_path: Path) -> tuple[Any, Any]:
    """The office and a van, each with a sheet."""
    office, van = shell(tmp_path / "office"), shell(tmp_path / "van")
    for each, cookers in ((office, "1"), (van, "10")):
        assert each("tally", "--site", "outreach", *DAY, f"cooker={cookers}").code == 0
    return office, van


def cookers(outreach: Any) -> int:
    rows = outreach.json("report", "totals", "--period", "2026", "--format", "json")["rows"]
    return sum(row["loose"] for row in rows if row["item"] == "cooker")


def states(outreach: Any) -> dict[str, str]:
    return {row["laptop"]: row["state"] for row in outreach.json("laptops", "--format", "json")}


def test_a_van_comes_and_is_lost(two: tuple[Any, Any], tmp_path: Path) -> None:
    """Every step says the next one; what the van counted counts from the yes on, and stays when it is lost."""
    office, van = two
    alone = office("laptops")
    assert alone.code == 0 and "outreach laptops invite NAME" in alone.out
    assert office("laptops", "found", "Office").code == 0
    invited = office("laptops", "invite", "Van 2", "-o", tmp_path, "--qr", tmp_path / "code.svg")
    assert invited.code == 0 and "outreach-join:1:" in invited.out, invited
    assert (tmp_path / "code.svg").read_text().startswith("<svg")

    joined = van("laptops", "join", tmp_path / "van-2.join")
    digits = re.search(r"[0-9a-f]{4}-[0-9a-f]{4}", joined.out)
    assert joined.code == 0 and digits, joined
    assert digits[0] in van("laptops").out, "they can be read out again"
    assert van("export", tmp_path / "van.tally").code == 0
    assert office("merge", tmp_path / "van.tally").code == 0
    assert states(office) == {"Office": "this one, coordinator", "Van 2": "asks to be let in"}

    by_name = office("laptops", "accept", "Van 2")
    assert by_name.code == 1 and "eight digits" in by_name.err, "a name alone proves nothing"
    assert cookers(office) == 1
    let_in = office("laptops", "accept", digits[0])
    assert let_in.code == 0 and "Van 2 is in" in let_in.out, let_in
    assert cookers(office) == 11

    sheet = tally.WholeSheet("outreach", FAR, None, {("cooker", Movement.GIVEN): 100})
    tally.record(Program(Home(tmp_path / "van")), sheet, today=FAR, sure=True)
    assert van("export", tmp_path / "van.tally").code == 0 and office("merge", tmp_path / "van.tally").code == 0
    assert cookers(office) == 11 and 'outreach laptops count "Van 2"' in office("laptops").out
    assert office("laptops", "count", "Office").code == 1, "it says of whom"
    counted = office("laptops", "count", "Van 2")
    assert counted.code == 0 and "count from now on: 1." in counted.out, counted
    assert "laptops count" not in office("laptops").out and office("laptops", "count", "Van 2").code == 1

    assert office("laptops", "revoke", "Van 2").code == 1, "it asks first"
    lost = office("laptops", "revoke", "Van 2", "--yes")
    assert lost.code == 0 and "turned away after its sheet 2" in lost.out, lost
    assert states(office)["Van 2"] == "turned away"
    assert cookers(office) == 11


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("invite",), 2, "Say which"),
        (("join", "no-such.join"), 2, "cannot be read"),
        (("join", "outreach-join:1:nonsense"), 1, "Nothing was changed"),
        (("accept", "1234-5678"), 1, "1234-5678"),
        (("revoke", "Van 9", "--yes"), 1, ""),
        (("invite", "v" * 41), 1, ""),
    ],
)
def test_what_cannot_be_is_refused(outreach: Any, words: tuple[str, ...], code: int, said: str) -> None:
    """One sentence, and the list stays as it was."""
    before = states(outreach)
    ran = outreach("laptops", *words)

    assert ran.code == code and said in ran.err and "Traceback" not in ran.err, ran
    assert states(outreach) == before
