"""The return: a month's totals, in one form only."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.content.supplies import read_catalog
from outreach.core.counted import Counted
from outreach.core.month_return import (
    BadReturn,
    By,
    Change,
    MonthReturn,
    NoCounty,
    Total,
    changes,
    from_canonical,
    totals_of,
)
from outreach.core.periods import parse_month
from outreach.core.reports import EventSum, LineSum, Visits
from outreach.core.sheets import Movement
from outreach.home import Home

DAY = date(2026, 7, 4)
WHOLE = MonthReturn(
    "a1" * 16,
    "North Bay",
    "2026-07",
    By.SITE,
    2,
    (
        Total("north", "event", "reversal", 1),
        Total("north", "given", "cooker", 30),
        Total("north", "visits", "encounters", 0),
        Total("south", "moved", "cooker", -4),
    ),
)


def counted(home: Home) -> Counted:
    return Counted(
        parse_month("2026-07"),
        read_catalog(home),
        lines=(
            LineSum("north", DAY, "kit-naloxone-nasal", Movement.GIVEN, 2),
            LineSum("north", DAY, "naloxone-nasal", Movement.GIVEN, 3),
            LineSum("south", DAY, "naloxone-nasal", Movement.GIVEN, 5),
            LineSum("south", DAY, "of-our-own", Movement.RETURNED, 1),
        ),
        visits=(Visits("north", DAY, 2, 9, None, 12), Visits("south", DAY, 1, None, 0, None)),
        events=(EventSum("program", DAY, "reversal", 4),),
    )


def test_totals_of_a_month_by_site_county_and_program(tmp_path: Path) -> None:
    """A kit's parts are in what was given, kits stand apart, and what nobody counted is absent."""
    by_site = {each.key: each.quantity for each in totals_of(counted(Home(tmp_path)), By.SITE, {})}
    assert by_site == {
        ("north", "given", "naloxone-nasal"): 7,
        ("north", "kits", "kit-naloxone-nasal"): 2,
        ("north", "visits", "encounters"): 9,
        ("north", "visits", "sessions"): 2,
        ("program", "event", "reversal"): 4,
        ("south", "given", "naloxone-nasal"): 5,
        ("south", "returned", "of-our-own"): 1,
        ("south", "visits", "others"): 0,
        ("south", "visits", "sessions"): 1,
    }
    one = {each.key: each.quantity for each in totals_of(counted(Home(tmp_path)), By.PROGRAM, {})}
    assert one["program", "given", "naloxone-nasal"] == 12 and {place for place, _, _ in one} == {"program"}
    county = totals_of(counted(Home(tmp_path)), By.COUNTY, {"north": "St. Louis", "south": "St. Louis"})
    assert {each.place for each in county} == {"St. Louis", "program"}
    assert next(each.quantity for each in county if each.item == "sessions") == 3
    with pytest.raises(NoCounty, match="No county is known for south"):
        totals_of(counted(Home(tmp_path)), By.COUNTY, {"north": "Alameda"})


def test_a_return_reads_back_as_it_was_written() -> None:
    """Written and read it is the same return with the same id; another edition has another."""
    again = from_canonical(WHOLE.canonical())
    assert again == WHOLE and again.id == WHOLE.id
    assert from_canonical(WHOLE.canonical().replace(b'"edition":2', b'"edition":3')).id != WHOLE.id


def _with(**changed: Any) -> bytes:
    row = json.loads(WHOLE.canonical()) | changed
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode()


def _totals(*totals: list[Any]) -> bytes:
    return _with(totals=list(totals))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[" * 3000,
        b"null",
        b"NaN",
        WHOLE.canonical()[:-1],
        WHOLE.canonical() + b" ",
        WHOLE.canonical().replace(b",", b", "),
        WHOLE.canonical().replace(b'"edition":2', b'"edition":2,"edition":2'),
        WHOLE.canonical().replace(b'"edition":2', b'"edition":2,"day":"2026-07-04"'),
        _with(format=2),
        _with(format="1"),
        _with(program="A1" * 16),
        _with(program=None),
        _with(name="two\nlines"),
        _with(name="x" * 81),
        _with(name="\ud800"),
        _with(month="2026-13"),
        _with(month="2026-W47-7"),
        _with(month="1980-01"),
        _with(month="2026-07-04"),
        _with(month="2026-07\n"),
        _with(by="day"),
        _with(by=[]),
        _with(edition=0),
        _with(edition=True),
        _with(edition=2**63),
        _with(totals={}),
        _with(totals="given"),
        _with(by="program"),
        _totals(["north", "given", "cooker"]),
        _totals(["north", "given", "cooker", 1.5]),
        _totals(["north", "given", "cooker", True]),
        _totals(["north", "given", "cooker", None]),
        _totals(["north", "given", "cooker", -1]),
        _totals(["north", "given", "cooker", 2**63]),
        _totals(["north", "given", "cooker", 100_000_001]),
        _totals(["north", "given", "Cooker", 1]),
        _totals(["north", "given", ["cooker"], 1]),
        _totals(["north", "sold", "cooker", 1]),
        _totals(["north", ["given"], "cooker", 1]),
        _totals(["north", "visits", "people", 1]),
        _totals([" north", "given", "cooker", 1]),
        _totals(["", "given", "cooker", 1]),
        _totals(["north", "given", "cooker", 1], ["north", "given", "cooker", 1]),
        _totals(["south", "given", "cooker", 1], ["north", "given", "cooker", 1]),
    ],
)
def test_what_is_no_return_is_refused_with_a_sentence(body: bytes) -> None:
    """Whatever is wrong with the bytes, one sentence says so and nothing else is raised."""
    with pytest.raises(BadReturn, match=r"^This return cannot be read: .+\. Nothing was saved\.$"):
        from_canonical(body)


def test_what_a_later_edition_changed() -> None:
    """Numbers that differ, came or went, and no others."""
    one, two, three = (Total("north", "given", item, 3) for item in ("cooker", "filter", "foil-sheet"))
    more = Total("north", "given", "filter", 4)
    assert changes((one, two), (one, more, three)) == (
        Change("north", "given", "filter", 3, 4),
        Change("north", "given", "foil-sheet", None, 3),
    )
    assert changes((one,), (one,)) == () and changes((one,), ()) == (Change("north", "given", "cooker", 3, None),)
    zero = Total("north", "given", "cooker", 0)
    assert changes((zero,), ()) == (Change("north", "given", "cooker", 0, None),), "zero is not nothing"
