"""Typing in paper sheets: fields in the order of the printed one, checked by its sums, saved whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core.paper import COLUMNS, Typed, check_feet, foot, read_numbers
from outreach.core.sheets import ClosedSheet
from outreach.core.tally import ENCOUNTERS, OTHERS, QUARTER_HOURS, parse_day
from outreach.services import tally
from outreach.services.program import Program
from outreach.services.tallying import TileGroup

PEOPLE_AND_HOURS = (QUARTER_HOURS, ENCOUNTERS, OTHERS)
FEET = tuple(foot(movement) for movement in COLUMNS)


@dataclass(frozen=True, slots=True)
class Sure:
    """What the person at the table was asked and has answered with yes."""

    day_and_numbers: bool = False
    second_session: bool = False
    no_sums: bool = False


def counters(groups: tuple[TileGroup, ...], events: tuple[TileGroup, ...]) -> Iterator[str]:
    """The counter of every field, as the paper goes: out, then back, item by item."""
    yield from PEOPLE_AND_HOURS
    for group in (*groups, *events):
        for each in group.things:
            yield from each.counters


def read_typed(fields: Mapping[str, str], names: Iterator[str], no_sums: bool) -> Typed:
    """The numbers of a sheet as typed, and everything that is wrong with them, by field."""
    typed = read_numbers(fields, (*names, *FEET))
    # A line that could not be read makes any sum wrong: it is told by itself first.
    wrong = typed.wrong or check_feet(typed.numbers, no_sums)
    return Typed({name: n for name, n in typed.numbers.items() if name not in FEET}, wrong)


def save(
    program: Program, fields: Mapping[str, str], numbers: Mapping[str, int], today: date, sure: Sure
) -> ClosedSheet:
    """Save a paper sheet. Asks as counting does, and when the same counts are saved already."""
    day = parse_day(fields.get("day", ""))
    whole = tally.from_counters(fields.get("site", ""), day, fields.get("model") or None, numbers)
    return tally.record(program, whole, today, again=sure.second_session, sure=sure.day_and_numbers)
