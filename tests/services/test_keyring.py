"""A passphrase locks and unlocks a home; setting, changing and removing it survives being cut off anywhere."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from outreach.carry.wrapping import WrongRecoveryKey, WrongWords
from outreach.core.refusal import Refusal
from outreach.core.sheets import Movement
from outreach.core.tally import Tap
from outreach.home import Home
from outreach.services import passphrase, tally
from outreach.services.keyring import Keyring, Locked, OtherWords, PassphraseThere, WaitToTryAgain
from outreach.services.program import Program
from outreach.store.engine import connect, key_salt
from outreach.store.refusals import LedgerBusy
from tests.conftest import proofs_but

OLD, NEW = "the van leaves at nine o'clock", "six other words to write down"
DAY = date(2026, 11, 22)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one closed sheet, at a site of the program's own."""
    return made(tmp_path / "home")


def made(path: Path) -> Home:
    program = Program(Home(path))
    count(program)
    program.lock()
    return program.home


def count(program: Program, day: date = DAY) -> None:
    whole = tally.WholeSheet("outreach", day, counts={("naloxone-nasal", Movement.GIVEN): 3})
    tally.record(program, whole, day)


def files(home: Home) -> set[str]:
    return {each.name for each in home.keys.iterdir()}


def found(home: Home, *secrets: bytes) -> int:
    """How many of these stand in some file of the home, as they are or as hexadecimal digits."""
    content = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    return sum(secret in content or secret.hex().encode() in content for secret in secrets)


# --- locked and unlocked ---


def test_a_passphrase_locks_the_ledger_for_who_has_not_got_it(home: Home) -> None:
    """Who set it goes on; a new start is locked, until it is given the words. The laptop stays the same device."""
    program = Program(home)
    device = program.device().device
    passphrase.set_passphrase(program, OLD)

    assert not program.is_locked and program.ledger().count() == 1
    later = Program(home)
    for ask in (later.ledger, later.ledger_if_any, later.device):
        with pytest.raises(Locked):
            ask()
    later.unlock(OLD.upper())
    assert not later.is_locked
    assert (later.ledger().verify(), later.device().device) == (1, device)


def test_locking_again_lets_go_of_the_keys(home: Home) -> None:
    """And of the ledger: who still held it is refused with a sentence, not with what the engine says."""
    program = Program(home)
    passphrase.set_passphrase(program, OLD)
    ledger = program.ledger()
    program.lock()

    assert program.is_locked
    with pytest.raises(Locked):
        program.ledger()
    for use in (ledger.count, lambda: ledger.introduce("c3" * 16, bytes(32))):
        with pytest.raises(LedgerBusy):
            use()


def test_without_a_passphrase_locking_changes_nothing(home: Home) -> None:
    """The control: the key is there for anyone, so nothing is locked."""
    program = Program(home)
    program.lock()

    assert not program.is_locked and program.ledger().count() == 1


def test_no_key_is_left_in_the_clear(home: Home) -> None:
    """Once set, no file holds the keys from before or the new one. The control finds both before."""
    plain = [home.ledger_key.read_bytes(), home.device_key.read_bytes()]
    assert found(home, *plain) == 2
    program = Program(home)
    passphrase.set_passphrase(program, OLD)

    new = program.keyring.by_words(OLD)
    assert new.device == plain[1] and new.ledger != plain[0]
    assert found(home, *plain, new.ledger) == 0
    assert files(home) == {"wrapped.json"}


def test_the_ledger_gets_another_key_each_time(home: Home) -> None:
    """Set, changed, removed: the head of the file, which says whose it is, differs each time and is its key's."""
    program = Program(home)
    heads = [home.ledger.read_bytes()[:16]]
    passphrase.set_passphrase(program, OLD)
    heads.append(home.ledger.read_bytes()[:16])
    assert heads[-1] == key_salt(program.keyring.by_words(OLD).ledger)
    passphrase.change_passphrase(program, OLD, NEW)
    heads.append(home.ledger.read_bytes()[:16])
    passphrase.remove_passphrase(program, NEW)
    heads.append(home.ledger.read_bytes()[:16])
    assert heads[-1] == key_salt(home.ledger_key.read_bytes())

    assert len(set(heads)) == 4
    assert files(home) == {"ledger.key", "device.key"}
    assert Program(home).ledger().verify() == 1


