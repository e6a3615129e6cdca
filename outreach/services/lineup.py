"""Each laptop of a program as a page lists it: how far it is known here, what of it is missing, what of it waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from outreach.core.partition import DAY
from outreach.services import laptops, missing, rolls
from outreach.services.program import Program


@dataclass(frozen=True, slots=True)
class Member:
    """A laptop on the list. `last` is the day of its newest sheet that is here, None where none is."""

    device: str
    name: str
    last: date | None
    missing: int
    waiting: int
    is_this: bool
    is_coordinator: bool
    is_turned_away: bool

    @property
    def digits(self) -> str:
        return laptops.digits(self.device)


def is_alone(program: Program) -> bool:
    """Whether this laptop counts by itself: nobody invited it, and it invited nobody. Raises Locked."""
    return laptops.roll(program) is None and laptops.invitation(program) is None


def is_waiting(program: Program) -> bool:
    """Whether this laptop asks to be let in, and no coordinator's laptop that it heard of has. Raises Locked."""
    return not is_alone(program) and laptops.hello(program) is not None


def lacks_coordinator(program: Program) -> bool:
    """Whether this laptop holds a backup of the only coordinator's laptop without being it: nobody else lets any in.

    It is called what that one is called on the list, which no other laptop ever is. Raises Locked.
    """
    now = laptops.roll(program)
    if now is None or len(now.coordinators) > 1 or laptops.invitation(program) or laptops.is_coordinator(program):
        return False
    lead, name = now.coordinators[0].recipient, laptops.own_name(program)
    return any(each.recipient == lead and each.name == name for each in now.laptops)


def members(program: Program) -> tuple[Member, ...]:
    """Every laptop on the list, those that were turned away last; none for a program of one laptop."""
    ledger, now = program.ledger_if_any(), laptops.roll(program)
    if ledger is None or now is None:
        return ()
    waiting = ledger.exchange.waiting()
    days = ledger.exchange.newest()
    for sheet in (each.sheet for each in waiting if each.why != DAY):
        # A clock that stood wrong says nothing about how far a laptop is known.
        days[sheet.device] = max(sheet.day, days.get(sheet.device, sheet.day))
    gone, waits = Counter[str](), Counter(each.sheet.device for each in waiting)
    for gap in missing.gaps(program):
        gone[gap.device] += gap.missing
    leads = {each.recipient for each in now.coordinators}
    found = [
        Member(
            each.device,
            each.name,
            days.get(each.device),
            gone[each.device],
            waits[each.device],
            rolls.of_this_laptop(program, each),
            each.recipient in leads,
            each.revoked_after is not None,
        )
        for each in now.laptops
    ]
    return tuple(sorted(found, key=lambda each: (each.is_turned_away, each.name.casefold(), each.device)))
