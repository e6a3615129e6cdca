"""An older ledger is brought up to this version and the program is cut off at any statement of that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

POINTS = 80
FILES = Path(__file__).parents[1] / "store"

# A process for each file, which ends at once before that statement or in the middle of one: what the engine has not
# written by then is never written. The first one is not cut off; answers how many places there are to cut.
CUT = """
import os, shutil, sys
from pathlib import Path
import sqlite_utils
from outreach.store import engine, ledger
old, folder, points = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
prepare, seen, last = engine._prepare, 0, 0
def traced(connection, key):
    def place(_=None):
        global seen
        seen += 1
        if seen == last:
            os._exit(9)
    prepare(connection, key)
    # What does not fit in two pages of memory goes to the file before the transaction is over.
    connection.execute("PRAGMA cache_size = 2")
    connection.set_trace_callback(place)
    connection.set_progress_handler(place, 10)  # instructions of the engine
engine._prepare = traced
whole = shutil.copy(old, folder / "whole")
ledger.open_ledger(Path(whole), bytes(range(32))).close()
places = seen
for last in sorted({1 + n * places // points for n in range(points)}):
    seen, file = 0, shutil.copy(old, folder / f"cut-{last}")
    child = os.fork()
    if child == 0:
        ledger.open_ledger(Path(file), bytes(range(32)))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, last
print(places)
"""

# Many homes in one process: opening them costs less than starting it.
LOOK = """
import sys
from pathlib import Path
from outreach.store.engine import connect
from outreach.store.ledger import open_ledger
KEY = bytes(range(32))
for each in map(Path, sys.argv[1:]):
    connection = connect(each, KEY)
    print(*connection.execute("PRAGMA user_version").fetchone(), end=" ")
    connection.close()
    ledger = open_ledger(each, KEY)
    sums = sorted((s.site, s.item, s.movement.value, s.quantity) for s in ledger.sums.lines(grain="all"))
    print(ledger.verify(), ledger.count(), ledger.digest(), str(sums).replace(" ", ""))
    ledger.close()
"""


def ran(code: str, *arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_upgrade_that_is_cut_off_was_not_begun(version: int, tmp_path: Path) -> None:
    """Cut off at 80 places before it is saved, the file is as it was, and the next start takes every step."""
    places = int(ran(CUT, FILES / f"version-{version}.ledger", tmp_path, str(POINTS)))
    new, *held = ran(LOOK, tmp_path / "whole").split()
    cuts = list(tmp_path.glob("cut-*[0-9]"))

    found = [line.split() for line in ran(LOOK, *cuts).splitlines()]

    assert len(found) == len(cuts) == POINTS <= places
    assert [same for _, *same in found] == [held] * POINTS
    assert {int(number) for number, *_ in found} == {version} and int(new) > version
    print(f"version {version}: cut off at {POINTS} of {places} places")
