"""What an open sheet says of itself: its lines, events, hours and few visits; and where odd things begin."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from outreach.core.sheets import QUANTITY_MAX, Movement, ServiceModel, SiteCode
from outreach.core.tally import OddHours, OpenSheet, Tap, TooMany, after_tap, ask_about_hours


def opened(**counters: int) -> OpenSheet:
    named = {name.replace("__", ":").replace("_", "-"): n for name, n in counters.items()}
    return OpenSheet("1", SiteCode("north"), date(2026, 11, 30), ServiceModel.MOBILE, named)


def test_counters_become_lines_events_and_hours() -> None:
    """Items by what moved, events apart, people and hours neither; what was never touched is not there, zero is."""
    sheet = opened(encounters=9, quarter_hours=13, given__cooker=4, returned__cooker=0, event__referral_care=2)
    assert [(line.item, line.movement, line.quantity) for line in sheet.lines()] == [
        ("cooker", Movement.GIVEN, 4),
        ("cooker", Movement.RETURNED, 0),
    ]
    assert sheet.events() == {"referral-care": 2}
    assert sheet.handed_out == 4
    assert sheet.hours == Fraction(13, 4) and opened().hours is None and opened(quarter_hours=0).hours == 0


@pytest.mark.parametrize(("counters", "few"), [({}, False), ({"encounters": 0}, True), ({"encounters": 2}, True)])
def test_fewer_than_three_visits_are_few(counters: dict[str, int], few: bool) -> None:
    """Three are enough; visits that nobody counted are not said to be few."""
    assert opened(**counters).few_visits is few
    assert not opened(encounters=3).few_visits


def test_a_session_of_a_whole_day_is_not_odd() -> None:
    """24 hours are taken as they are; a quarter of an hour more is asked about."""
    ask_about_hours(Fraction(24))
    with pytest.raises(OddHours):
        ask_about_hours(Fraction(97, 4))


def test_a_counter_holds_what_a_sheet_can_hold() -> None:
    """The largest number fits, one more is refused; a tap that says nothing changes nothing."""

    def tap(**more: int) -> Tap:
        return Tap(b"t" * 16, 1, b"n" * 16, "given:cooker", **more)

    assert after_tap(QUANTITY_MAX - 1, tap(change=1)) == QUANTITY_MAX
    with pytest.raises(TooMany):
        after_tap(QUANTITY_MAX, tap(change=1))
    assert after_tap(5, tap()) == 5
