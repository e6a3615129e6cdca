"""The copies a laptop keeps, backups that are carried, and restoring them: nothing lost, nothing half, no old key."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.carry.backups import MAGIC, BackupDamaged, BackupTooNew, NotABackup, WrongWordsOfBackup
from outreach.carry.wrapping import WrongRecoveryKey, WrongWords, recovery_pair
from outreach.core.refusal import Refusal
from outreach.core.sheets import Kind, Movement
from outreach.home import Home
from outreach.services import alerts, backing_up, backups, ballast, came_along, passphrase, restoring, stock, tally
from outreach.services.clearing import is_carried_away
from outreach.services.keyring import Locked
from outreach.services.plain_export import export_plain
from outreach.services.program import Program
from outreach.services.sticks import NameTaken, NoSuchPlace, is_on_stick, typed_place
from outreach.store import copies
from outreach.store.refusals import DiskFull, FromANewerVersion

WORDS = "river lamp stone window paper cloud"
TODAY = date(2026, 11, 30)
KEY = bytes(range(32))
FIXTURES = Path(__file__).parents[1] / "store"


def count(program: Program, n: int, day: date = date(2026, 11, 22)) -> None:
    """Save a sheet with `n` cookers."""
    tally.record(program, tally.WholeSheet("outreach", day, None, {("cooker", Movement.GIVEN): n}), TODAY, sure=True)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program with one sheet, and no copy of it yet."""
    made = Program(Home(tmp_path / "home"))
    count(made, 4)
    for each in backups.daily(made.home):
        each.unlink()
    return made


@pytest.fixture
def other(tmp_path: Path) -> Program:
    """Another laptop, on which nothing was ever saved."""
    return Program(Home(tmp_path / "other"))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if not each.name.endswith("-journal"))


# --- the copies that are kept ---


def test_three_copies_one_a_day(program: Program) -> None:
    """The first sheet of a day brings a copy, later ones none; the oldest of more than three goes."""
    key = program.keyring.ledger_key()
    for n in range(5):
        for _ in range(2):
            backups.keep(program.home, key, TODAY + timedelta(days=n))
        count(program, 10 + n)

    assert names(program.home.backups)[-3:] == [f"2026-12-0{n}.ledger" for n in (2, 3, 4)]
    assert [copies.look_into(each, key).sheets for each in backups.daily(program.home)[:3]] == [5, 4, 3]


def test_saving_a_sheet_brings_a_copy_of_today(program: Program) -> None:
    """After a sheet was saved there is a copy that holds it, and no hour stands on it."""
    count(program, 5)
    (copy,) = backups.daily(program.home)

    assert copy.name == f"{date.today().isoformat()}.ledger"
    assert copies.look_into(copy, program.keyring.ledger_key()).sheets == 2
    assert copy.stat().st_mtime % 60 == 0


def test_a_clock_that_went_back_keeps_the_new_copy(program: Program) -> None:
    """With a day before all others, the copy made now stays and the oldest other one goes."""
    key = program.keyring.ledger_key()
    for n in range(3):
        backups.keep(program.home, key, TODAY + timedelta(days=n))
    backups.keep(program.home, key, date(2020, 1, 1))

    assert names(program.home.backups)[0] == "2020-01-01.ledger"


def test_a_full_disk_takes_no_sheet_away(program: Program) -> None:
    """When there is no place for a copy, the sheet is saved all the same."""
    shutil.rmtree(program.home.backups)
    program.home.backups.write_text("in the way")
    count(program, 5)

    assert program.ledger().count() == 2


# --- a passphrase: no copy opens with the key that was ---


def test_no_copy_opens_with_the_old_key(program: Program) -> None:
    """Setting and changing a passphrase puts every copy under the new key; what they hold stays."""
    before = program.keyring.ledger_key()
    backups.keep(program.home, before, TODAY)
    shutil.copy(backups.daily(program.home)[0], program.home.backups / "before-restore-2026-11-01.ledger")
    backups.keep(program.home, before, TODAY + timedelta(days=1))
    old = {each.name: each.read_bytes()[:16] for each in program.home.backups.glob("*.ledger")}
    passphrase.set_passphrase(program, WORDS)

    now = program.keyring.ledger_key()
    files = sorted(program.home.backups.glob("*.ledger"))
    assert [each.name for each in files] == sorted(old)
    for each in files:
        assert copies.look_into(each, now).sheets == 1
        with pytest.raises(Refusal):
            copies.look_into(each, before)


