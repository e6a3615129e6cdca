"""A hub on PostgreSQL, beside the least that its server could do: `python benchmarks/hub.py`.

It starts Debian's server itself, in a temporary folder, as a user who is not root, with its settings as they come; what
is saved is on disk before it is answered. Every figure is a median of several rounds that take turns.

ingest   files taken in as `outreach hub merge` takes them (opened, signatures checked, what counts worked out, month
         totals and rollups made) beside a bare `COPY` of the rows that came of it, from memory, into tables of the
         same columns, keys and indexes; those ask for no rights and for no row of another table
    returns  200 programs by 12 months, sealed: in one transaction, as one folder is taken in
    sheets   one bundle of a program's laptop
report   a year of all 200 programs, as `outreach hub report --state` asks for it, at 1, 4 and 16 times the data, grown
         in both ways in which a department's data grows: `months` (the same programs report for 16 years) and `places`
         (each return of that year has 16 times the lines: more sites). Either way what is asked for is as long as
         before; what lies beside it, or below it, is 16 times as much. "whole" is the command in a process of its own.
         "no rollups" is the control: one sum in SQL, without them, over what returns say by place.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from merging import LAST_YEAR, TODAY, bundle, secret

from outreach.carry import month_returns
from outreach.carry.keys import coordinator_key
from outreach.core.month_return import COUNTS, VISITS, By, MonthReturn, Total
from outreach.core.periods import Period, parse_month
from outreach.home import Home
from outreach.services import exchange, laptops
from outreach.services.hub import HubProgram, found
from outreach.services.hub_desk import Desk
from outreach.services.hub_reports import Asked
from outreach.services.hub_returns import department, key_of
from outreach.services.program import Program

STATE, VAN = "state", "van"
ITEMS, PLACES = 15, 2  # of a return
GROWN = (1, 4, 16)
RETURNS = ("month_return", "month_counts", "month_total", "month_rollup")
SHEETS = ("sheet", "signed", "line")
Taken = list[tuple[float, float]]
"""Seconds of each round: as it is taken in, and copied bare."""
WITHOUT_ROLLUPS = """
    SELECT way, item, sum(quantity) FROM outreach.month_total WHERE month BETWEEN %s AND %s GROUP BY way, item
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL on a socket in a folder of its own."""

    folder: Path

    def address(self, database: str, role: str = "postgres") -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def do(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement)

    def copy(self, of: str, to: str) -> None:
        """A database like another one, in place of what was there."""
        self.do(f"DROP DATABASE IF EXISTS {to}")
        self.do(f"CREATE DATABASE {to} TEMPLATE {of}")


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    there = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    programs = there[-1] if there else Path(shutil.which("pg_ctl") or sys.exit("Install PostgreSQL first.")).parent
    someone: tuple[str, ...] = ()
    if os.geteuid() == 0:  # it refuses to run as root
        someone = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        shutil.chown(folder, "nobody", "nogroup")

    def run(program: str, *words: str) -> None:
        subprocess.run([*someone, programs / program, "-D", "data", *words], cwd=folder, check=True, stdout=sys.stderr)

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-l", "log", "-w", "-o", f"-c listen_addresses='' -c unix_socket_directories='{folder}'", "start")
    try:
        yield Server(folder)
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def months_to(last: int, many: int) -> list[str]:
    """So many months up to the end of a year, the latest ones first."""
    return [f"{last - n // 12}-{12 - n % 12:02}" for n in range(many)]


def returns(items: Sequence[str], programs: int, months: Sequence[str], places: int, seal_to: str = "") -> list[bytes]:
    """A file of each program and month."""
    files = []
    for n in range(programs):
        key = coordinator_key(secret(n))
        for month in months:
            draw = random.Random(f"{n} {month}")  # noqa: S311
            rows = [
                Total(f"site-{place:03}", way, item, draw.randint(1, 400))
                for place in range(places)
                for way, codes in (("given", items), (VISITS, sorted(COUNTS)))
                for item in codes
            ]
            said = MonthReturn(f"{n:032x}", f"Program {n}", month, By.SITE, 1, tuple(sorted(rows)))
            signed = month_returns.sign(said, key)
            files.append(month_returns.sealed(signed, seal_to) if seal_to else signed.content)
    return files


def take_in(program: Program, address: str, files: list[bytes]) -> None:
    """Returns, in one transaction; the server has those who sent them as known."""
    with department(program, address) as desk:
        took = desk.take_in([(f"{n}.return", content) for n, content in enumerate(files)], TODAY)
    assert all(each.took and each.took.counts for each in took)


def timed(way: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = way()
    return time.perf_counter() - start, answer


def ingested(at: Server, tables: tuple[str, ...], rounds: int, ours: Callable[[], object]) -> tuple[int, Taken]:
    """How many rows came of it, and the seconds of each round, in a hub that holds nothing but those who send."""
    took: Taken = []
    rows: dict[str, bytes] = {}
    for _ in range(rounds):
        at.copy("begun", "round")
        seconds, _answer = timed(ours)
        with psycopg.connect(at.address("round")) as there:
            there.execute("CREATE SCHEMA bare")
            for table in tables:
                there.execute(f"CREATE TABLE bare.{table} (LIKE outreach.{table} INCLUDING ALL)")
                with there.cursor().copy(f"COPY outreach.{table} TO STDOUT") as copied:
                    rows[table] = b"".join(copied)
        took.append((seconds, timed(lambda: bare(at, rows))[0]))
    return sum(each.count(b"\n") for each in rows.values()), took


def ingest(what: str, at: Server, tables: tuple[str, ...], rounds: int, ours: Callable[[], object]) -> None:
    many, took = ingested(at, tables, rounds, ours)
    product, copy = (statistics.median(each) for each in zip(*took, strict=True))
    print(f"ingest  {what:34} {many:9,} {product:9.2f} {copy:9.2f} {product / copy:7.1f}", flush=True)


def bare(at: Server, rows: dict[str, bytes]) -> None:
    with psycopg.connect(at.address("round")) as there:
        for table, lines in rows.items():
            with there.cursor().copy(f"COPY bare.{table} FROM STDIN") as copying:
                copying.write(lines)


def report(at: Server, program: Program, sizes: dict[int, str], way: str, period: Period, rounds: int) -> None:
    """One and the same question, of hubs with so many times the data, which take turns."""
    took: dict[int, list[tuple[float, ...]]] = {times: [] for times in sizes}
    for _ in range(rounds):
        for times, database in sizes.items():
            took[times].append(_asked(program, at.address(database, STATE), period))
    first = statistics.median(desk for desk, _, _ in took[GROWN[0]])
    print(f"\n{'':42} {'report, s':>9} {'to 1':>6} {'whole, s':>9} {'no rollups, s':>14}")
    for times, database in sizes.items():
        desk, whole, without = (statistics.median(one) for one in zip(*took[times], strict=True))
        with psycopg.connect(at.address(database)) as there:
            ((lines,),) = there.execute("SELECT count(*) FROM outreach.month_total").fetchall()
        what = f"{way:6} {times:2} times, {lines:9,} lines"
        print(f"report  {what:34} {desk:9.2f} {desk / first:6.2f} {whole:9.2f} {without:14.3f}", flush=True)


def _asked(program: Program, address: str, period: Period) -> tuple[float, float, float]:
    command = [sys.executable, "-P", "-m", "outreach", "--home", str(program.home.path), "hub", "report", "--state"]
    command += ["--from", f"{period.first}", "--to", f"{period.last}", "--database", address]
    desk, answer = timed(lambda: Desk(program, address).answer(Asked(period), TODAY))
    whole, told = timed(lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert answer.missing == 0 and f"{answer.report.rows[0]['quantity']}" in told.replace(",", "")
    with psycopg.connect(address) as there:
        months = f"{period.first:%Y-%m}", f"{period.last:%Y-%m}"
        without, _ = timed(lambda: there.execute(WITHOUT_ROLLUPS, months).fetchall())
    return desk, whole, without


def grown(at: Server, program: Program, way: str, send: Callable[[Sequence[str], int], list[bytes]], many: int) -> Any:
    """Hubs with 1, 4 and 16 times the data, by their names."""
    sizes = {}
    for times, before in zip(GROWN, (0, *GROWN), strict=False):
        name = f"{way}_{times}"
        at.copy(f"{way}_{before}" if way == "months" and before else "begun", name)
        longer, larger = (times, 1) if way == "months" else (1, times)
        months = months_to(LAST_YEAR, many * longer)[many * before * (longer > 1) :]
        for start in range(0, len(months), 3):
            take_in(program, at.address(name, STATE), send(months[start : start + 3], PLACES * larger))
        # The server does this by itself some minutes after so much came: here, so that it does not do it in between.
        at.do("VACUUM ANALYZE", name)
        sizes[times] = name
    return sizes


def begin(at: Server, program: Program, programs: int, first: str) -> None:
    """A hub that knows so many programs and holds nothing of theirs."""
    at.do("CREATE DATABASE begun")
    found(at.address("begun"), (VAN,), (STATE,), with_passwords=False)
    with department(program, at.address("begun", STATE)) as desk:
        for n in range(programs):
            desk.describe(f"program-{n}", f"Program {n}", f"Region {n % 8}", first)
            public = coordinator_key(secret(n)).public
            desk.returns.admit(f"program-{n}", f"{n:032x}", public, month_returns.is_signed)


def returned(at: Server, homes: Path, programs: int, rounds: int) -> Taken:
    """A year's returns of these programs taken in, and copied bare."""
    program = Program(Home(homes / STATE))
    items, months = [each.code for each in program.catalog.items][:ITEMS], months_to(LAST_YEAR, 12)
    begin(at, program, programs, months[-1])
    files = returns(items, programs, months, PLACES, key_of(program))
    return ingested(at, RETURNS, rounds, lambda: take_in(program, at.address("round", STATE), files))[1]


