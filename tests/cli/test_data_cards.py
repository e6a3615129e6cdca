"""Cards whose words are the program's own: contact, labels, board, blank sheet, flyer and participation card."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.home import Home
from outreach.services.designs.face import design
from outreach.services.program import Program
from tests.conftest import proofs_but

TODAY = time.strftime("%Y-%m-%d")
NEXT_YEAR = f"{int(TODAY[:4]) + 1}-03"


def card(outreach: Any, file: Path, name: str, *more: str) -> Any:
    return outreach("print", name, "--language", "en:1", *more, "-o", file)


def words(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def printed(outreach: Any, tmp_path: Path, name: str, *more: str) -> str:
    file = tmp_path / f"{name}.pdf"
    ran = card(outreach, file, name, *more)
    assert ran.code == 0, ran.err
    return words(file)


def refused(outreach: Any, tmp_path: Path, name: str, *more: str) -> str:
    """The sentence; one line, exit code 1, and no file."""
    file = tmp_path / f"{name}.pdf"
    ran = card(outreach, file, name, *more)
    assert ran.code == 1 and ran.err.count("\n") == 1, (ran.code, ran.err)
    assert not file.exists()
    return str(ran.err)


def test_the_program_card_says_how_to_reach_the_program(outreach: Any, tmp_path: Path) -> None:
    """Refused without a name and a phone; with one of them it prints, and hours where some were saved."""
    assert "no name and no phone yet" in refused(outreach, tmp_path, "program-card")
    assert outreach("settings", "program-phone", "555-0100").code == 0
    assert "Hours" not in printed(outreach, tmp_path, "program-card")
    outreach("settings", "program-name", "Night van")
    outreach("phones", "hours", "Mon to Fri, 6 to 10")

    said = printed(outreach, tmp_path, "program-card")
    assert all(each in said for each in ("Night van", "555-0100", "Mon to Fri, 6 to 10", "Anyone can carry this."))
    assert "Draft, not yet checked" in said


def test_the_flyer_has_the_programs_contact_or_room_for_it(outreach: Any, tmp_path: Path) -> None:
    """It prints without a contact, to be filled in by hand, and with one; no word tells who reads it."""
    said = printed(outreach, tmp_path, "mentoring-flyer")
    assert "Talk with people who have been there" in said and "555" not in said
    assert not {"sell", "drug", "deal", "police"} & set(said.lower().replace(".", "").split())
    outreach("settings", "program-phone", "555-0100")
    assert "555-0100" in printed(outreach, tmp_path, "mentoring-flyer", "--layout", "a5-on-a4")


LOT = ("--lot", "NDX24-17.A", "--expires", NEXT_YEAR)


@pytest.mark.parametrize("layout", proofs_but(["avery-5160"], ["avery-5163", "l7163", "avery-5160", "l7160"]))
def test_a_kit_label_says_what_is_inside(outreach: Any, tmp_path: Path, layout: str) -> None:
    """Today's recipe, lot and month; the program's name only when it is asked for."""
    outreach("settings", "program-name", "Night van")
    kit = ("--kit", "kit-safer-injecting", "--layout", layout, *LOT)
    said = printed(outreach, tmp_path, "kit-label", *kit)
    assert "10 × Cooker" in said.replace("\u00a0", " ") and "1 × Tourniquet (tie)" in said.replace("\u00a0", " ")
    assert "Lot NDX24-17.A" in said and f"Expires {NEXT_YEAR}" in said
    assert "Night van" not in said
    assert "Night van" in printed(outreach, tmp_path, "kit-label", *kit, "--named")


def test_a_kit_label_without_lot_or_month_leaves_them_out(outreach: Any, tmp_path: Path) -> None:
    """Nothing about a lot or an expiry where none was given."""
    said = printed(outreach, tmp_path, "kit-label", "--kit", "kit-naloxone-nasal")
    assert "2 × Naloxone nasal spray" in said.replace("\u00a0", " ")
    assert "Lot" not in said and "Expires" not in said


def test_a_kit_label_goes_by_the_recipe_of_the_day(home: Path) -> None:
    """A kit with a new recipe: a label printed before its first day says the old one."""
    home.mkdir()
    (home / "supplies.toml").write_text(KIT, encoding="utf-8")
    program = Program(Home(home))
    folder = program.cards["kit-label"]

    def parts(day: date) -> list[tuple[int, str]]:
        made = design(program, folder, program.source, {"kit": "kit-van"}, day)
        return [(each["count"], each["first"]["text"]) for each in made.context["parts"]]

    assert parts(date(2026, 3, 31)) == [(1, "Condom")]
    assert parts(date(2026, 4, 1)) == [(5, "Condom"), (2, "Straw")]
    assert parts(date(2025, 12, 31)) == [(1, "Condom")], "before its first day a kit holds what the first recipe says"


KIT = """
[[kit]]
code = "kit-van"
name = "Van kit"
group = "kits"
[[kit.recipe]]
from = 2026-01-01
parts = { condom = 1 }
[[kit.recipe]]
from = 2026-04-01
parts = { condom = 5, straw = 2 }
"""


def test_a_naloxone_label(outreach: Any, tmp_path: Path) -> None:
    """The spray unless another product is named; the topic's own words on expired naloxone; room to write."""
    said = printed(outreach, tmp_path, "naloxone-label", *LOT)
    assert "Naloxone nasal spray" in said and "Lot NDX24-17.A" in said and f"Expires {NEXT_YEAR}" in said
    assert "If you only have expired naloxone, use the expired naloxone and call 911." in said
    other = printed(outreach, tmp_path, "naloxone-label", "--kit", "naloxone-im", "--layout", "l7160")
    assert "Naloxone for injection" in other and re.search(r"Lot _+ Expires _+", other)


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [
        ("kit-label", (), "which kit or item the label is for"),
        ("kit-label", ("--kit", "cooker"), "kit-naloxone-nasal"),
        ("kit-label", ("--kit", "kit-moon"), "no item called kit-moon"),
        ("naloxone-label", ("--kit", "cooker"), "naloxone-im"),
        ("naloxone-label", ("--lot", "Maria Lopez"), "not printed as a lot"),
        ("naloxone-label", ("--lot", "MariaLopez1"), "not printed as a lot"),
        ("naloxone-label", ("--lot", "ABC"), "not printed as a lot"),
        ("naloxone-label", ("--lot", "1" * 21), "not printed as a lot"),
        ("naloxone-label", ("--lot", ""), "not printed as a lot"),
        ("naloxone-label", ("--expires", "March"), "not a month"),
        ("naloxone-label", ("--expires", "2027-13"), "not a month"),
        ("naloxone-label", ("--expires", "2024-01"), "is over"),
        ("naloxone-label", ("--expires", "2099-01"), "10 years"),
        ("naloxone-label", ("--named",), "the program has none yet"),
        ("response", ("--lot", "A1"), "Leave --lot out"),
        ("response", ("--named",), "Leave --named out"),
    ],
)
def test_what_no_label_says(outreach: Any, tmp_path: Path, name: str, more: tuple[str, ...], reason: str) -> None:
    """What is no kit, what could be a name, a month that is over or is none, a name that is not there."""
    assert reason in refused(outreach, tmp_path, name, *more)


