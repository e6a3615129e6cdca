"""A stick that opens anywhere: what is on it, what it never touches, and a disk that is full."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pypdfium2
import pytest

from outreach.services.folders import NotOurFolder, ReadsBackWrong, write_folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Two of the languages: what holds for them is not made sixteen times over.
TWO = ("--language", "en", "--language", "ar")
WAITING = {"law", "program-card", "kit-label", "participation-card"}
"""Cards that a program has to enter something for; a stick made without says that they are left out."""


def whole(stick: Path, cards: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files of a stick, after a look at each: every card of these, the guide, the tally, and no dead link."""
    files = files_of(stick)
    printed = [name for name in files if name.startswith("Cards to print/")]
    for name in ("response, English, plain paper", "response, Arabic, avery-5371"):
        assert f"Cards to print/{name}.pdf" in printed
    for card in cards:
        made = [name for name in printed if name.startswith(f"Cards to print/{card['card']}, ")]
        assert bool(made) == (card["card"] not in WAITING), card
        for name in made:
            assert len(pypdfium2.PdfDocument(files[name])) == card["sides"], name
    assert {"Guide/index.html", "Guide/English.html", "Guide/Arabic.html", "Read me first.html"} <= set(files)
    assert b"naloxone" in files["Blank tally sheet/English.html"].lower()
    for name in ("Read me first.html", "Guide/index.html"):
        links = re.findall(r'<a [^>]*href="([^"#:]+)"', files[name].decode())
        assert len(links) >= len(TWO) // 2, "one for each language, at least"
        assert all((stick / name).parent.joinpath(unquote(link)).is_file() for link in links), links
    assert not [name for name, content in files.items() if name.endswith(".html") and b"<script" in content]
    return files


def test_a_stick_opens_without_anything_installed(copy: Any, tmp_path: Path) -> None:
    """Cards in each language on paper and on labels, the guide, a blank tally; every link leads to a file.

    Made again it is the same, someone's own files stay, and no home is made. Of the cards that ship only two are left
    in this copy, one of them waiting for what a program enters; `./start prove` makes it of all.
    """
    for folder in (copy.folder / "printables").iterdir():
        if folder.is_dir() and folder.name not in ("response", "law", "templates"):
            shutil.rmtree(folder)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "holiday.jpg").write_bytes(b"mine")
    said = copy("stick", stick, *TWO)

    assert said.rstrip().endswith("It is on this computer, not on a stick.")
    cards = json.loads(copy("cards", "--format", "json"))
    assert {each["card"] for each in cards} == {"response", "law"}
    files = whole(stick, cards)
    assert not (copy.folder / "home").exists()

    copy("stick", stick, *TWO)
    assert files_of(stick) == files and files["holiday.jpg"] == b"mine"


def test_the_blank_sheet_is_reached_and_counts_nothing(served: Any, home: Path) -> None:
    """It is linked from the tally page, lists the items in the program's own order, and makes no ledger."""
    assert 'href="/staff/en/blank"' in served.get("/staff/en/tally").text
    assert served.get("/staff/en/blank").text.count("<tr>") > 20
    assert not (home / "outreach.db").exists()


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from pathlib import Path
from outreach.services.folders import write_folder
from outreach.core.refusal import Refusal
try: write_folder(Path(sys.argv[2]), {"a/b.txt": b"new" * 99, "c.txt": b"x" * 60000}, "list.json")
except Refusal as refusal: print(refusal)
"""


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """When there is no room the sentence says so, the earlier folder is whole, and nothing half written is left."""
    folder = tmp_path / "out"
    write_folder(folder, {"a/b.txt": b"old", "c.txt": b"old"}, "list.json")
    before = files_of(folder)
    done = subprocess.run([sys.executable, "-c", FULL, "30000", folder], capture_output=True, text=True, check=True)

    assert "the disk is full" in done.stdout
    assert files_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    done = subprocess.run([sys.executable, "-c", FULL, "90000", folder], capture_output=True, text=True, check=True)
    assert done.stdout == "" and files_of(folder)["a/b.txt"] == b"new" * 99, "the control: with room it is written"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_only_its_own_files_are_replaced_or_taken_away(tmp_path: Path) -> None:
    """What an earlier run made and this one does not goes; everything else stays, also in the same folders."""
    folder = tmp_path / "out"
    write_folder(folder, {"a/old.txt": b"1", "b/gone.txt": b"1", "same.txt": b"1"}, "list.json")
    (folder / "a" / "mine.txt").write_text("mine")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("mine")
    write_folder(folder, {"a/new.txt": b"2", "same.txt": b"2"}, "list.json")
    found = files_of(folder)
    del found["list.json"]

    assert found == {"a/mine.txt": b"mine", ".git/config": b"mine", "a/new.txt": b"2", "same.txt": b"2"}
    assert not (folder / "b").exists()


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    """Beside other files only a name that someone else's file has is refused, before anything is written."""
    (tmp_path / "Guide").mkdir()
    (tmp_path / "Guide" / "index.html").write_text("mine")
    with pytest.raises(NotOurFolder, match="Guide/index.html"):
        write_folder(tmp_path, {"x": b"1", "Guide/index.html": b"2"}, "list.json", beside_others=True)
    assert files_of(tmp_path) == {"Guide/index.html": b"mine"}


def test_a_pulled_plug_is_swept_up(tmp_path: Path) -> None:
    """A run killed while writing leaves a folder that the next run takes and tidies, and nothing of it is shown."""
    folder = tmp_path / "out"
    folder.mkdir()
    killed = (
        "import os, sys; from pathlib import Path; from outreach.services.folders import write_folder\n"
        "write_folder(Path(sys.argv[1]), {'a': b'1'}, 'list.json', said=lambda w: w.startswith('Read') and os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", killed, folder], check=False).returncode == 9
    assert len(list(folder.iterdir())) == 1, "the control: it did leave something"
    write_folder(folder, {"a": b"2"}, "list.json")
    assert sorted(path.name for path in folder.iterdir()) == ["a", "list.json"]


def test_a_stick_that_forgets_is_named(tmp_path: Path) -> None:
    """What reads back differently is refused while the old files still lie there."""
    folder = tmp_path / "out"
    write_folder(folder, {"a.txt": b"old"}, "list.json")

    def spoil(words: str) -> None:
        if words.startswith("Reading"):
            next(folder.glob(".outreach-part-*/a.txt")).write_bytes(b"nex")

    with pytest.raises(ReadsBackWrong, match="Do not trust"):
        write_folder(folder, {"a.txt": b"new"}, "list.json", said=spoil)
    assert files_of(folder)["a.txt"] == b"old"
    assert len(list(folder.iterdir())) == 2
