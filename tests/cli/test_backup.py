"""Backups from a terminal, with the installed command: onto a stick, back from it, and what a stick can do wrong."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Shell = Any


def save(outreach: Shell, cookers: int, day: str = "2026-11-22") -> None:
    ran = outreach("tally", "--site", "outreach", "--day", day, f"cooker={cookers}", "--again")
    assert ran.code == 0, ran.err


def total(outreach: Shell) -> int:
    rows = outreach.json("report", "totals", "--period", "2026", "--format", "json")["rows"]
    return sum(row["quantity"] for row in rows)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    file.write_text("river lamp stone window paper cloud\n")
    return file


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_onto_a_stick_and_back(outreach: Shell, shell: Callable[[Path], Shell], tmp_path: Path) -> None:
    """Six words are shown once; with them another laptop has the same totals; a second restore keeps what is there."""
    save(outreach, 5)
    stick = tmp_path / "stick"
    stick.mkdir()
    ran = outreach("backup", stick)
    assert ran.code == 0 and "Read back and the same. It is on this computer, not on a stick." in ran.out, ran.err
    (file,) = stick.iterdir()
    assert re.fullmatch(r"backup-\d{4}-\d{2}-\d{2}\.sealed", file.name)
    shown = re.search(r"^  (\S+(?: \S+){5})$", ran.out, re.MULTILINE)
    assert shown, ran.out
    kept = tmp_path / "kept.txt"
    kept.write_text(shown[1])

    other = shell(tmp_path / "other")
    ran = other("restore", file, "--words-file", kept)
    assert (ran.code, total(other)) == (0, 5), ran.err
    save(other, 7)
    asked = other("restore", file, "--words-file", kept)
    assert asked.code == 1 and "sheets: 2" in asked.out and "--yes" in asked.err
    assert total(other) == 12
    done = other("restore", file, "--words-file", kept, "--yes")
    assert (done.code, total(other)) == (0, 5)
    before = next(each for each in (other.home / "backups").iterdir() if each.name.startswith("before-restore"))
    assert str(before) in done.out and "No backup holds languages" in done.out
    assert other("restore", before, "--yes").code == 0 and total(other) == 12


def test_no_words_nowhere(outreach: Shell, tmp_path: Path, words: Path) -> None:
    """Where nobody can be asked for the words, and with the wrong ones, nothing is changed."""
    save(outreach, 5)
    file = tmp_path / "a.sealed"
    assert outreach("backup", file, "--words-file", words).code == 0
    ran = outreach("restore", file, "--yes")
    assert ran.code == 1 and "--words-file" in ran.err
    words.write_text("not these words at all, no")
    ran = outreach("restore", file, "--words-file", words, "--yes")
    assert ran.code == 1 and "does not open the backup" in ran.err
    assert total(outreach) == 5


def test_what_sticks_do(outreach: Shell, tmp_path: Path, words: Path) -> None:
    """A stick that is gone, full or no folder at all: a sentence, and nothing under the name of a backup."""
    save(outreach, 5)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "letter.txt").write_text("mine")
    import resource

    size = (outreach.home / "outreach.db").stat().st_size + 300  # room for the copy, and not for what is sealed

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    for target, more, said in (
        (tmp_path / "gone" / "b.sealed", {}, "no folder"),
        (stick / "letter.txt", {}, "there already"),
        (stick / "letter.txt" / "b.sealed", {}, "not a folder"),
        (stick / "b.sealed", {"preexec_fn": full}, "disk is full"),
    ):
        ran = outreach("backup", target, "--words-file", words, **more)
        assert ran.code == 1 and said in ran.err and "Safe" not in ran.out, (target, ran)
    assert names(stick) == ["letter.txt"] and (stick / "letter.txt").read_text() == "mine"
    assert outreach("backup", stick / "b.sealed", "--words-file", words).code == 0, "the control"
    good = (stick / "b.sealed").read_bytes()
    assert outreach("backup", stick / "b.sealed", "--words-file", words).code == 1, "it is there already"
    assert outreach("backup", stick, "--words-file", words, preexec_fn=full).code == 1
    assert (stick / "b.sealed").read_bytes() == good and names(stick) == ["b.sealed", "letter.txt"]
    assert [each for each in names(outreach.home / "backups") if "outgoing" in each] == []


# A stick as they are sold: FAT has no links and no owners. Few computers that run tests may mount an image of one.
AS_ON_FAT = """
import errno, os
link, chmod = os.link, os.chmod
def refuse(way):
    def tried(*given, **more):
        if any(os.fspath(each).startswith(STICK) for each in given if isinstance(each, (str, os.PathLike))):
            raise OSError(errno.EPERM, "Operation not permitted")
        return way(*given, **more)
    return tried
