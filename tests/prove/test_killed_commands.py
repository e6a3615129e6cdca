"""The installed command is killed before a call it makes to the system, at twenty of them each: all or nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from outreach.carry import bundles
from outreach.core.refusal import Refusal
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services import exchange, laptops, restoring, tally
from outreach.services.program import Program

PLACES = 20
COMMAND = Path(sys.executable).with_name("outreach")
CALLS = "write,pwrite64,ftruncate,fsync,fdatasync,rename,link,unlink,mkdir"
OLD_WORDS, NEW_WORDS = "river stone lamp orchard velvet comet", "maple harbor winter candle falcon ribbon"
MADE_BEFORE = Path(__file__).parents[1] / "store" / "version-1.ledger"

# An open sheet is closed, as its page does it.
CLOSE = """
import sys
from pathlib import Path
from outreach.home import Home
from outreach.services import tally
from outreach.services.program import Program
program = Program(Home(Path(sys.argv[2])))
(sheet,) = program.sheets().all()
tally.close_sheet(program, sheet.id)
"""


@dataclass
class Case:
    """A command and the home it starts with. Words in capitals stand for files: see `Desk.words`."""

    name: str
    command: tuple[str, ...]
    prepare: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = (OLD_WORDS,)
    repeats: bool = False
    """Whether it may be done again after it was cut off, and then comes to the same as one that was not."""


TALLY = ("tally", "--site", "outreach", "--day", "2026-03-02")
CASES = (
    Case("close", ("CLOSE",)),
    Case("record", (*TALLY, "cooker=7", "--encounters", "5")),
    Case("import", ("import", "TABLE", "--map", "MAP")),
    Case("upgrade", ("sites",)),
    Case("passphrase", ("passphrase", "set", "--new-words-file", "OLD")),
    Case(
        "other words",
        ("--words-file", "OLD", "passphrase", "change", "--new-words-file", "NEW"),
        (("passphrase", "set", "--new-words-file", "OLD"),),
        (OLD_WORDS, NEW_WORDS),
    ),
    Case("backup", ("--words-file", "OLD", "backup", "SEALED")),
    Case(
        "restore",
        ("--words-file", "OLD", "restore", "SEALED", "--yes"),
        (("--words-file", "OLD", "backup", "SEALED"), (*TALLY, "cooker=7")),
    ),
    Case("merge", ("merge", "BUNDLE"), repeats=True),
    Case("export", ("export", "CARRIED"), repeats=True),
    Case("print", ("print", "response", "--language", "en", "-o", "PRINTED.pdf")),
)


class Desk:
    """A folder with a home and the files that a command names."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"

    def copy(self, to: Path) -> Desk:
        shutil.copytree(self.folder, to)
        return Desk(to)

    def fill(self, case: Case) -> None:
        self.folder.mkdir()
        (self.folder / "OLD").write_text(OLD_WORDS)
        (self.folder / "NEW").write_text(NEW_WORDS)
        rows = "".join(f"2025-{month:02},outreach,{month}\n" for month in range(1, 13))
        (self.folder / "TABLE").write_text(f"When,Place,Kits out\n{rows}")
        (self.folder / "MAP").write_text('"When" = "day"\n"Place" = "site"\n"Kits out" = "given:kit-naloxone-nasal"\n')
        if case.name == "upgrade":
            (self.home / "keys").mkdir(parents=True)
            (self.home / "keys" / "ledger.key").write_bytes(bytes(range(32)))
            shutil.copy(MADE_BEFORE, self.home / "outreach.db")
        else:
            for day in ("2026-01-01", "2026-01-02"):
                self.ran("tally", "--site", "outreach", "--day", day, "cooker=5", "filter=2", "--encounters", "4")
        if case.name == "close":
            self.open_sheet()
        if case.repeats:
            self.join()
        for each in case.prepare:
            self.ran(*each)

    def join(self) -> None:
        """A second laptop that was let in, and a file of its with three sheets that are not here yet."""
        office, van = Program(Home(self.home)), Program(Home(self.folder / "van"))
        laptops.join(van, laptops.invite(office, "Van 2"))
        exchange.export(van, self.folder / "HELLO", date(2026, 3, 1))
        exchange.merge_paths(office, [self.folder / "HELLO"])
        laptops.accept(office, "Van 2")
        for day in (1, 2, 3):
            counts = {("cooker", Movement.GIVEN): 100 * day}
            tally.record(van, tally.WholeSheet("outreach", date(2026, 2, day), None, counts), date(2026, 3, 1))
        exchange.export(van, self.folder / "BUNDLE", date(2026, 3, 1))
        for each in (office, van):
            each.ledger().close()

    def open_sheet(self) -> None:
        code = """
import sys
from datetime import date
from pathlib import Path
from outreach.core.tally import Tap
from outreach.home import Home
from outreach.services import tally
from outreach.services.program import Program
program = Program(Home(Path(sys.argv[1])))
sheet = tally.open_sheet(program, "outreach", date(2026, 3, 3), "street", date(2026, 3, 3)).id
token = tally.mint_tab(program, sheet)
for n in range(1, 10):
    tally.tap(program, sheet, Tap(token, n, bytes(16), "given:filter", 1))
"""
        subprocess.run([sys.executable, "-P", "-c", code, self.home], check=True)

    def words(self, command: tuple[str, ...]) -> list[str | Path]:
        if command == ("CLOSE",):
            return [sys.executable, "-P", "-c", CLOSE, "--home", self.home]
        told = [self.folder / each if each.removesuffix(".pdf").isupper() else each for each in command]
        return [COMMAND, "--home", self.home, *told]

    def ran(self, *command: str) -> None:
        done = subprocess.run(self.words(command), capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)

    def watched(self, command: tuple[str, ...], *options: str | Path) -> int:
        strace = shutil.which("strace")
        assert strace, "strace is not installed; ./start test installs it"
        told = [strace, "-f", "--seccomp-bpf", *options, *self.words(command)]
        return subprocess.run(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def calls(self, command: tuple[str, ...]) -> list[tuple[str, int]]:
        """Each call that changes something in this folder: its name, and how many of that name its thread had made."""
        record = self.folder / "record"
        assert self.watched(command, "-y", "-s", "0", "-o", record, "-e", f"trace={CALLS}") == 0
        made: Counter[tuple[str, str]] = Counter()
        found = []
        for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
            call = re.match(r"(\d+) +(\w+)\(", line)
            if call:
                made[call.groups()] += 1  # type: ignore[index]
                # Names are left out of the record (-s 0): a call by name counts wherever it is.
                if str(self.folder) in line or call[2] in ("rename", "link", "unlink", "mkdir"):
                    found.append((call[2], made[call.groups()]))  # type: ignore[index]
        return found

    def held(self, words: tuple[str, ...]) -> tuple[object, ...]:
        """Everything that is counted: the ledger and the open sheets, opened with one of `words` where it is locked."""
        program = Program(Home(self.home))
        for each in words if program.is_locked else ():
            with suppress(Refusal):
                program.unlock(each)
                break
        ledger = program.ledger()
        ledger.verify()
        sums = tuple(sorted((each.site, each.item, each.movement, each.quantity) for each in ledger.sums.lines()))
        sheets = tuple(tuple(each.counters.items()) for each in program.sheets().all())
        held = ledger.digest(), sums, sheets
        ledger.close()
        self.check_files()
        return held

    def check_files(self) -> None:
        """What a command writes for people is there whole, or not at all."""
        pdf, sealed, carried = (self.folder / name for name in ("PRINTED.pdf", "SEALED", "CARRIED"))
        if carried.exists():
            assert len(bundles.read(carried.read_bytes(), Home(self.home).device_key.read_bytes(), "it").sheets) == 2
        assert not pdf.exists() or pdf.read_bytes().rstrip().endswith(b"%%EOF")
        if sealed.exists():
            other = Program(Home(self.folder / "other"))
            opened = restoring.open_backup(other, sealed, OLD_WORDS)
            assert opened.holds is not None and opened.holds.sheets == 2
            restoring.drop(opened.rough)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_killed_command_has_done_all_or_nothing(case: Case, tmp_path: Path) -> None:
    """What is counted is as before or as after, never neither; the command then works, and nothing is called wrong."""
    begun = Desk(tmp_path / "begun")
    begun.fill(case)
    done = begun.copy(tmp_path / "done")
    calls = done.calls(case.command)
    before, after = begun.copy(tmp_path / "before").held(case.words), done.held(case.words)
    places = [calls[round(n * (len(calls) - 1) / (PLACES - 1))] for n in range(PLACES)]

    def kill(number: int) -> tuple[bool, str]:
        name, nth = places[number]
        desk = begun.copy(tmp_path / f"killed-{number}")
        code = desk.watched(case.command, "-o", "/dev/null", "-e", f"inject={name}:signal=KILL:when={nth}")
        held = desk.held(case.words)
        if held not in (before, after):
            return code != 0, f"{name} {nth}: {held}"
        if case.repeats:
            desk.ran(*case.command)
            assert desk.held(case.words) == after, "done again, it is done"
        if number == PLACES // 2:
            told: list[str | Path] = [COMMAND, "--home", desk.home, "check"]
            for words in case.words:
                file = desk.folder / "words"
                file.write_text(words)
                checked = subprocess.run([*told, "--words-file", file], capture_output=True, text=True)
                if "is whole" in checked.stdout:
                    break
            assert "is whole" in checked.stdout, checked.stdout + checked.stderr
        return code != 0, "before" if held == before else "after"

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(kill, range(PLACES)))

    sums = Counter(each for _, each in found)
    assert set(sums) <= {"before", "after"}, sums
    assert sum(killed for killed, _ in found) >= PLACES - 3, found
    print(f"{case.name}: {len(calls)} calls, killed at {sum(killed for killed, _ in found)}: {dict(sums)}")
