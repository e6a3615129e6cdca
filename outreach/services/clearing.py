"""Clearing a laptop before it is lent or travels: planned ahead, looked over, and impossible under a legal hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outreach.core.refusal import N_, Implausible, Refusal
from outreach.services import clearing_away
from outreach.services.folding import HoldStands, refuse_under_hold
from outreach.services.program import Program
from outreach.services.safety import safety, set_safety

ROUTINE = N_(
    "Do this as routine before travel or lending. Do not do it after you were served papers or asked for records: "
    "ask your lawyer first."
)
GOES = N_("What goes: everything that was counted, settings, sites, keys, and the copies on this laptop.")
STAYS = N_("What stays: the guide, the cards, and your own topics, lines and cards.")


class PlanAhead(Refusal):
    sentence = N_("Clearing is planned ahead. Choose a day from tomorrow on. Nothing was saved.")


class NoDaySet(Refusal):
    sentence = N_("No day is set for clearing this computer. Set one first, from tomorrow on. Nothing was changed.")


class NotThatDay(Refusal):
    sentence = N_("This computer is cleared on {day}, not before. Nothing was changed.")


class SheetsOpen(Refusal):
    sentence = N_("Sheets are still open: {count}. Close them first. Nothing was changed.")


class NotCarriedAway(Implausible):
    sentence = N_(
        "Sheets on this computer: {count}. It knows of no backup that holds all of them. After this they are gone for "
        "good. Clear it?"
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands about clearing: the day, whether it came, and what would be gone."""

    day: date | None
    is_due: bool
    hold: bool
    sheets: int


def outlook(program: Program, today: date) -> Outlook:
    """How it stands now. Raises Locked, and what a damaged file raises."""
    chosen = safety(program)
    ledger = program.ledger_if_any()
    count = ledger.count() + ledger.exchange.waiting_count() if ledger else 0
    due = chosen.clear_on is not None and chosen.clear_on <= today and not chosen.legal_hold
    return Outlook(chosen.clear_on, due, chosen.legal_hold, count)


def plan(program: Program, day: date | None, today: date) -> None:
    """Set the day, or none. Never today: what is done in haste is not routine."""
    if day is not None:
        refuse_under_hold(program)
        if day <= today:
            raise PlanAhead()
    set_safety(program, clear_on=day)


def clear(program: Program, today: date, sure: bool) -> int:
    """Clear it; how many sheets went. `sure` once who asks knows that no backup is known to hold them all.

    Raises HoldStands, NoDaySet, NotThatDay, SheetsOpen, NotCarriedAway, Locked, and what a ledger that cannot
    be read raises: what is damaged is never taken away. Nothing was changed then.
    """
    found = outlook(program, today)
    if program.trouble is not None:
        raise program.trouble.again()
    if found.hold:
        raise HoldStands()
    if found.day is None:
        raise NoDaySet()
    if found.day > today:
        raise NotThatDay(day=found.day)
    still_open = len(program.sheets().ids())
    if still_open:
        raise SheetsOpen(count=still_open)
    if found.sheets and not sure and not is_carried_away(program):
        raise NotCarriedAway(count=f"{found.sheets:,}")
    if program.home.path.exists():
        with program.ledger_shut():
            clearing_away.begin(program.home)
    set_safety(program, clear_on=None)
    return found.sheets


def is_carried_away(program: Program) -> bool:
    """Whether the last backup that was written to a file holds exactly the sheets that are here."""
    ledger = program.ledger_if_any()
    return ledger is None or ledger.settings.get("carried-away") == ledger.sums.fingerprint()
