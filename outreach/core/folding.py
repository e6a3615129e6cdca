"""Days folded together: which sheets of sessions go into one, and what the sheet says that takes their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from outreach.core.particulars import EVENTS, WEIGHED
from outreach.core.periods import Period
from outreach.core.sheets import ClosedSheet, Kind, Line, ServiceModel, SheetId, SiteCode, in_order


@dataclass(frozen=True, slots=True)
class Fold:
    """What the sessions of one site and service model add up to over a span, dated on its last day."""

    site: SiteCode
    day: date
    model: ServiceModel | None
    sessions: int
    lines: tuple[Line, ...]
    events: Mapping[str, int]
    encounters: int | None
    others: int | None
    hours: Fraction | None
    replaces: tuple[SheetId, ...]
    weighed: tuple[Mapping[str, Any], ...] = ()
    """Each way in which returns were weighed; what they came to stands among the events."""


_SAID = {EVENTS, WEIGHED}
"""What a session says beside its lines that can be said of several together."""


def folds(sheets: Iterable[ClosedSheet], spans: Sequence[Period]) -> Iterator[Fold]:
    """The sheets of sessions, with their corrections, folded span by span. Stock and past totals stay as they are.

    What cannot be said in one sheet stays unfolded: a correction of another day's span, a sum below 0, and
    what a later version wrote beside the lines.
    """
    known = {sheet.id: sheet for sheet in sheets}
    groups: dict[tuple[str, str, int], list[ClosedSheet]] = {}
    for sheet in known.values():
        root = _root(sheet, known)
        at = _span(sheet.day, spans)
        if root is None or at is None or sheet.site != root.site or at != _span(root.day, spans):
            continue
        groups.setdefault((root.site, root.model.value if root.model else "", at), []).append(sheet)
    for (_, _, at), group in sorted(groups.items()):
        if any(set(sheet.x) - _SAID for sheet in group):
            continue
        fold = _added(group, spans[at].last)
        if all(line.quantity >= 0 for line in fold.lines) and all(n >= 0 for n in _counts(fold)):
            yield fold


def _root(sheet: ClosedSheet, known: Mapping[SheetId, ClosedSheet]) -> ClosedSheet | None:
    """The session that a sheet is, or is a correction of; None for anything else."""
    while sheet.corrects is not None and sheet.corrects in known:
        sheet = known[sheet.corrects]
    return sheet if sheet.kind is Kind.TALLY else None


def _span(day: date, spans: Sequence[Period]) -> int | None:
    return next((i for i, span in enumerate(spans) if span.first <= day <= span.last), None)


def _added(group: Sequence[ClosedSheet], day: date) -> Fold:
    quantities: Counter[tuple[str, str, str, str]] = Counter()
    lines: dict[tuple[str, str, str, str], Line] = {}
    events: Counter[str] = Counter()
    for sheet in group:
        for line in sheet.lines:
            quantities[line.key] += line.quantity
            lines[line.key] = line
        for event, quantity in sheet.events.items():
            events[event] += quantity
    added = (Line(each.item, each.movement, quantities[key], each.lot, each.funder) for key, each in lines.items())
    session = next(each for each in group if each.kind is Kind.TALLY)
    return Fold(
        site=session.site,
        day=day,
        model=session.model,
        sessions=sum(each.kind is Kind.TALLY for each in group),
        lines=in_order(added),
        events=dict(sorted(events.items())),
        encounters=_sum(each.encounters for each in group),
        others=_sum(each.others for each in group),
        hours=_sum_hours(each.hours for each in group),
        replaces=tuple(sorted(each.id for each in group)),
        weighed=_each_once(sheet.x[WEIGHED] for sheet in group if WEIGHED in sheet.x),
    )


def _each_once(said: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Each once, in an order that is the same whichever sheet came first."""
    by_words = {str(sorted(each.items())): each for each in said}
    return tuple(by_words[words] for words in sorted(by_words))


def _sum(counts: Iterable[int | None]) -> int | None:
    """The sum of what was reported; None where nobody reported anything."""
    known = [each for each in counts if each is not None]
    return sum(known) if known else None


def _sum_hours(hours: Iterable[Fraction | None]) -> Fraction | None:
    known = [each for each in hours if each is not None]
    return sum(known, Fraction(0)) if known else None


def _counts(fold: Fold) -> Iterator[int | Fraction]:
    yield from fold.events.values()
    yield from (each for each in (fold.encounters, fold.others, fold.hours) if each is not None)
