"""A department takes returns in: from files, once a key was compared, and from tables of those who send none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.carry import month_returns as files
from outreach.carry.month_returns import NotAReturn
from outreach.carry.sealing import MAGIC, SealDamaged, SealedForOthers, recipient, unseal
from outreach.core.month_return import By, Change, MonthReturn, Total, changes, digits, from_canonical
from outreach.core.month_tables import read_months
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services.past import read_table
from outreach.services.program import Program
from outreach.store.postgres.opening import served
from outreach.store.postgres.reporters import ReporterRow, Reporters
from outreach.store.postgres.returns import Incoming, Returns, Took

END = ".return"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class MonthToCome(Refusal):
    sentence = N_("The file {file} is of {month}, which has not begun. Nothing of it was saved.")


class NobodyWaits(NotThere):
    sentence = N_("No return waits with the digits {digits}. Waiting: {known}. Nothing was changed.")


class UnknownReporter(NotThere):
    sentence = N_(
        "No program is called {code} here. Programs: {known}. `outreach hub program {code}` adds one. "
        "Nothing was changed."
    )


class ReportedBefore(Refusal):
    sentence = N_(
        "{code} has reported here before. Where this is the same program, say so; else choose "
        "another code. Nothing was changed."
    )


class NotACode(Refusal):
    sentence = N_("{code} is not a code. Use small letters, digits and hyphens. Nothing was changed.")


class UnknownShared(Refusal):
    sentence = N_("There is no item or event called {code} here; `outreach items` lists items. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one file: refused, or kept, as its program's or waiting with these digits for a yes."""

    file: str
    month_return: MonthReturn | None = None
    took: Took | None = None
    digits: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A month of a table: its return, and what it says otherwise than the one that counted before."""

    month_return: MonthReturn
    changed: tuple[Change, ...]
    is_new: bool


class Department:
    """A department's place on a hub: its key and its items are those of `program`'s home."""

    def __init__(self, program: Program, address: str) -> None:
        self.program = program
        self.connection = served(address)
        self.returns, self.reporters = Returns(self.connection), Reporters(self.connection)

    def close(self) -> None:
        self.connection.close()

    def take_in(self, came: Sequence[tuple[str, bytes]], today: date) -> tuple[TakenIn, ...]:
        """Keep every return among these files in one transaction; a file that is refused keeps none of the others out.

        Raises HubAway and the like: then nothing was kept, and all of it may be sent again.
        """
        secret = self.program.keyring.device_key()
        read: list[files.SignedReturn | Refusal] = [_read(name, content, secret, today) for name, content in came]
        good = [each for each in read if not isinstance(each, Refusal)]
        took = iter(self.returns.take([Incoming(each.month_return, each.public, each.signature) for each in good]))
        return tuple(
            TakenIn(name, refusal=each)
            if isinstance(each, Refusal)
            else TakenIn(name, each.month_return, next(took), digits(each.public))
            for (name, _), each in zip(came, read, strict=True)
        )

    def accept(self, given: str, code: str, region: str | None = None, same: bool = False) -> int:
        """A yes to who waits with these digits, as the program `code`, made on the way; how many returns waited.

        Two programs under one code would take the place of one another: only with `same` it joins what is there.
        """
        waiting = {digits(public): (program, public, name) for program, public, name, _ in self.returns.waiting()}
        if given not in waiting:
            raise NobodyWaits(digits=given, known=", ".join(sorted(waiting)) or "-")
        program, public, name = waiting[given]
        with self.returns.together():
            own = (program, code) in {(known, as_code) for (known, _), as_code in self.returns.keys().items()}
            if not (same or own) and self.reporters.has_reported(code):
                raise ReportedBefore(code=code)
            if code not in {each.code for each in self.reporters.all()}:
                self.describe(code, name=name, region=region)
            return self.returns.admit(code, program, public, files.is_signed)

    def describe(
        self,
        code: str,
        name: str | None = None,
        region: str | None = None,
        since: str | None = None,
        expected: bool | None = None,
    ) -> ReporterRow:
        """Keep what is said of a program, new or not; None leaves it as it is."""
        if not _CODE.fullmatch(code):
            raise NotACode(code=code)
        old = {each.code: each for each in self.reporters.all()}.get(code) or ReporterRow(code, "", "", "", True)
        row = ReporterRow(
            code,
            old.name if name is None else " ".join(name.split()),
            old.region if region is None else " ".join(region.split()),
            old.since if since is None else since,
            old.expected if expected is None else expected,
        )
        self.reporters.set(row)
        return row

    def share(self, code: str, local: str, shared: str) -> None:
        """A program's own code stands for a shared one from now on, and for every month before."""
        self.must_know(code)
        if shared not in self.shared():
            raise UnknownShared(code=shared)
        self.reporters.share(code, local, shared)

    def apart(self, *months: str) -> tuple[tuple[str, str, int], ...]:
        """Program, its own code and how many, of what no shared item is named for: ever, or from month to month."""
        return self.reporters.unnamed(self.shared(), *months)

    def shared(self) -> set[str]:
        """The codes of this computer's own items, kits and events."""
        items = {thing.code for thing in self.program.catalog.handed_out()}
        return items | {each.code for each in self.program.events.events}

    def must_know(self, code: str) -> None:
        """Raises UnknownReporter."""
        known = [each.code for each in self.reporters.all()]
        if code not in known:
            raise UnknownReporter(code=code, known=", ".join(known) or "-")

    def bring_in(
        self, file: str, data: bytes, code: str, meanings: Mapping[str, str], items: Mapping[str, str], dry: bool
    ) -> tuple[Imported, ...]:
        """The months of a table as returns of a program: all of them or, when a row cannot be read, none."""
        self.must_know(code)
        table = read_table(data, file)
        months, places = read_months(table.heads, table.rows, table.numbers, meanings, items)
        by = By.SITE if places else By.PROGRAM
        made: list[Imported] = []
        with self.returns.together():
            if not dry:
                self.returns.lock([(code, month) for month in months])
            made = [self._edition(code, month, by, totals) for month, totals in sorted(months.items())]
            if not dry:
                self.returns.take([Incoming(each.month_return, code=code) for each in made if each.is_new])
        return tuple(made)

    def _edition(self, code: str, month: str, by: By, totals: tuple[Total, ...]) -> Imported:
        kept = self.reporters.editions(code, month)
        before = from_canonical(kept[-1].body) if kept else None
        changed = changes(before.totals, totals) if before else ()
        if before and not kept[-1].signed and not changed:
            return Imported(before, (), False)
        name = hashlib.sha256(f"outreach: tables of {code}".encode()).hexdigest()[:32]
        edition = max((each.edition for each in kept), default=0) + 1
        return Imported(MonthReturn(name, "", month, by, edition, totals), changed, True)


