"""A backup put in the place of what is here: it proves itself first, and what was here is kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from outreach.carry.backups import MAGIC, Backup, BackupDamaged, open_with_recovery, open_with_words, read
from outreach.carry.keys import KEY_BYTES
from outreach.carry.wrapping import recipient_in, wrap
from outreach.core.refusal import N_, Refusal
from outreach.home import make_folder
from outreach.services import backups, came_along, lineup
from outreach.services.came_along import Along
from outreach.services.files import why
from outreach.services.keyring import Keys, Locked
from outreach.services.program import Program
from outreach.store import copies
from outreach.store.copies import Holdings
from outreach.store.files import forget_time, journal_of, write_key
from outreach.store.refusals import Damaged, MadeByAnotherEngine, WrongKey

BEFORE, UNREADABLE = "before-restore", "could-not-be-opened"


class CannotRead(Refusal):
    sentence = N_("{file} could not be read: {why} Nothing was changed.")


class NeedsWords(Refusal):
    sentence = N_("This backup opens with its words. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that proved itself: every page read, every sheet compared with its hash; and what is here now."""

    file: Path
    holds: Holdings
    here: Holdings | None
    """None when nothing is here, or it cannot be read."""
    is_anything_here: bool
    rough: Path
    key: bytes = field(repr=False)
    wrapped: tuple[str, str | None] | None = field(default=None, repr=False)
    """Words and recovery recipient of the laptop it is of, for one that has no keys yet."""
    files: Mapping[str, bytes] | None = field(default=None, repr=False)
    """The program's own files in it; None of a backup that an earlier version made, or that this laptop keeps."""
    is_own: bool = False
    """Whether it is a copy that this laptop keeps: what is beside the counts was left as it is all the time."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, and what is left to do by hand."""

    put_aside: Path | None
    along: Along
    is_locked_anew: bool
    """Whether the passphrase of the laptop that the backup is of locks this one from now on."""
    lacks_coordinator: bool
    """Whether the backup is of the only coordinator's laptop, which this one is not yet."""


def needs_words(program: Program, file: Path) -> bool:
    """Whether a backup opens with words: one that this laptop keeps itself does not. Raises NotABackup and the like."""
    return not _is_own(program, file) and bool(_read(file).wrapped)


def open_backup(program: Program, file: Path, words: str | None = None, recovery_key: str | None = None) -> Opened:
    """Decrypt a backup beside what is here, and look it through. Nothing that is here changes.

    Raises NotABackup, BackupTooNew, BackupDamaged, NeedsWords, WrongWordsOfBackup, WrongRecoveryKey,
    FromANewerVersion, Locked or DiskFull.
    """
    home, here = program.home, _here(program)
    home.make()
    make_folder(home.backups)
    backups.clear(home, backups.INCOMING)
    rough = home.backups / f"{secrets.token_hex(8)}{backups.INCOMING}"
    wrapped, own = None, _is_own(program, file)
    try:
        if own:
            key = program.keyring.ledger_key()
            copies.copy(file, key, rough, key)
        else:
            backup = _read(file)
            if recovery_key is not None:
                database, key = open_with_recovery(backup, recovery_key, str(file))
            elif words and words.strip():
                database, key = open_with_words(backup, words, str(file))
            else:
                raise NeedsWords()
            write_key(rough, database)  # a new file, its owner's only, and on disk
            if backup.by_passphrase and words:
                wrapped = words, recipient_in(backup.wrapped)
        holds = copies.bring_up(rough, key)
        files = came_along.unpacked(copies.take_out(rough, key, came_along.FILES))
    except BaseException as problem:
        drop(rough)
        if isinstance(problem, Damaged | WrongKey):
            raise BackupDamaged(file=str(file)) from problem
        if isinstance(problem, MadeByAnotherEngine):
            raise MadeByAnotherEngine(file=str(file)) from problem
        raise
    return Opened(file, holds, *here, rough, key, wrapped, files, own)


