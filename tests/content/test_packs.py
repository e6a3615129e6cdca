"""Packs: what ships answers on what was counted, blanks say why, and a pack that cannot be used names file and key."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outreach.content.events import read_events
from outreach.content.indicators import read_indicators
from outreach.content.packs import read_packs
from outreach.content.reading import BadContent
from outreach.content.supplies import read_catalog
from outreach.core.answers import Missing, Question, Told
from outreach.core.counted import Counted
from outreach.core.packs import NOT_COUNTED, Pack, PackLine, PackRow, Release, work_out
from outreach.core.periods import parse_period
from outreach.core.reports import EventSum, LineSum, Visits
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.i18n.extracting import interface_template

NOWHERE = Home(Path("/nonexistent"))
INDICATORS = read_indicators()
CATALOG = read_catalog(NOWHERE)
EVENTS = read_events(NOWHERE)
SHIPPED = read_packs(NOWHERE, INDICATORS, CATALOG, EVENTS)
DAY = date(2026, 8, 3)

COUNTED = Counted(
    parse_period("2026"),
    CATALOG,
    (
        LineSum("north", DAY, "syringe-1ml", Movement.GIVEN, 12_000),
        LineSum("south", DAY, "kit-safer-injecting", Movement.GIVEN, 30),
        LineSum("north", DAY, "needle-loose", Movement.GIVEN, 500),
        LineSum("north", DAY, "kit-naloxone-nasal", Movement.GIVEN, 40),
        LineSum("north", DAY, "naloxone-im", Movement.GIVEN, 9),
        LineSum("north", DAY, "syringe-1ml", Movement.RETURNED, 700),
        LineSum("north", DAY, "printed-card", Movement.GIVEN, 150),
    ),
    (Visits("north", DAY, 12, 4210, 60, 96),),
    (
        EventSum("north", DAY, "returned-weighed", 3000),
        EventSum("north", DAY, "returned-weighed-low", 2800),
        EventSum("north", DAY, "returned-weighed-high", 3300),
        EventSum("north", DAY, "referral-sud", 8),
        EventSum("south", DAY, "referral-hcv", 5),
        EventSum("north", DAY, "containers-disposed", 14),
    ),
)


def answers(pack: str, told: Told | None = None) -> list[PackRow]:
    return list(work_out(SHIPPED[pack], Question(INDICATORS, COUNTED, told or Told())))


def by_label(rows: list[PackRow], beginning: str) -> list[PackRow]:
    found = [row for row in rows if row.line.label.startswith(beginning)]
    assert found, beginning
    return found


def test_three_packs_ship() -> None:
    """The national survey, Utah's quarterly report and UNAIDS, each with its source and the day it was read."""
    assert {id_: (pack.period.value, pack.release.value) for id_, pack in SHIPPED.items()} == {
        "national-ssp-survey": ("year", "contract"),
        "utah-quarterly": ("quarter", "contract"),
        "unaids-needles-and-syringes": ("year", "public"),
    }
    assert all(pack.url.startswith("http") and pack.checked >= date(2026, 11, 1) for pack in SHIPPED.values())


@pytest.mark.parametrize("pack", SHIPPED.values(), ids=SHIPPED)
def test_every_line_is_answered_or_says_why_not(pack: Pack) -> None:
    """On a year in which everything was counted each line has a number, or the reason why it is blank."""
    rows = list(work_out(pack, Question(INDICATORS, COUNTED, Told({"pwid": 100}))))

    assert [line for line in pack.lines if line not in [row.line for row in rows]] == []
    for row in rows:
        assert bool(row.line.blank) == (row.figure is None)
        assert row.figure is None or row.figure.value is not None, row.line.label


