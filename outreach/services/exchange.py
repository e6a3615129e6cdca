"""Counts carried between the laptops of a program: all that this one knows in one sealed file, and theirs taken in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.carry.bundles import Bundle, Signed, load, read, write
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import from_canonical
from outreach.services import laptops
from outreach.services.backups import free_name
from outreach.services.files import plain_name, write_and_read_back
from outreach.services.merging import Merged, read_again, take_in
from outreach.services.missing import names
from outreach.services.program import Program
from outreach.services.settling import settle
from outreach.services.sticks import NameTaken, is_on_stick, sticks

__all__ = ["END", "Exported", "Merged", "export", "merge", "merge_paths", "own_name", "parted", "place", "settle"]

END = ".tally"
NAMELESS = "laptop"
"""What a file begins with while its laptop has no name."""


class NothingToCarry(Refusal):
    sentence = N_("Nothing was counted on this laptop and it joined no other, so there is nothing to carry.")


class NobodyElse(Refusal):
    sentence = N_(
        "This program has one laptop, so there is nobody to carry counts to. Invite another laptop first. "
        "A backup keeps what is here; `outreach export --plain` is for other tools."
    )


class CannotReadFile(Refusal):
    sentence = N_("{file} could not be read: {why} Nothing was added.")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where: sheets of every laptop that this one knows; open sheets are not in it."""

    file: Path
    sheets: int
    waiting: int
    still_open: int
    laptops: int
    """For how many laptops it is sealed."""
    on_stick: bool
    said: tuple[Refusal, ...] = ()
    """What a coordinator's laptop did first: what it shares brought up to date, or why not."""


# --- out ---


def place(program: Program, file: Path, today: date) -> Path:
    """Where a bundle goes: the file asked for, or one in that folder whose name says the laptop's and the day.

    What this laptop wrote before gives way where it holds nothing that is not here. It may, after an older backup was
    put back: then the file in a folder gets another name. Raises NameTaken for any other file that is there.
    """
    if file.is_dir():
        called = plain_name(own_name(program)) or NAMELESS
        of_today = file / f"{called}-{today.isoformat()}{END}"
        return of_today if _gives_way(program, of_today) else free_name(file, called, today, END)
    if not _gives_way(program, file):
        raise NameTaken(file=file)
    return file


def parted(program: Program, files: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files of others, and this laptop's own, which nobody has to bring in here.

    By their names only, for to read them takes long; so none is called its own while another laptop may write such.
    """
    ledger, called = program.ledger_if_any(), plain_name(own_name(program))
    known = names(ledger) if ledger else {}
    others = [plain_name(name) for device, name in known.items() if device != program.device().device]
    if not called or called in others:
        return list(files), []
    own = re.compile(rf"{re.escape(called)}-\d{{4}}-\d\d-\d\d(-\d+)?{re.escape(END)}")
    found: tuple[list[Path], list[Path]] = [], []
    for each in files:
        found[bool(own.fullmatch(each.name))].append(each)
    return found


def own_name(program: Program) -> str:
    """What the program calls this laptop; empty while it has no name."""
    ledger = program.ledger_if_any()
    return names(ledger).get(program.device().device, "") or laptops.own_name(program) if ledger else ""


def _gives_way(program: Program, file: Path) -> bool:
    if not file.exists():
        return True
    try:
        bundle = read(_load(file), program.keyring.device_key(), file.name)
    except Refusal:
        return False
    return bundle.device == program.device().device and _knows(program, bundle)


def _knows(program: Program, bundle: Bundle) -> bool:
    """Whether every sheet of it counts or waits here, or was folded."""
    exchange = program.ledger().exchange
    known = exchange.ids() | exchange.unplaced() | {sheet for sheet, *_ in exchange.folded()}
    return all(from_canonical(each.body).id in known for each in bundle.sheets)


def export(program: Program, file: Path, today: date) -> Exported:
    """Write all that this laptop knows to `file`, sealed for the others and read back. Open sheets stay here.

    Raises Locked, NothingToCarry, NobodyElse, TooMuchToCarry, Damaged, CannotWrite or ReadsBackWrong; what had
    that name before is still there then.
    """
    ledger = program.ledger_if_any()
    if ledger is None:
        raise NothingToCarry()
    if program.trouble is not None:
        raise program.trouble.again()
    if not (laptops.roll(program) or laptops.invitation(program)):
        raise NobodyElse()
    said = laptops.before_export(program)
    settle(program, today)
    key, recipients = program.device(), laptops.recipients(program)
    bundle = _bundle(program)
    write_and_read_back(file, write(bundle, key.sign, recipients))
    on_stick = is_on_stick(file, sticks())
    waiting, still_open = ledger.exchange.waiting_count(), len(program.sheets().ids())
    return Exported(file, len(bundle.sheets), waiting, still_open, len(recipients), on_stick, said)


def _bundle(program: Program) -> Bundle:
    """Everything that is known here, as of one moment."""
    key, program_id = program.device(), program.program_id()
    ledger = program.ledger()
    with ledger.together():
        exchange = ledger.exchange
        counted = [Signed(body, signature) for body, signature in ledger.signed()]
        sheets = [*counted, *(Signed(each.body, each.signature) for each in exchange.waiting())]
        placed = [(sheet.device, sheet.seq, each) for each in sheets for sheet in (from_canonical(each.body),)]
        last = exchange.claims()
        for place in exchange.places():
            if place.seq >= last.get(place.device, (0, ""))[0]:
                last[place.device] = place.seq, place.id
        return Bundle(
            program=program_id,
            device=key.device,
            public=key.public,
            sheets=tuple(each for _, _, each in sorted(placed, key=lambda row: (row[0], row[1], row[2].id))),
            devices=ledger.devices(),
            last=last,
            folded=exchange.folded(),
            sites=tuple((site.code, site.name, site.model.value) for site in ledger.sites.all()),
            editions=exchange.editions(),
            hello=laptops.hello(program),
        )


# --- in ---


def merge(program: Program, files: Iterable[tuple[str, bytes]], today: date | None = None) -> tuple[Merged, ...]:
    """Take in bundles, each whole or not at all, in any order, any number of times; what came of each.

    First come those of a newer version that were kept, should this version know how to read them.
    Raises Locked, and what a damaged ledger raises.
    """
    ledger = program.ledger_if_any()
    if program.trouble is not None:
        raise program.trouble.again()
    day = today or date.today()
    found = [
        read_again(program, kept, content, day) for kept, content in (ledger.exchange.kept() if ledger else {}).items()
    ]
    return (*(each for each in found if each), *(take_in(program, name, content, day) for name, content in files))


def merge_paths(program: Program, paths: Sequence[Path], today: date | None = None) -> tuple[Merged, ...]:
    """As `merge`, of files, and of folders with the bundles at their top; one that cannot be read is refused."""
    found: list[Merged] = []
    for file in _files(paths):
        try:
            content = _load(file)
        except Refusal as refusal:
            found.append(Merged(file.name, refusal=refusal))
        else:
            found += merge(program, [(file.name, content)], today)
    return tuple(found)


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob(f"*{END}")) if path.is_dir() else [path])]


def _load(file: Path) -> bytes:
    try:
        return load(file)
    except OSError as problem:
        raise CannotReadFile(file=file.name, why=f"the computer said: {problem.strerror}.") from problem
