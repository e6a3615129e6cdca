"""Indicators: each number equals a recount made from the same sums another way, and none is made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.content.events import read_events
from outreach.content.indicators import read_indicators
from outreach.content.supplies import read_catalog
from outreach.core.answers import CannotBeSplit, Figure, Missing, Question, Told, broken_down, figures
from outreach.core.atoms import unknown_codes
from outreach.core.counted import Counted
from outreach.core.indicators import (
    Happened,
    Indicator,
    Indicators,
    Kind,
    Number,
    Ratio,
    Typed,
    UnknownIndicator,
    Visited,
)
from outreach.core.periods import parse_period
from outreach.core.reports import EventSum, LineSum, UnknownGrouping, Visits
from outreach.core.sheets import Movement
from outreach.core.supplies import Catalog, Item, Kit, Recipe
from outreach.home import Home

NOWHERE = Home(Path("/nonexistent"))
INDICATORS = read_indicators()
SHIPPED = read_catalog(NOWHERE)
EVENTS = read_events(NOWHERE)
YEAR = parse_period("2026")
MARCH, CHANGE, JULY = date(2026, 3, 1), date(2026, 7, 1), date(2026, 7, 10)


def with_a_changed_kit() -> Catalog:
    """The shipped catalog, where the naloxone kit holds three sprays from July on, and a loose needle."""
    kits = []
    for kit in SHIPPED.kits:
        if kit.code == "kit-naloxone-nasal":
            later = Recipe(CHANGE, {"naloxone-nasal": 3, "needle-loose": 1})  # type: ignore[dict-item]
            kit = replace(kit, recipes=(*kit.recipes, later))
        kits.append(kit)
    return Catalog(SHIPPED.groups, SHIPPED.items, tuple(kits))


CATALOG = with_a_changed_kit()


def given_out(item: str, quantity: int, day: date = MARCH, site: str = "north") -> LineSum:
    return LineSum(site, day, item, Movement.GIVEN, quantity)


def happened(event: str, quantity: int, day: date = MARCH, site: str = "north") -> EventSum:
    return EventSum(site, day, event, quantity)


def counted(*rows: LineSum | Visits | EventSum, period: str = "2026", catalog: Catalog = CATALOG) -> Counted:
    return Counted(
        parse_period(period),
        catalog,
        tuple(row for row in rows if isinstance(row, LineSum)),
        tuple(row for row in rows if isinstance(row, Visits)),
        tuple(row for row in rows if isinstance(row, EventSum)),
    )


def answer(id_: str, sums: Counted, told: Told | None = None, only: tuple[str, ...] = ()) -> tuple[Figure, ...]:
    return figures(INDICATORS.get(id_), Question(INDICATORS, sums, told or Told(), frozenset(only)))


def split(id_: str, sums: Counted, by: str, told: Told | None = None) -> dict[str, list[int | Fraction | None]]:
    parts = broken_down(INDICATORS.get(id_), Question(INDICATORS, sums, told or Told()), by)
    return {part: [figure.value for figure in found] for part, found in parts.items()}


def values(id_: str, sums: Counted, told: Told | None = None) -> dict[str, int | Fraction | None]:
    return {figure.number.unit: figure.value for figure in answer(id_, sums, told)}


def test_the_list_is_whole() -> None:
    """Every indicator of the plan is there, each with a definition and a formula; two are off by default."""
    wanted = "A1-5 P1-3 S1-6 N1-5 R1-6 L1-2 E1-2 K1-8 D1-5 Q1-1"
    ids = [f"{part[0]}{n}" for part in wanted.split() for n in range(int(part[1]), int(part[-1]) + 1)]

    assert [row.id for row in INDICATORS] == ids
    assert all(row.definition.endswith(".") and row.formula.endswith(".") for row in INDICATORS)
    assert {row.id for row in INDICATORS if not row.on} == {"A5", "D3"}


def test_people_and_events_are_what_a_public_release_hides() -> None:
    """Visits, people told of or trained, reversals, injuries and referrals; never a count of supplies."""
    hidden = {row.id for row in INDICATORS if row.kind.is_suppressed}

    assert hidden == {"A1", "A2", "A5", "P1", "P2", "P3", "N3", "N4", "N5", "R5", "L1", "L2", "E1"}


def test_every_event_that_is_named_is_one_that_is_counted() -> None:
    """No indicator waits for an event that no sheet can hold, and every event of a session is in one."""
    named = {
        event
        for row in INDICATORS
        for number in row.numbers
        if isinstance(number.source, Happened)
        for each in number.source.events
        for event in (
            [each] if not each.endswith("*") else [e.code for e in EVENTS.events if number.source.holds(e.code)]
        )
    }
    ends = {f"{event}-{end}" for event in ("returned-weighed", "returned-container") for end in ("low", "high")}

    assert named - {event.code for event in EVENTS.events} == set()
    assert {event.code for event in EVENTS.by_session} - named == ends


def test_monthly_events_are_split_by_month_only() -> None:
    """Numbers of monthly groups say so, others do not; they have months and events, but no sites, models or days."""
    monthly = {event.code for event in EVENTS.events} - {event.code for event in EVENTS.by_session}
    for row in INDICATORS:
        held = [each.source for each in row.numbers if isinstance(each.source, Happened)]
        told = {code for source in held for code in (event.code for event in EVENTS.events) if source.holds(code)}
        assert (told <= monthly) if row.monthly else not told & monthly, row.id

    sums = counted(happened("age-65", 4, JULY.replace(day=1), "program"), happened("reversal", 2, JULY))
    assert split("P1", sums, "month") == {"2026-07": [4]}
    assert split("P1", sums, "item") == {"age-65": [4]}
    for by in ("site", "model", "day"):
        with pytest.raises(CannotBeSplit):
            split("P1", sums, by)
    assert split("N4", sums, "site") == {"north": [2]}, "the whole program is no site beside the others"
    assert values("A4", sums) == {"sites": 1, "service models": None}


def test_zero_is_a_value_and_nothing_is_not() -> None:
    """What nobody counted has no number and says so; a counted zero is zero."""
    nothing, zero = counted(), counted(Visits("north", MARCH, 1, 0, None, None), given_out("cooker", 0))

    for row in INDICATORS:
        assert all(figure.value is None and figure.missing for figure in answer(row.id, nothing)), row.id
    assert (values("A1", zero), values("A2", zero), values("S2", zero)) == (
        {"visits": 0},
        {"people told of": None},
        {"items": 0},
    )
    assert values("A3", zero) == {"sessions": 1, "hours": None}


def test_a_correction_that_takes_all_away_leaves_zero() -> None:
    """Sums that cancel out were counted."""
    assert values("S4", counted(given_out("fentanyl-strip", 20), given_out("fentanyl-strip", -20))) == {"strips": 0}


def test_needles_and_barrels_are_never_added() -> None:
    """Fixed syringes and barrels are syringes; loose needles stand apart; a muscle syringe for naloxone is neither."""
    sums = counted(
        given_out("syringe-1ml", 100),
        given_out("barrel", 30),
        given_out("needle-loose", 45),
        given_out("im-syringe", 7),
        given_out("kit-safer-injecting", 2),
    )

    assert values("S1", sums) == {"syringes": 150, "needles": 45}
    assert split("S1", sums, "item") == {"syringe-1ml": [120, None], "barrel": [30, None], "needle-loose": [None, 45]}
    # The rest of the kit: 10 each of cooker, filter, water and swab, and 1 tie.
    assert values("S2", sums) == {"items": 82}


def test_the_same_naloxone_in_doses_kits_units_and_boxes() -> None:
    """Ten kits of two sprays and five of three, five sprays and six vials loose: 46 doses, by product."""
    sums = counted(
        given_out("kit-naloxone-nasal", 10),
        given_out("kit-naloxone-nasal", 5, JULY),
        given_out("naloxone-nasal", 5),
        given_out("naloxone-im", 6),
    )

    assert values("N1", sums) == {"doses": 46}
    assert split("N1", sums, "item") == {"naloxone-nasal": [40], "naloxone-im": [6]}
    assert values("N2", sums) == {"kits": 15, "units": 46, "boxes": 23}
    assert values("N2", counted(given_out("naloxone-im", 3)))["boxes"] == Fraction(3, 2)
    assert values("N2", counted(given_out("naloxone-im", 3)))["kits"] is None


def test_a_kit_counts_by_what_its_recipe_held_that_day() -> None:
    """A kit without naloxone is no naloxone kit; one that lost it is one for the days before."""
    parts = [{"naloxone-im": 1, "cooker": 1}, {"cooker": 2}]
    recipes = tuple(Recipe(day, each) for day, each in zip((date(2020, 1, 1), CHANGE), parts, strict=True))  # type: ignore[arg-type]
    mixed = Kit("kit-mixed", "Mixed", "kits", recipes)  # type: ignore[arg-type]
    catalog = Catalog(SHIPPED.groups, SHIPPED.items, (*SHIPPED.kits, mixed))
    sums = counted(given_out("kit-mixed", 4), given_out("kit-mixed", 9, JULY), catalog=catalog)

    assert values("N2", sums) == {"kits": 4, "units": 4, "boxes": 2}
    assert values("S3", counted(given_out("kit-safer-smoking", 3))) == {"items": 6, "kits": 3}


def test_only_what_was_given_is_given() -> None:
    """What came back, was received, moved or thrown away is in no number of what went out."""
    others = [LineSum("north", MARCH, "syringe-1ml", each, 50) for each in Movement if each is not Movement.GIVEN]

    assert values("S1", counted(*others)) == {"syringes": None, "needles": None}
    assert values("R1", counted(*others)) == {"syringes": 50, "needles": None}
    received = LineSum("north", MARCH, "kit-naloxone-nasal", Movement.RECEIVED, 80)
    assert values("N2", counted(received, given_out("kit-naloxone-im", 3)))["kits"] == 3


def test_an_estimate_keeps_its_range() -> None:
    """Weighed and by container with their ends; told has none and stands for itself in both."""
    (figure,) = answer(
        "R2",
        counted(
            happened("returned-weighed", 400),
            happened("returned-weighed-low", 380),
            happened("returned-weighed-high", 430),
            happened("returned-container", 100),
            happened("returned-container-low", 60),
            happened("returned-container-high", 140),
            happened("returned-told", 30, JULY),
        ),
    )
    (told,) = answer("R2", counted(happened("returned-told", 30)))

    assert (figure.value, figure.low, figure.high) == (530, 470, 600)
    assert (told.value, told.low, told.high) == (30, None, None)


def test_a_range_kept_for_some_days_only_still_holds_the_number() -> None:
    """Summed over a month, one day with a range and one without never put the number outside it."""
    (figure,) = answer("R2", counted(happened("returned-weighed", 150), happened("returned-weighed-high", 110)))

    assert (figure.low, figure.value, figure.high) == (150, 150, 150)


def test_returns_counted_and_estimated_together() -> None:
    """One number for a funder that takes one; whichever way was not used leaves the other alone."""
    back = LineSum("north", MARCH, "syringe-1ml", Movement.RETURNED, 200)
    weighed = [happened("returned-weighed", 100), happened("returned-weighed-low", 90)]
    (both,) = answer("R6", counted(back, *weighed))

    assert (both.value, both.low, both.high) == (300, 290, 300)
    assert values("R6", counted(back)) == {"syringes": 200}
    assert split("R6", counted(back, *weighed), "site") == {"north": [300]}


def test_a_program_s_own_referrals_count() -> None:
    """A referral type that a program adds is in the sum and has its own row."""
    sums = counted(happened("referral-hcv", 2), happened("referral-food", 5), happened("linkage", 9))

    assert values("L1", sums) == {"referrals": 7}
    assert split("L1", sums, "item") == {"referral-food": [5], "referral-hcv": [2]}
    assert [figure.value for figure in answer("L1", sums, only=("referral-hcv",))] == [2]


def test_ratios_are_exact_and_never_divide_by_nothing() -> None:
    """Syringes for each visit; no visits, or none counted, gives no ratio rather than a false one."""
    syringes = given_out("syringe-1ml", 100)
    assert values("D1", counted(syringes, Visits("north", MARCH, 1, 30, None, None))) == {
        "syringes a visit": Fraction(10, 3)
    }
    for encounters in (0, None):
        (figure,) = answer("D1", counted(syringes, Visits("north", MARCH, 1, encounters, None, None)))
        assert (figure.value, figure.missing) == (None, Missing.NOT_REPORTED)


def test_a_part_is_named_by_item_or_group_and_set_against_all_visits() -> None:
    """What is kept of the syringes, one item or a whole group, is still divided by every visit."""
    sums = counted(given_out("syringe-1ml", 90), given_out("barrel", 10), Visits("north", MARCH, 1, 30, None, None))

    assert [answer("S1", sums, only=(each,))[0].value for each in ("barrel", "injecting", "strips")] == [10, 100, None]
    assert answer("D1", sums, only=("syringe-1ml",))[0].value == 3


@pytest.mark.parametrize(
    ("syringes", "people", "band"),
    [(9999, 100, "low"), (10000, 100, "middle"), (20000, 100, "middle"), (20001, 100, "high")],
)
def test_coverage_has_bands_in_a_year_only(syringes: int, people: int, band: str) -> None:
    """Under 100, 100 to 200, over 200 syringes a person and year; a quarter has the number and no band."""
    told = Told({"pwid": people})
    (year,) = answer("D2", counted(given_out("syringe-1ml", syringes)), told)
    (quarter,) = answer("D2", counted(given_out("syringe-1ml", syringes), period="2026-Q1"), told)

    assert (year.value, year.band) == (Fraction(syringes, people), band)
    assert (quarter.value, quarter.band) == (year.value, "")
    assert year.number.goals == (200, 300)


@pytest.mark.parametrize(
    ("syringes", "size"),
    [
        (0, ""),
        (1, "small"),
        (9999, "small"),
        (10000, "medium"),
        (55000, "medium"),
        (55001, "large"),
        (499999, "large"),
        (500000, "very large"),
    ],
)
def test_size_classes(syringes: int, size: str) -> None:
    """The CDC's four classes at their edges, for a whole year, calendar or fiscal, and for nothing shorter."""
    (figure,) = answer("D5", counted(given_out("syringe-1ml", syringes)))
    (half,) = answer("D5", counted(given_out("syringe-1ml", syringes), period="2026-Q1"))

    assert (figure.value, figure.band) == (syringes, size)
    assert (half.value, half.missing) == (None, Missing.NOT_A_YEAR)