def test_cut_off_in_a_change_of_the_key(program: Program) -> None:
    """Copies that a cut left under the old key are destroyed at the next start; those under the right key stay."""
    key = program.keyring.ledger_key()
    backups.keep(program.home, key, TODAY)
    copies.copy(program.home.ledger, key, program.home.backups / "2026-11-01.ledger", bytes(range(32)))
    backups.sweep(program.home, key)
    assert len(backups.daily(program.home)) == 2, "the control: without the mark nothing goes"
    backups.before_rekey(program.home)
    Program(program.home).ledger()

    assert names(program.home.backups) == ["2026-11-30.ledger"]


# --- carried on a stick ---


def test_a_backup_is_restored_on_another_laptop(program: Program, other: Program, tmp_path: Path) -> None:
    """What was backed up is there on a laptop that had nothing, for who has the words, however they are written."""
    file = tmp_path / "stick.sealed"
    assert not is_carried_away(program)
    assert backing_up.back_up(program, file, WORDS).sheets == 1
    assert is_carried_away(program)
    opened = restoring.open_backup(other, file, WORDS.upper() + "  ")
    assert (opened.holds.sheets, opened.is_anything_here) == (1, False)

    assert restoring.restore(other, opened, TODAY) is None
    assert other.ledger().digest() == program.ledger().digest()
    assert names(other.home.path) == ["backups", "ballast", "keys", "outreach.db"]
    assert [each for each in names(other.home.backups) if "incoming" in each] == []


def test_nothing_of_a_backup_is_readable(program: Program, tmp_path: Path) -> None:
    """The file says that it is a backup and how its key is wrapped; no place, day, name or time is in it."""
    program.ledger().settings.set("program-name", "River Street")
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    content = file.read_bytes()

    assert content.startswith(MAGIC)
    for word in (b"River Street", b"outreach", b"cooker", b"2026", b"SQLite", program.keyring.ledger_key()):
        assert word not in content
    assert b"OUTREACH" in content, "the control"


def test_a_restored_laptop_is_a_new_device(program: Program, other: Program, tmp_path: Path) -> None:
    """After a restore, sheets are of a device that neither laptop was before: numbers cannot meet."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    count(program, 5)
    first = {sheet.device for sheet in program.ledger().sheets()}
    for laptop in (other, program):
        restoring.restore(laptop, restoring.open_backup(laptop, file, WORDS), TODAY)
        count(laptop, 6)
    here, there = program.ledger().sheets(), other.ledger().sheets()
    new = {sheet.device for sheet in (*here, *there)} - first

    assert len(first) == 1 and len(new) == 2
    assert {(each.device, each.seq) for each in program.ledger().sheets() if each.device in new}.isdisjoint(
        {(each.device, each.seq) for each in other.ledger().sheets() if each.device in new}
    )


def test_what_was_here_is_kept_and_can_be_had_back(program: Program, tmp_path: Path) -> None:
    """A restore takes nothing away: what was here is in the folder of copies, and is restored from there."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    count(program, 5)
    later = program.ledger().digest()
    opened = restoring.open_backup(program, file, WORDS)
    assert opened.here is not None and (opened.here.sheets, opened.holds.sheets) == (2, 1)
    kept = restoring.restore(program, opened, TODAY)
    assert kept is not None and program.ledger().count() == 1

    restoring.restore(program, restoring.open_backup(program, kept), TODAY)
    assert program.ledger().digest() == later


def test_only_the_words_open_it(program: Program, other: Program, tmp_path: Path) -> None:
    """Other words open nothing and change nothing; without words it asks for them."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    for words, refusal in (("river lamp stone", WrongWords), (None, restoring.NeedsWords)):
        with pytest.raises(refusal):
            restoring.open_backup(other, file, words)
    assert not other.home.ledger.exists()
    assert names(other.home.backups) == []


def test_under_a_passphrase_it_opens_with_it(program: Program, other: Program, tmp_path: Path) -> None:
    """A backup of a laptop with a passphrase opens with that, and a laptop without keys is under it afterwards."""
    passphrase.set_passphrase(program, WORDS)
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file)
    restoring.restore(other, restoring.open_backup(other, file, WORDS), TODAY)

    assert other.ledger().digest() == program.ledger().digest()
    assert names(other.home.keys) == ["wrapped.json"]
    again = Program(other.home)
    with pytest.raises(Locked):
        again.ledger()
    again.unlock(WORDS)
    assert again.ledger().count() == 1
    assert again.keyring.ledger_key() != program.keyring.ledger_key()


def test_locked_nothing_is_backed_up_or_restored(program: Program, tmp_path: Path) -> None:
    """While it is locked, both ask for the passphrase first, and no file appears."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    passphrase.set_passphrase(program, WORDS)
    program.lock()
    with pytest.raises(Locked):
        backing_up.back_up(program, tmp_path / "second.sealed")
    with pytest.raises(Locked):
        restoring.open_backup(program, file, WORDS)
    assert names(tmp_path) == ["home", "stick.sealed"]


