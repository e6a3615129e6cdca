"""Once a month: events of the whole program, kept away from sessions so that nothing joins them to supplies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core import correcting
from outreach.core.paper import Typed, read_numbers
from outreach.core.particulars import ACT, EVENTS, MONTHLY
from outreach.core.periods import Period
from outreach.core.refusal import N_, Implausible, OutOfStep, Refusal
from outreach.core.sheets import PROGRAM_WIDE, ClosedSheet, Kind
from outreach.core.tally import EVENT, QUANTITY_ASKS, ask_about_day
from outreach.services.correcting import NothingDiffers, Whole, read_wanted
from outreach.services.program import Program
from outreach.services.signing import Origin, save_next
from outreach.services.tallying import TileGroup, monthly_groups


class MonthChangedMeanwhile(OutOfStep):
    sentence = N_(
        "Someone else saved this month meanwhile. The fields show what counts now. Nothing of yours was saved; "
        "what you typed stands beside them."
    )


class NothingTyped(Refusal):
    sentence = N_("Type at least one number. What stays empty is not reported. Nothing was saved.")


class NotKept(Refusal):
    sentence = N_(
        "{event} is not kept by month here. Switch its group on under What you count. Kept now: {known}. "
        "Nothing was saved."
    )


class OddNumber(Implausible):
    sentence = N_("{event}: {quantity} is more than most programs are told of in a year. Nothing was saved.")


class MoreThanVisits(Implausible):
    sentence = N_("{event}: {quantity} is more than all visits of that month, {visits}. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the program: what may be typed for it, and the sheet that holds it with its corrections, if any."""

    period: Period
    groups: tuple[TileGroup, ...]
    saved: Whole | None

    @property
    def now(self) -> dict[str, int]:
        """What counts now, by counter; what was not reported is absent."""
        return self.saved.now if self.saved else {}

    @property
    def edition(self) -> str:
        return self.saved.edition if self.saved else correcting.edition(())

    @property
    def counters(self) -> tuple[str, ...]:
        return tuple(each.counter for group in self.groups for each in group.things)

    def history(self, counter: str) -> list[int]:
        """What was first saved, then what each later save changed, in order."""
        return [said[counter] for said in self.saved.parts if counter in said] if self.saved else []


def month(program: Program, period: Period) -> Month:
    """What is kept of a month, or may be."""
    saved = _saved(program, period)
    return Month(period, monthly_groups(program, saved.now if saved else {}), saved)


def months_kept(program: Program) -> list[date]:
    """The first day of each month that something was saved for, latest first."""
    ledger = program.ledger_if_any()
    sums = ledger.sums.events(None, PROGRAM_WIDE, "month") if ledger else ()
    return sorted({each.day for each in sums}, reverse=True)


def _saved(program: Program, period: Period) -> Whole | None:
    ledger = program.ledger_if_any()
    found = ledger.sheets(Period(period.first, period.first), PROGRAM_WIDE) if ledger else ()
    # Two laptops may each have saved the month before they were brought together: both count, one stands first.
    sheets = sorted((each for each in found if each.act == MONTHLY), key=lambda each: each.kind is Kind.CORRECTION)
    return Whole(sheets[0], tuple(sheets[1:])) if sheets else None


def read_typed(found: Month, fields: Mapping[str, str]) -> Typed:
    """The numbers as typed, by counter. Blank is not reported; what was reported cannot become blank again."""
    if found.saved is None:
        return read_numbers(fields, found.counters)
    return read_wanted(found.saved, fields, found.counters)


def save(
    program: Program, found: Month, seen: str, wanted: Mapping[str, int], today: date, sure: bool = False
) -> ClosedSheet:
    """Save a month, or what differs from what was saved of it; refused when that is no longer what was `seen`.

    Asks about an odd month or number unless `sure`.
    """
    if found.edition != seen:
        raise MonthChangedMeanwhile()
    changes = correcting.differences(found.now, wanted)
    if not changes:
        raise NothingDiffers() if found.saved else NothingTyped()
    for counter in changes:
        if counter not in found.counters:
            known = ", ".join(map(_code, found.counters))
            raise NotKept(event=_code(counter), known=known or "-")
    if not sure:
        ask_about_day(found.period.first, today)
        for counter in changes:
            _ask_about(program, found.period, program.events.get(_code(counter)).name, wanted[counter])

    def make(origin: Origin) -> ClosedSheet:
        if month(program, found.period).edition != seen:
            raise MonthChangedMeanwhile()
        return ClosedSheet(
            **origin,
            kind=Kind.CORRECTION if found.saved else Kind.IMPORT,
            site=PROGRAM_WIDE,
            day=found.period.first,
            model=None,
            lines=(),
            corrects=found.saved.first.id if found.saved else None,
            x={ACT: MONTHLY, EVENTS: {_code(counter): n for counter, n in changes.items()}},
        )

    return save_next(program, make)


def _ask_about(program: Program, period: Period, name: str, quantity: int) -> None:
    """Ask about more than a month hardly has. Visits are only looked at: nothing is kept beside the month."""
    if quantity > QUANTITY_ASKS:
        raise OddNumber(event=name, quantity=f"{quantity:,}")
    ledger = program.ledger_if_any()
    rows = ledger.sums.visits(period, None, "all") if ledger else ()
    visits = [row.encounters for row in rows if row.encounters is not None]
    if visits and quantity > sum(visits):
        raise MoreThanVisits(event=name, quantity=f"{quantity:,}", visits=f"{sum(visits):,}")


def _code(counter: str) -> str:
    return counter.removeprefix(f"{EVENT}:")
