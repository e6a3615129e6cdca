"""Periods and totals: sums that a second, slower way of counting finds again."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.periods import (
    EndsBeforeItStarts,
    NotAPeriod,
    Period,
    PeriodKind,
    kind_of,
    latest_of,
    months_of,
    parse_period,
    period_of,
)
from outreach.core.reports import LineSum, UnknownGrouping, Visits, groupings, totals, visits
from outreach.core.sheets import Movement
from outreach.core.supplies import Catalog, Group, Item, ItemCode, Kit, Recipe

CHANGE = date(2026, 7, 1)
CATALOG = Catalog(
    groups=(Group("kits", "Kits"), Group("naloxone", "Naloxone")),
    items=(
        Item(ItemCode("naloxone-im"), "Vial", "vial", "vials", "naloxone", doses=1),
        Item(ItemCode("im-syringe"), "Syringe", "syringe", "syringes", "naloxone"),
    ),
    kits=(
        Kit(
            ItemCode("kit-im"),
            "Kit",
            "kits",
            (
                Recipe(date(2020, 1, 1), {ItemCode("naloxone-im"): 2, ItemCode("im-syringe"): 2}),
                Recipe(CHANGE, {ItemCode("naloxone-im"): 3, ItemCode("im-syringe"): 2}),
            ),
        ),
    ),
)

line_sums = st.lists(
    st.builds(
        LineSum,
        st.sampled_from(["north", "south"]),
        st.dates(date(2026, 5, 1), date(2026, 9, 30)),
        st.sampled_from(["naloxone-im", "im-syringe", "kit-im", "unknown-item"]),
        st.sampled_from([Movement.GIVEN, Movement.RETURNED]),
        st.integers(-50, 500),
    ),
    max_size=30,
)
by_any = st.sampled_from([(), ("site",), ("month",), ("site", "month"), ("day",), ("month", "site")])


@given(line_sums, by_any, st.dates(date(2026, 5, 1), date(2026, 9, 30)), st.integers(0, 120))
def test_totals_equal_a_slow_recount(sums: list[LineSum], by: tuple[str, ...], first: date, length: int) -> None:
    """Each row equals a recount that unpacks every kit one by one with the recipe of its day."""
    period = Period(first, first + timedelta(days=length))
    expected: Counter[tuple[str, ...]] = Counter()
    for each in sums:
        if period.first <= each.day <= period.last:
            where = [{"site": each.site, "month": str(each.day)[:7], "day": str(each.day)}[name] for name in by]
            expected[*where, each.item, each.movement.value] += each.quantity
            if each.item == "kit-im":
                vials = 2 if each.day < CHANGE else 3
                expected[*where, "naloxone-im", each.movement.value] += vials * each.quantity
                expected[*where, "im-syringe", each.movement.value] += 2 * each.quantity

    report = totals(sums, CATALOG, period, by)
    found = {tuple(row[name] for name in (*by, "item", "movement")): row["quantity"] for row in report.rows}

    assert found == dict(expected)
    assert len(found) == len(report.rows)
    assert all(row["quantity"] == row["loose"] + row["in_kits"] for row in report.rows)


def test_a_kit_of_last_year_keeps_its_recipe() -> None:
    """The same kit is two vials in June and three in July."""
    june, july = (LineSum("north", day, "kit-im", Movement.GIVEN, 10) for day in (date(2026, 6, 30), CHANGE))
    rows = totals([june, july], CATALOG, parse_period("2026"), ("month",)).rows

    assert [(r["month"], r["item"], r["quantity"], r["doses"]) for r in rows if r["item"] == "naloxone-im"] == [
        ("2026-06", "naloxone-im", 20, 20),
        ("2026-07", "naloxone-im", 30, 30),
    ]


def test_a_kit_before_its_first_recipe_holds_what_the_first_one_says() -> None:
    """A sheet with a mistaken day still adds up, and no report refuses because of it."""
    assert CATALOG.parts("kit-im", 1, date(2019, 12, 31)) == CATALOG.parts("kit-im", 1, date(2020, 1, 1))


def test_not_reported_is_not_zero() -> None:
    """Visits nobody counted stay blank; a counted zero stays a zero."""
    days = [Visits("north", date(2026, 7, 1), 1, None, 0, 13), Visits("south", date(2026, 7, 1), 1, 5, None, None)]
    rows = {row["site"]: row for row in visits(days, parse_period("2026-07"), ("site",)).rows}

    assert (rows["north"]["encounters"], rows["north"]["others"], rows["north"]["hours"]) == (None, 0, 3.25)
    assert (rows["south"]["encounters"], rows["south"]["others"], rows["south"]["hours"]) == (5, None, None)


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
    ],
)
def test_periods_end_where_the_calendar_says(given: str, first: str, last: str) -> None:
    """Years, quarters and months, leap days included."""
    period = parse_period(given)

    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize("given", ["", "26", "2026-Q5", "2026-13", "2026-7", "2026-07-01", "0000", "9999", "July"])
def test_other_periods_are_refused(given: str) -> None:
    """What is no year, quarter or month is refused."""
    with pytest.raises(NotAPeriod):
        parse_period(given)


def test_a_period_ends_after_it_starts() -> None:
    """An end before the start is said in a sentence."""
    with pytest.raises(EndsBeforeItStarts):
        Period(date(2026, 7, 2), date(2026, 7, 1))
    with pytest.raises(UnknownGrouping):
        groupings(["person"])


@given(st.sampled_from(list(PeriodKind)), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_periods_of_a_kind_cover_every_day_once(kind: PeriodKind, day: date) -> None:
    """A day lies in one period of a kind; the next one begins the day after it; a name says it again."""
    found = period_of(kind, day)
    after = period_of(kind, found.last + timedelta(days=1))

    assert found.first <= day <= found.last
    assert after.first == found.last + timedelta(days=1)
    assert parse_period(found.name) == found
    assert kind_of(Period(found.first, found.last)) is kind
    assert len(months_of(found)) == kind.months
    assert latest_of(kind, after.first, 2) == (after, found)


def test_fiscal_years_are_named_after_the_year_they_end_in() -> None:
    """SFY2026 runs from July 2025 to June 2026, FFY2026 from October 2025 to September 2026."""
    state, federal = parse_period("sfy2026"), parse_period("FFY2026")

    assert (state.first, state.last) == (date(2025, 7, 1), date(2026, 6, 30))
    assert (federal.first, federal.last) == (date(2025, 10, 1), date(2026, 9, 30))
    assert kind_of(Period(date(2026, 7, 2), date(2026, 7, 31))) is None
