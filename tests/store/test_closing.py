"""An open sheet becomes a closed one exactly once, wherever it is cut off."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable
from datetime import date

import pytest

from outreach.core.sheets import ClosedSheet, Kind, ServiceModel, SiteCode
from outreach.core.tally import EmptySheet, OpenSheet, Tap
from outreach.home import Home
from outreach.store.closing import close_sheet, recover
from outreach.store.engine import connect
from outreach.store.ledger import Ledger, Place
from outreach.store.open_sheets import OpenSheets
from outreach.store.refusals import LedgerBusy, SheetClosed
from tests.conftest import proofs_but

ENGINES = ("file", "postgres")

PROGRAM, DEVICE = "a1" * 16, "b2" * 16
COOKER = "given:cooker"


def build(sheet: OpenSheet, place: Place) -> tuple[ClosedSheet, bytes]:
    closed = ClosedSheet(
        PROGRAM, DEVICE, place.seq, place.prev, Kind.TALLY, sheet.site, sheet.day, sheet.model, sheet.lines()
    )
    return closed, bytes(64)


def counted(sheets: OpenSheets, taps: int) -> OpenSheet:
    sheet = sheets.open(SiteCode("outreach"), date(2026, 11, 22), ServiceModel.STREET)
    token = sheets.mint_tab(sheet.id)
    for n in range(1, taps + 1):
        sheets.tap(sheet.id, Tap(token, n, bytes([n]), COOKER, 1))
    return sheet


def total(ledger: Ledger) -> int:
    return sum(each.quantity for each in ledger.sums.lines())


def test_a_sheet_closes_into_the_ledger(home: Home, ledger: Ledger, open_sheets: OpenSheets) -> None:
    """The counts are in the ledger, and of the open sheet nothing is left."""
    closed = close_sheet(ledger, open_sheets, counted(open_sheets, 3).id, DEVICE, build)

    assert ledger.sheet(closed.id) == closed
    assert total(ledger) == 3
    assert [*home.open_sheets.iterdir(), *home.keys.iterdir()] == []


def test_two_people_close_one_sheet(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """Of several who close a sheet at once, one does; the others are told, and it counts once."""
    sheet = counted(open_sheets, 3)
    answers: list[str] = []

    def work() -> None:
        try:
            close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
            answers.append("closed")
        except SheetClosed as refusal:
            answers.append(str(refusal))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers)[3] == "closed" and all("is saved, once" in each for each in sorted(answers)[:3])
    assert (total(ledger), ledger.count()) == (3, 1)


def test_a_tap_beside_a_close_is_counted_or_refused(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """Every tap that was answered is in the closed sheet, and no other is, however close they come."""
    sheet = counted(open_sheets, 0)
    answered: list[int] = []

    def work(token: bytes) -> None:
        for n in range(1, 1000):
            try:
                open_sheets.tap(sheet.id, Tap(token, n, secrets.token_bytes(4), COOKER, 1))
            except SheetClosed:
                return
            answered.append(n)

    # Every tab is open before anyone taps: a thread that starts late must find the sheet closed only by a tap.
    threads = [threading.Thread(target=work, args=(open_sheets.mint_tab(sheet.id),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(answered) < 20:
        time.sleep(0.001)
    close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
    for thread in threads:
        thread.join()

    assert total(ledger) == len(answered) >= 20


def test_a_sheet_that_is_refused_stays_open(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """When there is nothing to close, or what is built cannot be saved, the sheet takes taps as before."""

    def refuse(sheet: OpenSheet, place: Place) -> tuple[ClosedSheet, bytes]:
        raise EmptySheet()

    def unsaveable(sheet: OpenSheet, place: Place) -> tuple[ClosedSheet, bytes]:
        return build(sheet, place)[0], None  # type: ignore[return-value]

    sheet = counted(open_sheets, 3)
    token = open_sheets.mint_tab(sheet.id)
    for n, (broken, error) in enumerate(((refuse, EmptySheet), (unsaveable, Exception)), start=1):
        with pytest.raises(error):
            close_sheet(ledger, open_sheets, sheet.id, DEVICE, broken)
        open_sheets.tap(sheet.id, Tap(token, n, b"", COOKER, 1))
    assert ledger.count() == 0

    close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
    assert total(ledger) == 5


def test_a_close_that_fails_at_the_last_moment_is_taken_back(
    home: Home, key: bytes, ledger: Ledger, open_sheets: OpenSheets
) -> None:
    """When only the ledger's commit is refused, with the mark on disk already, the sheet goes on taking taps."""
    sheet = counted(open_sheets, 3)
    token = open_sheets.mint_tab(sheet.id)
    reader = connect(home.ledger, key)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sheet").fetchone()
    ledger._connection.execute("PRAGMA busy_timeout = 20")

    with pytest.raises(LedgerBusy):
        close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
    open_sheets.tap(sheet.id, Tap(token, 1, b"", COOKER, 1))
    reader.close()
    close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
    assert total(ledger) == 4


