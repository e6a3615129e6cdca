"""Syringes back by weight or by container: the range holds what the program's own three weighings say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.refusal import Refusal
from outreach.core.returns import (
    WEIGHED,
    Container,
    Estimate,
    LighterThanEmpty,
    NotAContainer,
    NotAWeighing,
    NotGrams,
    Scales,
    TooManyBack,
    Weighing,
    parse_grams,
)
from outreach.core.returns import how_known as known
from outreach.core.sheets import QUANTITY_MAX

DAY = date(2026, 6, 1)


@given(
    st.integers(50, 2000),
    st.lists(st.integers(100, 900), min_size=3, max_size=3),
    st.integers(1, 20_000),
)
def test_a_weight_equals_a_slow_recount(tare: int, hundreds: list[int], net: int) -> None:
    """Low, middle and high: net weight over what one syringe weighed, by the heaviest, the mean and the lightest."""
    weighing = Weighing(tare, tuple(tare + each for each in hundreds), DAY)
    found = weighing.estimate(tare + net)
    assert found.low <= found.middle <= found.high
    for number, grams in ((found.low, max(hundreds)), (found.middle, sum(hundreds) / 3), (found.high, min(hundreds))):
        assert abs(number - net / grams * 100) <= 0.5 + 1e-9
    assert weighing.said() == {"per100": hundreds, "tare": tare, "since": "2026-06-01"}


@given(st.lists(st.integers(100, 900), min_size=3, max_size=3))
def test_the_programs_own_hundred_is_a_hundred(hundreds: list[int]) -> None:
    """Weighing one of the three again gives a range that holds 100."""
    weighing = Weighing(300, tuple(300 + each for each in hundreds), DAY)
    for each in hundreds:
        found = weighing.estimate(300 + each)
        assert found.low <= 100 <= found.high


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 50))
def test_full_containers(fewest: int, more: int, full: int) -> None:
    """Each full one holds between the program's own two numbers."""
    found = Container("2 gallons", fewest, fewest + more).estimate(full)
    assert (found.low, found.high) == (fewest * full, (fewest + more) * full)
    assert found.low <= found.middle <= found.high and abs(2 * found.middle - found.low - found.high) <= 1


def test_what_cannot_be_is_refused() -> None:
    """An empty container, one that weighs less, a weight in words: each with its sentence."""
    weighing = Weighing(300, (900, 910, 905), DAY)
    with pytest.raises(LighterThanEmpty, match="300 g"):
        try:
            weighing.estimate(300)
        except Refusal as refusal:
            raise LighterThanEmpty(str(refusal)) from refusal
    with pytest.raises(NotAWeighing):
        Weighing(300, (900, 300, 905), DAY)
    for wrong in ("", "12.5", "12,5", "a lot", "-4", "0", "999999"):
        with pytest.raises(Refusal):
            parse_grams(wrong)
    assert parse_grams(" 1,250 ") == 1250
    with pytest.raises(Refusal):
        Container("jar", 200, 100)


def test_events_of_an_estimate() -> None:
    """Three counts beside each other, never one without its range."""
    events = Estimate(90, 100, 110).events(WEIGHED)
    assert events == {"returned-weighed": 100, "returned-weighed-low": 90, "returned-weighed-high": 110}
    assert known(events) == (WEIGHED,) and known({"litter": 3}) == ()


def test_the_edges_of_what_can_be() -> None:
    """The smallest and largest of each are taken, and what lies just past them is not."""
    assert parse_grams("1") == 1 and parse_grams("200,000") == 200_000
    for typed in ("0", "200,001", " "):
        with pytest.raises(NotGrams, match="from 1 to 200,000"):
            parse_grams(typed)
    assert Weighing(1, (2, 2, 2), DAY).per_hundred == (1, 1, 1)
    with pytest.raises(NotAWeighing):
        Weighing(0, (2, 2, 2), DAY)
    assert Container("one", 1, QUANTITY_MAX).estimate(1).high == QUANTITY_MAX
    for fewest, most in ((0, 5), (5, 4), (1, QUANTITY_MAX + 1)):
        with pytest.raises(NotAContainer):
            Container("none", fewest, most)
    assert Estimate(0, 0, QUANTITY_MAX).high == QUANTITY_MAX
    with pytest.raises(TooManyBack):
        Estimate(0, 0, QUANTITY_MAX + 1)
    assert Scales().by_name == {} and Scales(containers={"one": Container("one", 1, 2)}).by_name["one"].most == 2
