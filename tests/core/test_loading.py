"""The load list equals a slow recount by hand, and a blank is never a zero."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.loading import NotAWeekday, load_list, weekday
from outreach.core.reports import LineSum, Visits
from outreach.core.sheets import Movement

FRIDAY = date(2026, 11, 27)
STOPS, ITEMS = ("north", "harbor", "lot"), ("cooker", "kit-van")
Held = dict[tuple[str, date], dict[str, int]]


def ledger(held: Held) -> tuple[list[LineSum], list[Visits]]:
    lines = [
        line
        for (site, day), counts in held.items()
        for item, n in counts.items()
        # What came back is another number: it must not be taken for what was handed out.
        for line in (
            LineSum(site, day, item, Movement.GIVEN, n),
            LineSum(site, day, item, Movement.RETURNED, n + 100),
        )
    ]
    return lines, [Visits(site, day, 1, None, None, None) for site, day in held]


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(STOPS),
            # Seven weeks of two weekdays: days of any weekday hardly ever make five of one.
            st.builds(
                lambda weeks, off: FRIDAY - timedelta(weeks=weeks, days=off), st.integers(0, 7), st.integers(0, 1)
            ),
        ),
        st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 50)),
        max_size=40,
    ),
    st.sets(st.sampled_from(STOPS)),
    st.sampled_from((FRIDAY.weekday(), FRIDAY.weekday() - 1, 0)),
)
def test_it_equals_a_recount(held: Held, stops: set[str], on: int) -> None:
    """For every stop the last four such days, for every thing those on which it was counted; then added up."""
    found = load_list(*ledger(held), stops, on)
    expected: dict[str, tuple[int, int]] = {}
    for item in ITEMS:
        mean, largest, seen = Fraction(0), 0, False
        for stop in stops:
            days = sorted((day for at, day in held if at == stop and day.weekday() == on), reverse=True)[:4]
            numbers = [held[stop, day][item] for day in days if item in held[stop, day]]
            if numbers:
                seen = True
                mean += Fraction(sum(numbers), len(numbers))
                largest += max(numbers)
        if seen:
            expected[item] = (ceil(mean), largest)

    assert {each.item: (each.suggested, each.largest) for each in found.loads} == expected
    assert set(found.days) == stops and all(len(days) <= 4 for days in found.days.values())


def test_only_the_last_four_such_days_are_looked_at() -> None:
    """Five Fridays: the oldest says nothing any more, and the days are told newest first."""
    fridays = [FRIDAY - timedelta(weeks=back) for back in range(5)]
    held: Held = {("north", day): {"cooker": 10} for day in fridays} | {("north", fridays[4]): {"cooker": 1000}}
    found = load_list(*ledger(held), ["north"], FRIDAY.weekday())
    assert found.days == {"north": tuple(fridays[:4])}
    assert [(each.suggested, each.largest) for each in found.loads] == [(10, 10)]


def test_a_blank_is_not_a_zero() -> None:
    """10 on one Friday, nothing said on the other: 10 to pack. A counted zero halves it."""
    week = timedelta(days=7)
    blank: Held = {("north", FRIDAY): {"cooker": 10}, ("north", FRIDAY - week): {}}
    zero: Held = {("north", FRIDAY): {"cooker": 10}, ("north", FRIDAY - week): {"cooker": 0}}

    assert [each.suggested for each in load_list(*ledger(blank), ["north"], 4).loads] == [10]
    assert [each.suggested for each in load_list(*ledger(zero), ["north"], 4).loads] == [5]


def test_weekdays_by_name() -> None:
    """A weekday is read by its name or three letters; anything else names them."""
    assert (weekday("Friday"), weekday("mon")) == (4, 0)
    with pytest.raises(NotAWeekday, match="saturday"):
        weekday("someday")