def test_a_stale_mark_does_not_stop_a_close(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """A mark whose sheet never reached the ledger is written over by the next close, also without a new start."""
    sheet = counted(open_sheets, 3)
    with open_sheets.closing(sheet.id) as closing:
        closing.mark = "e5" * 32

    close_sheet(ledger, open_sheets, sheet.id, DEVICE, build)
    assert total(ledger) == 3


# Runs one step again and again in forked children; child k is gone, without a word, just before its
# k-th call of the system or the database. After each, the parent starts up and looks.
CUT_OFF = """
import shutil
STEP, EVERY, START = sys.argv[2], int(sys.argv[3]), home.path.with_name("start")
POINTS = set("execute executemany fetchone close link unlink rename replace fsync open write mkdir utime flush".split())

def cut_at(k):
    left = k
    def watch(frame, event, call):
        nonlocal left
        if event == "c_call" and call.__name__ in POINTS:
            left -= 1
            if left < 0: os._exit(9)
    sys.setprofile(watch)

sheet = begin()
token = sheets.mint_tab(sheet.id)
for n in range(1, 4): sheets.tap(sheet.id, Tap(token, n, bytes([n]), "given:cooker", 1))
open_ledger(home.ledger, KEY).close()
next_tap = Tap(token, 4, b"4", "given:cooker", 1)
shutil.copytree(home.path, START)

def step():
    if STEP == "close":
        ledger = open_ledger(home.ledger, KEY)
        cut_at(k)
        close_sheet(ledger, sheets, sheet.id, DEVICE, build)
    elif STEP == "open": cut_at(k); begin()
    elif STEP == "tap": cut_at(k); sheets.tap(sheet.id, next_tap)
    elif STEP == "destroy": cut_at(k); sheets.destroy(sheet.id)

seen, k, done = {}, 0, False
while not done:
    shutil.rmtree(home.path); shutil.copytree(START, home.path)
    child = os.fork()
    if not child:
        step()
        sys.setprofile(None)
        os._exit(0)
    done = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    ledger = open_ledger(home.ledger, KEY)
    recover(ledger, sheets)
    found = sheets.all()
    if STEP == "tap": sheets.tap(sheet.id, next_tap)     # its answer was lost, so it is sent again
    state = ("closed %d" % ledger.count(),
             "open " + ",".join(str(sum(sheets.read(each.id).counters.values())) for each in found),
             "saved %d" % sum(each.quantity for each in ledger.sums.lines()))
    ledger.close()
    kept = {path.stem.removeprefix("open-") for path in [*home.open_sheets.iterdir(), *home.keys.iterdir()]}
    assert {name.split(".")[0] for name in kept} == {each.id for each in found}, (k, kept)
    seen.setdefault(" ".join(state), []).append(k)
    k += EVERY
for state, points in seen.items(): print(f"{state}: {len(points)}")
"""


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("close", "closed 0 open 3 saved 0", "closed 1 open  saved 3"),
        ("open", "closed 0 open 3 saved 0", "closed 0 open 0,3 saved 0"),
        ("tap", "closed 0 open 4 saved 0", "closed 0 open 4 saved 0"),
        ("destroy", "closed 0 open 3 saved 0", "closed 0 open  saved 0"),
    ],
)
@pytest.mark.parametrize("plain", proofs_but([False], [False, True]), ids=["encrypted", "plain"])
def test_a_step_that_is_cut_off_was_done_or_was_not(
    run: Callable[..., str], step: str, before: str, after: str, plain: bool
) -> None:
    """Gone at any point of opening, tapping, closing or destroying: after a new start it is done, or never begun."""
    every = 5 if plain else 1  # the same code over another engine: a sample will do
    said = run(CUT_OFF, step, str(every), plain=plain)
    states = dict(line.rsplit(": ", 1) for line in said.replace("open 3,0", "open 0,3").splitlines())

    assert set(states) == {before, after}
    assert sum(map(int, states.values())) >= 6, "too few points to show anything"


# A volunteer who taps, says before each tap that it comes and after it that it was answered, closes
# every few taps, and on the next start repeats the one tap whose answer never came.
VOLUNTEER = """
import random
ledger = open_ledger(home.ledger, KEY)
recover(ledger, sheets)
pending = sys.argv[2].split()
def tap(sheet_id, token, n, nonce):
    print("try", sheet_id, token.hex(), n, nonce.hex(), flush=True)
    print(sheets.tap(sheet_id, Tap(token, n, nonce, "given:cooker", 1))[0].value, flush=True)
if pending: tap(pending[0], bytes.fromhex(pending[1]), int(pending[2]), bytes.fromhex(pending[3]))
print("ready", flush=True)
while True:
    sheet = (sheets.all() or [begin()])[0]
    token = sheets.mint_tab(sheet.id)
    for n in range(1, random.randint(2, 8)): tap(sheet.id, token, n, os.urandom(4))
    close_sheet(ledger, sheets, sheet.id, DEVICE, build)
"""


@pytest.mark.proof
def test_killed_at_random_every_answered_tap_counts_once(
    start: Callable[..., object], home: Home, ledger: Ledger, open_sheets: OpenSheets
) -> None:
    """kill -9 in the middle of tapping and closing, again and again: the total is exactly the taps that were made."""
    draw = random.Random(20261122)
    made, repeats, kills, pending = 0, 0, 0, ""
    while kills < 6 or made < 60 or not repeats:
        process = start(VOLUNTEER, pending)
        lines = iter(process.stdout.readline, "ready\n")  # type: ignore[attr-defined]
        first = [line.split() for line in lines]
        threading.Timer(draw.uniform(0.05, 0.35), process.kill).start()  # type: ignore[attr-defined]
        rest = [line.split() for line in process.stdout]  # type: ignore[attr-defined]
        answers = [words[0] for words in first + rest if words[0] != "try"]
        # Answered as counted before: it was on disk when its answer was cut off, and counts once.
        made += len(answers)
        repeats += bool(pending)
        pending = " ".join(rest[-1][1:]) if rest and rest[-1][0] == "try" else ""
        kills += 1
        assert kills < 40, "too little is done between the kills to show anything"

    recover(ledger, open_sheets)
    stored = total(ledger) + sum(sum(each.counters.values()) for each in open_sheets.all())
    assert stored in ((made, made + 1) if pending else (made,))
    assert ledger.count() > 3
