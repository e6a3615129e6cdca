"""Tonight's load list: what to pack for some stops on a weekday, in the order the program counts in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from outreach.core import loading
from outreach.core.loading import LoadList
from outreach.core.periods import Period
from outreach.core.tallying import Standing
from outreach.services.program import Program
from outreach.services.tallying import chosen_or_all

LONG_AGO = timedelta(days=366)
"""A stop that had no such weekday for a year is a new one."""


def load_list(program: Program, stops: Sequence[str], on: int, today: date) -> LoadList:
    """What to pack for these stops; sheets before `today` are looked at. Refuses an unknown stop."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return loading.load_list((), (), stops, on)
    for stop in stops:
        ledger.sites.get(stop)
    period = Period(today - LONG_AGO, today - timedelta(days=1))
    found = loading.load_list(ledger.sums.lines(period), ledger.sums.visits(period), stops, on)
    chosen = chosen_or_all(program)
    place: dict[str, int] = {
        thing.code: i for i, thing in enumerate(t for _, held in chosen.in_order(program.catalog) for t in held)
    }
    carried = [each for each in found.loads if chosen.stands(each.item) is not Standing.NOT_CARRIED]
    # A thing this catalog does not know comes last.
    return replace(found, loads=tuple(sorted(carried, key=lambda each: place.get(each.item, len(place)))))


def usual_stops(program: Program, on: int, today: date) -> list[str]:
    """The stops that had a session on that weekday in the last five weeks: a first guess at tonight's."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return []
    lately = ledger.sums.visits(Period(today - timedelta(days=35), today - timedelta(days=1)))
    return sorted({each.site for each in lately if each.sessions and each.day.weekday() == on})
