"""An open sheet's arithmetic: taps count once, what is typed is read strictly, odd things ask."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.refusal import Refusal
from outreach.core.sheets import Movement
from outreach.core.tally import (
    AnotherTabCounted,
    Applied,
    BelowZero,
    NotADay,
    NotAQuantity,
    OddDay,
    OddQuantity,
    Tap,
    TooMany,
    after_tap,
    ask_about_day,
    ask_about_quantity,
    item_counter,
    parse_day,
    parse_hours,
    parse_quantity,
    tap_outcome,
)

TOKEN = b"t" * 16


def tap(n: int, nonce: bytes = b"", change: int = 1, exactly: int | None = None) -> Tap:
    return Tap(TOKEN, n, nonce or bytes([n]) * 16, "given:cooker", change, exactly)


@given(st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 4)), max_size=40))
def test_every_touch_counts_once_however_often_it_is_sent(touches: list[tuple[int, int]]) -> None:
    """A tab that repeats any touch until it is answered ends with the count of its touches, each once."""
    last_n, last_nonce, expected = 0, b"", 0
    value: int | None = 0
    for n, (change, sent) in enumerate(touches, 1):
        touch = tap(n, change=change)
        if expected + change < 0:
            with pytest.raises(BelowZero):
                after_tap(value, touch)
            touch = tap(n, change=0)
        expected += touch.change
        for attempt in range(sent):
            outcome = tap_outcome(last_n, last_nonce, touch)
            assert outcome is (Applied.BEFORE if attempt else Applied.NOW)
            if outcome is Applied.NOW:
                value = after_tap(value, touch)
                last_n, last_nonce = touch.n, touch.nonce

    assert value == expected


@pytest.mark.parametrize(("n", "nonce"), [(2, b"x" * 16), (1, b"x" * 16), (4, b""), (0, b"")])
def test_a_tab_out_of_step_is_refused(n: int, nonce: bytes) -> None:
    """A touch that neither follows nor repeats the last one is refused, not guessed at."""
    with pytest.raises(AnotherTabCounted):
        tap_outcome(2, bytes([2]) * 16, tap(n, nonce or b"n" * 16))


def test_a_count_stays_between_zero_and_what_a_sheet_holds() -> None:
    """Below 0 and beyond 500,000 are refused; typing a number replaces the count."""
    assert after_tap(None, tap(1)) == 1
    assert after_tap(12, tap(1, exactly=0)) == 0
    with pytest.raises(BelowZero):
        after_tap(0, tap(1, change=-1))
    with pytest.raises(TooMany):
        after_tap(500_000, tap(1))


@pytest.mark.parametrize(("now", "change", "left"), [(1, -1, None), (0, 0, None), (3, -1, 2), (None, 0, None)])
def test_taking_back_what_began_a_counter_leaves_it_blank(now: int | None, change: int, left: int | None) -> None:
    """Where that touch was all there was nothing is reported; taken away by hand, 0 is a count."""
    assert after_tap(now, Tap(TOKEN, 1, TOKEN, "given:cooker", change, blank=True)) == left
    assert after_tap(now, tap(1, change=change)) == (left or 0), "the control"


@pytest.mark.parametrize(("typed", "value"), [("0", 0), (" 12 ", 12), ("1,204", 1204), ("500000", 500_000)])
def test_quantities_as_people_type_them(typed: str, value: int) -> None:
    """Spaces around a number are fine, and commas that part its thousands."""
    assert parse_quantity(typed) == value


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-1",
        "1.5",
        "twelve",
        "1e3",
        "\u0661\u0662",
        "0x10",
        "9" * 19,
        "1_0",
        "\u00bd",
    ],
)
def test_other_quantities_are_refused(typed: str) -> None:
    """Anything that is not plain digits is refused with a sentence."""
    with pytest.raises(NotAQuantity):
        parse_quantity(typed)


@pytest.mark.parametrize("typed", ["2,5", "1,50", "1,2345", ",5", "1,"])
def test_a_decimal_comma_is_never_dropped(typed: str) -> None:
    """Who writes 2,5 for two and a half does not find 25 on the sheet."""
    with pytest.raises(NotAQuantity):
        parse_quantity(typed)


def test_more_than_a_sheet_holds_says_so() -> None:
    """The sentence names the number and says that nothing was saved."""
    with pytest.raises(TooMany) as refused:
        parse_quantity("900000")
    assert str(refused.value) == "900,000 is too many: the most is 500,000. Type the number again. Nothing was saved."


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-2-3", "20261122", "2026-W47-7", "2000-00-00", "", "x"])
def test_days_are_written_one_way(typed: str) -> None:
    """A day is year-month-day and must exist; looser forms are refused."""
    with pytest.raises(NotADay):
        parse_day(typed)


def test_hours_come_in_quarters() -> None:
    """3, 3.5, 3,25 are hours; 3.3 is not."""
    assert [str(parse_hours(each)) for each in ("3", "3.5", "3,25")] == ["3", "7/2", "13/4"]
    for wrong in ("3.3", "-1", "", "1:30"):
        with pytest.raises(Refusal):
            parse_hours(wrong)


def test_what_is_possible_but_unlikely_asks() -> None:
    """Days before 2020 or after tomorrow, and quantities over 100,000, are asked about."""
    today = date(2026, 11, 22)
    ask_about_day(date(2020, 1, 1), today)
    ask_about_day(date(2026, 11, 23), today)
    ask_about_quantity("cooker", 100_000)
    for odd in (date(2019, 12, 31), date(2026, 11, 24)):
        with pytest.raises(OddDay):
            ask_about_day(odd, today)
    with pytest.raises(OddQuantity):
        ask_about_quantity("cooker", 100_001)


def test_item_counters_cannot_be_mistaken_for_people() -> None:
    """A counter of an item has a colon; encounters, others and hours have none."""
    assert item_counter("cooker", Movement.RETURNED) == "returned:cooker"