@pytest.mark.parametrize("at", [0, 30, 600, -40, -1])
def test_one_bit_that_is_wrong(program: Program, other: Program, tmp_path: Path, at: int) -> None:
    """A backup with one changed bit, or cut short, is not restored, and the sentence names the file."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    for bad in (bytes(content), bytes(content[:-100]), bytes(content[:40])):
        file.write_bytes(bad)
        with pytest.raises((BackupDamaged, NotABackup, BackupTooNew, WrongWords)):
            restoring.open_backup(other, file, WORDS)
    assert not other.home.ledger.exists()


def test_a_file_that_is_no_backup(program: Program, tmp_path: Path) -> None:
    """Another file is neither restored nor written over, and one of a version to come says so."""
    file = tmp_path / "letter.txt"
    file.write_text("a letter")
    with pytest.raises(NotABackup):
        restoring.open_backup(program, file, WORDS)
    with pytest.raises(NameTaken):
        backing_up.place(file, TODAY)
    file.write_bytes(b"OUTREACH-BACKUP/2\n{}\n")
    with pytest.raises(BackupTooNew):
        restoring.open_backup(program, file, WORDS)
    assert backing_up.place(tmp_path, TODAY) == tmp_path / "backup-2026-11-30.sealed"


def test_a_second_backup_of_a_day_has_a_name_of_its_own(program: Program, tmp_path: Path) -> None:
    """The words that were written down for the first still open it; the newest is offered first."""
    first = backing_up.place(tmp_path, TODAY)
    backing_up.back_up(program, first, WORDS)
    second = backing_up.place(tmp_path, TODAY)
    backing_up.back_up(program, second, "other words that open only this")
    assert [first.name, second.name] == ["backup-2026-11-30.sealed", "backup-2026-11-30-2.sealed"]
    assert restoring.open_backup(program, first, WORDS).holds.sheets == 1
    with pytest.raises(WrongWordsOfBackup):
        restoring.open_backup(program, second, WORDS)
    with pytest.raises(NameTaken):
        backing_up.place(first, TODAY)


@pytest.mark.parametrize(
    "typed", ["E:\\", "stick", "./stick", "~nobody-of-that-name/a", "/no/such/place", "a\0b", "/\0"]
)
def test_a_place_that_is_typed_says_where_it_is(typed: str, tmp_path: Path) -> None:
    """What does not begin at the top, or lies in no folder that is there, is refused; the folder of a stick is not."""
    with pytest.raises(NoSuchPlace):
        typed_place(typed)
    assert typed_place(str(tmp_path)) == tmp_path
    assert typed_place(str(tmp_path / "new.sealed")) == tmp_path / "new.sealed"


def test_what_lies_on_a_stick(tmp_path: Path) -> None:
    """A file in a folder of a stick lies on it, by another way to it, too; one beside it does not."""
    stick = tmp_path / "stick"
    (stick / "counts").mkdir(parents=True)
    (tmp_path / "way").symlink_to(stick)
    assert is_on_stick(stick / "counts" / "b.sealed", [stick]) and is_on_stick(tmp_path / "way" / "b.sealed", [stick])
    assert not is_on_stick(tmp_path / "stick-2" / "b.sealed", [stick]) and not is_on_stick(stick / "b.sealed", [])


def test_the_recovery_key_opens_it(program: Program, other: Program, tmp_path: Path) -> None:
    """Where the passphrase is lost, the key out of the safe opens a backup; another key does not."""
    pair = recovery_pair()
    passphrase.set_passphrase(program, WORDS, pair.recipient)
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file)
    with pytest.raises(WrongRecoveryKey):
        restoring.open_backup(other, file, recovery_key=recovery_pair().secret)
    restoring.restore(other, restoring.open_backup(other, file, recovery_key=pair.secret), TODAY)
    assert other.ledger().digest() == program.ledger().digest()


def test_a_backup_that_a_version_before_wrote(other: Program) -> None:
    """A backup kept from the third version of the ledger opens here with equal sums."""
    restoring.restore(other, restoring.open_backup(other, FIXTURES / "version-3.sealed", WORDS), TODAY)
    sums = {(row.item, row.movement.value): row.quantity for row in other.ledger().sums.lines(grain="all")}

    assert sums == {("cooker", "given"): 89, ("naloxone-nasal", "given"): 12, ("naloxone-nasal", "received"): 48}
    assert other.ledger().verify() == 5


@pytest.mark.parametrize(("version", "given"), [(1, 75), (2, 75), (3, 89)])
def test_a_copy_that_a_version_before_kept(program: Program, version: int, given: int) -> None:
    """A copy in the home's own folder, of any version there was, is restored with equal sums."""
    program.home.backups.mkdir(exist_ok=True)
    kept = program.home.backups / "2026-01-01.ledger"
    copies.copy(_with_key(program, version), KEY, kept, program.keyring.ledger_key())
    restoring.restore(program, restoring.open_backup(program, kept), TODAY)

    sums = {(row.item, row.movement.value): row.quantity for row in program.ledger().sums.lines(grain="all")}
    assert sums["cooker", "given"] == given