def test_kits_against_need() -> None:
    """Doses by two against people and deaths that were typed; without them, or a zero, it asks for them."""
    sums = counted(given_out("kit-naloxone-nasal", 500))
    told = Told({"population": 200_000, "opioid-deaths": 50})
    per, deaths = answer("D4", sums, told)

    assert (per.value, deaths.value, deaths.band) == (250, 10, "9 to 20 for each death")
    for typed in ({}, {"population": 0, "opioid-deaths": 0}, {"population": -1, "opioid-deaths": -50}):
        assert {figure.missing for figure in answer("D4", sums, Told(typed))} == {Missing.NOT_TYPED}


def test_completeness_and_the_return_share() -> None:
    """Sessions against those planned; returns against syringes given, with the estimate's range; both in percent."""
    sums = counted(
        Visits("north", MARCH, 3, 4, None, None),
        given_out("syringe-1ml", 400),
        happened("returned-weighed", 100),
        happened("returned-weighed-low", 80),
        happened("returned-weighed-high", 120),
    )
    (share,) = answer("D3", sums)

    assert values("Q1", sums, Told({"planned-sessions": 4})) == {"percent": 75}
    assert (share.value, share.low, share.high) == (25, 20, 30)


def test_sites_and_models_are_listed_once() -> None:
    """Two sites, one model; a site whose model nobody said has none."""
    sums = counted(given_out("cooker", 1), happened("training", 1, site="south"), given_out("filter", 2, site="south"))

    assert values("A4", sums, Told(models={"north": "mobile"})) == {"sites": 2, "service models": 1}
    assert split("S2", sums, "model", Told(models={"north": "mobile"})) == {"": [2], "mobile": [1]}


