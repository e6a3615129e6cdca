"""A department's view: who has reported, who is late, what nobody has looked over, and what all months add up to."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.content.indicators import read_indicators
from outreach.core.answers import Question
from outreach.core.counted import Counted
from outreach.core.hub_reports import (
    NOT_IN_RETURNS,
    NotADueDay,
    NotARole,
    NotWholeMonths,
    Received,
    Reporter,
    Standings,
    State,
    by_region,
    due,
    due_day,
    for_returns,
    groupings,
    months_before,
    role,
    standings,
    totals,
    whole_months,
)
from outreach.core.packs import Pack, PackLine, Release, work_out
from outreach.core.periods import Period, PeriodKind, parse_period
from outreach.core.reports import EventSum, LineSum, UnknownGrouping, Visits
from outreach.core.sheets import Movement
from outreach.core.supplies import Catalog, Group, Item, ItemCode

TODAY = date(2026, 10, 16)
MONTHS = ("2026-07", "2026-08", "2026-09")
CATALOG = Catalog((Group("nx", "Naloxone"),), (Item(ItemCode("nx"), "Nasal", "box", "boxes", "nx", doses=2),), ())
REGIONS = {"harbor": "north", "river": "north", "valley": "south"}


def seen_on(today: date, day: int = 15) -> Standings:
    reporters = [
        Reporter("harbor", since="2026-07"),
        Reporter("river", since="2026-09"),
        Reporter("valley", since="2026-07", expected=False),
        Reporter("coast"),
    ]
    received = [
        Received("a1", "harbor", "2026-07", seen=(("Data reviewer", TODAY),)),
        Received("a2", "harbor", "2026-08", edition=3, changed=2),
        Received("v1", "valley", "2026-09"),
    ]
    return standings(reporters, received, MONTHS, today, day)


def test_a_month_is_late_from_the_day_after_it_is_due() -> None:
    """September may come until the 15th of October; on the 16th it is late, and not for those who need not report."""
    assert due("2026-09") == date(2026, 10, 15) and due("2026-12", 28) == date(2027, 1, 28)
    on_the_day, after = seen_on(date(2026, 10, 15)), seen_on(TODAY)

    assert [each.code for each in on_the_day.of(State.OPEN, "2026-09")] == ["harbor", "river"]
    assert {each.code: months for each, months in after.late().items()} == {
        "harbor": ("2026-09",),
        "river": ("2026-09",),
    }
    assert seen_on(TODAY, day=20).late() == {}, "the department's own day"


def test_nothing_is_expected_before_a_programs_first_month() -> None:
    """A new program is not late with months before it began; one that never reported has no first month."""
    after = seen_on(TODAY)

    assert after.cells["river", "2026-08"].state is State.NOT_EXPECTED
    assert {after.cells["coast", month].state for month in MONTHS} == {State.NOT_EXPECTED}
    assert after.cells["harbor", "2026-08"].state is State.REPORTED


def test_what_nobody_looked_over_comes_latest_month_first() -> None:
    """A return is unseen until a role has seen the edition that counts."""
    assert [(each.program, each.edition) for each in seen_on(TODAY).unseen()] == [("valley", 1), ("harbor", 3)]


def test_only_roles_and_days_of_every_month() -> None:
    """A free text could be a name; the 29th is missing in some months."""
    assert role("Data reviewer") == "Data reviewer" and due_day(28) == 28
    with pytest.raises(NotARole, match="Program officer"):
        role("Ann")
    for day in (0, 29):
        with pytest.raises(NotADueDay):
            due_day(day)


def test_months_that_are_over() -> None:
    """The months before this one, oldest first, over the turn of a year."""
    assert months_before(date(2026, 2, 1), 3) == ("2025-11", "2025-12", "2026-01")


def test_a_state_report_is_of_whole_months() -> None:
    """Returns hold no days, so a span that cuts a month has no answer."""
    assert whole_months(parse_period("2026-Q3")) == parse_period("2026-Q3")
    for first, last in ((date(2026, 7, 2), date(2026, 7, 31)), (date(2026, 7, 1), date(2026, 8, 30))):
        with pytest.raises(NotWholeMonths):
            whole_months(Period(first, last))


def lines() -> list[LineSum]:
    return [
        LineSum(program, date(2026, month, 1), "nx", Movement.GIVEN, n)
        for program, month, n in (("harbor", 7, 10), ("harbor", 10, 5), ("river", 7, 3), ("valley", 8, 4))
    ]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("program", {"harbor": 15, "river": 3, "valley": 4}),
        ("region", {"north": 18, "south": 4}),
        ("quarter", {"2026-Q3": 17, "2026-Q4": 5}),
        ("month", {"2026-07": 13, "2026-08": 4, "2026-10": 5}),
        ("year", {"2026": 22}),
    ],
)
def test_totals_by_what_a_department_asks(by: str, found: dict[str, int]) -> None:
    """The same months by program, region, month, quarter and year always add up to the same."""
    counted = Counted(parse_period("2026"), CATALOG, lines=tuple(lines()))
    report = totals(counted, (by,), groupings(REGIONS))

    assert {row[by]: row["quantity"] for row in report.rows} == found
    assert sum(row["doses"] for row in report.rows) == 44
    with pytest.raises(UnknownGrouping, match="region"):
        totals(counted, ("site",), groupings(REGIONS))


def test_a_funders_words_over_month_returns() -> None:
    """What returns hold is worked out; shelves, hours and lists of sites are blank lines that say why."""
    known = read_indicators()
    ask = [("Syringe visits", "A1", ""), ("Stock at the end", "K6", ""), ("Sites", "A4", "")]
    ask += [("Hours", "A3", "hours"), ("Sessions", "A3", "sessions"), ("By site", "N4", "")]
    pack_lines = tuple(PackLine(label, id_, unit, by="site" if id_ == "N4" else "") for label, id_, unit in ask)
    pack = Pack("p", "P", "F", Release.CONTRACT, PeriodKind.MONTH, "s", "", TODAY, pack_lines)
    month = parse_period("2026-07")
    counted = Counted(
        month,
        CATALOG,
        visits=(Visits("harbor", month.first, 4, 90, None, None), Visits("valley", month.first, 2, 10, 1, None)),
        events=(EventSum("harbor", month.first, "reversal", 3),),
    )

    rows = list(work_out(for_returns(pack, known), Question(known, counted)))

    assert [row.figure.value if row.figure else row.line.blank for row in rows] == [
        100,
        NOT_IN_RETURNS,
        NOT_IN_RETURNS,
        NOT_IN_RETURNS,
        6,
        3,
    ]
    assert {row.site for row in by_region(counted, REGIONS).visits} == {"north", "south"}