def _with_key(program: Program, version: int) -> Path:
    return Path(shutil.copy(FIXTURES / f"version-{version}.ledger", program.home.path / "older"))


# --- what cannot be opened ---


def spoil(home: Home) -> None:
    """Change one bit of every page but the first."""
    content = bytearray(home.ledger.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 2000] ^= 1
    home.ledger.write_bytes(content)


def test_a_damaged_ledger_offers_the_newest_good_copy(program: Program) -> None:
    """The sentence names the newest copy that can be read whole; a damaged copy is passed over. Nothing changes."""
    key = program.keyring.ledger_key()
    backups.keep(program.home, key, TODAY)
    backups.keep(program.home, key, TODAY + timedelta(days=1))
    newest = backups.daily(program.home)[0]
    newest.write_bytes(newest.read_bytes()[:-5000] + bytes(5000))
    spoil(program.home)
    before = program.home.ledger.read_bytes()
    again = Program(program.home)

    said = str(again.trouble)
    assert "2026-11-30.ledger" in said and "Nothing was changed or deleted" in said
    with pytest.raises(Refusal, match="2026-11-30"):
        count(again, 5)
    assert program.home.ledger.read_bytes() == before


def test_a_damaged_ledger_is_restored_and_kept(program: Program) -> None:
    """Restoring over a damaged ledger puts the copy in its place, and the damaged file aside, byte for byte."""
    backups.keep(program.home, program.keyring.ledger_key(), TODAY)
    spoil(program.home)
    before = program.home.ledger.read_bytes()
    again = Program(program.home)
    opened = restoring.open_backup(again, backups.daily(program.home)[0])
    assert (opened.here, opened.is_anything_here) == (None, True)
    kept = restoring.restore(again, opened, TODAY)

    assert kept is not None and kept.read_bytes() == before
    assert again.trouble is None and again.ledger().count() == 1
    count(again, 5)


def test_a_ledger_without_its_key_can_be_replaced(program: Program, tmp_path: Path) -> None:
    """When the key file is lost, a backup is restored under a new one, and the ledger that nobody can open is kept."""
    file = tmp_path / "stick.sealed"
    backing_up.back_up(program, file, WORDS)
    before = program.home.ledger.read_bytes()
    program.home.ledger_key.unlink()
    again = Program(program.home)
    kept = restoring.restore(again, restoring.open_backup(again, file, WORDS), TODAY)

    assert kept is not None and kept.read_bytes() == before
    assert again.ledger().count() == 1


def test_a_newer_ledger_is_read_only(program: Program) -> None:
    """Totals of a ledger that a newer version changed can be read; saving is refused; not a byte changes."""
    from contextlib import closing

    from outreach.store.engine import connect, writing

    with closing(connect(program.home.ledger, program.keyring.ledger_key())) as newer, writing(newer):
        newer.execute("ALTER TABLE sheet ADD COLUMN shade TEXT")
        newer.execute("PRAGMA user_version = 99")
    before = program.home.ledger.read_bytes()
    again = Program(program.home)

    assert [row.quantity for row in again.ledger().sums.lines(grain="all")] == [4]
    assert isinstance(again.trouble, FromANewerVersion)
    with pytest.raises(FromANewerVersion):
        count(again, 5)
    assert program.home.ledger.read_bytes() == before


# --- the megabyte for a full disk ---


def test_the_ballast_is_given_up_once_and_made_again(program: Program) -> None:
    """On a full disk the megabyte goes and the work is done; without it the refusal stands; with room it is back."""
    assert program.home.ballast.stat().st_size == ballast.SIZE
    tries = []

    def full_once() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise DiskFull()
        return "saved"

    assert ballast.with_room(program.home, full_once) == "saved"
    assert not program.home.ballast.exists()
    tries.clear()
    with pytest.raises(DiskFull):
        ballast.with_room(program.home, full_once)
    ballast.keep(program.home)
    assert program.home.ballast.stat().st_size == ballast.SIZE