def test_what_cannot_be_split_is_refused() -> None:
    """A number typed for the whole area has no site, visits have no item, and nothing is split by person."""
    sums = counted(given_out("syringe-1ml", 1))
    for id_, by in (("D2", "site"), ("Q1", "month"), ("A1", "item"), ("D1", "item"), ("A4", "site"), ("D5", "month")):
        with pytest.raises(CannotBeSplit):
            split(id_, sums, by)
    with pytest.raises(UnknownGrouping):
        split("S1", sums, "person")


def test_a_month_of_a_year_is_no_year() -> None:
    """Broken down by month, a ratio has its number and no yearly band."""
    sums = counted(given_out("syringe-1ml", 10), Visits("north", MARCH, 1, 5, None, None), given_out("cooker", 1, JULY))
    banded = replace(
        INDICATORS.get("D1"), numbers=(replace(INDICATORS.get("D2").numbers[0], source=Ratio(("S1",), "A1")),)
    )
    parts = broken_down(banded, Question(INDICATORS, sums), "month")

    assert {month: (found[0].value, found[0].band) for month, found in parts.items()} == {
        "2026-03": (2, ""),
        "2026-07": (None, ""),
    }
    assert figures(banded, Question(INDICATORS, sums))[0].band == "low"


def test_codes_of_another_catalog_are_named() -> None:
    """What another computer's catalog gave out is in no group here, and is told rather than dropped silently."""
    sums = counted(given_out("strip-of-theirs", 9), given_out("fentanyl-strip", 1))

    assert values("S4", sums) == {"strips": 1}
    assert unknown_codes(sums) == ("strip-of-theirs",)