def test_the_board_on_paper(outreach: Any, home: Path, tmp_path: Path) -> None:
    """Every item that can be pointed at, the few words, 1 to 20, on one sheet; the program's own items too."""
    home.mkdir()
    (home / "supplies.toml").write_text(KIT, encoding="utf-8")
    said = printed(outreach, tmp_path, "point-board")
    with pypdfium2.PdfDocument(tmp_path / "point-board.pdf") as document:
        assert len(document) == 1
    for each in ("Touch or point at what you need", "Thank you", "Van kit", "Condom", "19 20", "How many?"):
        assert each in said
    assert "Printed card" not in said
    spanish = outreach("print", "point-board", "--language", "es:1", "-o", tmp_path / "es.pdf")
    assert spanish.code == 0, spanish.err
    assert "Thank you" in words(tmp_path / "es.pdf") and "Gracias" in words(tmp_path / "es.pdf")


def test_the_blank_sheet_in_the_programs_order(outreach: Any, home: Path, tmp_path: Path) -> None:
    """Groups and items as the program orders them, the boxes of a session, and the sums; no clock and no person."""
    home.mkdir()
    (home / "supplies.toml").write_text(KIT, encoding="utf-8")
    said = printed(outreach, tmp_path, "tally-sheet", "--layout", "full-a4")
    program = Program(Home(home))
    order = [
        said.rindex(each.name) for each in program.catalog.handed_out() if each.code in ("kit-van", "printed-card")
    ]
    assert order == sorted(order), "kits stand first until the program says otherwise"
    (home / "tally.toml").write_text('groups = ["print"]\nnot_carried = ["cooker"]\n', encoding="utf-8")
    moved = printed(outreach, tmp_path, "tally-sheet", "--layout", "full-a4")
    assert moved.index("Printed card") < moved.index("Van kit") and "Cooker" in said and "Cooker" not in moved
    for each in ("Where", "Which day", "Visits", "Others supplied for", "Hours open", "Add up each column."):
        assert each in said
    assert not {"name:", "initials", "code", "time", "birth"} & set(said.lower().split())


