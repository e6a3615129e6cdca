"""Real homes, sheets to put in them, and Python processes that may be cut off."""

from __future__ import annotations

import inspect
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from outreach.core.sheets import ClosedSheet, Kind, Movement, ServiceModel, SiteCode, sorted_lines
from outreach.home import Home
from outreach.store.ledger import Ledger, open_ledger
from outreach.store.open_sheets import OpenSheets
from outreach.store.postgres.founding import found
from outreach.store.postgres.opening import open_ledger_at

KEY = bytes(range(32))
PROGRAM, DEVICE = "a1" * 16, "b2" * 16
ROOT = Path(__file__).parents[2]

# What the processes below start with: a home at argv[1], and a close that needs no signing key.
PRELUDE = f"""
import os, sys
from datetime import date
from pathlib import Path
from outreach.core.sheets import ClosedSheet, Kind, ServiceModel, SiteCode
from outreach.core.tally import Tap
from outreach.home import Home
from outreach.store.closing import close_sheet, recover
from outreach.store.ledger import open_ledger
from outreach.store.open_sheets import OpenSheets

KEY, PROGRAM, DEVICE = bytes(range(32)), {PROGRAM!r}, {DEVICE!r}
home = Home(Path(sys.argv[1]))
sheets = OpenSheets(home)

def build(sheet, place):
    closed = ClosedSheet(PROGRAM, DEVICE, place.seq, place.prev, Kind.TALLY, sheet.site, sheet.day, sheet.model,
                         sheet.lines(), sheet.counters.get("encounters"))
    return closed, bytes(64)

def begin():
    return sheets.open(SiteCode("outreach"), date(2026, 11, 22), ServiceModel.STREET)
"""


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the system has one: real files, and no test has to wait for the disk.

    What a cut of the power does to a disk cannot be shown by ending a process anyway.
    """
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path_factory.getbasetemp()) as folder:
        yield Path(folder)


@pytest.fixture
def tmp_path(memory: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=memory))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module with `ENGINES` is run on each; a test that asks for the home speaks of files, and of no other engine."""
    if "opening" in metafunc.fixturenames:
        files = "home" in inspect.signature(metafunc.function).parameters
        engines = ("file",) if files else getattr(metafunc.module, "ENGINES", ("file",))
        metafunc.parametrize("opening", engines, indirect=True)


@pytest.fixture
def opening(request: pytest.FixtureRequest, home: Home) -> Iterator[Callable[[], Ledger]]:
    """Opens one and the same ledger, on one engine after the other: what is asked of it is the same."""
    opened: list[Ledger] = []
    if request.param == "postgres":
        hub = request.getfixturevalue("hub")
        role = f"p{secrets.token_hex(8)}"
        found(hub.address(), (role,))

    def open_() -> Ledger:
        on_hub = request.param == "postgres"
        opened.append(open_ledger_at(hub.address(role)) if on_hub else open_ledger(home.ledger, KEY))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def ledger(opening: Callable[[], Ledger]) -> Ledger:
    return opening()


@pytest.fixture
def open_sheets(home: Home) -> OpenSheets:
    return OpenSheets(home)


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def sheet() -> Callable[..., ClosedSheet]:
    """Makes a session's sheet; `counts` are given items, everything else a field of the sheet."""

    def make(counts: dict[str, int] | None = None, **changes: object) -> ClosedSheet:
        counted = {(item, Movement.GIVEN): n for item, n in (counts or {"cooker": 40}).items()}
        words: dict[str, object] = {
            "program": PROGRAM,
            "device": DEVICE,
            "seq": 1,
            "prev": None,
            "kind": Kind.TALLY,
            "site": SiteCode("outreach"),
            "day": date(2026, 11, 22),
            "model": ServiceModel.STREET,
            "lines": sorted_lines(counted),
            "encounters": 9,
            "others": None,
            "hours": Fraction(13, 4),
        } | changes
        if words["seq"] != 1 and words["prev"] is None:
            words["prev"] = "c3" * 32
        return ClosedSheet(**words)  # type: ignore[arg-type]

    return make


Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, home: Home) -> Iterator[Started]:
    """Starts Python on a piece of code with this home; `plain` takes the encrypting engine away from it."""
    running: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: str, plain: bool = False) -> subprocess.Popen[str]:
        path = [str(ROOT)]
        if plain:
            without = tmp_path / "without-sqlcipher"
            without.mkdir(exist_ok=True)
            (without / "sitecustomize.py").write_text("import sys\nsys.modules['sqlcipher3'] = None\n")
            path.insert(0, str(without))
        process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + code, str(home.path), *arguments],
            env={"PYTHONPATH": ":".join(path), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start: Started) -> Callable[..., str]:
    """As `start`, to its end: answers what was printed; fails when it ended badly."""

    def run(code: str, *arguments: str, plain: bool = False) -> str:
        process = start(code, *arguments, plain=plain)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out

    return run
