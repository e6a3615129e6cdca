"""Two laptops become one program by file: by the real pages in a browser and the real commands, to the same totals."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

YEAR = time.strftime("%Y")
TODAY = time.strftime("%Y-%m-%d")
DROP = """([name, body]) => {
  const bytes = Uint8Array.from(atob(body), each => each.charCodeAt(0))
  const moved = new DataTransfer()
  moved.items.add(new File([bytes], name))
  for (const kind of ['dragover', 'drop'])
    document.querySelector('.drop').dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: moved })
    )
}"""
"""A file let fall on the frame, as a browser tells a page of it."""


class Desk:
    """One laptop: its commands, its server, and a browser that came in by the staff door."""

    def __init__(self, run: Any, server: Any, browser: Any) -> None:
        self.run, self.server = run, server
        # Cookies know no port: each laptop has a browser of its own.
        self.page = browser.new_context(accept_downloads=True).new_page()
        self.page.set_default_timeout(20_000)
        self.said: list[str] = []
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(server.door)

    def go(self, path: str) -> Any:
        self.page.goto(f"{self.server.address}/staff/en/{path}")
        return self.page

    def words(self) -> str:
        return str(self.page.inner_text("main"))

    def totals(self) -> dict[str, int]:
        rows = self.run.json("report", "totals", "--period", YEAR, "--format", "json")["rows"]
        return {f"{row['movement']}:{row['item']}": row["quantity"] for row in rows}

    def count(self, *things: str, site: str = "outreach") -> None:
        ran = self.run("tally", "--site", site, "--day", TODAY, *things)
        assert ran.code == 0, ran.err

    def save(self, folder: Path) -> Path:
        """Save for the others into a folder, by the page; the file. A second one of a day replaces the first."""
        before = {each: each.read_bytes() for each in folder.iterdir()}
        page = self.go("exchange")
        page.locator("summary", has_text="Another place").click()
        page.locator("#place-typed").fill(str(folder))
        page.get_by_role("button", name="Save there").click()
        page.get_by_role("status").wait_for()
        assert "read back and the same" in self.words() and "Safe to unplug" not in self.words()
        (made,) = [each for each in folder.iterdir() if before.get(each) != each.read_bytes()]
        return made

    def choose(self, *files: Path) -> str:
        """Bring files in by choosing them; what the page then says."""
        page = self.go("exchange")
        page.locator("#files").set_input_files([str(each) for each in files])
        page.get_by_role("button", name="Bring them in").click()
        page.wait_for_url("**/exchange/brought/*")
        return self.words()

    def drop(self, file: Path) -> str:
        """As `choose`, of one file let fall on the frame."""
        page = self.go("exchange")
        page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])
        page.wait_for_url("**/exchange/brought/*")
        return self.words()


@pytest.fixture
def desks(tmp_path: Path, shell: Callable[[Path], Any], serve: Any, browser: Any) -> tuple[Desk, Desk]:
    """An office and a van, each with a count of its own from before they knew of each other."""
    made = []
    for name, given in (("office", "naloxone-nasal=3"), ("van", "naloxone-nasal=4")):
        run = shell(tmp_path / name)
        assert run("tally", "--site", "outreach", "--day", TODAY, given, "--encounters", "5").code == 0
        made.append(Desk(run, serve(tmp_path / name), browser))
    return made[0], made[1]


def given(**amounts: int) -> dict[str, int]:
    return {f"given:{item.replace('_', '-')}": amount for item, amount in amounts.items()}


def test_two_homes_come_to_one_total(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    """Invite, join, compare the digits, let in, carry back; later counts; a damaged file is refused."""
    office, van = desks
    stick = tmp_path / "stick"
    stick.mkdir()

    # The office invites, by its page; the van joins with the file, by its own.
    assert "counts by itself" in office.go("laptops").inner_text("main")
    office.page.locator("#own-name").fill("Office")
    office.page.locator("#name").fill("Van 2")
    office.page.get_by_role("button", name="Make the invitation").click()
    with office.page.expect_download() as download:
        office.page.get_by_role("link", name=re.compile("van-2.join")).click()
    assert download.value.suggested_filename == "van-2.join"
    invitation = stick / "van-2.join"
    download.value.save_as(invitation)
    assert invitation.read_text().strip() == office.page.locator("#line").input_value()
    van.go("laptops").locator("#file").set_input_files(str(invitation))
    van.page.get_by_role("button", name="Join", exact=True).click()
    digits = van.page.locator(".digits").inner_text()
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", digits)

    # What the van counted waits until someone at the office says yes.
    first = van.save(stick)
    brought = office.drop(first)
    assert "1 new sheet" in brought and "waits" in brought
    assert office.totals() == given(naloxone_nasal=3), "the control: nothing of it is counted yet"
    assert digits in office.go("laptops").inner_text("main"), "the same digits on both"
    office.page.get_by_role("button", name="The same: let it in").click()
    office.page.get_by_role("status").wait_for()
    assert office.totals() == given(naloxone_nasal=7)

    # Back to the van: both have the same totals.
    back = office.save(stick)
    assert "1 new sheet" in van.choose(back)
    assert van.totals() == office.totals() == given(naloxone_nasal=7)
    assert "Office" in van.go("laptops").inner_text("main") and "Almost there" not in van.words()

    # A second round, by the commands; each file twice, an old one again.
    van.count("fentanyl-strip=10")
    office.count("cooker=2")
    for one, other in ((van, office), (office, van)):
        file = stick / f"{one.run.home.name}-again.tally"
        assert one.run("export", file).code == 0
        for _ in range(2):
            merged = other.run("merge", file, first)
            assert merged.code == 0, merged.err
    assert van.totals() == office.totals() == given(naloxone_nasal=7, fentanyl_strip=10, cooker=2)

    # A file that was changed on the way is refused with a sentence, and changes nothing; the same file whole is not.
    van.count("filter=6")
    good = van.save(stick)
    bad = stick / "bad.tally"
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes(content)
    said = office.choose(bad)
    assert "Nothing came in" in said and "bad.tally" in said
    assert office.totals() == given(naloxone_nasal=7, fentanyl_strip=10, cooker=2)
    both = office.choose(bad, good)
    assert "1 new sheet" in both and "bad.tally" in both
    assert office.totals() == given(naloxone_nasal=7, fentanyl_strip=10, cooker=2, filter=6) == van.totals()
    assert office.said == van.said == []