def test_utah_by_hand() -> None:
    """Lines (a) to (e) of R386-900-5 on the counts above, worked out in the head."""
    a, b, c, d, e = answers("utah-quarterly")

    assert a.figure is None and a.beside is not None
    assert NOT_COUNTED.format(unit=a.beside.number.unit, number=f"{a.beside.value:,}") == (
        "not counted here (visits: 4,210)"
    )
    # 700 counted and 3,000 weighed, the range being that of the scale.
    assert b.figure and (b.figure.value, b.figure.low, b.figure.high) == (3700, 3500, 4000)
    # 12,000 loose and 30 kits of 10; the 500 loose needles are not in it.
    assert c.figure and c.figure.value == 12_300
    assert (d.figure and d.figure.value, e.figure and e.figure.value) == (150, 13)


def test_the_national_survey_by_hand() -> None:
    """Size, syringes, naloxone as doses and kits, and no number of participants."""
    rows = answers("national-ssp-survey")
    number = {row.line.label + row.part: row.figure and row.figure.value for row in rows}

    assert number["No. of syringes distributed"] == 12_300
    assert by_label(rows, "Program size")[0].figure.band == "medium"  # type: ignore[union-attr]
    assert number["[Naloxone distributed, in doses]"] == 89
    assert number["[Naloxone distributed, in kits]"] == 40
    products = by_label(rows, "[Naloxone distributed, in doses by product]")
    assert {row.part: row.figure and row.figure.value for row in products} == {"naloxone-nasal": 80, "naloxone-im": 9}
    people = by_label(rows, "[Number and characteristics of participants]")[0]
    assert people.figure is None and people.beside and people.beside.value == 4210


def test_unaids_by_hand() -> None:
    """The numerator, needles apart, the ratio over what was typed, and each site."""
    rows = answers("unaids-needles-and-syringes", Told({"pwid": 60}))

    assert by_label(rows, "Needles and syringes distributed per person")[0].figure.value == 205  # type: ignore[union-attr]
    assert by_label(rows, "[Loose needles")[0].figure.value == 500  # type: ignore[union-attr]
    sites = by_label(rows, "Subnational")
    assert {row.part: row.figure and row.figure.value for row in sites} == {"north": 12_000, "south": 300}
    assert [each.id for each in SHIPPED["unaids-needles-and-syringes"].typed(INDICATORS)] == ["pwid"]
    asked = by_label(answers("unaids-needles-and-syringes"), "Needles and syringes distributed per person")[0]
    assert asked.figure and asked.figure.missing is Missing.NOT_TYPED


def test_a_line_with_no_parts_still_prints() -> None:
    """A line by site of what nobody counted is one row that says so, and never vanishes."""
    nothing = Question(INDICATORS, Counted(parse_period("2026"), CATALOG))
    (row,) = [r for r in work_out(SHIPPED["unaids-needles-and-syringes"], nothing) if r.line.by]

    assert row.figure and row.figure.missing is Missing.NOT_REPORTED


def test_a_funders_words_are_not_for_translators() -> None:
    """Reasons, notes and definitions are in the interface catalog; labels, titles and funders never are."""
    said = {message.id for message in interface_template()}
    from_data = {each.id for each in interface_template() if any(".toml" in file for file, _ in each.locations)}
    lines = [line for pack in SHIPPED.values() for line in pack.lines]

    assert {text for line in lines for text in (line.blank, line.note) if text} <= said
    assert {row.definition for row in INDICATORS} | {row.name for row in INDICATORS} <= said
    assert {event.name for event in EVENTS.events} <= from_data, "the control"
    # "Region" is a word of a page's own, too; nothing that is read for translators comes from a label.
    assert {line.label for line in lines} & from_data == set()
    assert {pack.title for pack in SHIPPED.values()} & said == set()


# --- a program's own packs ---

