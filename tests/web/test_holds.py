"""The page on what this computer holds: from the live files, to print, and what is unknown named on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_page_and_the_letter_tell_the_live_file(shared: Any) -> None:
    """A sheet that is open is told as such; the page to print has the same title; the tab's title is neutral."""
    shared.open_sheet(day="2026-05-04")
    page = shared.get("/staff/en/holds")
    letter = shared.get("/staff/en/reports/letter")
    pdf = shared.get("/staff/en/holds.pdf")

    assert page.status == letter.status == pdf.status == 200
    assert "<title>Outreach</title>" in page.text
    assert "May 4, 2026" in page.text and "Sheets that are open" in page.text
    assert pdf.body.startswith(b"%PDF")
    for each in (page, letter):
        assert "It has no place for a person" in each.text


def test_what_is_unknown_is_named_on_the_page(serve: Callable[..., Any], client: Any, home: Path) -> None:
    """A planted file is named, and the page no longer says what is not here; markup in a name stays text."""
    server = client(serve()).enter()
    server.open_sheet(day="2026-05-04")
    (home / "<b>names.txt").write_text("?", encoding="utf-8")

    page = server.get("/staff/en/holds").text

    assert "&lt;b&gt;names.txt" in page
    assert "It has no place for a person" not in page and "What is not here cannot be said" in page


def test_locked_it_tells_files_and_nothing_that_was_counted(
    outreach: Any, serve: Callable[..., Any], client: Any, tmp_path: Path
) -> None:
    """Locked, the page answers with names and sizes and says that the ledger was not read; other pages do not."""
    words = tmp_path / "words.txt"
    words.write_text("willow river lantern copper meadow saddle", encoding="utf-8")
    assert outreach("sites", "add", "north", "--name", "Quartz lot").code == 0
    assert outreach("tally", "--site", "north", "--day", "2026-05-04", "cooker=3").code == 0
    assert outreach("passphrase", "set", "--new-words-file", words).code == 0
    staff = client(serve()).enter()

    page = staff.get("/staff/en/holds")

    assert page.status == 200 and "This is locked" in page.text and "who has the passphrase" in page.text
    assert "Quartz" not in page.text and "It has no place for a person" not in page.text
    assert staff.get("/staff/en/keep").status == 423, "the control"
    assert "Quartz" in outreach("holds", "--unlock", "--words-file", words).out
    assert "Quartz" not in outreach("holds").out
