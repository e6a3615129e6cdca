"""The law on a card: for a state whose row is whole, once someone has checked it, and for 12 months from then."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.content.laws import read_laws
from outreach.core.law_checks import not_known
from outreach.core.refusal import Refusal
from outreach.home import Home
from outreach.services.designs.face import design
from outreach.services.program import Program

TODAY = time.strftime("%Y-%m-%d")
BY = ("--by", "Lawyer, Legal Aid North")


def check(outreach: Any, state: str = "CA", day: str = TODAY, *by: str) -> Any:
    return outreach("law", "check", state, *(by or BY), "--day", day)


def card(outreach: Any, file: Path, state: str = "CA", *more: str) -> Any:
    return outreach("print", "law", "--language", "en:1", "--state", state, *more, "-o", file)


def words(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_a_checked_law_is_printed(outreach: Any, home: Path, tmp_path: Path) -> None:
    """Refused before anyone checked; after that it prints 911 first, what may be left out, its days and who checked."""
    file = tmp_path / "law.pdf"
    before = card(outreach, file)
    assert before.code == 1 and "outreach law check CA" in before.err and not file.exists()
    assert not home.exists(), "a refusal makes no home"
    assert check(outreach).code == 0
    assert card(outreach, file).code == 0

    said = words(file)
    assert said.startswith("Call 911 first.")
    assert "California" in said and "Laws change: check." in said and "2022-08" in said
    assert f"Checked by Lawyer, Legal Aid North, {TODAY}." in said
    for left_out in ("selling", "sharing", "warrant", "probation", "larger amount", "a person dies"):
        assert left_out in said
    assert "Cal. Health & Safety Code" in said and "Fentanyl test strips" in said
    assert "protected" not in said.lower()


def test_a_weak_law_says_so(outreach: Any, tmp_path: Path) -> None:
    """Where the law helps only later in court, the card says first that a person can be arrested."""
    assert check(outreach, "ia").code == 0
    assert card(outreach, tmp_path / "law.pdf", "ia").code == 0
    said = words(tmp_path / "law.pdf")
    assert "You can be arrested and charged." in said
    assert "keep you from being arrested" not in said and "protected" not in said.lower()


def test_a_defense_in_court_is_no_protection(copy: Any) -> None:
    """A row that is only a defense, once whole: the card says arrest plainly and promises nothing."""
    laws = copy.folder / "outreach" / "shipped" / "laws.csv"
    rows = laws.read_text(encoding="utf-8").split("\n")
    rows = [row.replace("affirmative_defense,check,", "affirmative_defense,no,") for row in rows]
    laws.write_text("\n".join(rows), encoding="utf-8")
    copy("law", "check", "TX", *BY, "--day", TODAY)
    copy("print", "law", "--language", "en:1", "--state", "TX", "-o", copy.folder / "law.pdf")
    said = words(copy.folder / "law.pdf")

    assert "You can be arrested and charged. Later in court" in said
    assert "protected" not in said.lower() and "keep you from" not in said


def test_a_changed_row_voids_its_check(copy: Any) -> None:
    """Another cell in the row: the check was for the row as it was then."""
    assert "California" in copy("law", "check", "CA", *BY, "--day", TODAY)
    copy("print", "law", "--language", "en:1", "--state", "CA", "-o", copy.folder / "law.pdf")
    laws = copy.folder / "outreach" / "shipped" / "laws.csv"
    text = laws.read_text(encoding="utf-8")
    laws.write_text(text.replace("arrest;charge;prosecution,no,no,Cal.", "charge,no,no,Cal."), encoding="utf-8")
    assert laws.read_text(encoding="utf-8") != text
    refused = copy.run("-m", "outreach", "print", "law", "--language", "en:1", "--state", "CA", "-o", "law.pdf")

    assert refused.returncode == 1 and "has changed since" in refused.stderr
    assert "the row changed since" in " ".join(copy.run("-m", "outreach", "check").stdout.split())


def test_a_check_holds_for_twelve_months(outreach: Any, home: Path) -> None:
    """The day before a year is over the card prints; a year later it asks for another check."""
    assert check(outreach).code == 0
    program, then = Program(Home(home)), date.fromisoformat(TODAY)
    english = program.source
    made = lambda day: design(program, program.cards["law"], english, {"state": "CA"}, day)  # noqa: E731

    assert made(then + timedelta(days=364)).context["front"]["state"]["text"] == "California"
    with pytest.raises(Refusal, match="12 months"):
        made(then + timedelta(days=366))


@pytest.mark.parametrize("state", ["TX", "KY", "GA", "VA", "WY"])
def test_a_row_with_an_open_end_never_prints(outreach: Any, home: Path, tmp_path: Path, state: str) -> None:
    """A cell that says check, or no day: neither checked nor printed, and the sentence names what to look up."""
    for ran in (check(outreach, state), card(outreach, tmp_path / "law.pdf", state)):
        assert ran.code == 1 and "nobody has looked up" in ran.err
        assert any(what in ran.err for what in not_known(read_laws()[state]))
    assert not home.exists() and not (tmp_path / "law.pdf").exists()


def test_there_are_rows_with_open_ends_and_without() -> None:
    """The control: Texas waits for what it says about selling, Kentucky for a day, most states for nothing."""
    open_rows = {law.state for law in read_laws().values() if not_known(law)}
    assert {"TX", "KY", "WY", "GA"} <= open_rows
    assert {"CA", "NY", "IA"}.isdisjoint(open_rows)
    assert not_known(read_laws()["KY"]) == ("selling and sharing", "when the row on selling was written down")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("law", "check", "ZZ", *BY, "--day", TODAY), 1, "no state ZZ"),
        (("law", "check", "CA", *BY, "--day", "2999-01-01"), 1, "still to come"),
        (("law", "check", "CA", *BY, "--day", "2020-01-01"), 1, "12 months"),
        (("law", "check", "CA", *BY, "--day", "20260101"), 1, "not a day"),
        (("law", "check", "CA", *BY), 2, "--day"),
        (("law", "check", "CA", "--day", TODAY), 1, "Say who"),
        (("law", "check", "CA", "--by", "x" * 61, "--day", TODAY), 1, "too long"),
        (("law", "check"), 2, "Give one state"),
        (("law", "look", "CA"), 2, "Give one state"),
    ],
)
def test_what_cannot_be_entered(outreach: Any, home: Path, arguments: tuple[str, ...], code: int, reason: str) -> None:
    """No such state, a day to come or long ago, nobody's check: one sentence, and nothing is made."""
    ran = outreach(*arguments)

    assert ran.code == code and reason in ran.err and ran.err.count("\n") == 1
    assert not home.exists()