DOCS = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
OWN = DOCS.partition("```toml\n")[2].partition("```")[0]
"""The example in the docs: whoever copies it has a pack that works."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.packs.mkdir(parents=True)
    (home.packs / "county.toml").write_text(OWN, encoding="utf-8")
    return home


def packs_of(home: Home, refused: dict[str, BadContent] | None = None) -> dict[str, Pack]:
    return read_packs(home, INDICATORS, CATALOG, EVENTS, refused)


def test_a_programs_own_pack_stands_beside_the_shipped_ones(home: Home) -> None:
    """A file in the home is a pack: people stay blank, visits may be named after who made them, one event is kept."""
    pack = packs_of(home)["county"]
    blank, visits, referrals = work_out(pack, Question(INDICATORS, COUNTED))

    assert (pack.own, pack.release, pack.lines[2].cell) == (True, Release.PUBLIC, "Report!C7")
    assert blank.figure is None and blank.beside and blank.beside.value == 4210
    assert (visits.figure and visits.figure.value, referrals.figure and referrals.figure.value) == (4210, 5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'indicator = "L1"',
            'indicator = "Z9"',
            r"county.toml, line 3.indicator: there is no indicator Z9; there are",
        ),
        ('beside = "A1"', 'beside = "Z9"', r"county.toml, line 1.beside: there is no indicator Z9"),
        ('"referral-hcv"', '"referral-hvc"', r"line 3.only: there is no item, group or event referral-hvc"),
        ('"Visits by participants"', '"Participants served"', r"line 2: visits are not people"),
        ('indicator = "A1"\n', "", r"line 2: a line has an indicator, or `blank`"),
        ('release = "public"', 'release = "secret"', r"release: should be one of contract, public, not secret"),
        ('period = "month"', 'period = "week"', r"period: should be one of month, quarter"),
        ("Report!C7", "C7", r"line 3: `cell` is a sheet and a cell"),
        (
            'indicator = "L1"',
            'indicator = "L1"\nunit = "kits"',
            r"line 3: L1 is not counted in kits; its units: ref",
        ),
        ('indicator = "A1"', 'indicator = "A1"\nby = "item"', r"line 2.by: A1 cannot be split by item"),
        ('indicator = "A1"', 'indicator = "A1"\nby = "person"', r"line 2: `by` is one of item, site, month, model"),
        ('funder = "Our county"', "", r"county.toml, funder: is missing"),
        ('source = "Contract', 'sauce = "Contract', r"county.toml, sauce: means nothing here"),
        ('id = "county"', 'id = "utah-quarterly"', r"id: should be county, as the file is called"),
        ("[[line]]", "[[lines", r"county.toml, file: is not TOML"),
    ],
)
def test_a_pack_that_cannot_be_used_says_where_and_why(home: Home, old: str, new: str, said: str) -> None:
    """Each slip is one sentence with file and key; with a list to put it in, the other packs go on working."""
    file = home.packs / "county.toml"
    assert old in OWN
    file.write_text(OWN.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadContent, match=said):
        packs_of(home)
    refused: dict[str, BadContent] = {}
    assert set(packs_of(home, refused)) == set(SHIPPED)
    assert re.search(said, str(refused["county"]))


def test_a_copy_needs_a_name_of_its_own(home: Home) -> None:
    """A shipped pack is not hidden by a file with its id."""
    (home.packs / "utah-quarterly.toml").write_text(OWN.replace('"county"', '"utah-quarterly"', 1), encoding="utf-8")

    with pytest.raises(BadContent, match="there is already a pack utah-quarterly"):
        packs_of(home)


def test_a_line_is_never_half_a_question() -> None:
    """Neither both a number and a reason, nor two lines in one cell, nor a pack without lines."""
    line = PackLine("Syringes", "S1", cell="Report!B2")
    for wrong in ({"blank": "why"}, {"beside": "A1"}, {"by": "site"}, {"cell": "Report!2B"}):
        with pytest.raises(ValueError):
            replace(line, **wrong)  # type: ignore[arg-type]
    for lines in ((), (line, line)):
        with pytest.raises(ValueError):
            replace(SHIPPED["utah-quarterly"], lines=lines)