os.link, os.chmod = refuse(link), refuse(chmod)
from outreach.cli.entry import main
main()
"""


def test_a_stick_with_fat(outreach: Shell, shell: Callable[[Path], Shell], tmp_path: Path, words: Path) -> None:
    """Where a stick has no links and no owners, a backup is written, read back and restored. Control: it has none."""
    save(outreach, 5)
    stick, other = tmp_path / "stick", shell(tmp_path / "other")
    stick.mkdir()

    def there(home: Path, *given: str | Path, code: str = AS_ON_FAT) -> subprocess.CompletedProcess[str]:
        launcher = f"STICK = {str(stick)!r}\n{code}"
        command = [sys.executable, "-P", "-c", launcher, "--home", home, *given]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    tried = AS_ON_FAT.partition("from outreach")[0] + "os.chmod(STICK, 0o700)"
    assert "Operation not permitted" in there(outreach.home, code=tried).stderr, "the control"
    ran = there(outreach.home, "backup", stick / "b.sealed", "--words-file", words)
    assert ran.returncode == 0 and names(stick) == ["b.sealed"], ran.stderr
    ran = there(other.home, "restore", stick / "b.sealed", "--words-file", words)
    assert (ran.returncode, total(other)) == (0, 5), ran.stderr


@pytest.mark.proof
def test_killed_in_a_restore(outreach: Shell, shell: Callable[[Path], Shell], tmp_path: Path, words: Path) -> None:
    """Killed at moments spread over a restore, the laptop holds the old or the new counts, and opens."""
    save(outreach, 5)
    file = tmp_path / "a.sealed"
    assert outreach("backup", file, "--words-file", words).code == 0
    other = shell(tmp_path / "other")
    save(other, 7)
    restore = [*_command(), "--home", str(other.home), "restore", str(file), "--words-file", str(words), "--yes"]
    began = time.monotonic()
    subprocess.run(restore, check=True, capture_output=True)
    long = time.monotonic() - began
    seen = set()
    for part in range(1, 5):
        save(other, 100 + part, f"2026-10-0{part}")
        old = total(other)
        process = subprocess.Popen(restore, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(long * (0.5 + part / 8))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        now = total(other)
        assert now in (old, 5)
        seen.add(now == 5)
    checked = json.loads(other("check", "--format", "json").out)
    assert [each for each in checked["wrong"] if "ledger" in each or "backups" in each] == []
    assert seen, "each was killed before it began"


def _command() -> list[str]:
    from tests.conftest import COMMAND

    return [str(COMMAND)]


def test_damage_at_the_start(outreach: Shell, serve: Callable[..., Any], client: Callable[..., Any]) -> None:
    """A damaged ledger is told of at the start with the way back; guide and cards work on; restoring mends it."""
    save(outreach, 5)
    ledger = outreach.home / "outreach.db"
    content = bytearray(ledger.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 2000] ^= 1
    ledger.write_bytes(content)
    server = serve()
    (copy,) = (outreach.home / "backups").iterdir()
    assert f"outreach restore {copy}" in server.said, server.said
    pages = client(server).enter()
    assert pages.get("/en/overdose-response").status == 200
    home = pages.get("/staff/en/")
    assert home.status == 200 and "damaged" in home.text and "/staff/en/print" in home.text
    assert "damaged" in pages.post("/staff/en/tally", {"site": "outreach", "day": "2026-11-22", "sure": "1"}).text
    assert ledger.read_bytes() == content
    ran = outreach("check")
    assert ran.code == 1 and "damaged" in ran.out

    assert outreach("restore", copy, "--yes").code == 0
    assert total(outreach) == 5
    assert "damaged" not in pages.get("/staff/en/").text, "the running pages see it too"
    aside = [each for each in (outreach.home / "backups").iterdir() if "could-not-be-opened" in each.name]
    assert [each.read_bytes() for each in aside] == [content]


def test_a_newer_ledger_can_be_read(outreach: Shell, serve: Callable[..., Any], client: Callable[..., Any]) -> None:
    """Totals of a ledger that a newer version wrote are shown with a sentence; nothing is saved; no byte changes."""
    from outreach.store.engine import connect

    save(outreach, 5)
    ledger = outreach.home / "outreach.db"
    with closing(connect(ledger, (outreach.home / "keys" / "ledger.key").read_bytes())) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = ledger.read_bytes()
    pages = client(serve()).enter()
    page = pages.get("/staff/en/reports/totals?from=2026-11-01&to=2026-11-30").text
    assert "newer version" in page and "Cooker" in page
    refused = pages.post("/staff/en/settings", {"program-name": "River"})
    assert refused.status == 422 and "newer version" in refused.text
    assert total(outreach) == 5
    assert ledger.read_bytes() == before


def test_a_plain_file_after_a_warning(outreach: Shell, tmp_path: Path) -> None:
    """Without --yes there is a warning and no file; with it any SQLite reads the counts."""
    save(outreach, 5)
    file = tmp_path / "counts.sqlite"
    warned = outreach("export", "--plain", file)
    assert warned.code == 1 and "Anyone who gets this file can read" in warned.err and not file.exists()
    assert outreach("export", "--plain", file, "--yes").code == 0
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT item, quantity FROM line").fetchall() == [("cooker", 5)]