def test_too_many_items_for_one_sheet(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A list that no single sheet holds in letters one can read is refused, naming words that have no room."""
    home.mkdir()
    rows = "".join(
        f'[[item]]\ncode = "own-{n}"\nname = "An item of our own with a long name, number {n}"\nunit = "piece"\n'
        f'units = "pieces"\ngroup = "wound-care"\n'
        for n in range(90)
    )
    (home / "supplies.toml").write_text(rows, encoding="utf-8")

    assert "does not fit on full-letter" in refused(outreach, tmp_path, "tally-sheet")
    assert "one sheet holds 70 at most" in refused(outreach, tmp_path, "point-board")


WORDING = "The bearer takes part in a sterile syringe program.\n\nQuestions: the office of counsel."
ENTER = ("participation", "--state", "nc", "--statute", "N.C. Gen. Stat. 90-113.27")


def enter(outreach: Any, tmp_path: Path, wording: str = WORDING, *more: str) -> Any:
    file = tmp_path / "wording.txt"
    file.write_text(wording, encoding="utf-8")
    return outreach(*ENTER, "--wording", file, "--by", "Counsel, Legal Aid North", "--day", TODAY, *more)


def test_the_participation_card_is_off_until_counsel_has_spoken(outreach: Any, home: Path, tmp_path: Path) -> None:
    """Off: refused, saying what to do. On: counsel's words, the statute, and nothing of ours; off again."""
    outreach("settings", "program-name", "Night van")
    assert "outreach participation" in refused(outreach, tmp_path, "participation-card")
    assert "is off" in outreach("participation").out
    assert enter(outreach, tmp_path).code == 0

    said = printed(outreach, tmp_path, "participation-card")
    assert said == f"{' '.join(WORDING.split())} N.C. Gen. Stat. 90-113.27"
    spanish = outreach("print", "participation-card", "--language", "es:1", "-o", tmp_path / "es.pdf")
    assert spanish.code == 1 and "given in en" in spanish.err
    assert outreach("participation", "--off").code == 0
    (tmp_path / "participation-card.pdf").unlink()
    assert "is off" in refused(outreach, tmp_path, "participation-card")


@pytest.mark.parametrize(
    ("wording", "more", "code", "reason"),
    [
        (WORDING, ("--state", "ZZ"), 1, "no state ZZ"),
        (WORDING, ("--statute", "some law"), 1, "as it is cited"),
        (WORDING, ("--by", " "), 1, "whose wording"),
        (WORDING, ("--day", "2999-01-01"), 1, "still to come"),
        (WORDING, ("--day", "soon"), 1, "not a day"),
        (WORDING, ("--language", "xx"), 1, "no language xx"),
        (WORDING, ("--wording", "/nonexistent/words.txt"), 1, "plain text"),
        ("  \n", (), 1, "no words"),
        ("x" * 701, (), 1, "too long"),
        ("Participant number: ______", (), 1, "place to fill in"),
        ("Card of {name}", (), 1, "place to fill in"),
        ("\x00\x01", (), 1, "plain text"),
    ],
)
def test_what_counsel_did_not_write(
    outreach: Any, home: Path, tmp_path: Path, wording: str, more: tuple[str, ...], code: int, reason: str
) -> None:
    """No such state, no statute, nobody's wording, a place for a name or a number: refused, and nothing is kept."""
    ran = enter(outreach, tmp_path, wording, *more)

    assert ran.code == code and reason in ran.err and ran.err.count("\n") == 1
    assert not home.exists()
    assert outreach(*ENTER).code == 2


def test_a_damaged_wording_prints_nothing(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A broken participation.toml: the card is refused with its name, and the check names it too."""
    assert enter(outreach, tmp_path).code == 0
    (home / "participation.toml").write_text("state = 1\n", encoding="utf-8")

    assert "participation.toml" in refused(outreach, tmp_path, "participation-card")
    assert "participation.toml" in " ".join(outreach("check").out.split())


def test_which_card_takes_which_option(outreach: Any) -> None:
    """The list names each card's options, and `print` has every one of them."""
    takes = {row["card"]: row["takes"] for row in outreach.json("cards", "--format", "json")}
    assert takes["law"] == ["state"]
    assert takes["kit-label"] == takes["naloxone-label"] == ["expires", "kit", "lot", "named"]
    assert takes["response"] == takes["program-card"] == ["code"]
    assert takes["not-alone"] == []
    told = outreach("print", "--help").out
    assert [each for options in takes.values() for each in options if f"--{each}" not in told] == []
