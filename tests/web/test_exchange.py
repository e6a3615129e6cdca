"""The page that carries counts: files that come in without JavaScript, and places to save to."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.web.test_laptops import TODAY, invite, send_files, two

__all__ = ["invite", "two"]  # fixtures

BRING = "/staff/en/exchange/bring"


def test_the_browser_saves_the_file_for_the_others(two: tuple[Any, Any], invite: Callable[..., str]) -> None:
    """Without a stick and without a path: the browser gets the sealed file, named after laptop and day."""
    office, van = two
    assert office.post("/staff/en/exchange/file").status == 422, "the control: alone there is nobody to save for"
    van.post("/staff/en/laptops/join", {"line": invite(office)})
    sent = van.post("/staff/en/exchange/file")
    assert sent.status == 200 and re.search(
        r'attachment; filename="van-2-.*\.tally"', sent.headers["Content-Disposition"]
    )
    assert "1 new sheet" in send_files(office, BRING, "files", {"any.tally": sent.body}).text


def test_what_came_in_is_called_what_it_is(two: tuple[Any, Any], invite: Callable[..., str], shell: Any) -> None:
    """A delivery and a correction are no sheets of a session: each kind that came has its own name and number."""
    office, van = two
    van.post("/staff/en/laptops/join", {"line": invite(office)})
    said = shell(van.server.home)
    assert said("stock", "receive", "cooker=50", "--site", "outreach").code == 0
    sheet = re.findall(r"/tally/closed/([0-9a-f]{64})", van.get("/staff/en/tally").text)[-1]
    page = van.get(f"/staff/en/tally/closed/{sheet}/correct").text
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]* value="([^"]*)"', page))
    assert van.post(f"/staff/en/tally/closed/{sheet}/correct", fields | {"given:cooker": "3"}).status == 200
    told = send_files(office, BRING, "files", {"any.tally": van.post("/staff/en/exchange/file").body}).text
    assert "1 new sheet · 1 new stock entry · 1 new correction ·" in told


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
    assert "<h1>1 sheet waits and is not counted yet</h1>" in told.text and "2 files were not taken in." in told.text
    none_new = send_files(office, BRING, "files", {"good.tally": good, "cut.tally": good[:-9]})
    assert "<h1>Not all came in</h1>" in none_new.text, "a batch with a refused file is not headed as if all were well"
    assert "<h1>Nothing new</h1>" in send_files(office, BRING, "files", {"good.tally": good}).text, "the control"
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


def test_two_sheets_of_one_number_lead_to_where_they_are_corrected(
    two: tuple[Any, Any], invite: Callable[..., str], shell: Any, tmp_path: Path
) -> None:
    """Where an older copy of a laptop's files was put back, both sheets are a link away, and not before."""
    office, van = two
    van.post("/staff/en/laptops/join", {"line": invite(office)})
    shutil.copytree(tmp_path / "van", tmp_path / "copy")
    for home, cookers in (("van", 5), ("copy", 7)):
        at = shell(tmp_path / home)
        assert at("tally", "--site", "outreach", "--day", TODAY, f"cooker={cookers}", "--again").code == 0
        assert at("export", tmp_path / f"{home}.tally").code == 0
    digits = re.search(r'class="digits"><bdi dir="ltr">([^<]+)<', van.get("/staff/en/laptops").text)
    assert digits
    send_files(office, BRING, "files", {"van.tally": (tmp_path / "van.tally").read_bytes()})
    assert shell(tmp_path / "office")("laptops", "accept", digits[1]).code == 0
    assert "two sheets of one number" not in office.get("/staff/en/exchange").text, "the control"

    told = send_files(office, BRING, "files", {"copy.tally": (tmp_path / "copy.tally").read_bytes()})
    assert "two sheets of one number" in told.text
    links = re.findall(r'href="(/staff/en/tally/closed/[0-9a-f]+)">Sheet (\d)', told.text)
    assert [number for _, number in links] == ["1", "2"]
    assert all("/correct" in office.get(link).text for link, _ in links)