def test_an_unknown_indicator_is_refused() -> None:
    """The refusal names those there are."""
    with pytest.raises(UnknownIndicator, match=r"no indicator called Z9. Indicators: A1, "):
        INDICATORS.get("Z9")


def test_indicators_that_lean_on_nothing_are_refused() -> None:
    """A ratio of a ratio, of nothing, or of what is not there; and two numbers that packs could not tell apart."""
    visits = Indicator("A", "A", Kind.PEOPLE, "d", "f", (Number("A", "visits", Visited("encounters")),))

    def ratio(id_: str, *top: str, bottom: str | None = None) -> Indicator:
        return Indicator(id_, id_, Kind.RATIO, "d", "f", (Number(id_, "ratio", Ratio(top, bottom)),))

    Indicators((visits, ratio("B", "A", bottom="typed")), (Typed("typed", "Typed", "people"),))
    for rows in ((ratio("B", "B"),), (ratio("B"),), (visits, ratio("B", "A", bottom="C")), (visits, visits)):
        with pytest.raises(ValueError):
            Indicators(rows, ())
    with pytest.raises(ValueError, match="same unit"):
        replace(visits, numbers=visits.numbers * 2)
    with pytest.raises(ValueError, match="not 'names'"):
        Visited("names")


# --- a recount that knows nothing of sources and atoms: it writes each formula out ---

