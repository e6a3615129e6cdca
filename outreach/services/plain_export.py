"""Closed sheets as a plain SQLite file for other tools: readable by anyone, so only after that was said."""

from __future__ import annotations

from pathlib import Path

from outreach.core.refusal import N_, Refusal
from outreach.services.files import CannotWrite
from outreach.services.program import Program
from outreach.services.sticks import NameTaken
from outreach.store import copies

ANYONE = N_(
    "Anyone who gets this file can read every closed sheet: each place, day and count. It has no words and no key. "
    "Delete it when you are done."
)


class ReadableByAnyone(Refusal):
    sentence = ANYONE


class NothingToExport(Refusal):
    sentence = N_("Nothing was counted yet, so there is nothing to export.")


def export_plain(program: Program, file: Path) -> int:
    """Write the tables of closed sheets, whole or not at all; how many sheets. Damage is looked for first.

    Raises Locked, NothingToExport, NameTaken, Damaged, DiskFull or CannotWrite.
    """
    if program.ledger_if_any() is None:
        raise NothingToExport()
    if program.trouble is not None:
        raise program.trouble.again()
    if file.exists():
        raise NameTaken(file=file)
    if not file.parent.is_dir():
        raise CannotWrite(file=file, why=f"there is no folder {file.parent}. Make it first, or choose another.")
    return copies.leave_open(program.home.ledger, program.keyring.ledger_key(), file)
