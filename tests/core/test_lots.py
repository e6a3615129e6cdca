"""Lots: what left without a lot comes off the box that expires first, as a recount unit by unit finds."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach.core.lots import NO_LOT, SOON, LotOnHand, lots_of_kits, lots_on_hand, not_in_time
from outreach.core.sheets import Movement
from outreach.core.stock import StockSum, on_hand

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
ITEM = "naloxone-im"
EXPIRE = {(ITEM, "A1"): date(2026, 6, 1), (ITEM, "B2"): date(2026, 3, 1), (ITEM, "C3"): date(2026, 9, 1)}

sums = st.lists(
    st.builds(
        StockSum,
        st.just("north"),
        st.sampled_from(DAYS),
        st.just(""),
        st.just(ITEM),
        st.sampled_from([Movement.RECEIVED, Movement.GIVEN, Movement.DISCARDED, Movement.MOVED]),
        st.sampled_from(["", "", "A1", "B2", "C3", "never-dated"]),
        st.just(""),
        st.integers(-9, 25),
    ),
    max_size=25,
)


def slow_lots(found: list[StockSum]) -> Counter[str]:
    """Every single unit with its lot on a shelf, taken off one by one."""
    opens = [each.day for each in found if each.quantity and each.movement is not Movement.GIVEN]
    shelf: list[str] = []
    short = 0
    for day in sorted({each.day for each in found if opens and each.day >= min(opens)}):
        named, unnamed = [], 0
        for each in (each for each in found if each.day == day):
            out = each.movement in (Movement.GIVEN, Movement.DISCARDED)
            change = -each.quantity if out else each.quantity
            if change > 0 and each.lot == "":
                paid = min(short, change)
                short -= paid
                shelf += [""] * (change - paid)
            elif change > 0:
                shelf += [each.lot] * change
            elif each.lot:
                named += [each.lot] * -change
            else:
                unnamed -= change
        for lot in named:
            if lot in shelf:
                shelf.remove(lot)
            else:
                unnamed += 1
        for _ in range(unnamed):
            if shelf:
                shelf.remove(min(shelf, key=lambda lot: (EXPIRE.get((ITEM, lot), date.max), lot)))
            else:
                short += 1
    left = Counter(shelf)
    left[""] -= short
    return Counter({lot: n for lot, n in left.items() if n})


@given(sums)
def test_lots_equal_a_slow_recount(found: list[StockSum]) -> None:
    """Each lot's units, and together what the book says is on hand."""
    lots = lots_on_hand(found, EXPIRE)
    assert {each.lot: each.quantity for each in lots} == dict(slow_lots(found))
    assert sum(each.quantity for each in lots) == on_hand(found).get(("north", ITEM), 0)
    assert [each.lot for each in lots if each.quantity < 0] in ([], [NO_LOT])


def came(day: int, lot: str, quantity: int) -> StockSum:
    return StockSum("north", DAYS[day], "", ITEM, Movement.RECEIVED, lot, "", quantity)


def went(day: int, quantity: int) -> StockSum:
    return StockSum("north", DAYS[day], "", ITEM, Movement.GIVEN, "", "", quantity)


def test_never_from_a_lot_that_had_not_come() -> None:
    """What was handed out on Monday did not come from Tuesday's box, although that one expires first."""
    lots = lots_on_hand([came(0, "A1", 10), went(1, 4), came(2, "B2", 10), went(3, 3)], EXPIRE)
    assert [(each.lot, each.quantity) for each in lots] == [("B2", 7), ("A1", 6)]


def test_when_a_lot_is_soon_over() -> None:
    """Good on the last day printed on it, expired after it; within 30 days counts from the day given."""
    lot = LotOnHand("north", ITEM, "A1", date(2026, 6, 1), 3)
    assert not lot.expired(date(2026, 6, 1)) and lot.expired(date(2026, 6, 2))
    assert lot.expires_within(30, date(2026, 5, 2)) and not lot.expires_within(30, date(2026, 5, 1))
    assert not lot.expires_within(30, date(2026, 6, 2)), "that one has expired"
    assert not LotOnHand("north", ITEM, "", None, 3).expires_within(60, date(2026, 6, 1))


def test_a_kit_goes_by_its_box_that_expires_first() -> None:
    """Two devices a kit: three kits of an odd box, one of them mixed."""
    assert lots_of_kits({"A1": 10, "B2": 3}, 2, 4, ITEM, EXPIRE) == {"B2": 2, "A1": 2}
    assert lots_of_kits({"": 2}, 2, 2, ITEM, EXPIRE) == {"": 2}


@given(st.dictionaries(st.sampled_from(["", "A1", "B2"]), st.integers(0, 9)), st.integers(1, 3), st.integers(0, 9))
def test_every_kit_has_one_lot(parts: dict[str, int], each: int, kits: int) -> None:
    """None is lost and none is made up, whatever the boxes hold."""
    assert sum(lots_of_kits(parts, each, kits, ITEM, EXPIRE).values()) == kits


def slow_loss(expiring: list[int], used: list[int]) -> list[int]:
    """Dose by dose: each span's use takes one of the doses left that expire first, then what is over is gone."""
    doses = [at for at, many in enumerate(expiring) for _ in range(many)]
    lost = []
    for at, out in enumerate(used):
        del doses[:out]
        lost.append(doses.count(at))
        doses = [each for each in doses if each > at]
    return lost


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=7))
def test_what_expires_before_it_is_used(months: list[tuple[int, int]]) -> None:
    """At any pace, what is lost is what a recount dose by dose finds."""
    expiring, used = [each[0] for each in months], [each[1] for each in months]
    assert list(not_in_time(expiring, used)) == slow_loss(expiring, used)


def test_a_slow_month_is_not_made_up_for_later() -> None:
    """Ten expire now and four a month go out: six are lost, and no later month brings them back."""
    assert not_in_time((10, 0, 5), (4, 40, 4)) == (6, 0, 0)
    assert not_in_time((4, 8), (4, 4)) == (0, 4)


def test_a_last_day_is_soon_from_today_to_the_last_of_the_days() -> None:
    """Good today and over within 30: both ends count; one day more does not, nor does what has expired."""
    today = date(2026, 11, 30)

    def ends(ahead: int) -> LotOnHand:
        return LotOnHand("north", ITEM, "A1", today + timedelta(days=ahead), 1)

    assert SOON == (30, 60), "what the stock page and the charts call soon"
    within = [ahead for ahead in (-1, 0, 1, 30, 31) if ends(ahead).expires_within(30, today)]
    assert within == [0, 1, 30] and ends(-1).expired(today) and not ends(0).expired(today)
