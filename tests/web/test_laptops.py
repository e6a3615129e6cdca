"""The page of a program's laptops: alone, inviting, joining, letting in, turning away, a second coordinator."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = "/staff/en/laptops"
TODAY = time.strftime("%Y-%m-%d")


def send_files(
    client: Any, path: str, field: str, files: dict[str, bytes], typed: dict[str, str] | None = None, **headers: str
) -> Any:
    """Post files in a form, and what was typed in it, as a browser without JavaScript does."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in (typed or {}).items()
    ]
    parts += [
        f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + body + b"\r\n"
        for name, body in files.items()
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "Sec-Fetch-Site": "same-origin"}
    return client.ask("POST", path, b"".join(parts) + b"--edge--\r\n", kind | headers)


@pytest.fixture
def invite() -> Callable[..., str]:
    """Invite a laptop by the page; the line of the invitation."""

    def done(office: Any, name: str = "Van 2") -> str:
        told = office.post(f"{PAGE}/invite", {"own": "Office", "name": name})
        assert told.status == 200, told.text
        found = re.search(r'<textarea id="line"[^>]*>([^<]+)<', told.text)
        assert found
        return found[1]

    return done


@pytest.fixture
def two(tmp_path: Path, shell: Any, serve: Any, client: Any) -> tuple[Any, Any]:
    """An office and a van, each with a sheet, and both served."""
    made = []
    for name in ("office", "van"):
        ran = shell(tmp_path / name)("tally", "--site", "outreach", "--day", TODAY, "cooker=2", "--encounters", "4")
        assert ran.code == 0, ran.err
        made.append(client(serve(tmp_path / name)).enter())
    return made[0], made[1]


def carry(one: Any, other: Any, folder: Path) -> Any:
    """Save for the others by one's page, and bring that in by the other's; what the page says then."""
    folder.mkdir(exist_ok=True)
    saved = one.post("/staff/en/exchange", {"place": "", "place-typed": str(folder)})
    assert saved.status == 200, saved.text
    file = max(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)
    return send_files(other, "/staff/en/exchange/bring", "files", {file.name: file.read_bytes()})


def test_one_laptop_sees_a_sentence_and_a_way(reading: Any) -> None:
    """A program of one laptop is told that it counts by itself, how to begin, and nothing is made by looking."""
    page = reading.get(PAGE)
    assert page.status == 200 and "counts by itself" in page.text and "Invite a laptop" in page.text
    carried = reading.get("/staff/en/exchange").text
    assert "nothing to carry" in carried and "Drop files" not in carried
    assert "Carry counts" not in reading.get("/staff/en/").text
    assert reading.get(f"{PAGE}/{'0' * 32}").status == 404
    assert reading.get(f"{PAGE}/invited/{'0' * 16}").status == 404


def test_an_invitation_that_is_none_is_refused(two: tuple[Any, Any]) -> None:
    """Names that are none, no file, garbage, an invitation that was changed: a sentence, and nothing was done."""
    office, van = two
    refused = office.post(f"{PAGE}/invite", {"own": "Office", "name": " "})
    assert refused.status == 422 and "Nothing was changed" in refused.text
    assert office.post(f"{PAGE}/invite", {"own": "x" * 80, "name": "Van 2"}).status == 422
    line = office.post(f"{PAGE}/invite", {"own": "Office", "name": "Van <2>"})
    assert line.status == 200 and "Van &lt;2&gt;" in line.text and "Van <2>" not in line.text
    text = re.search(r'<textarea id="line"[^>]*>([^<]+)<', line.text)
    assert text
    for given in ("", "hello", text[1][:-4] + "AAAA", "x" * 9000):
        told = van.post(f"{PAGE}/join", {"line": given})
        assert told.status == 422 and "Nothing was changed" in told.text, given[:20]
        assert "counts by itself" in van.get(PAGE).text
    assert send_files(van, f"{PAGE}/join", "file", {"a.join": b"\xff" * 20000}).status == 422
    own = office.post(f"{PAGE}/join", {"line": text[1]})
    assert own.status == 422
    assert "Almost there" in van.post(f"{PAGE}/join", {"line": text[1]}).text, "the control: whole it is taken"