def test_an_open_sheet_takes_taps_while_locked(home: Home) -> None:
    """It has a key of its own, which setting a passphrase does not touch; it is closed once unlocked."""
    program = Program(home)
    sheet = tally.open_sheet(program, "outreach", DAY, "", DAY).id
    key = home.keys / f"open-{sheet}.key"
    before = key.read_bytes()
    passphrase.set_passphrase(program, OLD)
    later = Program(home)
    tab = tally.mint_tab(later, sheet)
    tally.tap(later, sheet, Tap(tab, 1, os.urandom(16), "given:cooker", 1))

    assert later.is_locked and key.read_bytes() == before
    with pytest.raises(Locked):
        tally.close_sheet(later, sheet)
    later.unlock(OLD)
    assert [line.quantity for line in tally.close_sheet(later, sheet).lines] == [1]


def test_another_process_that_sets_one_locks_this_one(home: Home) -> None:
    """What is held here is of no use any more: neither the key nor the open file, and nothing is called damaged."""
    here, there = Program(home), Program(home)
    held = here.ledger()
    passphrase.set_passphrase(there, OLD)
    assert here.is_locked
    for use in (held.count, lambda: held.introduce("c3" * 16, bytes(32))):
        with pytest.raises(LedgerBusy):
            use()
    here.unlock(OLD)
    assert here.ledger().count() == 1
    passphrase.change_passphrase(there, OLD, NEW)
    assert here.is_locked
    passphrase.remove_passphrase(there, NEW)

    assert not here.is_locked and here.ledger().count() == 1


