"""Labels on paper: exact geometry, no wasted sheet, and texts whose numbers stay in order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.cards import Copies, NotACount, Order, Printable, sheets_of
from outreach.core.languages import LanguageTag, isolate, keep_together
from outreach.core.layouts import Layout, SkipTooFar, length, slot_runs
from outreach.core.refusal import Refusal

LETTER = Layout(
    id="avery-5371",
    name="Cards",
    paper="letter",
    columns=2,
    rows=5,
    label=(length("3.5in"), length("2in")),
    origin=(length("0.75in"), length("0.5in")),
    pitch=(length("3.5in"), length("2in")),
)


def test_slots_lie_at_origin_plus_pitch() -> None:
    """Positions come from whole multiples of the pitch, so nothing drifts down the sheet."""
    assert LETTER.corner(0) == (length("0.75in"), length("0.5in"))
    assert LETTER.corner(9) == (length("4.25in"), length("8.5in"))
    with pytest.raises(IndexError):
        LETTER.corner(10)


def test_backs_lie_behind_their_fronts() -> None:
    """Turned over the long edge, the left column's backs are printed on the right, row by row."""
    assert [LETTER.back_of(slot) for slot in range(4)] == [1, 0, 3, 2]
    assert [LETTER.back_of(LETTER.back_of(slot)) for slot in range(10)] == list(range(10))


@pytest.mark.parametrize(
    "slip",
    [
        {"origin": (Fraction(17), length("0.5in"))},  # lopsided margins
        {"pitch": (length("3in"), length("2in"))},  # overlapping labels
        {"columns": 3},  # off the paper
        {"paper": "foolscap"},
    ],
)
def test_a_slip_in_the_geometry_is_refused(slip: dict[str, object]) -> None:
    """Unequal margins, overlaps and labels off the paper are refused when a layout is read."""
    with pytest.raises(Refusal):
        replace(LETTER, **slip)  # type: ignore[arg-type]


def test_lengths_are_exact() -> None:
    """5/32 of an inch is exactly 127/32 mm; words are refused."""
    assert length("5/32in") == Fraction(127, 32)
    for wrong in ("3.5", "3,5mm", "three in", "", "-1mm", "1/0in"):
        with pytest.raises(ValueError):
            length(wrong)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("0.4 mg in 1 mL, 5 minutes", "0.4_mg in 1_mL, 5_minutes"),
        ("for 5 to 10 seconds. If 2", "for 5_to_10_seconds. If 2"),
        ("Call 911. Say where.", "Call_911. Say where."),
        ("If the 911 operator", "If the_911 operator"),
        ("1-800-555-0100 calls", "1-800-555-0100 calls"),
        ("каждые 2 или 3 минуты", "каждые 2_или_3_минуты"),
        ("5 hanggang 10 segundo", "5_hanggang 10_segundo"),  # too long as one: each number keeps its own word
        ("1 антидепрессантовый", "1 антидепрессантовый"),
        ("نفخة واحدة (1) كل 5 ثوانٍ", "نفخة واحدة_(1) كل 5_ثوانٍ"),
        ("0.4 ملغ في 1 مل", "0.4_ملغ في 1_مل"),
        ("0.4 میلی‌گرم", "0.4_میلی‌گرم"),
        ("1개(1 mL에 0.4 mg)", "1개(1_mL에 0.4_mg)"),
        ("ከ30 እስከ 90 ደቂቃ", "ከ30_እስከ_90_ደቂቃ"),
        ("每隔 2 到 3 分钟再给 1 剂", "每隔 2_到_3_分|钟再给 1_剂"),
        ("如果您必须离开，也不要挂断，拨打 911。", "如果您必须离开，也不要挂断，拨|打_911。"),
        ("吹 1 口氣", "吹 1_口|氣"),
        ("no number here", "no number here"),
    ],
)
def test_a_number_stays_beside_what_it_counts(text: str, joined: str) -> None:
    """The space between them does not break, in every script, as far as a phone can hold it; twice changes nothing."""
    set_text = keep_together(text)
    assert set_text.replace("\u00a0", "_").replace("\u2060", "|") == joined
    assert keep_together(set_text) == set_text


orders = st.lists(st.integers(1, 37), min_size=1, max_size=4)


@given(orders, st.integers(0, 9))
def test_no_slot_is_wasted(copies: list[int], skip: int) -> None:
    """Cards and languages follow one another; only the used slots at the start and the last sheet's end stay empty."""
    tags = [LanguageTag(tag) for tag in ("en", "es", "ar", "ht")]
    cards = [Printable("response" if i % 2 else "other", tags[i]) for i in range(len(copies))]
    order = Order(tuple(Copies(cards[i], n) for i, n in enumerate(copies)), LETTER.id, skip)
    sheets = list(sheets_of(order, LETTER))

    placed = [each for sheet in sheets for each in sheet]
    assert [sum(each.printable == card for each in placed) for card in cards] == copies
    assert len(sheets) == -(-(skip + sum(copies)) // 10)
    assert [each.slot for each in placed] == [i % 10 for i in range(skip, skip + sum(copies))]


def test_skipping_a_whole_sheet_is_refused() -> None:
    """At most nine places of ten can be used up already."""
    with pytest.raises(SkipTooFar):
        list(slot_runs(1, LETTER, 10))
    for count in (0, -1, 100_001):
        with pytest.raises(NotACount):
            Copies(Printable("response", LanguageTag("en")), count)


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("اتصل 1-800-222-1222 الآن", "اتصل \u20661-800-222-1222\u2069 الآن"),
        ("9-1-1", "\u20669-1-1\u2069"),
        ("4 mg/0.1 mL", "\u20664 mg/0.1 mL\u2069"),
        ("(800) 222-1222", "\u2066(800) 222-1222\u2069"),
        ("2-3", "\u20662-3\u2069"),
        ("اكتب `outreach sites add x` أو --again", "اكتب \u2066`outreach sites add x`\u2069 أو \u2066--again\u2069"),
        ("2026-Q3", "\u20662026-Q3\u2069"),
        ("911 دقائق 5", "911 دقائق 5"),
        ("2.5 مل.", "\u20662.5\u2069 مل."),
        ("نصف ملعقة (2.5 mL) ماء", "نصف ملعقة (\u20662.5 mL\u2069) ماء"),
        ("قارورة (0.4 mg in 1 mL)", "قارورة (\u20660.4 mg\u2069 in \u20661 mL\u2069)"),
        ("+1 (800) 222-1222", "\u2066+1 (800) 222-1222\u2069"),
    ],
)
def test_what_would_print_backwards_is_isolated(text: str, isolated: str) -> None:
    """Phones, ranges, decimals and amounts are wrapped; plain numbers need nothing; twice changes nothing."""
    assert isolate(text) == isolated
    assert isolate(isolate(text)) == isolated
