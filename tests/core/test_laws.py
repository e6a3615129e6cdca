"""What a state's row may say: every row, every value, and eight states read by eye."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest

from outreach.content.laws import COLUMNS, read_law_lines, read_laws
from outreach.content.reading import BadContent
from outreach.core.laws import CHECK_LOCALLY, Help, Selling, StateLaw, Strips, Supervision
from outreach.core.laws import may_cover as may
from outreach.core.laws import may_not_cover as might_not
from outreach.core.laws import strip_lines as strips
from outreach.shipped import SHIPPED

FILE = SHIPPED / "laws.csv"
ROWS = list(csv.DictReader(FILE.open(encoding="utf-8", newline="")))
SAY_ARREST_IS_POSSIBLE = {"no-arrest", "possession-defense", "possession-procedural"}

# Read off the rows of laws.csv by eye, one of each kind, and written down before the code was asked.
BY_EYE = {
    # AK: prosecution; none; no; no; not_banned
    "AK": (
        ["help-title", "possession-prosecution"],
        ["no-arrest", "no-charge", "supplies-none", "selling-no", "supervision-no"],
        ["strips-not-banned"],
    ),
    # AR: arrest;charge;prosecution; none; no; yes; legal_exempt
    "AR": (
        ["help-title", "possession-arrest", "possession-charge", "possession-prosecution", "supervision-yes"],
        ["supplies-none", "selling-no"],
        ["strips-exempt"],
    ),
    # IA: procedural; procedural; sharing_no_profit; yes; not_exempt
    "IA": (
        ["possession-procedural", "supplies-covered", "supervision-yes"],
        ["selling-sharing", "selling-do-not-count"],
        ["strips-not-exempt"],
    ),
    # IL: arrest;charge;prosecution;procedural, twice; check; yes; check.
    # Partly procedural: no help with an arrest is named.
    "IL": (
        [
            "help-title",
            "possession-charge",
            "possession-prosecution",
            "possession-procedural-too",
            "supplies-covered",
            "supervision-yes",
        ],
        ["no-arrest", "selling-check", "check-locally"],
        ["strips-check", "check-locally"],
    ),
    # OK: arrest;prosecution; prosecution; no; no; legal_exempt
    "OK": (
        ["help-title", "possession-arrest", "possession-prosecution", "supplies-covered"],
        ["no-charge", "selling-no", "supervision-no"],
        ["strips-exempt"],
    ),
    # TX: affirmative_defense; affirmative_defense; check; no; not_exempt
    "TX": (
        ["possession-defense", "supplies-covered"],
        ["selling-check", "check-locally", "supervision-no"],
        ["strips-not-exempt"],
    ),
    # VT: arrest;prosecution; none; any_drug_offence; yes; not_banned
    "VT": (
        ["help-title", "possession-arrest", "possession-prosecution", "supervision-yes"],
        ["no-charge", "supplies-none", "selling-any-drug-offense", "selling-do-not-count"],
        ["strips-not-banned"],
    ),
    # WY: prosecution; blank; no; blank; not_banned
    "WY": (
        ["help-title", "possession-prosecution"],
        [
            "no-arrest",
            "no-charge",
            "supplies-unclear",
            "check-locally",
            "selling-no",
            "supervision-check",
            "check-locally",
        ],
        ["strips-not-banned"],
    ),
}


def laws() -> list[StateLaw]:
    return list(read_laws().values())


@pytest.mark.parametrize("state", BY_EYE)
def test_states_read_by_eye(state: str) -> None:
    """For eight states of different kinds the code says what a reader of the row would."""
    law = read_laws()[state]  # type: ignore[index]

    assert ([*may(law)], [*might_not(law)], [*strips(law)]) == BY_EYE[state]


def test_every_state_is_there() -> None:
    """Fifty states and DC, each once."""
    assert len(ROWS) == len(laws()) == 51
    assert {"DC", "PR"} & set(read_laws()) == {"DC"}


def test_a_weak_law_never_names_help_with_an_arrest() -> None:
    """A row that is only, or partly, a defense later in court says that an arrest can happen, never that it may not."""
    weak = {row["state"] for row in ROWS if "affirmative_defense" in row["gsl_possession"]}
    weak |= {row["state"] for row in ROWS if "procedural" in row["gsl_possession"]}
    assert weak == {"TX", "UT", "IA", "IL"}
    for law in laws():
        said = {*may(law), *might_not(law)}
        if law.state in weak:
            assert "possession-arrest" not in said, law.state
            assert said & SAY_ARREST_IS_POSSIBLE, law.state
    assert any("possession-arrest" in may(law) for law in laws()), "the control: other rows do name it"


def test_what_a_row_does_not_know_says_check_locally() -> None:
    """Every cell that is blank or `check` brings the line that says to check locally; a row without one does not."""
    parts = {
        "gsl_possession": may,
        "gsl_paraphernalia": might_not,
        "gsl_selling": might_not,
        "gsl_supervision": might_not,
        "fts_status": strips,
    }
    seen = 0
    for row, (column, say) in itertools.product(ROWS, parts.items()):
        if row[column] in ("", "check"):
            seen += 1
            assert CHECK_LOCALLY in say(read_laws()[row["state"]]), (row["state"], column)  # type: ignore[index]
    assert seen == 16
    assert CHECK_LOCALLY not in {*may(read_laws()["AK"]), *might_not(read_laws()["AK"])}  # type: ignore[index]


def test_arrest_is_named_only_where_the_row_names_it() -> None:
    """Over all rows: help with an arrest, a charge, a case in court is said exactly where the row has it."""
    for row in ROWS:
        law = read_laws()[row["state"]]  # type: ignore[index]
        for word in ("arrest", "charge", "prosecution"):
            said = f"possession-{word}" in may(law)
            has = word in row["gsl_possession"].split(";")
            assert said == (has and not (word == "arrest" and "procedural" in row["gsl_possession"])), row["state"]
        assert law.is_weak or ("no-arrest" in might_not(law)) == ("arrest" not in row["gsl_possession"]), row["state"]


def test_selling_is_never_promised() -> None:
    """Every row's lines on selling say no, not sure, or do not count on it."""
    for law in laws():
        assert {"selling-no", "selling-check", "selling-do-not-count"} & set(might_not(law)), law.state
        assert not [line for line in may(law) if line.startswith("selling")]