def test_the_file_says_what_the_line_says(two: tuple[Any, Any], invite: Callable[..., str]) -> None:
    """The invitation's file is saved under the van's name, joins as the line does, and the code is on the page."""
    office, van = two
    told = office.post(f"{PAGE}/invite", {"own": "Office", "name": "Van 2"})
    link = re.search(r'href="([^"]+van-2\.join)"', told.text)
    assert link and "<svg" in told.text
    file = office.get(link[1])
    assert file.headers["Content-Disposition"] == 'attachment; filename="van-2.join"'
    joined = send_files(van, f"{PAGE}/join", "file", {"van-2.join": file.body})
    assert joined.status == 200 and "Almost there" in joined.text


def test_who_invited_first_by_mistake_may_still_join(two: tuple[Any, Any], invite: Callable[..., str]) -> None:
    """A van that made an invitation itself still finds the way to join; with another laptop let in it does not."""
    office, van = two
    invite(van, "Van 9")
    assert "Join with an invitation" in van.get(PAGE).text
    assert "Almost there" in van.post(f"{PAGE}/join", {"line": invite(office)}).text
    assert "Join with an invitation" not in van.get(PAGE).text


def test_a_waiting_laptop_does_not_ask_itself(two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path) -> None:
    """Its own file, still on the stick, comes back in: there is nothing to be decided; elsewhere there is."""
    office, van = two
    van.post(f"{PAGE}/join", {"line": invite(office)})
    again = carry(van, van, tmp_path / "stick")
    assert "1 was here already" in again.text and "asks to be let in" not in again.text
    assert "Asks to be let in" not in van.get(PAGE).text
    assert "asks to be let in" in carry(van, office, tmp_path / "stick").text


def test_a_waiting_laptop_says_what_becomes_of_its_counts(
    two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path
) -> None:
    """On Laptops and where it counts, and no longer once it is in. What it did at the office's code is added up there
    then; a name that only it gave the first site is asked about."""
    office, van = two
    told = "in the program’s totals"
    assert told not in van.get("/staff/en/tally").text
    van.post(f"{PAGE}/join", {"line": invite(office)})
    waiting = van.get(PAGE).text
    assert told in waiting and "short code of your site" in waiting and "/staff/en/settings#sites" in waiting
    assert told in van.get("/staff/en/tally").text and told not in office.get("/staff/en/tally").text
    van.post("/staff/en/sites/outreach/name", {"name": "Van 2 lot"})
    brought = carry(van, office, tmp_path / "stick")
    assert "Is it the same place?" in brought.text and "Van 2 lot" in brought.text
    device = re.search(r"/laptops/([0-9a-f]{32})/answer", office.get(PAGE).text)
    assert device
    office.post(f"{PAGE}/{device[1]}/answer", {"name": "Van 2", "answer": "yes"})
    carry(office, van, tmp_path / "stick")
    assert told not in van.get(PAGE).text and told not in van.get("/staff/en/tally").text
    assert '"quantity": 4' in office.get(f"/staff/en/reports/totals.json?period={TODAY[:4]}").text


