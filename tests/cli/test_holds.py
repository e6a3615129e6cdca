"""`outreach holds`: what is here in words, as JSON and as pages; the hold that stops all folding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

COUNTED = ("tally", "--site", "outreach", "--day", "2026-05-04", "cooker=3", "--encounters", "4", "--again")


def test_holds_says_what_is_here_in_words_json_and_pages(outreach: Any, tmp_path: Path) -> None:
    """The same numbers in all three; one more sheet, one more row."""
    assert outreach(*COUNTED).code == 0
    assert outreach(*COUNTED).code == 0
    told = outreach("holds").out
    data = outreach.json("holds", "--format", "json")
    page = outreach("holds", "-o", tmp_path / "holds.pdf")

    rows = {each["table"]: each["rows"] for each in data["tables"]}
    assert rows["sheet"] == 2 and data["all_known"] and data["first"] == data["last"] == "2026-05-04"
    assert "the\nkey lies beside the ledger" in told and "It has no place for a person" in told
    assert max(map(len, told.splitlines())) <= 80
    assert page.code == 0 and (tmp_path / "holds.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_planted_is_named(outreach: Any, home: Path) -> None:
    """A file that nobody knows is named in words and in JSON."""
    assert outreach(*COUNTED).code == 0
    assert "Not known to this version" not in outreach("holds").out, "the control"
    (home / "names.txt").write_text("?", encoding="utf-8")

    assert "names.txt" in outreach("holds").out
    assert outreach.json("holds", "--format", "json")["unknown_files"] == ["names.txt"]


def test_a_hold_is_put_on_at_once_and_taken_off_by_two_answers(outreach: Any) -> None:
    """While it stands no month is folded; taking it off asks one question and then another."""
    assert outreach(*COUNTED).code == 0
    assert outreach("holds", "--legal-hold", "on").code == 0
    fold = ("fold", "--before", "2026-06-01", "--yes")
    assert "legal hold stands" in outreach(*fold).err

    first, second = outreach("holds", "--legal-hold", "off"), outreach("holds", "--legal-hold", "off", "--yes")
    assert (first.code, second.code) == (1, 1) and first.err != second.err
    assert outreach(*fold).code == 1
    assert outreach("holds", "--legal-hold", "off", "--yes", "--yes").code == 0
    assert outreach(*fold).code == 0, "the control: without a hold it is folded"
