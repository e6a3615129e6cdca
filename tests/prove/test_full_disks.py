"""The disk fills up under the installed program, three ways: saved or refused in words, and it goes on afterwards."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROUNDS = 8
SENTENCE = "The disk is full."

# The engine's own limit, on every connection of a server that is otherwise the installed one; 0 is none. It is no
# setting of the program: only here a file says it.
PAGE_LIMIT = """
import os
from pathlib import Path
from outreach.cli.entry import main
from outreach.store import engine
prepare = engine._prepare
def limited(connection, key):
    prepare(connection, key)
    if pages := int(Path(os.environ["PAGES"]).read_text()):
        connection.execute(f"PRAGMA max_page_count = {pages}")
engine._prepare = limited
main()
"""


class Counted:
    """What was answered as saved, and how often it was refused instead."""

    def __init__(self) -> None:
        self.saved: Counter[str] = Counter()
        self.closed: list[str] = []
        self.refused = 0

    def ok(self, answer: Any) -> bool:
        """Whether it was saved; anything but an answer or the sentence fails."""
        if answer.status == 507:
            assert SENTENCE in answer.text, answer.text
            self.refused += 1
            return False
        assert answer.status == 200, (answer.status, answer.text)
        return True


class Table:
    """One person counting: opens sheets, taps, closes, and takes note of what was answered."""

    def __init__(self, own: Any, counted: Counted) -> None:
        self.own, self.counted = own, counted
        self.tabs: list[list[Any]] = []

    def begin(self) -> bool:
        form = {"site": "outreach", "day": time.strftime("%Y-%m-%d"), "model": "street", "sure": "1"}
        answer = self.own.post("/staff/en/tally", form)
        # The answer to the form leads to the sheet's page, which needs room for its tab: the sheet can be there
        # although the page is refused, so it is looked for.
        sheet = answer.url.rstrip("/").rpartition("/")[2]
        if len(sheet) == 32:
            self.tabs.append([sheet, None, 1])
        return self.counted.ok(answer)

    def tap(self, each: list[Any], counter: str) -> bool:
        sheet, tab, n = each
        if tab is None:
            page = self.own.get(f"/staff/en/tally/{sheet}")
            if not self.counted.ok(page):
                return False
            each[1] = tab = page.text.partition('data-tab="')[2][:32]
        if not self.counted.ok(self.own.tap(sheet, tab, n, counter)):
            return False  # its number is free still
        each[2] += 1
        self.counted.saved[counter.partition(":")[2]] += 1
        return True

    def close(self, each: list[Any]) -> bool:
        answer = self.own.post(f"/staff/en/tally/{each[0]}/close", {"as-it-is": "1"})
        if answer.status == 422:  # nothing is on it
            return True
        if not self.counted.ok(answer):
            return False
        self.tabs.remove(each)
        self.counted.closed.append(answer.url.rpartition("/")[2])
        return True

    def count(self, codes: list[str], first: int) -> bool:
        """Taps on every open sheet; whether all were saved."""
        taps = [self.tap(each, f"given:{codes[(first + n) % len(codes)]}") for each in self.tabs for n in range(6)]
        return all(taps)


@pytest.fixture
def codes(outreach: Any) -> list[str]:
    rows = outreach.json("items", "--format", "json")
    return [row["item"] for row in rows if not row["item"].startswith("kit-")]


def through(
    table: Table, codes: list[str], fill: Callable[[int], None], empty: Callable[[], None], reads: bool = True
) -> None:
    """Count with room, with ever less, with none, and with room again; then everything is closed.

    With `reads`, the open sheets can be looked at whatever is full.
    """
    table.begin()
    assert table.count(codes, 0), "with room everything is saved"
    for number in range(ROUNDS):
        fill(number)
        table.begin()
        table.count(codes, number)
        if len(table.tabs) > 2:
            table.close(table.tabs[0])
        assert table.own.get("/en/overdose-response").status == 200
        assert table.own.get("/staff/en/tally").status == 200 or not reads
        if number % 4 == 3:
            empty()
            assert table.begin() and table.count(codes, number), "there is room again, and it was refused"
    empty()
    before = table.counted.refused
    for each in list(table.tabs):
        assert table.tap(each, f"given:{codes[0]}")
        assert table.close(each)
    assert table.counted.refused == before


def check(table: Table, outreach: Any, least: int) -> None:
    """Everything that was answered is in the ledger, nothing that was refused, and the file is whole."""
    counted = table.counted
    assert counted.refused >= least, f"only {counted.refused} were refused: the disk was hardly full"
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    found = {row["item"]: row["loose"] for row in rows if row["movement"] == "given"}
    assert found == counted.saved
    ran = outreach("check")
    assert ran.code == 0 and f"{len(counted.closed):,} sheets" in ran.out, ran.out
    print(f"{counted.saved.total()} taps saved, {counted.refused} refused, {len(counted.closed)} sheets, none lost")


def test_a_small_disk(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any, home: Path, codes: list[str], disk: Path
) -> None:
    """A disk of 3 MB, filled with something else to the last byte."""
    stuff = disk / "stuff"

    def fill(number: int) -> None:
        room = (200_000, 60_000, 20_000, 0)[number % 4]
        with stuff.open("ab") as file:
            free = os.statvfs(disk).f_bavail * 4096
            file.write(bytes(max(0, free - room)))

    counted = Counted()
    through(Table(client(serve()).enter(), counted), codes, fill, lambda: stuff.unlink(missing_ok=True))
    check(Table(None, counted), outreach, least=20)


@pytest.fixture
def disk(home: Path) -> Iterator[Path]:
    """A small disk of its own under the home."""
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", home], capture_output=True, text=True)
    assert mounted.returncode == 0, f"a small disk is mounted for this, which needs root: {mounted.stderr}"
    yield home
    subprocess.run(["umount", "-l", home], check=True)


def test_a_limit_on_the_size_of_files(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any, codes: list[str]
) -> None:
    """What a quota does: a running server may no longer write past a size, of any file."""
    server = serve()

    def limit(size: int) -> None:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    counted = Counted()
    sizes = (30_000, 10_000, 4_096, 0)
    through(
        Table(client(server).enter(), counted),
        codes,
        lambda number: limit(sizes[number % 4]),
        lambda: limit(resource.RLIM_INFINITY),
        # Unlike a full disk this limit also forbids writing over what is there, so a save that was cut short is taken
        # back, and the file read again, only when there is room.
        reads=False,
    )
    check(Table(None, counted), outreach, least=20)


def test_a_limit_on_the_pages_of_a_database(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any, codes: list[str], tmp_path: Path
) -> None:
    """The engine's own "full": open sheets and the ledger may not grow by one page more."""
    pages = tmp_path / "pages"
    pages.write_text("0")
    server = serve(env={"PAGES": str(pages)}, command=(sys.executable, "-P", "-c", PAGE_LIMIT))
    table = Table(client(server).enter(), Counted())

    def restart(limit: int) -> None:
        # The ledger's connection is as old as the server.
        pages.write_text(str(limit))
        server.kill()
        table.own = client(server.start()).enter()

    through(table, codes, lambda number: restart((6, 5, 1, 1)[number % 4]), lambda: restart(0))
    check(table, outreach, least=8)
