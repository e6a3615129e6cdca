"""Two laptops that carry counts to one another with the installed commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services import laptops
from outreach.services.program import Program

DAY = ("--day", "2026-11-20")


@pytest.fixture
def two(shell: Callable[[Path], Any], tmp_path: Path) -> tuple[Any, Any]:
    """The office and a van, each with a sheet."""
    office, van = shell(tmp_path / "office"), shell(tmp_path / "van")
    (tmp_path / "files").mkdir()
    for each, cookers in ((office, "1"), (van, "10")):
        assert each("tally", "--site", "outreach", *DAY, f"cooker={cookers}").code == 0
    return office, van


def join(office: Any, van: Any) -> None:
    with program(office) as here, program(van) as there:
        laptops.join(there, laptops.invite(here, "Van 2"))


@contextmanager
def program(outreach: Any) -> Iterator[Program]:
    """What a page would use; the file is let go of behind it."""
    opened = Program(Home(outreach.home))
    yield opened
    opened.ledger().close()


def cookers(outreach: Any) -> int:
    rows = outreach.json("report", "totals", "--period", "2026", "--format", "json")["rows"]
    return sum(row["loose"] for row in rows if row["item"] == "cooker")


def test_two_homes_add_up(two: tuple[Any, Any], tmp_path: Path) -> None:
    """Invited, joined, counted, carried, let in, carried back: both say the same; brought again it adds nothing."""
    office, van = two
    files = tmp_path / "files"
    join(office, van)
    saved = van("export", files)
    assert saved.code == 0 and "It is on this computer" in saved.out, saved
    (bundle,) = files.glob("van-2-*.tally")
    assert b"cooker" not in bundle.read_bytes()

    asked = office("merge", bundle)
    assert asked.code == 0 and "Van 2" in asked.out and "Waiting" in asked.out, asked
    assert cookers(office) == 1
    with program(office) as here:
        laptops.accept(here, "Van 2")
    assert cookers(office) == 11
    assert office("export", files / "office.tally").code == 0

    taken = van("merge", files)
    assert taken.code == 0 and "new sheets: 1" in taken.out, taken
    assert cookers(van) == 11
    again = van("merge", files / "office.tally", bundle)
    assert again.code == 0 and "new sheets: 0, here already: 2" in again.out, again
    assert cookers(van) == 11


def test_a_refused_file_stops_no_other(two: tuple[Any, Any], tmp_path: Path) -> None:
    """One that is damaged, missing or something else is named with a sentence, the rest is taken, and the code is 1."""
    office, van = two
    files = tmp_path / "files"
    join(office, van)
    assert van("export", files / "van.tally").code == 0
    content = (files / "van.tally").read_bytes()
    (files / "cut.tally").write_bytes(content[:-5])
    (files / "words.tally").write_text("hello", encoding="utf-8")

    ran = office("merge", files, files / "gone.tally")
    assert ran.code == 1 and "Traceback" not in ran.err
    assert [line.partition(":")[0] for line in ran.err.splitlines()] == ["cut.tally", "words.tally", "gone.tally"]
    assert "new sheets: 1" in ran.out


def test_one_laptop_has_nobody_to_export_for(outreach: Any, tmp_path: Path) -> None:
    """A program of one laptop is told so in a sentence, and nothing is written; --plain is as it was."""
    outreach("tally", "--site", "outreach", *DAY, "cooker=1")
    ran = outreach("export", tmp_path / "x.tally")
    assert ran.code == 1 and "one laptop" in ran.err and not (tmp_path / "x.tally").exists()
    assert outreach("export", "--plain", tmp_path / "x.db", "--yes").code == 0
