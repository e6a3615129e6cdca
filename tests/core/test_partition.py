"""Which sheets count is the same for whoever knows the same, in whatever order it came; worked out by itself here."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.partition import (
    COUNTED,
    DAY,
    FIRST_CLOCK,
    FIRST_DAY,
    FOLD,
    FOLDED,
    LAST_CLOCK,
    REVOKED,
    UNKNOWN,
    Known,
    last_day,
    partition,
)
from outreach.core.roll import Coordinator, Laptop, Roll, device_of
from outreach.core.sheets import Kind, SheetId

PROGRAM, EARLIER = "a1" * 16, "c3" * 16
WHOM = "age1" + "q" * 58
KEYS = {name: bytes([n]) * 32 for n, name in enumerate(("office", "van", "lost", "stranger"), 1)}
DEVICE = {name: device_of(key) for name, key in KEYS.items()}
UNTIL = date(2026, 11, 21)
ROLL = Roll(
    PROGRAM,
    3,
    (Coordinator(b"k" * 32, WHOM, "Office"),),
    (
        Laptop(DEVICE["office"], KEYS["office"], "Office", WHOM),
        Laptop(DEVICE["van"], KEYS["van"], "Van 1", WHOM, EARLIER),
        Laptop(DEVICE["lost"], KEYS["lost"], "Van 2", WHOM, revoked_after=2),
    ),
    accepted=(SheetId("9" * 64),),
)


def sheet(n: int, of: str = "van", seq: int = 1, day: date = date(2026, 11, 20), **more: object) -> Known:
    words = {"program": PROGRAM, "kind": Kind.TALLY} | more
    return Known(SheetId(f"{n:064x}"), DEVICE[of], seq, day=day, **words)  # type: ignore[arg-type]


def fold(n: int, *replaced: Known, of: str = "office") -> Known:
    return sheet(n, of, kind=Kind.FOLD, replaces=tuple(each.id for each in replaced))


def reasons(*sheets: Known, own: str = "office", roll: Roll | None = ROLL) -> list[str]:
    found = partition(sheets, roll, frozenset({DEVICE[own]}), UNTIL)
    return [found[each.id] for each in sheets]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (sheet(1), COUNTED),
        (sheet(1, program=EARLIER), COUNTED),
        (sheet(1, program="f6" * 16), UNKNOWN),
        (sheet(1, "stranger"), UNKNOWN),
        (sheet(1, "lost", 2), COUNTED),
        (sheet(1, "lost", 3), REVOKED),
        (sheet(1, day=UNTIL), COUNTED),
        (sheet(1, day=date(2026, 11, 22)), DAY),
        (sheet(1, day=date(2014, 12, 31)), DAY),
        (sheet(1, day=date(2009, 5, 1), kind=Kind.IMPORT), COUNTED),
        (sheet(int("9" * 64, 16), day=date(2041, 1, 1)), COUNTED),
    ],
)
def test_why_a_sheet_waits(one: Known, why: str) -> None:
    """By whose it is, under which program, its number and its day; a coordinator's yes lets a day stand."""
    assert reasons(one) == [why]


def test_ones_own_sheets_count_before_anyone_said_yes() -> None:
    """A laptop counts what was counted on it, also while the program does not know it."""
    assert reasons(sheet(1, "stranger"), own="stranger") == [COUNTED]
    assert reasons(sheet(1, "stranger"), sheet(2), own="stranger", roll=None) == [COUNTED, UNKNOWN]


def test_a_correction_follows_what_it_corrects() -> None:
    """Over any number of corrections; one of a sheet that was folded, or never came, counts."""
    gone = sheet(1, "lost", 3)
    first = sheet(2, kind=Kind.CORRECTION, corrects=gone.id)
    second = sheet(3, kind=Kind.CORRECTION, corrects=first.id)
    assert reasons(second, first, gone) == [REVOKED] * 3
    assert reasons(second, first) == [COUNTED] * 2
    old = sheet(4)
    assert reasons(old, fold(5, old), sheet(6, kind=Kind.CORRECTION, corrects=old.id)) == [FOLDED, COUNTED, COUNTED]


