"""A month's return: worked out, numbered as an edition, signed, and written for the department."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from outreach.carry import month_returns as files
from outreach.carry.keys import coordinator_key
from outreach.content.returns import Returning, read_returning
from outreach.core.month_return import RETURN, By, Change, MonthReturn, changes, digits, from_canonical, totals_of
from outreach.core.periods import Period
from outreach.core.refusal import N_, Implausible, Refusal
from outreach.services import settings
from outreach.services.files import CannotWrite, read_if_changed, write_and_read_back
from outreach.services.program import Program
from outreach.services.reports import counted
from outreach.services.sticks import NameTaken

ANYONE = N_("Anyone who gets this file can read it: what was handed out in this month, and where.")


class NotBegun(Refusal):
    sentence = N_("{month} has not begun. Nothing was written.")


class NotOver(Implausible):
    sentence = N_("{month} is not over yet. Nothing was written.")


class NothingInMonth(Implausible):
    sentence = N_("Nothing was counted in {month}. Nothing was written.")


class ReadableReturn(Refusal):
    sentence = N_(
        "The department's key is not in returns.toml, so the file could not be sealed. Anyone who gets it could read "
        "it. Nothing was written."
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A return and what it says otherwise than the edition before; `before` is 0 for a month's first."""

    month_return: MonthReturn
    before: int
    changed: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether it was not sent before exactly so."""
        return self.month_return.edition != self.before


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, whether only the department can read it, and the digits it compares on the phone."""

    made: Made
    sealed: bool
    digits: str


def returning(program: Program) -> Returning:
    """The counties of sites and the department's key. Raises BadContent for a file with a mistake in it."""
    return read_if_changed(program.home.returns, read_returning)


def make(program: Program, month: Period, by: By, today: date, sure: bool = False) -> Made:
    """The return of a month as it counts now. It keeps its edition while nothing in it changes. Saves nothing.

    Raises NotBegun, NoCounty, BadReturn; NotOver and NothingInMonth unless `sure`.
    """
    if month.first > today:
        raise NotBegun(month=month)
    if month.last >= today and not sure:
        raise NotOver(month=month)
    totals = totals_of(counted(program, month), by, returning(program).counties)
    if not totals and not sure:
        raise NothingInMonth(month=month)
    name = settings.all_settings(program)["program-name"]
    sent = _sent(program, month)
    before = max(sent, key=lambda each: each.edition, default=None)
    if before is None:
        return Made(MonthReturn(program.program_id(), name, month.name, by, 1, totals), 0, ())
    now = MonthReturn(program.program_id(), name, month.name, by, before.edition, totals)
    if now != before:
        now = replace(now, edition=before.edition + 1)
    return Made(now, before.edition, changes(before.totals, totals))


def _sent(program: Program, month: Period) -> list[MonthReturn]:
    ledger = program.ledger_if_any()
    kept = ledger.releases.all(RETURN) if ledger else ()
    return [from_canonical(each.body.encode("ascii")) for each in kept if each.period.first == month.first]


def write(
    program: Program, month: Period, by: By, file: Path, today: date, sure: bool = False, plain: bool = False
) -> Written:
    """Write the month's return to a file, read back from where it was written; only then is it kept as sent.

    Sealed where the department's key is known; `plain` once who asks knows that anyone can read it.
    Raises what `make` raises, ReadableReturn, NameTaken, CannotWrite or ReadsBackWrong.
    """
    made = make(program, month, by, today, sure)
    recipient = returning(program).recipient
    if not recipient and not plain:
        raise ReadableReturn()
    if file.exists():
        raise NameTaken(file=file)
    if not file.parent.is_dir():
        raise CannotWrite(file=file, why=f"there is no folder {file.parent}. Make it first, or choose another.")
    signed = files.sign(made.month_return, coordinator_key(program.keyring.device_key()))
    is_sealed = bool(recipient) and not plain
    write_and_read_back(file, files.sealed(signed, recipient) if is_sealed else signed.content)
    if made.is_new:
        program.ledger().releases.add(RETURN, month, today, made.month_return.canonical().decode("ascii"))
    return Written(made, is_sealed, digits(signed.public))
