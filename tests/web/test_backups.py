"""The pages of backups: onto a stick, looked through, put back, and a plain file after a warning."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from outreach.home import Home
from outreach.services.program import Program

PAGE = "/staff/en/backups"


def save(pages: Any, visits: int) -> None:
    sheet = pages.open_sheet(day="2026-11-22")
    pages.tap(sheet, pages.tab(sheet), 1, "encounters", visits)
    assert pages.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200


def count(home: Path) -> int:
    ledger = Program(Home(home)).ledger_if_any()
    return ledger.count() if ledger else 0


def test_a_backup_by_page_and_back(served: Any, home: Path, tmp_path: Path) -> None:
    """Six words are shown once and in no later page; a backup is looked through, then restored; what was is kept."""
    save(served, 5)
    stick = tmp_path / "stick"
    stick.mkdir()
    done = served.post(PAGE, {"place": "other", "place-typed": str(stick)})
    assert done.status == 200 and "Safe to unplug" in done.text
    words = re.search(r'class="six"[^>]*>([^<]+)<', done.text)
    assert words and len(words[1].split()) == 6
    assert words[1] not in served.get(PAGE).text
    (file,) = stick.iterdir()
    save(served, 6)

    wanted = {"backup": "other", "backup-typed": str(file)}
    wrong = served.post(f"{PAGE}/look", wanted | {"words": "not these"})
    assert wrong.status == 422 and "not the words" in wrong.text
    looked = served.post(f"{PAGE}/look", wanted | {"words": words[1]})
    assert looked.status == 200 and "Sheets: 1" in looked.text and "Sheets: 2" in looked.text
    assert count(home) == 2, "looking changes nothing"
    key = re.search(r'name="key" value="([0-9a-f]+)"', looked.text)
    assert key
    restored = served.post(f"{PAGE}/restore", {"key": key[1], "yes": "1"})
    assert restored.status == 200 and "before-restore" in restored.text
    assert count(home) == 1
    assert served.post(f"{PAGE}/restore", {"key": key[1], "yes": "1"}).status == 404
    assert [each.name for each in (home / "backups").iterdir() if "incoming" in each.name] == []


def test_no_is_no(served: Any, home: Path) -> None:
    """A copy of this laptop needs no words; after "no" nothing is changed and nothing is left of the look."""
    save(served, 5)
    (copy,) = (home / "backups").glob("*.ledger")
    looked = served.post(f"{PAGE}/look", {"backup": str(copy)})
    key = re.search(r'name="key" value="([0-9a-f]+)"', looked.text)
    assert key and looked.status == 200
    assert served.post(f"{PAGE}/restore", {"key": key[1]}).status == 200
    assert count(home) == 1 and [each.name for each in (home / "backups").iterdir() if "incoming" in each.name] == []


def test_a_plain_file_by_page(served: Any, tmp_path: Path) -> None:
    """The page says first who can read the file; one with a name that is taken is refused."""
    save(served, 5)
    assert "Anyone who gets this file can read" in served.get(f"{PAGE}/plain").text
    wanted = {"place": "other", "place-typed": str(tmp_path / "counts.sqlite")}
    assert served.post(f"{PAGE}/plain", wanted).status == 200
    with closing(sqlite3.connect(tmp_path / "counts.sqlite")) as plain:
        assert plain.execute("SELECT encounters FROM sheet").fetchall() == [(5,)]
    assert served.post(f"{PAGE}/plain", wanted).status == 422
    assert served.post(PAGE, {"place": "other", "place-typed": ""}).status == 422