def test_of_folds_that_share_a_sheet_one_counts() -> None:
    """The one that holds more; of two that hold the same the smaller id's; one that would fold a fold never does."""
    a, b = sheet(1), sheet(2)
    assert reasons(a, b, fold(3, a), fold(4, a, b)) == [FOLDED, FOLDED, FOLD, COUNTED]
    assert reasons(a, fold(3, a), fold(4, a)) == [FOLDED, COUNTED, FOLD]
    assert reasons(a, fold(3, a, of="stranger"), fold(4, a)) == [FOLDED, UNKNOWN, COUNTED]
    inner = fold(3, a)
    assert reasons(a, inner, fold(4, inner, b), b) == [FOLDED, COUNTED, FOLD, COUNTED]


def test_a_long_chain_of_corrections_takes_no_time() -> None:
    """As many as a bundle holds, each of the one before: a genuine laptop that sends nonsense holds up nobody."""
    chain = [sheet(1)]
    for n in range(2, 20_000):
        chain.append(sheet(n, kind=Kind.CORRECTION, corrects=chain[-1].id))
    assert set(reasons(*chain)) == set(reasons(*chain[::-1])) == {COUNTED}


A, B, C = sheet(1), sheet(2, "lost", 3), sheet(3, "stranger")
SHEETS = (A, B, C, sheet(4, kind=Kind.CORRECTION, corrects=B.id), fold(5, A), fold(6, A, C), fold(7, A, C, of="van"))


@given(st.permutations(SHEETS), st.integers(0, len(SHEETS)))
def test_the_order_makes_no_difference(order: list[Known], doubled: int) -> None:
    """However the sheets come, and however often: the same of them count."""
    expected = partition(SHEETS, ROLL, frozenset(), UNTIL)
    assert partition([*order, *order[:doubled]], ROLL, frozenset(), UNTIL) == expected


def test_every_order_of_a_few() -> None:
    """All of them, for the first few."""
    found = [partition(order, ROLL, frozenset(), UNTIL) for order in permutations(SHEETS[:4])]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 20), date(2026, 11, 21)),
        (date(1980, 1, 1), LAST_CLOCK),
        (date(2038, 1, 19), LAST_CLOCK),
        (date(2026, 10, 31), LAST_CLOCK),
    ],
)
def test_a_clock_that_cannot_be_right_is_not_asked(today: date, last: date) -> None:
    """Tomorrow is the last day, unless this version was not made yet on the day that the clock says."""
    assert last_day(today) == last


def test_the_first_day_that_can_be_is_one() -> None:
    """The day itself counts, the one before waits; what was brought in may be older, and so may what corrects it."""
    before = FIRST_DAY - timedelta(days=1)
    assert date(2015, 1, 1) == FIRST_DAY, "earlier ledgers of this program do not exist"
    brought = sheet(3, "office", kind=Kind.IMPORT, day=before)
    correction = sheet(4, "office", seq=2, kind=Kind.CORRECTION, day=before, corrects=brought.id)
    on_the_day = sheet(1, "office", seq=3, day=FIRST_DAY)
    assert reasons(on_the_day, sheet(2, "office", seq=4, day=before)) == [COUNTED, DAY]
    assert reasons(brought, correction) == [COUNTED, COUNTED]
    alone = sheet(5, "office", seq=5, kind=Kind.CORRECTION, day=before, corrects=on_the_day.id)
    assert reasons(on_the_day, alone) == [COUNTED, DAY], "the control: it corrects a session, which cannot be of then"


def test_a_clock_is_believed_between_two_days_both_of_them_included() -> None:
    """Tomorrow at most; a laptop whose clock says 1980 or 2038 turns away no day that could be."""
    assert last_day(FIRST_CLOCK) == FIRST_CLOCK + timedelta(days=1)
    assert last_day(LAST_CLOCK) == LAST_CLOCK + timedelta(days=1)
    for wrong in (FIRST_CLOCK - timedelta(days=1), LAST_CLOCK + timedelta(days=1)):
        assert last_day(wrong) == LAST_CLOCK
    assert date(2026, 11, 1) == FIRST_CLOCK and date(2035, 12, 31) == LAST_CLOCK
