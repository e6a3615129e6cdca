"""A second server that has everything before a program is told "saved": the first is killed, and nothing is lost.

The settings are those of docs/hub.md. The writers do what `outreach hub merge` does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from outreach.store.postgres.founding import found
from tests.conftest import Cluster

WRITERS, ROUNDS, ENOUGH = 4, 5, 100

# Takes its own returns in, one after the other, and says which ones the hub has, when the hub has said so.
WRITER = """
import sys
from datetime import date
from pathlib import Path
from outreach.carry.keys import coordinator_key
from outreach.carry.month_returns import sign
from outreach.core.month_return import By, MonthReturn, Total
from outreach.home import Home
from outreach.services.hub_returns import department
from outreach.services.program import Program

address, home, program, first = sys.argv[1:]
key = coordinator_key(program.encode().ljust(32, b"."))
with department(Program(Home(Path(home))), address) as desk:
    for edition in range(int(first), int(first) + 100000):
        totals = (Total("program", "given", "cooker", edition),)
        id_ = program.encode().hex().ljust(32, "0")[:32]
        said = MonthReturn(id_, program, f"2025-{edition % 12 + 1:02}", By.PROGRAM, edition, totals)
        (taken,) = desk.take_in([("x.return", sign(said, key).content)], date.today())
        if taken.refusal or not taken.took.is_new:
            sys.exit(f"{taken}")
        print(taken.took.id, flush=True)
"""


class Standby(Cluster):
    """A copy of another cluster that follows it, and is asked to have everything before that one says "saved"."""

    def __init__(self, folder: Path, primary: Cluster) -> None:
        self.primary = primary
        super().__init__(folder)

    def make(self) -> None:
        follow = f"host={self.primary.folder} user=postgres application_name=standby"
        self.run("pg_basebackup", "-D", "data", "-R", "-X", "stream", "-c", "fast", "-d", follow)

    def promote(self) -> None:
        """It is the first one from now on."""
        self.run("pg_ctl", "-D", "data", "-w", "promote")


def pids(cluster: Cluster, kind: str = "%") -> list[int]:
    return [pid for (pid,) in cluster.ask(f"SELECT pid FROM pg_stat_activity WHERE backend_type LIKE '{kind}'")]


def kill(cluster: Cluster) -> None:
    """Every process of it, with `kill -9`."""
    head = int((cluster.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    for pid in (head, *pids(cluster)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # the one that answered which there are


def began_again(cluster: Cluster, without: int) -> bool:
    """Whether it answers once more, and one of its processes is gone."""
    try:
        return without not in pids(cluster)
    except psycopg.Error:
        return False


def until(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to be"
        threading.Event().wait(0.05)


@contextmanager
def writers(primary: Cluster, folder: Path, first: int) -> Iterator[list[str]]:
    """Four who send returns of their own for as long as they are answered; which of them the hub said it has."""
    said: list[str] = []
    running = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, primary.address("health"), folder / f"w{n}", f"w{n}", str(first)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for n in range(WRITERS)
    ]  # fmt: skip

    def hear(process: Any) -> None:
        said.extend(line.strip() for line in process.stdout)

    ears = [threading.Thread(target=hear, args=(each,)) for each in running]
    for ear in ears:
        ear.start()
    try:
        yield said
    finally:
        for each in running:
            each.kill()
            each.wait()
        for ear in ears:
            ear.join()


def missing(cluster: Cluster, said: list[str]) -> int:
    there = {id_ for (id_,) in cluster.ask("SELECT id FROM outreach.month_return")}
    return sum(each not in there for each in said)


@pytest.fixture
def first() -> Iterator[tuple[Cluster, Callable[[Cluster], Standby]]]:
    """A hub, and a way to give a server a standby."""
    with tempfile.TemporaryDirectory(prefix="hub-", ignore_cleanup_errors=True) as folder:
        made: list[Cluster] = []

        def add(kind: Callable[[Path], Any]) -> Any:
            place = Path(folder) / f"{len(made)}"
            place.mkdir()
            Path(folder).chmod(0o755)
            made.append(kind(place))
            return made[-1].start()

        primary = add(Cluster)
        found(primary.database("hub"), departments=("health",))
        try:
            yield primary, lambda of: add(lambda place: Standby(place, of))
        finally:
            for each in made:
                if (each.folder / "data" / "postmaster.pid").exists():
                    try:
                        each.crash()
                    except AssertionError:
                        continue  # killed before


def waits_for_its_standby(primary: Cluster) -> None:
    """From now on the first server says "saved" when the other one has it, too."""
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    primary.ask("SELECT pg_reload_conf()")
    until(lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == [("sync",)])


def test_what_was_acknowledged_is_on_the_standby(first: Any, tmp_path: Path) -> None:
    """Five times the first server is killed while four send; the standby takes over and has all that was said saved.

    The control: a standby that nothing waits for, and that falls behind, lacks some.
    """
    primary, standby_of = first
    told, lost = 0, 0
    for turn in range(ROUNDS):
        standby = standby_of(primary)
        waits_for_its_standby(primary)
        with writers(primary, tmp_path, 1 + turn * 10000) as said:
            until(lambda: len(said) >= ENOUGH)
            kill(primary)
        standby.promote()
        told, lost = told + len(said), lost + missing(standby, said)
        primary = standby
    print(f"acknowledged: {told}, lost: {lost}")
    assert told >= ROUNDS * ENOUGH and lost == 0

    standby = standby_of(primary)
    waits_for_its_standby(primary)
    (receiver,) = pids(standby, "walreceiver")
    with writers(primary, tmp_path, 900_000) as said:
        until(lambda: len(said) >= ENOUGH)
        os.kill(receiver, signal.SIGSTOP)
        threading.Event().wait(1)
        waited = len(said)
        threading.Event().wait(2)
        assert len(said) == waited, "while the standby is away nothing is said to be saved"
        primary.ask("ALTER SYSTEM RESET synchronous_standby_names")
        primary.ask("SELECT pg_reload_conf()")
        until(lambda: len(said) >= waited + ENOUGH)
        kill(primary)
    # What still lay between the two goes with it, and does not come in now: the standby begins again without.
    os.kill(receiver, signal.SIGKILL)
    until(lambda: began_again(standby, receiver))
    standby.promote()
    behind = missing(standby, said)
    print(f"without waiting: acknowledged {len(said)}, lost {behind}")
    assert behind >= ENOUGH
