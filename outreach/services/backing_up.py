"""A backup to carry away: counts and the program's own files, sealed in one and read back before it is trusted."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from outreach.carry.backups import KEY, seal
from outreach.carry.keys import KEY_BYTES
from outreach.carry.wrapping import wrap
from outreach.core.refusal import N_, Refusal
from outreach.home import make_folder
from outreach.services import came_along
from outreach.services.backups import free_name
from outreach.services.files import write_and_read_back
from outreach.services.program import Program
from outreach.services.sticks import NameTaken, files_on_sticks
from outreach.store import copies
from outreach.store.copies import Holdings
from outreach.store.engine import lock_of
from outreach.store.files import UNFINISHED

END = ".sealed"


class NothingToBackUp(Refusal):
    sentence = N_("Nothing was saved on this laptop yet, so there is nothing to back up.")


def place(file: Path, today: date) -> Path:
    """Where a backup goes: the file asked for, or one in that folder with a free name that says only the day.

    Raises NameTaken: the words that were written down for a backup open no other that took its name.
    """
    if file.is_dir():
        return free_name(file, "backup", today, END)
    if file.exists():
        raise NameTaken(file=file)
    return file


@dataclass(frozen=True, slots=True)
class Sealed:
    """A backup that lies in no file yet: what it is, what it holds, and how the ledger stood that it is of."""

    content: bytes = field(repr=False)
    held: Holdings
    stood: str


def back_up(program: Program, file: Path, words: str | None = None) -> Holdings:
    """Write a backup of the whole ledger to `file` and read it back; what it holds.

    Raises what `sealed` raises, CannotWrite or ReadsBackWrong; nothing of `file` was changed then.
    """
    made = sealed(program, words)
    write_and_read_back(file, made.content)
    with suppress(Refusal):  # a full disk here takes nothing of the backup back
        program.ledger().settings.set("carried-away", made.stood)
    return made.held


def file_name(today: date) -> str:
    """What a backup is called where another program puts it."""
    return f"backup-{today.isoformat()}{END}"


def sealed(program: Program, words: str | None = None) -> Sealed:
    """A backup of the whole ledger, looked through, in memory. While it is made, what lies on the disk is encrypted.

    It opens with the passphrase of this laptop where there is one, and with `words` otherwise.
    Raises Locked, NothingToBackUp or Damaged.
    """
    home, ring = program.home, program.keyring
    ledger = program.ledger_if_any()
    if ledger is None:
        raise NothingToBackUp()
    if program.trouble is not None:
        raise program.trouble.again()
    stood = ledger.sums.fingerprint()
    rough = home.backups / f"outgoing.{secrets.token_hex(8)}{UNFINISHED}"
    make_folder(home.backups)
    try:
        with lock_of(home.ledger):  # its key does not change between the two
            if ring.has_passphrase:
                key, wrapped = ring.ledger_key(), home.wrapped_keys.read_bytes()
            else:
                if not words:
                    raise ValueError("a backup needs words")
                # A key of its own: who finds the words of one backup has no other and no laptop.
                key = secrets.token_bytes(KEY_BYTES)
                wrapped = wrap({KEY: key}, words)
            copies.copy(home.ledger, ring.ledger_key(), rough, key)
        copies.give(rough, key, {came_along.FILES: came_along.packed(program)})
        held = copies.look_into(rough, key)
        return Sealed(seal(rough.read_bytes(), key, wrapped, ring.has_passphrase), held, stood)
    finally:
        copies.forget(rough)


def newest_in(place: Path) -> Path:
    """The newest backup of a folder, by its name; a file, and a folder without any, is given back as it is."""
    return max(place.glob(f"*{END}"), default=place, key=lambda each: each.stem) if place.is_dir() else place


def carried() -> list[Path]:
    """Backups at the top of those folders, the newest name first."""
    return sorted(files_on_sticks(END), key=lambda each: each.stem, reverse=True)