def test_who_writes_meanwhile_is_waited_for(home: Home) -> None:
    """Another process that is saving is in the way: nothing is changed, and the old key still opens."""
    program = Program(home)
    held = home.ledger_key.read_bytes()
    code = f"""
import sys
from pathlib import Path
from outreach.store.engine import connect, writing
with writing(connect(Path({str(home.ledger)!r}), bytes.fromhex({held.hex()!r}))):
    print("holds", flush=True)
    sys.stdin.readline()
"""
    writer = subprocess.Popen([sys.executable, "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with writer:
        assert writer.stdout and writer.stdin and writer.stdout.readline() == b"holds\n"
        with pytest.raises(LedgerBusy):
            passphrase.set_passphrase(program, OLD)
        writer.stdin.write(b"\n")

    assert files(home) == {"ledger.key", "device.key"}
    passphrase.set_passphrase(program, OLD)
    assert program.ledger().count() == 1


def test_a_full_disk_changes_nothing(home: Home) -> None:
    """The engine keeps the old pages until the new ones are written; with no room for them the old key stays."""
    code = f"""
import resource, signal
from pathlib import Path
from outreach.core.refusal import NoRoom
from outreach.home import Home
from outreach.services import passphrase
from outreach.services.program import Program
program = Program(Home(Path({str(home.path)!r})))
program.ledger()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
most = program.home.ledger.stat().st_size // 2
resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
try:
    passphrase.set_passphrase(program, {OLD!r})
except NoRoom as refusal:
    print("full", program.is_locked, program.ledger().count())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
passphrase.set_passphrase(program, {OLD!r})
print("set", program.ledger().verify())
"""
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)

    assert ran.stdout.splitlines() == ["full False 1", "set 1"], ran.stderr
    assert files(home) == {"wrapped.json"}


# --- words ---


def test_guessing_waits_a_few_seconds_and_nothing_is_wiped(home: Home) -> None:
    """Two slips are free; then a try every one, two, four seconds, and the right words open at any time after."""
    passphrase.set_passphrase(Program(home), OLD)
    now = 0.0
    keyring = Keyring(home, clock=lambda: now)
    waits = []
    for _ in range(8):
        with pytest.raises(WrongWords):
            keyring.unlock(NEW)
        waited = 0
        while True:
            try:
                keyring.by_words("")
            except WaitToTryAgain as refusal:
                waited = max(waited, int(str(refusal.values["seconds"])))
                now += waited
            except WrongWords:
                break
            else:
                raise AssertionError
        waits.append(waited)
        now += 10

    assert waits[0] == 0 and max(waits) == 4
    keyring.unlock(OLD)
    assert not keyring.is_locked


def test_changing_needs_the_words(home: Home) -> None:
    """The wrong ones change nothing, neither does too short a new one; setting twice is refused."""
    program = Program(home)
    passphrase.set_passphrase(program, OLD)
    before = home.wrapped_keys.read_bytes(), home.ledger.read_bytes()

    for change in (
        lambda: passphrase.change_passphrase(program, NEW, NEW),
        lambda: passphrase.change_passphrase(program, OLD, "short"),
        lambda: passphrase.remove_passphrase(program, NEW),
        lambda: passphrase.set_passphrase(program, NEW),
    ):
        with pytest.raises(Refusal):
            change()
    with pytest.raises(PassphraseThere):
        passphrase.set_passphrase(program, NEW)

    assert (home.wrapped_keys.read_bytes(), home.ledger.read_bytes()) == before


def test_a_recovery_key_gives_new_words(home: Home) -> None:
    """It stays through a change of words; another key, or the recipient that lies on the laptop, opens nothing."""
    secret, recipient = passphrase.recovery_key()
    program = Program(home)
    passphrase.set_passphrase(program, OLD, recipient)
    passphrase.change_passphrase(program, OLD, NEW)
    later = Program(home)

    assert later.keyring.has_recovery
    for wrong in (passphrase.recovery_key()[0], recipient):
        with pytest.raises(WrongRecoveryKey):
            passphrase.recover(later, wrong, OLD)
    assert later.is_locked
    passphrase.recover(later, secret, OLD)
    assert later.ledger().count() == 1
    last = Program(home)
    last.unlock(OLD)
    assert last.keyring.has_recovery


def test_forgetting_says_how_many_sheets_are_lost(home: Home) -> None:
    """The number is the ledger's own; while it is locked nobody knows it, and none is said."""
    program = Program(home)
    count(program, date(2026, 11, 23))
    said = " ".join(map(str, passphrase.forgetting(program)))
    passphrase.set_passphrase(program, OLD)
    locked = " ".join(map(str, passphrase.forgetting(Program(home))))

    assert "stock entries saved here: 2." in said and "saved here" not in locked
    assert "recovery key" in locked
    assert all("Guide and cards still work" in each for each in (said, locked))


# --- cut off ---

CHANGE = f"""
import os, signal, sys
from pathlib import Path
from outreach.home import Home
from outreach.services import passphrase
from outreach.services.program import Program

what, path, at = sys.argv[1:]
seen = 0

def cut(event, args):
    global seen
    if event in ("open", "os.rename", "os.remove") and "/keys" in str(args[0]):
        seen += 1
        if at in (str(seen), event):
            os.kill(os.getpid(), signal.SIGKILL)

program = Program(Home(Path(path)))
sys.addaudithook(cut)
if what == "set":
    passphrase.set_passphrase(program, {OLD!r})
elif what == "change":
    passphrase.change_passphrase(program, {OLD!r}, {NEW!r})
else:
    passphrase.remove_passphrase(program, {OLD!r})
print(seen)
"""


def changing(what: str, home: Home, at: int | str = 0) -> subprocess.Popen[str]:
    """A process that sets, changes or removes; it kills itself before the `at`th step on a key file, or such a step."""
    command = [sys.executable, "-P", "-c", CHANGE, what, str(home.path), str(at)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def opens_with(home: Home) -> list[str]:
    """What opens the home now: each of these tried as a new start does, the ledger read through."""
    opening = []
    program = Program(home)
    if not program.keyring.has_passphrase:
        assert program.ledger().verify() == 1
        return ["nothing"]
    for words in (OLD, NEW):
        program = Program(home)
        try:
            program.unlock(words)
        except WrongWords:
            continue
        assert program.ledger().verify() == 1
        opening.append(words)
    return opening


@pytest.fixture(scope="module")
def start_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], Home]:
    """A copy of a home before it is set, changed or removed."""
    plain = made(tmp_path_factory.mktemp("plain") / "home")
    locked = Home(tmp_path_factory.mktemp("locked") / "home")
    shutil.copytree(plain.path, locked.path)
    passphrase.set_passphrase(Program(locked), OLD)

    def copied(what: str, to: Path) -> Home:
        shutil.copytree((plain if what == "set" else locked).path, to)
        return Home(to)

    return copied