def _here(program: Program) -> tuple[Holdings | None, bool]:
    try:
        ledger = program.ledger_if_any()
        if ledger is None:
            return None, False
        held = copies.look_into(program.home.ledger, program.keyring.ledger_key())
    except Locked:
        raise
    except Refusal:
        return None, True
    return held, bool(held.sheets)


def restore_all(program: Program, opened: Opened, today: date) -> Restored:
    """Restore the counts, then the files that came with them, and say what did not come. As `restore`.

    A cut in between leaves the counts restored and no file of the backup; restoring it once more is as good.
    """
    had = program.keyring.has_passphrase
    put_aside = restore(program, opened, today)
    along = came_along.bring(program, opened.files, today) if opened.files else Along()
    locked = program.keyring.has_passphrase and not had
    return Restored(put_aside, along, locked, lineup.lacks_coordinator(program))


def restore(program: Program, opened: Opened, today: date) -> Path | None:
    """Have this laptop hold what the backup holds; where that which was here is kept, if there was any.

    Wherever it is cut off, all of the old or all of the new is here. Sheets closed from now on are
    of a new device: this laptop, or another, may have closed some that the backup does not know, and
    numbered them as the next ones will be.
    """
    home = program.home
    copies.give(opened.rough, opened.key, {"device-turn": secrets.token_hex(16)})
    try:
        if _opens(program):
            before = backups.place_for(home, BEFORE, today)
            with program.ledger_shut():
                key = program.keyring.ledger_key()
                copies.take_over(home.ledger, key, (opened.rough, opened.key), before)
            forget_time(before, today)
            return before
        with program.ledger_shut():
            # The key may be missing or of another file: what it does not open goes aside first.
            aside = _move_aside(program, today) if _is_keyless(program) else None
            key = _own_key(program, opened)
            finished = opened.rough.with_suffix(f"{backups.INCOMING}-own")
            copies.copy(opened.rough, opened.key, finished, key)
            kept = copies.put_in_place(finished, home.ledger, lambda: backups.place_for(home, UNREADABLE, today))
        return kept or aside
    finally:
        drop(opened.rough)


def drop(rough: Path) -> None:
    """Forget a backup that was opened; the file it came from stays."""
    for left in (rough, journal_of(rough)):
        with suppress(OSError):
            copies.forget(left)


def _opens(program: Program) -> bool:
    """Whether what is here can be opened and written."""
    if not program.home.ledger.exists():
        return False
    try:
        program.ledger()
    except (Damaged, WrongKey, MadeByAnotherEngine):
        return False
    return program.trouble is None


def _is_keyless(program: Program) -> bool:
    if not program.home.ledger.exists():
        return False
    try:
        program.keyring.ledger_key()
    except WrongKey:
        return True
    return False


def _move_aside(program: Program, today: date) -> Path:
    aside = backups.place_for(program.home, UNREADABLE, today)
    program.home.ledger.replace(aside)
    return aside


def _own_key(program: Program, opened: Opened) -> bytes:
    """This laptop's key; of a laptop that has none, a new one, under the passphrase that the backup was under."""
    home, ring = program.home, program.keyring
    if opened.wrapped and not (ring.has_passphrase or home.ledger_key.exists() or home.device_key.exists()):
        words, recovery = opened.wrapped
        keys = Keys(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))
        make_folder(home.keys)
        write_key(home.wrapped_keys, wrap(keys.named(), words, recovery))
        ring.unlock(words)
    return ring.ledger_key()


def _is_own(program: Program, file: Path) -> bool:
    try:
        with file.open("rb") as there:
            sealed = there.read(len(MAGIC)) == MAGIC
        return not sealed and file.resolve().parent == program.home.backups.resolve()
    except OSError as problem:
        raise _unread(file, problem) from problem


def _read(file: Path) -> Backup:
    try:
        return read(file.read_bytes(), str(file))
    except OSError as problem:
        raise _unread(file, problem) from problem


def _unread(file: Path, problem: OSError) -> CannotRead:
    missing = isinstance(problem, FileNotFoundError)
    return CannotRead(file=file, why="it is not there." if missing else why(problem, file.parent))