def measure(at: Server, homes: Path, given: argparse.Namespace) -> None:
    program, hub = Program(Home(homes / STATE)), HubProgram(Home(homes / VAN), at.address("begun", VAN))
    items = [each.code for each in program.catalog.items][:ITEMS]
    months = months_to(LAST_YEAR, given.months)
    begin(at, program, given.programs, months[-1])
    laptops.found(hub, "Hub")
    sheets = bundle(hub, items, given.sheets)
    hub.lock()

    def merge() -> None:
        there = HubProgram(hub.home, at.address("round", VAN))
        (done,) = exchange.merge(there, [("van.tally", sheets)], TODAY)
        there.lock()
        assert done.new == given.sheets, done

    if "ingest" in given.ways:
        files = returns(items, given.programs, months, PLACES, key_of(program))
        print(f"{'':42} {'rows':>9} {'merge, s':>9} {'COPY, s':>9} {'times':>7}")
        what = f"{len(files):,} returns"
        ingest(what, at, RETURNS, given.rounds, lambda: take_in(program, at.address("round", STATE), files))
        ingest(f"{given.sheets:,} sheets", at, SHEETS, given.rounds, merge)
    for way in ("months", "places"):
        if way in given.ways:
            sizes = grown(at, program, way, lambda *of: returns(items, given.programs, *of), given.months)
            report(
                at,
                program,
                sizes,
                way,
                Period(parse_month(months[-1]).first, parse_month(months[0]).last),
                given.rounds,
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for word, usual in (("rounds", 3), ("programs", 200), ("months", 12), ("sheets", 3600)):
        asked.add_argument(f"--{word}", type=int, default=usual)
    asked.add_argument("--ways", nargs="*", default=["ingest", "months", "places"])
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="outreach-bench-") as homes,
        tempfile.TemporaryDirectory(prefix="outreach-bench-", ignore_cleanup_errors=True) as folder,
        server(Path(folder)) as at,
    ):
        measure(at, Path(homes), given)


if __name__ == "__main__":
    main()
