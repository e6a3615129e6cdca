"""Sheets of sessions folded into the months they lie in: the numbers stay, the days go, and do not come back."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from outreach.core.folding import Fold, folds
from outreach.core.particulars import COUNTED, EVENTS, SESSIONS, WEIGHED
from outreach.core.periods import Period, cut, months_of
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import ClosedSheet, Kind, Movement
from outreach.services import rolls
from outreach.services.funders import funders
from outreach.services.program import Program
from outreach.services.safety import safety
from outreach.services.signing import Origin, save_all


class NothingToFold(Refusal):
    sentence = N_("No sheet of a session lies before {day}. Nothing was changed.")


class NotOver(Refusal):
    sentence = N_("The month of {day} is not over. Only whole months are folded. Nothing was changed.")


class HoldStands(Refusal):
    sentence = N_("A legal hold stands: no day goes, and nothing is cleared. Nothing was changed.")


class FoldsElsewhere(Refusal):
    sentence = N_(
        "Days of this program are folded on one laptop only, that of {name}: folded on two, one day could stand in two "
        "sums. Carry your sheets there, and take its file in here. Nothing was changed."
    )


def folds_elsewhere(program: Program) -> FoldsElsewhere | None:
    """Why this laptop folds no days: of several laptops only the first coordinator's does. None where it may."""
    now, asked = rolls.roll(program), rolls.invitation(program)
    coordinators = asked.coordinators if asked else now.coordinators if now else ()
    if not coordinators:
        return None
    first = min(coordinators, key=lambda each: (bool(each.by), each.public))
    return None if first.public == rolls.voice(program).public else FoldsElsewhere(name=first.name)


def refuse_under_hold(program: Program) -> None:
    """Stop here while a lawyer has said to keep everything."""
    if safety(program).legal_hold:
        raise HoldStands()


@dataclass(frozen=True, slots=True)
class Plan:
    """What folding would do: the sheets that would come, how many would go, and how many sessions stay as they are."""

    folds: tuple[Fold, ...]
    left: int = 0

    @property
    def told(self) -> list[tuple[str, date, int]]:
        """Each site and month with how many sessions would be folded there."""
        found: Counter[tuple[str, date]] = Counter()
        for each in self.folds:
            found[each.site, each.day.replace(day=1)] += each.sessions
        return [(site, month, n) for (site, month), n in sorted(found.items(), key=lambda row: (row[0][1], row[0][0]))]

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
    sheets = list(ledger.sheets(span))
    found = Plan(tuple(folds(sheets, _spans(program, span))))
    gone = {each for fold in found.folds for each in fold.replaces}
    left = sum(each.kind is Kind.TALLY and each.id not in gone for each in sheets)
    found = replace(found, left=left)
    if not found.folds:
        raise NothingToFold(day=(last + timedelta(days=1)).isoformat())
    return found


def fold(program: Program, before: date, today: date) -> Plan:
    """Fold them, all or none. The days in them cannot be had back. Refused while a legal hold stands."""
    with program.ledger().together():
        refuse_under_hold(program)
        elsewhere = folds_elsewhere(program)
        if elsewhere is not None:
            raise elsewhere
        found = plan(program, before, today)
        save_all(program, [partial(_sheet, each) for each in found.folds])
    # It is done by now; a full disk takes nothing of that back. The days go from the file and from its copies.
    for tidy in (program.ledger().pack, program.copy_anew):
        with suppress(Refusal, OSError):
            tidy()
    return found


def kept_from(program: Program, today: date) -> date | None:
    """The first day whose sheets are kept as they are; None where the program keeps all days."""
    months = safety(program).keep_days_months
    return None if months is None else _months_before(today, months)


def sessions_older(program: Program, months: int, today: date) -> int:
    """How many sessions of single days a rule of so many whole months would ask to fold by now."""
    ledger = program.ledger_if_any()
    return ledger.sums.sessions_before(_months_before(today, months)) if ledger else 0


def _months_before(today: date, months: int) -> date:
    at = today.year * 12 + today.month - 1 - months
    return date(max(at // 12, 1), at % 12 + 1, 1)


def due(program: Program, today: date) -> Plan | None:
    """What the program's own rule asks to fold here by now; None while there is nothing, or a hold stands."""
    before = kept_from(program, today)
    ledger = program.ledger_if_any()
    if (
        before is None
        or ledger is None
        or folds_elsewhere(program)
        or safety(program).legal_hold
        or not ledger.sums.sessions_before(before)
    ):
        return None
    with suppress(NothingToFold):
        return plan(program, before, today)
    return None


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
        x={SESSIONS: fold.sessions}
        | ({EVENTS: dict(fold.events)} if fold.events else {})
        | ({WEIGHED: [dict(each) for each in fold.weighed]} if fold.weighed else {}),
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
