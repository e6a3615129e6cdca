"""An old laptop: the server, a sheet of cards being drawn and Chromium with a page open, together in 1.5 GB."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Browserless

ROOM = 1500
"""Megabytes, all together."""
PROC = Path("/proc")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def children(pid: int) -> Iterator[int]:
    """A process and all that it started, and what those did."""
    yield pid
    for task in (PROC / str(pid) / "task").glob("*/children"):
        for child in task.read_text().split():
            yield from children(int(child))


def held(pid: int) -> int:
    """Bytes in memory that one process answers for: its own, and its share of what it has with others."""
    rows = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(row.split()[1]) for row in rows if row.startswith(("Pss:", "SwapPss:")))


def held_by(*pids: int) -> int:
    """The same for processes and all that they started; those that end meanwhile hold nothing."""
    total = 0
    for each in {each for pid in pids for each in children(pid)}:
        try:
            total += held(each)
        except OSError:
            continue
    return total // 1_000_000


class Watch(threading.Thread):
    """Looks ten times a second, and remembers the most."""

    def __init__(self, *pids: int) -> None:
        super().__init__(daemon=True)
        self.pids, self.most, self.looks, self.over = pids, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            self.most = max(self.most, held_by(*self.pids))
            self.looks += 1


def browser_of(pid: int) -> int:
    """The first process of Chromium that this one started by way of others."""
    for each in children(pid):
        try:
            if "chrom" in (PROC / str(each) / "comm").read_text():
                return each
        except OSError:
            continue
    raise AssertionError("no Chromium was started here")


def test_server_render_and_browser_fit_an_old_laptop(served: Browserless, browser: Any) -> None:
    """The most that all of them hold while 60 cards in three scripts are ordered, drawn and shown."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(served.server.door)
    server = served.server.process
    assert server
    watch = Watch(server.pid, browser_of(os.getpid()))
    watch.start()
    page.goto(f"{served.server.address}/staff/en/print?card=response")
    for tag in ("en", "zh-Hans", "ar"):
        page.fill(f"#copies-{tag}", "20")
    page.get_by_role("button", name="Make the file").click()
    page.locator("a[href$='cards.pdf']").first.wait_for(timeout=240000)
    drawn = held_by(server.pid)
    watch.over.set()
    watch.join()
    print(f"\nall together {watch.most} MB at most in {watch.looks} looks; server and worker {drawn} MB")
    assert watch.looks > 5
    assert 100 < watch.most < ROOM


def test_what_is_held_is_seen() -> None:
    """The control: 300 MB more in a process that it started are 300 MB more."""
    code = "import sys; held = b'x' * 300_000_000; print(flush=True); sys.stdin.read()"
    before = held_by(os.getpid())
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        after = held_by(os.getpid())
        process.communicate()
    assert 250 < after - before < 340