def test_let_in_turned_away_lost_and_a_second_coordinator(
    two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path
) -> None:
    """What a coordinator does by the page shows on the page; another laptop is not asked and may not."""
    office, van = two
    assert van.post(f"{PAGE}/join", {"line": invite(office)}).status == 200
    digits = re.search(r'class="digits"><bdi dir="ltr">([^<]+)<', van.get(PAGE).text)
    assert digits
    brought = carry(van, office, tmp_path / "stick")
    assert "1 new sheet" in brought.text and "asks to be let in" in brought.text
    assert "1 sheet waits and is not counted yet</h1>" in brought.text, "what is not in the totals is said first"
    assert "A laptop asks to be let in" in office.get("/staff/en/").text
    asked = office.get(PAGE).text
    device = re.search(r"/laptops/([0-9a-f]{32})/answer", asked)
    assert device and digits[1] in asked
    yes = office.post(f"{PAGE}/{device[1]}/answer", {"name": "Van 2", "answer": "yes"})
    assert "It is let in" in yes.text and "asks to be let in" not in office.get("/staff/en/").text.lower()
    assert carry(office, van, tmp_path / "stick").status == 200
    assert "Almost there" not in van.get(PAGE).text and "Office" in van.get(PAGE).text

    # The van is no coordinator's laptop: its page offers nothing of that, and a form sent all the same is refused.
    shown = van.get(PAGE).text
    assert "Invite a laptop" not in shown
    other = next(each for each in re.findall(r"/laptops/([0-9a-f]{32})", shown) if each != device[1])
    assert "lost or stolen" not in van.get(f"{PAGE}/{other}").text
    for path, form in (("lost", {}), ("coordinator", {}), ("answer", {"answer": "yes", "name": "x"})):
        assert van.post(f"{PAGE}/{other}/{path}", form).status == 422, path

    # The office makes it one, and reports it lost; the list says so.
    assert "lost or stolen" in office.get(f"{PAGE}/{device[1]}").text
    assert office.post(f"{PAGE}/{device[1]}/coordinator").status == 200
    assert office.get(PAGE).text.count("coordinator</em>") == 2
    carry(office, van, tmp_path / "stick")
    assert "Invite a laptop" in van.get(PAGE).text
    lost = office.post(f"{PAGE}/{device[1]}/lost")
    assert "Save for the others soon" in lost.text and "turned away</em>" in lost.text
    assert office.get(PAGE).text.count("coordinator</em>") == 1
    again = office.post(f"{PAGE}/{device[1]}/answer", {"answer": "yes"})
    assert again.status == 200 and "turned away</em>" not in again.text


def test_a_laptop_that_is_turned_away_adds_nothing(
    two: tuple[Any, Any], invite: Callable[..., str], tmp_path: Path
) -> None:
    """After a no its sheets wait, and it does not ask again."""
    office, van = two
    van.post(f"{PAGE}/join", {"line": invite(office)})
    carry(van, office, tmp_path / "stick")
    device = re.search(r"/laptops/([0-9a-f]{32})/answer", office.get(PAGE).text)
    assert device
    no = office.post(f"{PAGE}/{device[1]}/answer", {"answer": "no", "name": "Van 2"})
    assert "Turned away" in no.text and "Asks to be let in" not in no.text
    carry(van, office, tmp_path / "stick")
    assert "Asks to be let in" not in office.get(PAGE).text
    totals = office.get(f"/staff/en/reports/totals.json?period={TODAY[:4]}").text
    assert '"quantity": 2' in totals and '"quantity": 4' not in totals


def test_where_the_coordinators_laptop_is_gone_another_takes_its_place(two: Any, invite: Any) -> None:
    """A van that waits to be let in by a laptop that was lost begins the list anew, and invites; an office may not."""
    office, van = two
    assert van.post(f"{PAGE}/join", {"line": invite(office)}).status == 200
    waiting = van.get(PAGE).text
    assert "Almost there" in waiting and "is gone for good" in waiting and "Make the invitation" not in waiting
    taken = van.post(f"{PAGE}/anew", {"own": "Van 2"})
    assert "This laptop is the coordinator" in taken.text and "Make the invitation" in taken.text
    assert "Cooker" in van.get("/staff/en/reports/totals").text
    assert "is gone for good" not in office.get(PAGE).text
    assert office.post(f"{PAGE}/anew", {"own": "Office"}).status == 422, "the coordinator's own is not gone"