AFTER = {"set": ("nothing", OLD), "change": (OLD, NEW), "remove": (OLD, "nothing")}


@pytest.mark.parametrize("what", proofs_but(["set"], AFTER))
def test_a_change_that_is_cut_off_leaves_the_old_or_the_new(
    what: str, tmp_path: Path, start_of: Callable[[str, Path], Home]
) -> None:
    """kill -9 before steps on the key files: exactly one of the two opens all of it, and the rest is swept.

    The control is the same process left alone, which also says how many steps there are.
    """
    whole = start_of(what, tmp_path / "whole")
    with changing(what, whole) as process:
        assert process.stdout
        steps = int(process.stdout.read())
    assert steps >= 8 and opens_with(whole) == [AFTER[what][1]]

    seen = set()
    points = 8 if what == "change" else 4
    for at in sorted({1 + n * (steps - 1) // (points - 1) for n in range(points)}):
        home = start_of(what, tmp_path / str(at))
        device = home.device_key.read_bytes() if what == "set" else None
        with changing(what, home, at) as process:
            pass
        assert process.returncode == -signal.SIGKILL
        opening = opens_with(home)
        assert len(opening) == 1 and opening[0] in AFTER[what], (at, opening)
        seen.add(opening[0])
        assert files(home) == ({"ledger.key", "device.key"} if opening == ["nothing"] else {"wrapped.json"}), at
        if device and opening != ["nothing"]:
            assert found(home, device) == 0
    assert seen == set(AFTER[what])


def test_words_from_before_a_cut_change_are_told_apart(tmp_path: Path, start_of: Callable[[str, Path], Home]) -> None:
    """The new key counts, but its file has not got its name yet: the old words are told so, the new ones open."""
    home = start_of("change", tmp_path / "home")
    with changing("change", home, "os.rename") as process:
        pass
    assert process.returncode == -signal.SIGKILL and files(home) == {"wrapped.json", "wrapped.json.next"}

    with pytest.raises(OtherWords, match="the one from before, or the new one"):
        Program(home).unlock(OLD)
    with pytest.raises(WrongWords) as refused:
        Program(home).unlock("neither of the two of them")
    assert not isinstance(refused.value, OtherWords)
    assert opens_with(home) == [NEW] and files(home) == {"wrapped.json"}


@pytest.mark.proof
def test_a_rekey_that_is_cut_off_leaves_the_old_or_the_new(
    tmp_path: Path, start_of: Callable[[str, Path], Home]
) -> None:
    """kill -9 while the engine writes the file anew, at six stages of a ledger of some megabytes."""
    model = start_of("change", tmp_path / "model")
    key = Keyring(model).by_words(OLD).ledger
    with closing(connect(model.ledger, key)) as connection:
        connection.execute("INSERT INTO setting VALUES ('padding', hex(randomblob(3000000)))")
    size, seen, midway = model.ledger.stat().st_size, [], 0
    for n in range(6):
        home = Home(tmp_path / f"cut-{n}")
        shutil.copytree(model.path, home.path)
        journal = home.ledger.with_name("outreach.db-journal")
        next_ = home.keys / "wrapped.json.next"
        with changing("change", home) as process:
            while process.poll() is None:
                if next_.exists() and journal.stat().st_size >= size * n // 6:
                    process.kill()
                    break
        midway += journal.stat().st_size > 0
        opening = opens_with(home)
        assert len(opening) == 1, (n, opening)
        seen += opening
    assert midway >= 2, "no kill came while the engine was writing"
    assert seen.count(OLD) >= 2
