"""The battery is pulled two thousand times: what was answered is there, once, and every file opens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

CUTS, CONTROL_CUTS = 2000, 400
SHEETS, TAPS = 9, 14
ITEMS = ("naloxone-nasal", "fentanyl-strip", "syringe-1ml")
POWER = Path(__file__).with_name("power.py")
COMMAND = Path(sys.executable).with_name("outreach")
CALLS = (
    "openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "mkdir,mkdirat,rmdir,sendto"
)

# The settings that are advised everywhere, in place of the program's own; only here.
LESS_SAFE = """
from outreach.store import engine
engine.PRAGMAS |= {"journal_mode": ("WAL", "wal"), "synchronous": ("NORMAL", 1)}
from outreach.cli.entry import main
main()
"""


def record(serve: Callable[..., Any], client: Callable[..., Any], folder: Path, command: tuple[Any, ...]) -> None:
    """Have a server count on a new home, with each of its system calls written down, and what was asked of it too."""
    strace = shutil.which("strace")
    assert strace, "strace is not installed; ./start test installs it"
    folder.mkdir()
    watched = (strace, "-D", "-f", "-xx", "-s", str(2 << 20), "-o", folder / "trace", "-e", f"trace={CALLS}")
    server = serve(folder / "home", command=(*watched, *command))
    own = client(server).enter()
    actions: list[dict[str, Any]] = []
    day = time.strftime("%Y-%m-%d")
    waiting: list[str] = []
    for number in range(SHEETS):
        sheet = own.open_sheet(day=day)
        actions.append({"do": "open", "sheet": sheet})
        for tab in (own.tab(sheet), own.tab(sheet)):
            for n in range(1, TAPS // 2 + 1):
                nonce, counter = os.urandom(16), f"given:{ITEMS[(n + number) % len(ITEMS)]}"
                assert own.tap(sheet, tab, n, counter, nonce=nonce).status == 200
                tapped = {"sheet": sheet, "tab": tab, "n": n, "nonce": nonce.hex(), "counter": counter}
                actions.append({"do": "tap", **tapped})
        waiting.append(sheet)
        if number % 3:  # so that up to three are open at once
            sheet = waiting.pop(0)
            closed = own.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"})
            assert closed.status == 200, closed.text
            actions.append({"do": "close", "sheet": sheet, "closed": closed.url.rpartition("/")[2]})
    server.kill()
    (folder / "actions").write_text(json.dumps(actions), encoding="utf-8")
    patience = time.monotonic() + 30
    while not (folder / "trace").read_bytes().rstrip().endswith(b"+++ killed by SIGKILL +++"):
        assert time.monotonic() < patience, "strace did not write its record to the end"
        time.sleep(0.05)


def cut(folder: Path, cuts: int, seed: int) -> tuple[Counter[str], int]:
    """Pull the battery that often; what was found, and how many answers had been given before all the cuts."""
    files = (folder / "trace", folder / "home", folder / "actions")
    shares = [
        subprocess.Popen(
            [sys.executable, "-P", POWER, *files, str(cuts), str(seed), str(first), "2"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in range(2)
    ]
    sums: Counter[str] = Counter()
    answers = 0
    for share in shares:
        out, err = share.communicate(timeout=600)
        assert share.returncode == 0, err
        told = json.loads(out)
        sums.update(told["sums"])
        answers += told["acknowledged"]
    assert sums.total() == cuts
    return sums, answers


def test_two_thousand_cuts_lose_nothing(serve: Callable[..., Any], client: Callable[..., Any], tmp_path: Path) -> None:
    """What the installed program writes to its encrypted files, cut off anywhere: 0 lost, 0 torn, 0 unreadable."""
    record(serve, client, tmp_path / "ours", (COMMAND,))

    found, answers = cut(tmp_path / "ours", CUTS, seed=2000)

    assert found == {"fine": CUTS}
    print(f"{CUTS} cuts, {answers} acknowledged, none lost")


def test_the_usual_settings_would_lose_some(
    serve: Callable[..., Any], client: Callable[..., Any], tmp_path: Path
) -> None:
    """The control: the same program with WAL and NORMAL, in the same harness, loses what it had answered."""
    record(serve, client, tmp_path / "control", (sys.executable, "-P", "-c", LESS_SAFE))

    found, _ = cut(tmp_path / "control", CONTROL_CUTS, seed=400)

    assert found["lost"] > 10, found
    print(f"the control: {dict(found)}")
