"""Books of a shelf: any sequence of movements equals a recount unit by unit, and every line adds up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from outreach.core.particulars import ASSEMBLED, COUNTED, PAST
from outreach.core.periods import Period
from outreach.core.sheets import Movement
from outreach.core.stock import PROGRAM, Book, Place, StockSum, as_one, begun, books, on_hand

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]
ACTS = {Movement.ADJUSTED: [ASSEMBLED, COUNTED], Movement.RECEIVED: ["", PAST]}

sums = st.lists(
    st.sampled_from(list(Movement)).flatmap(
        lambda movement: st.builds(
            StockSum,
            st.sampled_from(["north", "south"]),
            st.sampled_from(DAYS),
            st.sampled_from(ACTS.get(movement, [""])),
            st.sampled_from(["cooker", "kit"]),
            st.just(movement),
            st.just(""),
            st.sampled_from(["", "county"]),
            st.integers(-20, 60),
        )
    ),
    max_size=40,
)


def slow_shelf(found: list[StockSum], place: Place, upto: date) -> int | None:
    """What is there at the end of a day, walked through day by day; None while nobody keeps stock of it."""
    held: int | None = None
    for day in DAYS:
        if day > upto:
            break
        of_day = [each for each in found if each.day == day and (each.site, each.item) == place]
        for each in of_day:
            into = each.act != PAST and each.movement is not Movement.RETURNED
            opens = into and each.movement is not Movement.GIVEN and each.quantity
            if each.act == ASSEMBLED:
                opens = each.quantity > 0
            if each.act == COUNTED:
                opens = True
            if opens and held is None:
                held = 0
        if held is None:
            continue
        for each in of_day:
            if each.act == PAST or each.movement is Movement.RETURNED:
                continue
            held += -each.quantity if each.movement in (Movement.GIVEN, Movement.DISCARDED) else each.quantity
    return held


@given(sums, st.sampled_from(DAYS), st.integers(0, 20), st.integers(0, 45), st.booleans())
def test_every_book_equals_a_slow_recount(
    found: list[StockSum], first: date, length: int, until: int, together: bool
) -> None:
    """Opening, closing and days without stock, by site and for the program as one shelf; and each line adds up."""
    found = list(as_one(found)) if together else found
    period, today = Period(first, first + timedelta(days=length)), FIRST + timedelta(days=until)
    starts = begun(found)
    before = [each for each in found if each.day < first]
    lines = {(book.site, book.item): book for book in books(before, found, starts, period, today)}

    for place in {(each.site, each.item) for each in found}:
        closing = slow_shelf(found, place, period.last)
        assert (place in lines) == (closing is not None)
        if closing is None:
            continue
        book = lines[place]
        assert book.opening == (slow_shelf(found, place, first - timedelta(days=1)) or 0)
        assert book.closing == closing
        days = [first + timedelta(days=n) for n in range(length + 1)]
        held = [slow_shelf(found, place, day) for day in days if day <= today]
        assert book.days_out == sum(each is not None and each <= 0 for each in held)
        added = book.opening + book.received_in_all + book.moved - book.out - book.discarded + book.adjusted
        assert added == book.closing
        if book.counted is not None:
            last = max(
                each.day
                for each in found
                if (each.site, each.item) == place and each.act == COUNTED and first <= each.day <= period.last
            )
            assert book.counted == slow_shelf(found, place, last)
    assert on_hand(found) == {
        place: held
        for place in {(each.site, each.item) for each in found}
        if (held := slow_shelf(found, place, DAYS[-1])) is not None
    }


@given(sums)
def test_coarse_sums_before_the_period_are_enough(found: list[StockSum]) -> None:
    """Cut where a book begins, the days before a period may be summed up: the opening is the same."""
    period = Period(DAYS[20], DAYS[30])
    starts = begun(found)
    cuts = sorted({FIRST, *starts.values()})
    coarse: Counter[StockSum] = Counter()
    for each in found:
        if each.day < period.first:
            cut = max(day for day in cuts if day <= each.day)
            coarse[replace(each, day=cut, quantity=0)] += each.quantity
    summed = [replace(each, quantity=quantity) for each, quantity in coarse.items()]
    fine = [each for each in found if each.day < period.first]

    assert books(summed, found, starts, period, period.last) == books(fine, found, starts, period, period.last)


def one(day: int, movement: Movement, quantity: int, act: str = "", item: str = "cooker", funder: str = "") -> StockSum:
    return StockSum("north", DAYS[day], act, item, movement, "", funder, quantity)


def test_what_was_given_before_anyone_kept_stock_is_no_debt() -> None:
    """A year of tallies and then a first box: the box is there, not minus a year."""
    assert on_hand([one(1, Movement.GIVEN, 900), one(5, Movement.RECEIVED, 100), one(6, Movement.GIVEN, 30)]) == {
        ("north", "cooker"): 70
    }
    assert on_hand([one(1, Movement.GIVEN, 900)]) == {}
    assert on_hand([one(5, Movement.ADJUSTED, 0, COUNTED)]) == {("north", "cooker"): 0}, "counted: there are none"


def test_making_up_kits_opens_the_book_of_the_kit_only() -> None:
    """Parts nobody keeps stock of do not go below zero because a kit was made of them."""
    found = [one(3, Movement.ADJUSTED, -20, ASSEMBLED), one(3, Movement.ADJUSTED, 10, ASSEMBLED, "kit")]
    assert on_hand(found) == {("north", "kit"): 10}


def test_the_lines_of_a_book() -> None:
    """Received by funder, made up apart from found, the count against the book, the days it was out."""
    found = [
        one(0, Movement.RECEIVED, 50, funder="county"),
        one(11, Movement.RECEIVED, 40, funder="county"),
        one(11, Movement.RECEIVED, 10),
        one(12, Movement.GIVEN, 60),
        one(13, Movement.ADJUSTED, -20, ASSEMBLED),
        one(14, Movement.DISCARDED, 10),
        one(15, Movement.ADJUSTED, -2, COUNTED),
        one(17, Movement.GIVEN, 8),
        one(18, Movement.RETURNED, 500),
    ]
    (book,) = books(found[:1], found[1:], begun(found), Period(DAYS[10], DAYS[20]), DAYS[19])
    assert book == Book(
        "north",
        "cooker",
        opening=50,
        received={"county": 40, "": 10},
        out=68,
        made_up=-20,
        found=-2,
        discarded=10,
        closing=0,
        counted=8,
        off=-2,
        days_out=3,
    )
    assert book.discrepancy == Fraction(-20)
    assert as_one(found) and next(iter(as_one(found))).site == PROGRAM
