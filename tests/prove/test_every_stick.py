"""A stick with every card that ships, in two languages, on paper and on every stock that a card names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.web.test_stick import TWO, files_of, whole


def test_a_stick_of_all_cards_opens_without_anything_installed(outreach: Any, tmp_path: Path, home: Path) -> None:
    """Every card is on it, or named as waiting; made again it is the same, and no home is made."""
    stick = tmp_path / "stick"
    stick.mkdir()
    ran = outreach("stick", stick, *TWO)
    assert ran.code == 0, ran.err
    files = whole(stick, outreach.json("cards", "--format", "json"))
    assert not home.exists()

    assert outreach("stick", stick, *TWO).code == 0
    assert files_of(stick) == files
