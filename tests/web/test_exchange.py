"""The page that carries counts: files that come in without JavaScript, and places to save to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.web.test_laptops import invite, send_files, two

__all__ = ["invite", "two"]  # fixtures

BRING = "/staff/en/exchange/bring"


def test_files_come_in_without_javascript(two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path) -> None:
    """Several at once in one form: each says what came of it, and a damaged one changes nothing."""
    office, van = two
    van.post("/staff/en/laptops/join", {"line": invite(office)})
    stick = tmp_path / "stick"
    stick.mkdir()
    assert van.post("/staff/en/exchange", {"place": "", "place-typed": str(stick)}).status == 200
    (file,) = stick.iterdir()
    good = file.read_bytes()
    files = {"cut.tally": good[:-9], "good.tally": good, "none.tally": b"hello", "again.tally": good}
    told = send_files(office, BRING, "files", files)
    assert told.status == 200 and "1 new sheet" in told.text
    for name in ("cut.tally", "none.tally"):
        assert name in told.text
    assert "A file that was not taken in changed nothing" in told.text
    assert "1 was here already" in told.text
    assert office.get(told.url.removeprefix(office.server.address)).status == 200, "and can be looked at again"

    # As the page's own script sends them: one at a time, into one batch.
    first = send_files(office, BRING, "files", {"good.tally": good}, Accept="application/json")
    batch = json.loads(first.text)["batch"]
    assert batch in office.get(f"/staff/en/exchange/brought/{batch}").url
    refused = send_files(office, BRING, "files", {}, Accept="application/json")
    assert refused.status == 422 and "Choose a file first" in json.loads(refused.text)["sentence"]
    assert office.get("/staff/en/exchange/brought/none").status == 404


def test_a_place_to_save_has_to_be_there(two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path) -> None:
    """Without a place that is there nothing is written; loaded again the page writes no second file."""
    office, _ = two
    invite(office)
    page = "/staff/en/exchange"
    for typed in ("", "stick", "/no/such/place"):
        refused = office.post(page, {"place": "", "place-typed": typed})
        assert refused.status == 422 and f'value="{typed}"' in refused.text
    saved = office.post(page, {"place": "", "place-typed": str(tmp_path / "counts.tally")})
    assert "read back and the same" in saved.text and "It is not on a stick" in saved.text
    assert "Safe to unplug" not in saved.text
    (tmp_path / "counts.tally").unlink()
    assert office.get(saved.url.removeprefix(office.server.address)).status == 200
    assert not (tmp_path / "counts.tally").exists()
    (tmp_path / "notes.tally").write_text("mine")
    taken = office.post(page, {"place": "", "place-typed": str(tmp_path / "notes.tally")})
    assert taken.status == 422 and (tmp_path / "notes.tally").read_text() == "mine"
