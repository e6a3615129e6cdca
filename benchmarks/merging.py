"""Taking in another laptop's sheets beside the least that could keep them: `python benchmarks/merging.py`.

merge   as `outreach merge` does it: unsealed, read, each signature checked, what counts now worked out, saved
bare    the rows that came of it, written in one transaction of a ledger with the same settings

Each round on a copy of one and the same home, the two taking turns.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from outreach.carry import bundles
from outreach.carry.keys import signing_key
from outreach.carry.sealing import recipient
from outreach.core.roll import Laptop
from outreach.core.sheets import ClosedSheet, Kind, Movement, ServiceModel, SheetId, SiteCode, sorted_lines
from outreach.home import Home
from outreach.services import exchange, laptops, rolls
from outreach.services.program import Program
from outreach.store.engine import connect, writing

TODAY, LAST_YEAR = date(2026, 1, 31), 2025
LINES = 8
TABLES = ("sheet", "signed", "line")


def secret(n: int) -> bytes:
    return random.Random(n).randbytes(32)  # noqa: S311


def bundle(to: Program, items: Sequence[str], many: int) -> bytes:
    """The sheets of another laptop, which this one is made to know, as that one exports them."""
    key = signing_key(secret(-1))
    van = Laptop(key.device, key.public, "Van", recipient(secret(-1)))
    rolls.change(to, lambda now: replace(now, laptops=(*now.laptops, van)))
    program, prev, signed, draw = to.program_id(), None, [], random.Random(1)  # noqa: S311
    for seq in range(1, many + 1):
        sheet = ClosedSheet(
            program=program,
            device=key.device,
            seq=seq,
            prev=prev,
            kind=Kind.TALLY,
            site=SiteCode("outreach"),
            day=date(LAST_YEAR, 1, 1) + timedelta(days=seq * 364 // many),
            model=ServiceModel.STREET,
            lines=sorted_lines({(each, Movement.GIVEN): draw.randint(1, 60) for each in draw.sample(items, LINES)}),
            encounters=draw.randint(3, 40),
        )
        body, prev = sheet.canonical(), SheetId(sheet.id)
        signed.append(bundles.Signed(body, key.sign(body)))
    sent = bundles.Bundle(program, key.device, key.public, tuple(signed), {key.device: key.public})
    return bundles.write(sent, key.sign, [rolls.own_recipient(to)])


def taken_in(folder: Path, sheets: int, rounds: int) -> list[tuple[float, float]]:
    """Seconds of each round, merged and written bare."""
    begun = Program(Home(folder / "begun"))
    laptops.found(begun, "Desk")
    sent = bundle(begun, [each.code for each in begun.catalog.items], sheets)
    begun.lock()
    took = []
    for n in range(rounds):
        one, other = folder / f"one-{n}", folder / f"other-{n}"
        for copy in (one, other):
            shutil.copytree(folder / "begun", copy)
        there = Program(Home(one))
        there.ledger()
        start = time.perf_counter()
        (done,) = exchange.merge(there, [("van.tally", sent)], TODAY)
        merged = time.perf_counter() - start
        assert done.new == sheets, done
        there.lock()
        took.append((merged, _bare(Home(one), Home(other))))
    return took


def _bare(merged: Home, home: Home) -> float:
    key = home.ledger_key.read_bytes()
    source, target = connect(merged.ledger, key), connect(home.ledger, key)
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608
    start = time.perf_counter()
    with writing(target):
        for table, lines in rows.items():
            holes = ", ".join("?" * len(lines[0]))
            target.executemany(f"INSERT INTO {table} VALUES ({holes})", lines)  # noqa: S608
    seconds = time.perf_counter() - start
    source.close()
    target.close()
    return seconds


def main() -> None:
    asked = argparse.ArgumentParser(description="Time taking in another laptop's sheets.")
    asked.add_argument("--sheets", type=int, default=3600)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        took = taken_in(Path(folder), given.sheets, given.rounds)
    merge, bare = (statistics.median(each) for each in zip(*took, strict=True))
    print(f"merge  {given.sheets:,} sheets {merge:.2f} s, bare {bare:.2f} s: {merge / bare:.1f} times")


if __name__ == "__main__":
    main()
