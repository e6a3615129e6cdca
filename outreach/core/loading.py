"""What to pack for a night: worked out from the last sessions of the same weekday at the stops ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from outreach.core.refusal import N_, Misuse
from outreach.core.reports import LineSum, Visits
from outreach.core.sheets import Movement

LOOKED_AT = 4
"""Sessions looked at for each stop: about a month, so that a season or a new item shows soon."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class NotAWeekday(Misuse):
    sentence = N_("{given} is not a day of the week. Use one of {known}.")


@dataclass(frozen=True, slots=True)
class Load:
    """One thing to pack. Kits are kits here: what is inside them is packed already."""

    item: str
    largest: int
    mean: Fraction

    @property
    def suggested(self) -> int:
        """The mean, rounded up to a whole thing."""
        return ceil(self.mean)


@dataclass(frozen=True, slots=True)
class LoadList:
    """What to pack, and the days it was worked out from, newest first, by stop."""

    days: dict[str, tuple[date, ...]]
    loads: tuple[Load, ...]


def weekday(given: str) -> int:
    """The number of a weekday (Monday is 0), by its English name or its first three letters."""
    word = given.strip().lower()
    found = [i for i, name in enumerate(WEEKDAYS) if word in (name, name[:3])]
    if not found:
        raise NotAWeekday(given=given, known=", ".join(WEEKDAYS))
    return found[0]


def load_list(sums: Iterable[LineSum], visits: Iterable[Visits], stops: Iterable[str], on: int) -> LoadList:
    """Each thing's mean and largest number handed out at each stop, added up over the stops.

    For a stop: over the last four days with that weekday that had a session there. A day on which
    nobody counted the thing says nothing about it (blank is not zero); a counted zero is one.
    """
    asked = set(stops)
    sessions: dict[str, list[date]] = {stop: [] for stop in sorted(asked)}
    for each in visits:
        if each.sessions and each.site in asked and each.day.weekday() == on:
            sessions[each.site].append(each.day)
    days = {stop: tuple(sorted(set(held), reverse=True)[:LOOKED_AT]) for stop, held in sessions.items()}
    counts: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for line in sums:
        if line.movement is Movement.GIVEN and line.day in days.get(line.site, ()):
            counts[line.item, line.site][line.day] += line.quantity
    largest: dict[str, int] = defaultdict(int)
    mean: dict[str, Fraction] = defaultdict(Fraction)
    for (item, _), by_day in counts.items():
        largest[item] += max(by_day.values())
        mean[item] += Fraction(sum(by_day.values()), len(by_day))
    return LoadList(days, tuple(Load(item, largest[item], mean[item]) for item in sorted(mean)))
