"""Corrections add up: whatever a sheet should say, the differences make it say that."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from outreach.core.correcting import added_up, counters, differences, edition
from outreach.core.paper import check_feet, read_numbers
from outreach.core.sheets import ClosedSheet, Kind, Line, Movement, ServiceModel, SiteCode, in_order

NAMES = ("encounters", "others", "quarter-hours", "given:cooker", "returned:syringe-1ml", "event:reversal")
NUMBERS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2000))


def made(numbers: dict[str, int], seq: int = 1, corrects: str | None = None) -> ClosedSheet:
    lines = [
        Line(name.partition(":")[2], Movement(name.partition(":")[0]), n)
        for name, n in numbers.items()
        if name.startswith(("given:", "returned:"))
    ]
    events = {name.partition(":")[2]: n for name, n in numbers.items() if name.startswith("event:")}
    return ClosedSheet(
        program="a1" * 16,
        device="b2" * 16,
        seq=seq,
        prev=None if seq == 1 else "c3" * 32,
        kind=Kind.CORRECTION if corrects else Kind.TALLY,
        site=SiteCode("north"),
        day=date(2026, 11, 22),
        model=ServiceModel.STREET,
        lines=in_order(lines),
        encounters=numbers.get("encounters"),
        others=numbers.get("others"),
        hours=Fraction(numbers["quarter-hours"], 4) if "quarter-hours" in numbers else None,
        corrects=corrects,  # type: ignore[arg-type]
        x={"events": events} if events else {},
    )


@given(NUMBERS, st.lists(NUMBERS, max_size=4))
def test_after_a_correction_it_says_what_was_wanted(first: dict[str, int], wishes: list[dict[str, int]]) -> None:
    """One correction after another: what is wanted is what counts, and what was not named stays."""
    sheets = [made(first)]
    assert counters(sheets[0]) == first
    expected = dict(first)
    for n, wanted in enumerate(wishes, start=2):
        changes = differences(added_up(sheets), wanted)
        expected |= wanted
        if changes:
            before = edition(sheets)
            sheets.append(made(changes, n, sheets[0].id))
            assert edition(sheets) != before
        assert added_up(sheets) == expected
        assert differences(added_up(sheets), wanted) == {}


@given(st.lists(st.integers(0, 500), min_size=1, max_size=9), st.integers(-40, 40))
def test_a_foot_tells_by_how_much(lines: list[int], off: int) -> None:
    """The sum is right or the sentence says how far it is off; the other column has nothing to do with it."""
    said = sum(lines) + off
    numbers = {f"given:item-{i}": n for i, n in enumerate(lines)} | {"returned:needle": 3, "foot:returned": 3}
    wrong = check_feet(numbers | {"foot:given": max(said, 0)})
    apart = abs(max(said, 0) - sum(lines))
    assert set(wrong) == ({"foot:given"} if apart else set())
    if apart:
        assert f"They are {apart} apart" in str(wrong["foot:given"])


def test_blank_is_not_typed() -> None:
    """A blank field is left out, a 0 is not, and hours are quarters."""
    typed = read_numbers({"given:cooker": " ", "others": "0", "quarter-hours": "3.25"}, NAMES)
    assert typed.numbers == {"others": 0, "quarter-hours": 13} and typed.wrong == {}