@contextmanager
def department(program: Program, address: str) -> Iterator[Department]:
    """The department's place on the hub at `address`, let go of afterwards."""
    opened = Department(program, address)
    try:
        yield opened
    finally:
        opened.close()


def key_of(program: Program) -> str:
    """What programs seal their returns to this department with."""
    return recipient(program.keyring.device_key())


def _read(name: str, content: bytes, secret: bytes, today: date) -> files.SignedReturn | Refusal:
    try:
        found = files.read(content, secret, name)
        if found.month_return.month > f"{today:%Y-%m}":
            raise MonthToCome(file=name, month=found.month_return.month)
    except Refusal as refusal:
        return refusal
    return found


def parted(program: Program, given: Sequence[Path]) -> tuple[list[tuple[str, bytes]], tuple[Path, ...]]:
    """Returns among files and folders, and what else there is. A file that cannot be read is for others to name."""
    found: list[tuple[str, bytes]] = []
    left: list[Path] = []
    secret = program.keyring.device_key()
    for path in given:
        inside = sorted(path.glob(f"*{END}")) if path.is_dir() else []
        found += [(each.name, _content(each)) for each in inside]
        if path.is_dir():
            left += [path] if not inside or any(path.glob("*.tally")) else []
        elif path.is_file() and _is_return(path, secret):
            found.append((path.name, _content(path)))
        else:
            left.append(path)
    return found, tuple(left)


def _content(path: Path) -> bytes:
    """What a file holds, and of one that is too long for a return only enough to see that."""
    with path.open("rb") as opened:
        return opened.read(files.MOST_BYTES + 1)


def _is_return(path: Path, secret: bytes) -> bool:
    """By its name or, where it has another, by what it says once it is open."""
    if path.suffix == END:
        return True
    content = _content(path)
    if len(content) > files.MOST_BYTES:
        return False
    try:
        return files.is_return(unseal(content, secret, path.name) if content.startswith(MAGIC) else content)
    except (SealedForOthers, SealDamaged, NotAReturn):
        return False
