"""A paper sheet typed in: its numbers as they are, every mistake told, and sums at the foot that catch a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.paper import ColumnDiffers, NoSum, check_feet, foot, read_numbers
from outreach.core.sheets import Movement

GIVEN, RETURNED = foot(Movement.GIVEN), foot(Movement.RETURNED)
AMOUNTS = st.dictionaries(st.sampled_from(["cooker", "filter", "syringe-1ml"]), st.integers(0, 10**6), max_size=3)


def sheet(given_out: dict[str, int], brought_back: dict[str, int]) -> dict[str, int]:
    return {f"given:{code}": n for code, n in given_out.items()} | {
        f"returned:{code}": n for code, n in brought_back.items()
    }


@given(AMOUNTS, AMOUNTS, st.integers(-1000, 1000))
def test_a_sum_that_is_off_is_told_for_its_own_column(out: dict[str, int], back: dict[str, int], off: int) -> None:
    """Right sums are fine; one that differs is told with both numbers and how far apart, the other column is not."""
    typed = sheet(out, back) | {GIVEN: sum(out.values()) + off, RETURNED: sum(back.values())}
    wrong = check_feet(typed)
    if off == 0:
        assert wrong == {}
    else:
        assert set(wrong) == {GIVEN} and isinstance(wrong[GIVEN], ColumnDiffers)
        told = wrong[GIVEN].values
        assert (told["lines"], told["foot"]) == (f"{sum(out.values()):,}", f"{sum(out.values()) + off:,}")
        assert told["apart"] == f"{abs(off):,}"


def test_numbers_without_a_sum_are_asked_for_one() -> None:
    """A column with numbers wants its sum, unless the paper has none; blank columns and zeros want nothing."""
    typed = sheet({"cooker": 3}, {})
    assert isinstance(check_feet(typed)[GIVEN], NoSum) and set(check_feet(typed)) == {GIVEN}
    assert check_feet(typed, unsummed=True) == {}
    assert check_feet({}) == {} and check_feet(sheet({"cooker": 0}, {"cooker": 0})) == {}
    assert set(check_feet(typed | {GIVEN: 4}, unsummed=True)) == {GIVEN}, "a sum that is there has to be right"


def test_what_is_blank_is_left_out_and_every_mistake_is_told() -> None:
    """Hours come in quarters; a blank is no zero; two slips are two sentences."""
    fields = {"quarter-hours": "3.25", "encounters": " 12 ", "others": "  ", "given:cooker": "x", "given:filter": "-1"}
    typed = read_numbers(
        fields, ["quarter-hours", "encounters", "others", "given:cooker", "given:filter", "given:foil"]
    )
    assert typed.numbers == {"quarter-hours": 13, "encounters": 12}
    assert set(typed.wrong) == {"given:cooker", "given:filter"}


@pytest.mark.parametrize("zero", ["0", "0 "])
def test_zero_is_a_value(zero: str) -> None:
    """Nothing handed out is reported as nothing, unlike a field left blank."""
    assert read_numbers({"others": zero}, ["others"]).numbers == {"others": 0}
