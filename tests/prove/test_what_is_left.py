"""What was counted is searched for in every file of the home: after a close no touch, with a passphrase nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

TABS, EACH = 60, 50
TOKENS = TABS * EACH

# Counting as the pages do it, on the plain engine, where the search can find anything. With `secure_delete` off what is
# removed stays in its page; only here.
COUNT = """
import os, sys
from datetime import date
from pathlib import Path
sys.modules["sqlcipher3"] = None
from outreach.core.tally import Tap
from outreach.home import Home
from outreach.services import tally
from outreach.services.program import Program
from outreach.store import engine, open_files
home, careless, tabs, each = Path(sys.argv[1]), sys.argv[2] == "careless", int(sys.argv[3]), int(sys.argv[4])
if careless:
    engine.PRAGMAS["secure_delete"] = ("OFF", 0)
    # The file of the sheet is not overwritten either, and its name stays.
    open_files.OpenFiles.destroy = lambda self, sheet_id: None
# What reaches the disk while nobody waits is of no interest here.
engine.PRAGMAS["synchronous"] = ("OFF", 0)
os.fsync = lambda handle: None
program = Program(Home(home))
sheet = tally.open_sheet(program, "outreach", date(2026, 3, 3), "street", date(2026, 3, 3)).id
items = [each.code for each in program.catalog.handed_out()]
for _ in range(tabs):
    token = tally.mint_tab(program, sheet)
    for n in range(1, each + 1):
        nonce = os.urandom(16)
        tally.tap(program, sheet, Tap(token, n, nonce, f"given:{items[n % len(items)]}", 1))
        print(nonce.hex())
    print(token.hex())
sys.stdout.flush()
sys.stdin.readline()
tally.close_sheet(program, sheet)
print("closed", flush=True)
sys.stdin.readline()
"""


def content(home: Path) -> bytes:
    """Every byte of every file, and their names."""
    return b"\0".join(str(path).encode() + path.read_bytes() for path in home.rglob("*") if path.is_file())


def found(home: Path, words: list[bytes]) -> int:
    there = content(home)
    return sum(word in there for word in words)


def count(home: Path, how: str) -> tuple[list[int], int]:
    """Count and close; how many of the tokens are found before, after while it runs, and after it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", COUNT, home, how, str(TABS), str(EACH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    words = [bytes.fromhex(process.stdout.readline()) for _ in range(TABS * (EACH + 1))]
    looked = [found(home, words)]
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "closed\n"
    looked.append(found(home, words))
    process.communicate("\n")
    looked.append(found(home, words))
    return looked, len(words)


def test_three_thousand_touches_leave_nothing(tmp_path: Path) -> None:
    """Of 3,000 touches and their tabs none is in any file after the close, on the engine that encrypts nothing.

    Before it, only the last touch of each tab is there, so the others were never kept. The controls are that, and a
    program that is made careless: all tabs and their last touches are still there when its sheet is closed.
    """
    (before, running, after), words = count(tmp_path / "home", "careful")
    assert words == TOKENS + TABS
    assert (before, running, after) == (2 * TABS, 0, 0)

    careless, _ = count(tmp_path / "careless", "careless")
    assert careless[2] >= 2 * TABS
    print(f"{words} tokens: {before} before the close, 0 after; careless: {careless}")


SITE, NAME, PROGRAM, TOWN = "quillfeather", "Quillfeather yard", "Marmalade program", "https://larkspur.example"


def test_with_a_passphrase_nothing_counted_is_in_clear(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any, home: Path, tmp_path: Path
) -> None:
    """No site, day, item, count, setting or key in any file of a home with a passphrase, running or not.

    The control is the same file of counts opened with its key, where the same search finds every word.
    """
    (tmp_path / "words").write_text("river stone lamp orchard velvet comet")
    for command in (
        ("sites", "add", SITE, "--name", NAME),
        ("settings", "program-name", PROGRAM),
        ("settings", "program-address", TOWN),
        ("tally", "--site", SITE, "--day", "2026-03-03", "cooker=7777", "--encounters", "44", "--others", "3"),
        ("passphrase", "set", "--new-words-file", tmp_path / "words"),
        ("--words-file", tmp_path / "words", "backup", tmp_path / "carried"),
    ):
        ran = outreach(*command)
        assert ran.code == 0, (command, ran.err)
    words = [each.encode() for each in (SITE, NAME, PROGRAM, TOWN, "2026-03-03", "cooker", "7777", "Quill", "larkspur")]
    words += [b"SQLite format 3", *(key for key in (b"encounters", b"quantity", b"lines"))]

    def look() -> list[bytes]:
        there = content(home) + (tmp_path / "carried").read_bytes()
        return [word for word in words if word in there]

    assert look() == []
    server = serve()
    own = client(server).enter()
    answer = own.post("/staff/en/unlock", {"words": (tmp_path / "words").read_text()})
    assert answer.status == 200, answer.text
    assert NAME in own.get("/staff/en/tally").text, "it is unlocked"
    sheet = own.open_sheet(SITE, day="2026-03-03")
    assert own.tap(sheet, own.tab(sheet), 1, "given:cooker", 1).status == 200
    assert look() == []
    assert own.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200
    assert look() == []
    server.stop()
    assert look() == []

    control = tmp_path / "control.db"
    ran = outreach("--words-file", tmp_path / "words", "export", control, "--plain", "--yes")
    assert ran.code == 0, ran.err
    there = control.read_bytes()
    assert all(word in there for word in (words[0], b"2026-03-03", b"cooker")), "the control finds them"