def test_every_value_has_its_line_and_every_line_its_value() -> None:
    """Whatever a row may hold, the lines for it exist; no line is there that nothing can say."""
    kinds = [frozenset(each) for n in (1, 2, 3) for each in itertools.combinations(list(Help)[:3], n)]
    kinds += [each | {Help.PROCEDURAL} for each in kinds] + [frozenset([each]) for each in list(Help)[3:]]
    some = laws()[0]
    dated = (some.law_source, some.selling_source, some.strips_source)
    said = {"state-label", "choose-state", "statute-label", "as-of", "call-first", "card-everywhere"}
    for kind, supplies, sold, watch, strip in itertools.product(kinds, kinds, Selling, Supervision, Strips):
        law = StateLaw(some.state, "x", kind, supplies, sold, watch, strip, *dated)
        said |= {*may(law), *might_not(law), *strips(law)}

    assert said == set(read_law_lines())


def changed(tmp_path: Path, column: str, value: str) -> Path:
    """The shipped rows with one cell of Texas changed."""
    rows = [row | ({column: value} if row["state"] == "TX" else {}) for row in ROWS]
    file = tmp_path / "laws.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("gsl_possession", "arrest;charg"),
        ("gsl_possession", "arrest;affirmative_defense"),
        ("gsl_paraphernalia", "none;arrest"),
        ("gsl_selling", "yes"),
        ("gsl_supervision", "maybe"),
        ("gsl_as_of", "January 2023"),
        ("gsl_as_of", ""),
        ("gsl_source", ""),
        ("selling_as_of", "2023-13"),
        ("fts_status", "legal"),
        ("fts_source", ""),
        ("state", "Texas"),
        ("state", "UT"),
        ("name", ""),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, column: str, value: str) -> None:
    """A cell that means nothing is refused with its file, its line and its column."""
    with pytest.raises(BadContent) as refused:
        read_laws(changed(tmp_path, column, value))

    assert all(word in str(refused.value) for word in ("laws.csv", "line ", column))


def test_the_changed_copy_is_read_when_nothing_is_wrong(tmp_path: Path) -> None:
    """The control: the same copy with a cell that may stand there is read."""
    assert len(read_laws(changed(tmp_path, "gsl_supervision", "yes"))) == 51


def test_a_lost_column_is_named(tmp_path: Path) -> None:
    """A file without a column is refused before any row of it is believed."""
    file = tmp_path / "laws.csv"
    file.write_text(FILE.read_text(encoding="utf-8").replace("fts_as_of", "as_of", 1), encoding="utf-8")
    with pytest.raises(BadContent, match=r"laws\.csv, line 1"):
        read_laws(file)