def test_which_states_print(outreach: Any) -> None:
    """The list says what prints, what waits for a check, and what nobody has looked up."""
    assert check(outreach).code == 0
    rows = {row["state"]: row for row in outreach.json("law", "--format", "json")}

    assert (rows["CA"]["card"], rows["CA"]["checked"]) == ("prints", TODAY)
    assert (rows["NY"]["card"], rows["NY"]["checked"]) == ("check first", None)
    assert rows["TX"]["card"] == "no" and "selling" in rows["TX"]["look_up"]


def test_a_state_is_asked_for_and_only_where_it_is_printed(outreach: Any, tmp_path: Path) -> None:
    """The law card without a state, an unknown state, and a state for a card that prints none: one sentence each."""
    file = tmp_path / "law.pdf"
    missing = outreach("print", "law", "--language", "en:1", "-o", file)
    unknown = card(outreach, file, "ZZ")
    stray = outreach("print", "response", "--language", "en:1", "--state", "CA", "-o", file)

    assert [ran.code for ran in (missing, unknown, stray)] == [1, 1, 1]
    assert (
        "which state the card is for" in missing.err
        and "no state ZZ" in unknown.err
        and "Leave --state out" in stray.err
    )
    assert not file.exists()


def test_a_damaged_record_prints_nothing(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A broken law-checks.toml: the card is refused with its name, and the check names it too."""
    assert check(outreach).code == 0
    (home / "law-checks.toml").write_text("[CA\n", encoding="utf-8")

    refused = card(outreach, tmp_path / "law.pdf")
    assert refused.code == 1 and "law-checks.toml" in refused.err
    checked = outreach("check")
    assert checked.code == 1 and "law-checks.toml" in checked.out
