"""Counting and adding up, each beside the least that could do it, in one run: `python benchmarks/counting.py`.

totals     ten years of five sites (18,000 sheets, 150,000 lines): a report beside a sum in SQL on the same file
recording  saving a whole sheet beside a bare transaction that writes the same rows with the same settings
taps       eight tabs at once on one running server: the slowest of a hundred answers beside the middle one

Medians of several rounds, the two taking turns. The machine's own noise is in both.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from http.cookiejar import CookieJar
from pathlib import Path

from outreach.core.periods import Period
from outreach.core.sheets import ClosedSheet, Kind, Movement, ServiceModel, SiteCode, sorted_lines
from outreach.home import Home
from outreach.services import reports, tally
from outreach.services.program import Program
from outreach.store.engine import connect, writing

SITES = ("north", "south", "harbor", "van", "drop-in")
FIRST = date(2016, 1, 1)
SQL = "SELECT item, movement, sum(quantity) FROM line GROUP BY item, movement"
SQL_BY_SITE = """
    SELECT site, substr(day, 1, 7), item, movement, sum(quantity) FROM sheet JOIN line ON line.sheet = sheet.id
    GROUP BY site, substr(day, 1, 7), item, movement
"""


def fill(program: Program, sheets: int, lines: int) -> None:
    """Sheets in one transaction, with about `lines` lines in all."""
    draw = random.Random(1)  # noqa: S311
    items = [item.code for item in program.catalog.items] + [kit.code for kit in program.catalog.kits]
    ledger, key = program.ledger(), program.device()
    days = sheets // len(SITES)
    with ledger.closing(key.device) as place:
        seq, prev, left = place.seq, place.prev, lines
        for n in range(sheets):
            many = max(1, round(left / (sheets - n)))
            left -= many
            counts = {(each, Movement.GIVEN): draw.randint(1, 60) for each in draw.sample(items, min(many, len(items)))}
            sheet = ClosedSheet(
                program="0" * 32,
                device=key.device,
                seq=seq,
                prev=prev,
                kind=Kind.TALLY,
                site=SiteCode(SITES[n % len(SITES)]),
                day=FIRST + timedelta(days=n // len(SITES) * 3652 // days),
                model=ServiceModel.STREET,
                lines=sorted_lines(counts),
                encounters=draw.randint(3, 40),
            )
            ledger.add(sheet, bytes(64))
            seq, prev = seq + 1, sheet.id


def turns(rounds: int, *ways: Callable[[], object]) -> list[list[float]]:
    """The seconds of each way, taking turns."""
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, found in zip(ways, took, strict=True):
            start = time.perf_counter()
            way()
            found.append(time.perf_counter() - start)
    return took


def added_up(home: Path, rounds: int) -> list[list[float]]:
    """A report and its sum in SQL, and the two again by site and month."""
    program = Program(Home(home))
    fill(program, 18_000, 150_000)
    ten_years = Period(FIRST, FIRST + timedelta(days=3652))
    connection = connect(program.home.ledger, program.home.ledger_key.read_bytes())
    took = turns(
        rounds,
        lambda: reports.totals(program, ten_years),
        lambda: connection.execute(SQL).fetchall(),
        lambda: reports.totals(program, ten_years, ("site", "month")),
        lambda: connection.execute(SQL_BY_SITE).fetchall(),
    )
    connection.close()
    return took


def totals(home: Path, rounds: int) -> None:
    report, sql, by_site, sql_by_site = map(statistics.median, added_up(home, rounds))
    print(f"totals     report {report:.3f} s, SQL sum {sql:.3f} s: {report / sql:.2f} times (at most 3)")
    print(
        f"           by site and month {by_site:.3f} s, in SQL {sql_by_site:.3f} s: {by_site / sql_by_site:.2f} times"
    )


def saved(home: Path, rounds: int) -> list[list[float]]:
    """A whole sheet, and a bare transaction with its rows."""
    program = Program(Home(home))
    counts = {(item.code, Movement.GIVEN): 3 for item in program.catalog.items[:10]}
    day = date(2026, 1, 1)
    program.ledger()
    connection = connect(program.home.ledger, program.home.ledger_key.read_bytes())
    number = 0

    def record() -> None:
        whole = tally.WholeSheet("outreach", day, counts=counts, encounters=9, hours=Fraction(3))
        tally.record(program, whole, today=day, again=True)

    def bare() -> None:
        nonlocal number
        number += 1
        name = f"{number:064x}"
        with writing(connection):
            connection.execute(
                "INSERT INTO sheet (id, device, seq, program, kind, site, day, encounters, quarter_hours) "
                "VALUES (?, '', ?, '', 'x', 'x', '2026-01-01', 9, 12)",
                (name, number),
            )
            connection.execute("INSERT INTO signed VALUES (?, ?, ?)", (name, "x" * 900, bytes(64)))
            rows = [(name, code, "given", "", "", 3) for code, _ in counts]
            connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?)", rows)

    took = turns(rounds, record, bare)
    connection.close()
    return took


def recording(home: Path, rounds: int) -> None:
    ours, floor = map(statistics.median, saved(home, rounds))
    print(f"recording  {ours * 1000:.1f} ms, bare {floor * 1000:.1f} ms: {ours / floor:.2f} times (at most 4)")


def taps(home: Path, each: int) -> None:
    with open_sheet(home) as sheet:
        took = _tapped(sheet, each)
    took.sort()
    middle, slow = statistics.median(took), took[int(len(took) * 0.99)]
    print(f"taps       median {middle * 1000:.1f} ms, p99 {slow * 1000:.1f} ms: {slow / middle:.1f} times (at most 10)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open sheet of a running server, and a browser that came in by its door."""

    site: str
    address: str
    browser: urllib.request.OpenerDirector

    def post(self, path: str, body: bytes, kind: str) -> str:
        """Where it led."""
        headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        with self.browser.open(urllib.request.Request(self.site + path, body, headers)) as answer:  # noqa: S310
            answer.read()
            return str(answer.url)

    def tab(self) -> str:
        with self.browser.open(self.site + self.address) as page:
            found = re.search(r'data-tab="([0-9a-f]{32})"', page.read().decode())
        assert found
        return found[1]

    def tap(self, tab: str, n: int) -> None:
        touch = {"tab": tab, "n": n, "nonce": os.urandom(16).hex(), "counter": "given:cooker", "change": 1}
        self.post(f"{self.address}/taps", json.dumps(touch).encode(), "application/json")


