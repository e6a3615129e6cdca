"""Indicators worked out from what was counted: the number, its range and its band, whole or broken down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from outreach.core.atoms import Atom, atoms, only_of
from outreach.core.counted import Counted
from outreach.core.indicators import Handled, Happened, Indicator, Indicators, Listed, Number, Ratio, Source, Stocked
from outreach.core.periods import Period, year_from
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import GROUPINGS, EventSum, LineSum, UnknownGrouping, Visits
from outreach.core.sheets import PROGRAM_WIDE

ITEM, MODEL, MONTH = "item", "model", "month"
BREAKDOWNS = (ITEM, MODEL, *GROUPINGS)
"""What an answer may be broken down by. Events stand under ITEM, by their code."""


class CannotBeSplit(Refusal):
    sentence = N_("{id} cannot be split by {by}: a number in it is for the whole only, or has no such parts.")


class Missing(Enum):
    """Why there is no number. None of these is a zero."""

    NOT_REPORTED = N_("not reported")
    NOT_TYPED = N_("type the number it needs")
    NOT_A_YEAR = N_("only for a whole year")
    BY_ITEM = N_("item by item only: different things are not added up")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known beside the counts: typed numbers by id, and each site's service model."""

    numbers: Mapping[str, int | Fraction] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit; or None and why. `low` and `high` only where part of it is an estimate."""

    number: Number
    value: int | Fraction | None
    low: int | Fraction | None = None
    high: int | Fraction | None = None
    band: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """All that an answer depends on. `only` keeps these items, events, or groups of items."""

    indicators: Indicators
    counted: Counted
    told: Told = NOTHING_TOLD
    only: frozenset[str] = frozenset()


def figures(indicator: Indicator, asked: Question) -> tuple[Figure, ...]:
    """Each number of the indicator, in its order."""
    return tuple(_figure(number, asked) for number in indicator.numbers)


def broken_down(indicator: Indicator, asked: Question, by: str) -> dict[str, tuple[Figure, ...]]:
    """The same numbers for each item, site, model, month or day that has one, in order.

    The parts of a counted number add up to the whole; those of a ratio do not. Refuses what cannot be
    split, such as a ratio over a number that was typed for the whole.
    """
    if by not in BREAKDOWNS:
        raise UnknownGrouping(name=by, known=", ".join(BREAKDOWNS))
    if not all(can_be_split(number.source, by, asked.indicators) for number in indicator.numbers):
        raise CannotBeSplit(id=indicator.id, by=by)
    if by == ITEM:
        return _by_item(indicator, asked)
    parts = _parts(asked.counted, by, asked.told.models)
    return {name: figures(indicator, replace(asked, counted=part)) for name, part in parts.items()}


def can_be_split(source: Source, by: str, indicators: Indicators) -> bool:
    """Whether a number can be broken down this way."""
    if by == ITEM:
        return isinstance(source, Handled | Happened | Stocked)
    if isinstance(source, Happened) and source.monthly:
        return by == MONTH
    if isinstance(source, Ratio):
        # What was typed is for all sites and the whole period.
        return not source.yearly and not indicators.is_typed(source.bottom)
    return not isinstance(source, Listed | Stocked)


# --- one number ---


def _figure(number: Number, asked: Question) -> Figure:
    if isinstance(number.source, Ratio):
        return _ratio(number, number.source, asked)
    if isinstance(number.source, Listed):
        sites = {row.site for row in _rows(asked.counted)} - {PROGRAM_WIDE}
        models = {asked.told.models[site] for site in sites if site in asked.told.models}
        found = sites if number.source.what == "sites" else models
        return Figure(number, len(found)) if found else Figure(number, None, missing=Missing.NOT_REPORTED)
    held = list(only_of(atoms(number.source, asked.counted), asked.only, asked.counted.catalog))
    if isinstance(number.source, Stocked) and len({atom.code for atom in held}) > 1:
        # A stock account holds needles, barrels, strips and kits; their sum would be a number of nothing.
        return Figure(number, None, missing=Missing.BY_ITEM)
    return _sum(number, held)


def _sum(number: Number, found: Iterable[Atom]) -> Figure:
    each = list(found)
    if not each:
        # A sum of nothing is not a zero: nobody counted.
        return Figure(number, None, missing=Missing.NOT_REPORTED)
    value = _plain(sum(atom.value for atom in each))
    if all(atom.low is None and atom.high is None for atom in each):
        return Figure(number, value)
    low = sum(atom.value if atom.low is None else atom.low for atom in each)
    high = sum(atom.value if atom.high is None else atom.high for atom in each)
    # Where a range was kept for some days of a sum only, its ends alone would leave the number outside.
    return Figure(number, value, min(low, value), max(high, value))


def _ratio(number: Number, ratio: Ratio, asked: Question) -> Figure:
    is_year = asked.counted.period.last == year_from(asked.counted.period.first)
    if ratio.yearly and not is_year:
        return Figure(number, None, missing=Missing.NOT_A_YEAR)
    below = _bottom(ratio, asked)
    if isinstance(below, Missing):
        return Figure(number, None, missing=below)
    tops = [_figure(asked.indicators.get(id_).numbers[0], asked) for id_ in ratio.top]
    values = [top.value for top in tops if top.value is not None]
    if not values:
        return Figure(number, None, missing=Missing.NOT_REPORTED)
    factor = Fraction(ratio.times, ratio.each) / below
    value = _plain(factor * sum(values))
    band = number.band_of(value) if is_year else ""
    if all(top.low is None and top.high is None for top in tops):
        return Figure(number, value, band=band)
    low = sum((top.value if top.low is None else top.low) or 0 for top in tops)
    high = sum((top.value if top.high is None else top.high) or 0 for top in tops)
    return Figure(number, value, _plain(factor * low), _plain(factor * high), band)


def _plain(value: int | Fraction) -> int | Fraction:
    """A whole number as an int, so that every door writes it the same."""
    return int(value) if value == int(value) else value


def _bottom(ratio: Ratio, asked: Question) -> int | Fraction | Missing:
    """What to divide by; never 0, which nothing can be divided by."""
    if ratio.bottom is None:
        return 1
    if asked.indicators.is_typed(ratio.bottom):
        typed = asked.told.numbers.get(ratio.bottom, 0)
        return typed if typed > 0 else Missing.NOT_TYPED
    # What is kept of the top, such as one item, is still set against all visits.
    whole = replace(asked, only=frozenset())
    return _figure(asked.indicators.get(ratio.bottom).numbers[0], whole).value or Missing.NOT_REPORTED


# --- breaking down ---


def _by_item(indicator: Indicator, asked: Question) -> dict[str, tuple[Figure, ...]]:
    catalog = asked.counted.catalog
    found = [list(only_of(atoms(number.source, asked.counted), asked.only, catalog)) for number in indicator.numbers]
    place: dict[str, int] = {thing.code: i for i, thing in enumerate(catalog.handed_out())}
    codes = {atom.code for each in found for atom in each}
    return {
        code: tuple(
            _sum(number, (atom for atom in each if atom.code == code))
            for number, each in zip(indicator.numbers, found, strict=True)
        )
        for code in sorted(codes, key=lambda code: (place.get(code, len(place)), code))
    }


def _rows(counted: Counted) -> list[LineSum | Visits | EventSum]:
    return [*counted.lines, *counted.visits, *counted.events]


def _parts(counted: Counted, by: str, models: Mapping[str, str]) -> dict[str, Counted]:
    """What was counted at each site or model, or in each month or day; rows nobody knows the model of under ""."""
    name: Callable[[str, date], str] = (lambda site, _: models.get(site, "")) if by == MODEL else GROUPINGS[by]
    sorted_out: dict[str, dict[type, list[Any]]] = defaultdict(lambda: {LineSum: [], Visits: [], EventSum: []})
    for row in _rows(counted):
        # What a month of the whole program held is of no site, no model and no day.
        if row.site == PROGRAM_WIDE and by != MONTH:
            continue
        sorted_out[name(row.site, row.day)][type(row)].append(row)
    return {
        group: Counted(
            _span(counted.period, by, group),
            counted.catalog,
            tuple(rows[LineSum]),
            tuple(rows[Visits]),
            tuple(rows[EventSum]),
        )
        for group, rows in sorted(sorted_out.items())
    }


def _span(period: Period, by: str, group: str) -> Period:
    """A month or a day of the period is no year, even in a period that is one."""
    if by == "day":
        return Period(date.fromisoformat(group), date.fromisoformat(group))
    if by == "month":
        first = date.fromisoformat(f"{group}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return Period(max(first, period.first), min(last, period.last))
    return period
