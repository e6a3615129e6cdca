"""Clearing a laptop: planned ahead, never under a hold, keys first, finished wherever it was cut off."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.core.refusal import Refusal
from outreach.core.sheets import Movement, ServiceModel, SiteCode
from outreach.home import Home
from outreach.services import backing_up, clearing, clearing_away, tally
from outreach.services.program import Program
from outreach.services.safety import safety, set_safety

TODAY = date(2026, 11, 20)
SET = TODAY - timedelta(days=7)
WORDS = "willow river lantern copper meadow saddle"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program with a closed sheet and a topic of its own, to be cleared today."""
    program = Program(Home(tmp_path / "home"))
    count(program)
    program.home.topics.mkdir()
    (program.home.topics / "ours.toml").write_text("# ours", encoding="utf-8")
    clearing.plan(program, TODAY, SET)
    return program


def count(program: Program) -> None:
    counts = {("cooker", Movement.GIVEN): 3}
    tally.record(program, tally.WholeSheet("outreach", TODAY, None, counts, encounters=4), today=TODAY, again=True)


def files(program: Program) -> set[str]:
    return {each.relative_to(program.home.path).as_posix() for each in program.home.path.rglob("*") if each.is_file()}


@pytest.mark.parametrize("passphrase", [False, True], ids=["key beside", "passphrase"])
def test_clearing_leaves_the_own_texts_and_nothing_that_was_counted(program: Program, passphrase: bool) -> None:
    """Keys and counts go, the own topic stays, no day is set any more, and counting begins anew as another laptop."""
    device = program.device().device
    if passphrase:
        with program.ledger_shut():
            program.keyring.set(WORDS)
        assert "keys/wrapped.json" in files(program), "the control"

    assert clearing.clear(program, TODAY, sure=True) == 1

    assert files(program) == {"topics/ours.toml", "safety.toml", "ballast"}
    assert safety(program).clear_on is None and not program.is_locked
    assert program.ledger_if_any() is None
    count(program)
    assert program.ledger().count() == 1 and program.device().device != device


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_it_is_planned_and_not_done_in_haste(program: Program, day: date) -> None:
    """Today cannot be chosen today, and the day before its day nothing is cleared."""
    with pytest.raises(clearing.PlanAhead):
        clearing.plan(program, day, TODAY)
    clearing.plan(program, TODAY + timedelta(days=1), TODAY)
    with pytest.raises(clearing.NotThatDay):
        clearing.clear(program, TODAY, sure=True)
    clearing.plan(program, None, TODAY)
    with pytest.raises(clearing.NoDaySet):
        clearing.clear(program, TODAY, sure=True)
    assert program.ledger().count() == 1


def test_a_hold_makes_it_impossible(program: Program) -> None:
    """Under a legal hold it can neither be planned nor done, however often it is said."""
    before = files(program)
    set_safety(program, legal_hold=True)

    for act in (
        lambda: clearing.clear(program, TODAY, sure=True),
        lambda: clearing.plan(program, TODAY + timedelta(days=9), TODAY),
    ):
        with pytest.raises(Refusal, match="legal hold"):
            act()
    assert not clearing.outlook(program, TODAY).is_due
    assert files(program) == before and program.ledger().count() == 1


def test_an_open_sheet_and_sheets_in_no_backup_stop_it(program: Program, tmp_path: Path) -> None:
    """An open sheet is closed first; sheets that no backup is known to hold need a second yes."""
    with pytest.raises(clearing.NotCarriedAway):
        clearing.clear(program, TODAY, sure=False)
    sheet = program.sheets().open(SiteCode("outreach"), TODAY, ServiceModel.STREET)
    with pytest.raises(clearing.SheetsOpen):
        clearing.clear(program, TODAY, sure=True)
    assert program.ledger().count() == 1
    program.sheets().destroy(sheet.id)

    backing_up.back_up(program, tmp_path / "carried.sealed", WORDS)
    count(program)
    with pytest.raises(clearing.NotCarriedAway):
        clearing.clear(program, TODAY, sure=False)
    backing_up.back_up(program, tmp_path / "carried.sealed", WORDS)
    assert clearing.clear(program, TODAY, sure=False) == 2


def test_a_damaged_ledger_is_never_cleared_away(program: Program) -> None:
    """What cannot be read could be all there is of it."""
    program.lock()
    content = bytearray(program.home.ledger.read_bytes())
    content[5000:5064] = bytes(64)
    program.home.ledger.write_bytes(content)

    with pytest.raises(Refusal, match="damaged"):
        clearing.clear(Program(program.home), TODAY, sure=True)
    assert program.home.ledger.read_bytes() == content


CUT = """
import os, signal, sys
from datetime import date
from pathlib import Path
from outreach.home import Home
from outreach.services import clearing, clearing_away
from outreach.services.program import Program

at, done = int(sys.argv[2]), 0

def cut(event, args):
    global done
    written = event == "open" and isinstance(args[1], str) and set(args[1]) & set("w+")
    if event in ("os.remove", "os.rename") or written:
        done += 1
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)

program = Program(Home(Path(sys.argv[1])))
program.ledger()
sys.addaudithook(cut)
clearing_away.begin(program.home)
print(done)
"""


@pytest.mark.proof
def test_wherever_it_is_cut_off_the_next_start_finishes(tmp_path: Path) -> None:
    """Killed before each write and removal: before the mark nothing changed, after it the next start finds it clear."""
    cuts = finished = 0
    while not finished:
        program = Program(Home(tmp_path / f"home-{cuts}"))
        count(program)
        program.lock()
        before = files(program)
        ran = subprocess.run(
            [sys.executable, "-c", CUT, program.home.path, str(cuts + 1)], capture_output=True, text=True
        )
        finished = ran.returncode == 0
        assert finished or ran.returncode == -9, ran.stderr
        begun = program.home.clearing.exists() or finished
        if not begun:
            assert files(program) == before
        again = Program(program.home)
        assert not again.home.clearing.exists()
        assert (again.ledger_if_any() is None) == begun
        assert files(again) == ({"ballast"} if begun else before)
        cuts += not finished
    assert cuts >= 6, "the control: it was cut off more than once"


def test_finishing_twice_and_for_nothing_is_fine(program: Program) -> None:
    """A start where nothing was begun changes nothing."""
    before = files(program)
    clearing_away.finish(program.home)
    assert files(program) == before