# --- for other tools ---


def test_an_open_file_does_not_take_a_name_that_is_taken(program: Program, tmp_path: Path) -> None:
    """A file that is there stays; the export asks for another name."""
    file = tmp_path / "counts.sqlite"
    assert export_plain(program, file) == 1
    before = file.read_bytes()
    with pytest.raises(NameTaken):
        export_plain(program, file)
    assert file.read_bytes() == before


Writes = Callable[[Program, Path], object]


@pytest.mark.parametrize(
    "write",
    [lambda program, file: backing_up.back_up(program, file, WORDS), export_plain],
    ids=["backup", "plain"],
)
def test_a_folder_that_is_not_there_or_not_ours(program: Program, tmp_path: Path, write: Writes) -> None:
    """A stick that was pulled out, and one that is read-only, get a sentence, and nothing of the file."""
    with pytest.raises(Refusal, match="no folder"):
        write(program, tmp_path / "gone" / "file")
    if os.geteuid():  # to root, no folder is read-only
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
        with pytest.raises(Refusal):
            write(program, folder / "file")
        assert names(folder) == []
    assert names(tmp_path) == [each for each in ("home", "locked") if (tmp_path / each).exists()]


# --- what is beside the counts ---


def test_supply_alerts_come_along(program: Program, other: Program, tmp_path: Path) -> None:
    """What the program put up shows again on the new laptop. A file that is there already stays, and is named."""
    alert = alerts.make(
        program, ["carfentanil"], [next(iter(alerts.phrasebook().todos))], "", date(2026, 12, 9), "", "en", TODAY
    )
    alerts.save(program, alert, TODAY)
    program.home.tallying.write_text('not_counted = ["cooker"]\n')
    other.home.make()
    other.home.tallying.write_text('not_counted = ["condom"]\n')
    backing_up.back_up(program, tmp_path / "stick.sealed", WORDS)
    done = restoring.restore_all(other, restoring.open_backup(other, tmp_path / "stick.sealed", WORDS), TODAY)

    assert (done.along.brought, done.along.stayed, done.along.alerts) == (("alerts.toml",), ("tally.toml",), 1)
    assert alerts.all_alerts(other) == alerts.all_alerts(program)
    assert other.home.tallying.read_text() == 'not_counted = ["condom"]\n'
    assert not other.home.taking.exists()
    assert copies.take_out(other.home.ledger, other.keyring.ledger_key(), came_along.FILES) == "", "no copy stays in it"


def test_a_file_that_cannot_be_used_does_not_come_along(program: Program, other: Program, tmp_path: Path) -> None:
    """The counts are restored; nothing of the files is, and it says which and why."""
    program.home.tallying.write_text("this is no list")
    backing_up.back_up(program, tmp_path / "stick.sealed", WORDS)
    done = restoring.restore_all(other, restoring.open_backup(other, tmp_path / "stick.sealed", WORDS), TODAY)

    assert other.ledger().count() == 1 and not other.home.tallying.exists()
    assert done.along.missed == ("tally.toml",) and "cannot be used" in str(done.along.why)


def test_a_backup_from_before_holds_no_files(other: Program) -> None:
    """It is told apart from one of a program that put up nothing."""
    old = restoring.open_backup(other, FIXTURES / "version-3.sealed", WORDS)
    assert old.files is None and restoring.restore_all(other, old, TODAY).along.brought == ()


def test_under_its_passphrase_from_now_on(program: Program, other: Program, tmp_path: Path) -> None:
    """Whoever restores under a passphrase learns that it locks the new laptop; elsewhere nothing of it is said."""
    backing_up.back_up(program, tmp_path / "open.sealed", WORDS)
    passphrase.set_passphrase(program, WORDS)
    backing_up.back_up(program, tmp_path / "stick.sealed")
    for laptop, file, locks in (
        (other, "stick.sealed", True),
        (Program(Home(tmp_path / "third")), "open.sealed", False),
    ):
        done = restoring.restore_all(laptop, restoring.open_backup(laptop, tmp_path / file, WORDS), TODAY)
        assert done.is_locked_anew is locks


def test_kinds_are_told_apart(program: Program) -> None:
    """A receipt is no sheet of a session, and both are in a backup."""
    stock.receive(program, "outreach", [stock.Boxes("cooker", 10)], TODAY, TODAY)
    held = copies.look_into(program.home.ledger, program.keyring.ledger_key())
    assert (held.sheets, held.kinds) == (2, {Kind.TALLY: 1, Kind.STOCK: 1})