@contextmanager
def open_sheet(home: Path) -> Iterator[Sheet]:
    command = [sys.executable, "-m", "outreach", "--home", str(home), "serve", "--port", "8765", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"DISPLAY": ""})
    try:
        assert server.stdout
        door = next(line.split()[-1] for line in server.stdout if "For staff" in line)
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        browser.open(door).close()
        begun = Sheet("/".join(door.split("/")[:3]), "", browser)
        form = f"site=outreach&day={date.today():%Y-%m-%d}&model=street&sure=1".encode()
        url = begun.post("/staff/en/tally", form, "application/x-www-form-urlencoded")
        yield replace(begun, address=f"/staff/en/tally/{url.rstrip('/').rpartition('/')[2]}")
    finally:
        server.terminate()
        server.wait()


def _tapped(sheet: Sheet, each: int) -> list[float]:
    """Seconds of every tap of eight tabs that tap at once."""
    took: list[float] = []

    def tapping() -> None:
        tab = sheet.tab()
        for n in range(1, each + 1):
            start = time.perf_counter()
            sheet.tap(tab, n)
            took.append(time.perf_counter() - start)

    tabs = [threading.Thread(target=tapping) for _ in range(8)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    return took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--ways", nargs="*", default=["totals", "recording", "taps"])
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        for way in given.ways:
            home = Path(folder) / way
            if way == "totals":
                totals(home, given.rounds)
            elif way == "recording":
                recording(home, given.rounds * 30)
            else:
                taps(home, given.rounds * 15)


if __name__ == "__main__":
    main()
