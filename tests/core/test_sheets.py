"""The closed sheet: one meaning, one form, one hash."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.sheets import (
    BadSheet,
    ClosedSheet,
    Kind,
    Line,
    Movement,
    ServiceModel,
    SiteCode,
    from_canonical,
    sorted_lines,
)

PROGRAM, DEVICE = "a1" * 16, "b2" * 16

codes = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
quantities = st.integers(0, 500_000)
counts = st.dictionaries(st.tuples(codes, st.sampled_from(Movement)), quantities, max_size=8)
maybe = st.none() | quantities


def sheet(**changes: object) -> ClosedSheet:
    words: dict[str, object] = {
        "program": PROGRAM,
        "device": DEVICE,
        "seq": 1,
        "prev": None,
        "kind": Kind.TALLY,
        "site": SiteCode("outreach"),
        "day": date(2026, 11, 22),
        "model": ServiceModel.STREET,
        "lines": sorted_lines({("naloxone-nasal", Movement.GIVEN): 12, ("cooker", Movement.GIVEN): 40}),
        "encounters": 9,
        "others": None,
        "hours": Fraction(13, 4),
    }
    return ClosedSheet(**(words | changes))  # type: ignore[arg-type]


def test_the_form_is_final() -> None:
    """This sheet has had this form and this id from the first version on; both never change."""
    expected = (
        '{"corrects":null,"day":"2026-11-22","device":"b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","encounters":9,"format":1,'
        '"hours":"3.25","kind":"tally","lines":[{"item":"cooker","movement":"given","quantity":40},'
        '{"item":"naloxone-nasal","movement":"given","quantity":12}],"model":"street","others":null,"prev":null,'
        '"program":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","seq":1,"site":"outreach","x":{}}'
    )

    assert sheet().canonical() == expected.encode()
    assert sheet().id == GOLDEN_ID


GOLDEN_ID = "c6132426fd66de4844035d4e73f12588996e88dda10a8359ffeb655416cfd211"


@given(counts, maybe, maybe, st.none() | st.integers(0, 96))
def test_reading_back_gives_the_same_sheet(
    lines: dict[tuple[str, Movement], int], encounters: int | None, others: int | None, quarters: int | None
) -> None:
    """Whatever a session counted, its bytes read back as the same sheet with the same id."""
    hours = None if quarters is None else Fraction(quarters, 4)
    made = sheet(lines=sorted_lines(lines), encounters=encounters, others=others, hours=hours)

    assert from_canonical(made.canonical()) == made
    assert from_canonical(made.canonical()).id == made.id


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.just(b"[" * 3000))
def test_other_bytes_are_refused(body: bytes) -> None:
    """Bytes that are no sheet are refused with a sentence, never with another error."""
    with pytest.raises(BadSheet):
        from_canonical(body)


def test_only_the_canonical_form_is_read() -> None:
    """The same words with other spacing, order or an extra key are another sheet and are refused."""
    body = json.loads(sheet().canonical())
    for other in (
        json.dumps(body).encode(),
        json.dumps(body | {"name": "x"}, sort_keys=True, separators=(",", ":")).encode(),
    ):
        with pytest.raises(BadSheet):
            from_canonical(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"program": "Ann"},
        {"seq": 0},
        {"seq": 2},
        {"prev": "c" * 64},
        {"encounters": -1},
        {"encounters": True},
        {"others": 500_001},
        {"hours": Fraction(1, 3)},
        {"hours": Fraction(-1)},
        {"site": "12 Main Street"},
        {"corrects": "c" * 64},
        {"kind": Kind.CORRECTION},
        {"kind": Kind.FOLD},
        {"lines": (Line("filter", Movement.GIVEN, -1),)},
        {"lines": (Line("filter", Movement.GIVEN, 1), Line("cooker", Movement.GIVEN, 1))},
        {"lines": (Line("cooker", Movement.GIVEN, 1), Line("cooker", Movement.GIVEN, 2))},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object]) -> None:
    """A sheet that says something impossible is not made."""
    with pytest.raises(BadSheet):
        sheet(**changes)


@pytest.mark.parametrize("line", [("Cooker", 1), ("cooker", True), ("cooker", 1.0), ("cooker", 500_001), ("a b", 1)])
def test_a_line_is_a_code_and_a_whole_number(line: tuple[str, object]) -> None:
    """A line refuses names that are not codes and quantities that are not whole or not plausible."""
    with pytest.raises(BadSheet):
        Line(line[0], Movement.GIVEN, line[1])  # type: ignore[arg-type]


BY_MONTH: dict[str, object] = {
    "kind": Kind.IMPORT,
    "site": SiteCode("program"),
    "day": date(2026, 11, 1),
    "model": None,
    "lines": (),
    "encounters": None,
    "hours": None,
    "x": {"act": "monthly", "events": {"age-65": 3}},
}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": Kind.TALLY},
        {"site": SiteCode("outreach")},
        {"day": date(2026, 11, 2)},
        {"model": ServiceModel.STREET},
        {"lines": (Line("cooker", Movement.GIVEN, 1),)},
        {"encounters": 0},
        {"others": 4},
        {"hours": Fraction(1)},
    ],
)
def test_a_month_of_the_whole_program_is_joined_to_nothing(changes: dict[str, object]) -> None:
    """What is counted by month has no session, site, day or supply beside it, in whatever file it comes."""
    assert sheet(**BY_MONTH).events == {"age-65": 3}
    assert sheet(**BY_MONTH | {"kind": Kind.CORRECTION, "corrects": "c" * 64}).events == {"age-65": 3}
    with pytest.raises(BadSheet):
        sheet(**BY_MONTH | changes)


def test_a_correction_may_take_away() -> None:
    """Only corrections carry signed differences; adjusted and moved stock may be negative too."""
    lines = (Line("cooker", Movement.GIVEN, -3),)

    assert sheet(kind=Kind.CORRECTION, corrects="c" * 64, lines=lines, encounters=-1).lines == lines
    assert sheet(kind=Kind.STOCK, lines=(Line("cooker", Movement.ADJUSTED, -3),)).lines[0].quantity == -3


BENT: dict[str, tuple[bytes, bytes]] = {
    "a list three thousand deep": (b'"x":{}', b'"x":{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"),
    "not a number": (b'"x":{}', b'"x":{"a":NaN}'),
    "a fraction": (b'"x":{}', b'"x":{"a":1.5}'),
    "a number without end": (b'"x":{}', b'"x":{"a":1e999}'),
    "a key twice": (b'"seq":1', b'"seq":1,"seq":1'),
    "half a character": (b'"x":{}', b'"x":{"a":"\\ud800"}'),
    "the character zero": (b'"x":{}', b'"x":{"a":"\\u0000"}'),
    "two to the 63": (b'"seq":1', b'"seq":9223372036854775808'),
    "a number in x that no database holds": (b'"x":{}', b'"x":{"a":9223372036854775808}'),
    "true as a number": (b'"seq":1', b'"seq":true'),
    "true as a quantity": (b'"quantity":40', b'"quantity":true'),
    "a code with a line feed": (b'"outreach"', b'"outreach\\n"'),
    "an endless code": (b'"outreach"', b'"' + b"o" * 201 + b'"'),
    "a number as a site": (b'"outreach"', b"7"),
    "Arabic digits in a day": (b"2026-11-22", b"\\u0662\\u0660\\u0662\\u0666-11-22"),
    "a day without hyphens": (b"2026-11-22", b"20261122"),
    "a week's day": (b"2026-11-22", b"2026-W47-7"),
    "a list as a day": (b'"2026-11-22"', b"[]"),
    "hours that are a power": (b'"3.25"', b'"1e999999999"'),
    "hours that are a fraction": (b'"3.25"', b'"13/4"'),
    "hours that are a number": (b'"3.25"', b"3"),
    "a number as a lot": (b'"quantity":40', b'"lot":7,"quantity":40'),
    "a sentence as a lot": (b'"quantity":40', b'"lot":"<b>","quantity":40'),
    "a number as a funder": (b'"item":"cooker"', b'"funder":7,"item":"cooker"'),
    "an expiry in weeks": (b'"x":{}', b'"x":{"expires":{"cooker":{"7":"2026-W47-7"}}}'),
    "an expiry without hyphens": (b'"x":{}', b'"x":{"expires":{"cooker":{"7":"20261122"}}}'),
    "an expiry of a year of five digits": (b'"x":{}', b'"x":{"expires":{"cooker":{"7":"12026-11-22"}}}'),
    "a number as a weighing": (b'"x":{}', b'"x":{"weighed":7}'),
    "numbers as weighings": (b'"x":{}', b'"x":{"weighed":[7]}'),
    "a list as events": (b'"x":{}', b'"x":{"events":[]}'),
    "true as an event's count": (b'"x":{}', b'"x":{"events":{"a":true}}'),
    "null as an act": (b'"x":{}', b'"x":{"act":null}'),
    "a list as x": (b'"x":{}', b'"x":[]'),
    "a list as a kind": (b'"tally"', b"[]"),
    "a text as lines": (b'"x":{}', b'"replaces":"x","x":{}'),
}


@pytest.mark.parametrize(("old", "new"), BENT.values(), ids=BENT.keys())
def test_nonsense_in_the_right_form_is_refused(old: bytes, new: bytes) -> None:
    """What a genuine laptop could sign by a fault of its own is no sheet, and raises nothing else; in little time."""
    good = sheet().canonical()
    assert good.count(old) == 1
    assert from_canonical(good) == sheet()  # the control

    with pytest.raises(BadSheet):
        from_canonical(good.replace(old, new))


def test_what_a_later_version_adds_is_kept() -> None:
    """Keys of x that nobody knows yet come back word for word."""
    later = sheet(x={"later": {"words": ["é", 2**63 - 1, None, True]}})

    assert from_canonical(later.canonical()).canonical() == later.canonical()