days = st.dates(date(2026, 6, 1), date(2026, 8, 31))
sites = st.sampled_from(["north", "south"])
some = st.none() | st.integers(0, 60)
line_sums = st.builds(
    LineSum,
    sites,
    days,
    st.sampled_from([thing.code for thing in CATALOG.handed_out()] + ["of-theirs"]),
    st.sampled_from([Movement.GIVEN, Movement.RETURNED, Movement.RECEIVED]),
    st.integers(-20, 300),
)
event_sums = st.builds(
    EventSum, sites, days, st.sampled_from([e.code for e in EVENTS.events] + ["referral-food"]), st.integers(-2, 40)
)
visit_sums = st.builds(Visits, sites, days, st.integers(0, 3), some, some, some)
ITEMS = {thing.code: thing for thing in CATALOG.items}


def slowly(rows: list[LineSum], wanted: Callable[[Item], int], movement: Movement = Movement.GIVEN) -> int | None:
    """Every unit of every line counted one by one, kits opened by hand; None when there was none to count."""
    total, seen = 0, False
    for row in rows:
        if row.movement is not movement:
            continue
        held = {row.item: 1}
        for kit in CATALOG.kits:
            if kit.code == row.item:
                held = dict([each for each in kit.recipes if each.start <= row.day][-1].parts)
        for code, n in held.items():
            if code in ITEMS and (weight := wanted(ITEMS[code])):  # type: ignore[index]
                seen, total = True, total + row.quantity * n * weight
    return total if seen else None


