"""Sheets of sessions folded into the months they lie in: the numbers stay, the days go, and do not come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from outreach.core.folding import Fold, folds
from outreach.core.particulars import COUNTED, EVENTS, SESSIONS
from outreach.core.periods import Period, cut, months_of
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import ClosedSheet, Kind, Movement
from outreach.services.funders import funders
from outreach.services.program import Program
from outreach.services.signing import Origin, save_all


class NothingToFold(Refusal):
    sentence = N_("No sheet of a session lies before {day}. Nothing was changed.")


class NotOver(Refusal):
    sentence = N_("The month of {day} is not over. Only whole months are folded. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What folding would do: the sheets that would come, and how many would go."""

    folds: tuple[Fold, ...]

    @property
    def replaced(self) -> int:
        return sum(len(each.replaces) for each in self.folds)


def plan(program: Program, before: date, today: date) -> Plan:
    """What would be folded of the months before the one of `before`. Changes nothing."""
    last = before.replace(day=1) - timedelta(days=1)
    if last >= today.replace(day=1):
        raise NotOver(day=last.isoformat())
    ledger = program.ledger_if_any()
    days = [each.day for each in ledger.sums.visits(Period(date.min, last))] if ledger else []
    if ledger is None or not days:
        raise NothingToFold(day=(last + timedelta(days=1)).isoformat())
    span = Period(min(days).replace(day=1), last)
    found = Plan(tuple(folds(ledger.sheets(span), _spans(program, span))))
    if not found.folds:
        raise NothingToFold(day=(last + timedelta(days=1)).isoformat())
    return found


def fold(program: Program, before: date, today: date) -> Plan:
    """Fold them, all or none. The days in them cannot be had back."""
    with program.ledger().together():
        found = plan(program, before, today)
        save_all(program, [partial(_sheet, each) for each in found.folds])
    return found


def _sheet(fold: Fold, origin: Origin) -> ClosedSheet:
    return ClosedSheet(
        **origin,
        kind=Kind.FOLD,
        site=fold.site,
        day=fold.day,
        model=fold.model,
        lines=fold.lines,
        encounters=fold.encounters,
        others=fold.others,
        hours=fold.hours,
        replaces=fold.replaces,
        x={SESSIONS: fold.sessions} | ({EVENTS: dict(fold.events)} if fold.events else {}),
    )


def _spans(program: Program, period: Period) -> tuple[Period, ...]:
    """The months of a period, cut where the order of days matters to what is worked out from them.

    A kit's new recipe, a rule of a funder, boxes that came or went and a shelf that was counted: what was
    given before and after them stays before and after them.
    """
    cuts = {recipe.start for kit in program.catalog.kits for recipe in kit.recipes}
    known = funders(program)
    cuts |= {rule.start for kind in known.kinds for rule in kind.rules}
    cuts |= {rule.start for funder in known.funders for rule in funder.rules}
    for each in program.ledger().sums.stock(period):
        if each.movement not in (Movement.GIVEN, Movement.RETURNED):
            cuts.add(each.day)
            cuts.add(each.day + timedelta(days=each.act == COUNTED))
    return cut(period, cuts | {date.fromisoformat(f"{month}-01") for month in months_of(period)})