@given(st.lists(line_sums, max_size=25), st.lists(event_sums, max_size=25), st.lists(visit_sums, max_size=10))
def test_every_sum_equals_a_slow_recount(lines: list[LineSum], events: list[EventSum], visits: list[Visits]) -> None:
    """Supplies, naloxone, events and visits recounted by formulas written out here; parts add up to the whole."""
    sums = Counted(YEAR, CATALOG, tuple(lines), tuple(visits), tuple(events))

    def of(name: str) -> int | None:
        found = [count for row in visits if (count := getattr(row, name)) is not None]
        return sum(found) if found else None

    def told(*beginnings: str) -> int | None:
        found = [row.quantity for row in events if row.event.startswith(beginnings)]
        return sum(found) if found else None

    quarters = of("quarter_hours")
    expected = {
        ("A1", "visits"): of("encounters"),
        ("A2", "people told of"): of("others"),
        ("A3", "sessions"): of("sessions"),
        ("A3", "hours"): None if quarters is None else Fraction(quarters, 4),
        ("S1", "syringes"): slowly(lines, lambda item: item.counts_as == "syringe"),
        ("S1", "needles"): slowly(lines, lambda item: item.counts_as == "needle"),
        ("S2", "items"): slowly(lines, lambda item: item.group == "injecting" and not item.counts_as),
        ("S4", "strips"): slowly(lines, lambda item: item.code.endswith("-strip")),
        ("S6", "containers"): slowly(lines, lambda item: item.code.startswith("sharps-container")),
        ("N1", "doses"): slowly(lines, lambda item: item.doses),
        ("R1", "syringes"): slowly(lines, lambda item: item.counts_as == "syringe", Movement.RETURNED),
        ("E2", "cards"): slowly(lines, lambda item: item.code == "printed-card"),
        ("L1", "referrals"): told("referral-"),
        ("R5", "injuries"): told("needle-stick"),
        ("N3", "times replaced"): told("naloxone-used", "naloxone-lost", "naloxone-expired", "naloxone-taken"),
    }

    found = {(id_, unit): values(id_, sums)[unit] for id_, unit in expected}
    assert found == expected
    for id_, unit in expected:
        place = [number.unit for number in INDICATORS.get(id_).numbers].index(unit)
        for by in ("site", "month", "day", "item"):
            if by == "item" and id_ in ("A1", "A2", "A3"):
                continue
            parts = [each[place] for each in split(id_, sums, by).values() if each[place] is not None]
            assert (sum(parts) if parts else None) == expected[id_, unit], (id_, by)


@given(st.lists(st.tuples(days, st.integers(0, 500), st.none() | st.integers(0, 80)), max_size=12))
def test_a_range_always_holds_its_number(weighed: list[tuple[date, int, int | None]]) -> None:
    """However ranges were kept, by day or summed over the month, low <= number <= high."""
    rows = []
    for day, n, off in weighed:
        rows.append(happened("returned-weighed", n, day))
        if off is not None:
            rows += [happened("returned-weighed-low", max(n - off, 0), day)]
            rows += [happened("returned-weighed-high", n + off, day)]
    coarse = [replace(row, day=row.day - timedelta(days=row.day.day - 1)) for row in rows]

    for each in (rows, coarse):
        (figure,) = answer("R2", counted(*each))
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high  # type: ignore[operator]
