"""The commands as a person in a terminal meets them: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from outreach.core.periods import parse_period
from outreach.home import Home
from outreach.services.program import Program
from outreach.services.reports import totals

TODAY = time.strftime("%Y-%m-%d")
YEAR = TODAY[:4]


def test_a_whole_sheet_and_its_totals(outreach: Any) -> None:
    """A sheet saved in one command shows up in totals, kits unpacked, as text, CSV and JSON alike."""
    saved = outreach(
        "tally",
        "--site",
        "outreach",
        "--day",
        TODAY,
        "naloxone-nasal=12",
        "kit-naloxone-nasal=3",
        "returned:syringe-1ml=40",
        "--encounters",
        "9",
        "--hours",
        "3.25",
    )
    assert (saved.code, saved.err) == (0, "")

    body = outreach.json("report", "totals", "--period", YEAR, "--by", "site", "--by", "month", "--format", "json")
    assert body["report"] == "totals"
    found = {(row["site"], row["month"], row["item"], row["movement"]): row["quantity"] for row in body["rows"]}
    assert found == {
        ("outreach", TODAY[:7], "kit-naloxone-nasal", "given"): 3,
        ("outreach", TODAY[:7], "naloxone-nasal", "given"): 18,
        ("outreach", TODAY[:7], "syringe-1ml", "returned"): 40,
    }
    text = outreach("report", "totals", "--period", YEAR, "--format", "csv").out
    assert text.startswith("\ufeff"), "spreadsheets need the mark to read UTF-8"
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["item"]: row["quantity"] for row in rows} == {
        "kit-naloxone-nasal": "3",
        "naloxone-nasal": "18",
        "syringe-1ml": "40",
    }
    assert outreach.json("report", "visits", "--period", YEAR, "--format", "json")["rows"] == [
        {"sessions": 1, "encounters": 9, "others": None, "hours": 3.25}
    ]


def test_the_same_sheet_twice_needs_again(outreach: Any) -> None:
    """The same counts for the same site and day are refused once, and saved when meant."""
    sheet = ("tally", "--site", "outreach", "--day", TODAY, "cooker=5")
    assert outreach(*sheet).code == 0
    refused = outreach(*sheet)
    assert refused.code == 1
    assert "--again" in refused.err
    assert outreach(*sheet, "--again").code == 0
    rows = outreach.json("report", "totals", "--period", YEAR, "--format", "json")["rows"]
    assert [row["quantity"] for row in rows] == [10]


def test_a_correction_adds_signed_differences(outreach: Any) -> None:
    """A correction points to a sheet and takes away what was too much; nothing is edited."""
    saved = outreach("tally", "--site", "outreach", "--day", TODAY, "cooker=50")
    sheet = re.search(r"sheet ([0-9a-f]{64})", saved.out)
    assert sheet
    fixed = outreach("tally", "--site", "outreach", "--day", TODAY, "--corrects", sheet[1], "cooker=-45")
    assert fixed.code == 0, fixed.err
    rows = outreach.json("report", "totals", "--period", YEAR, "--format", "json")["rows"]
    assert [row["quantity"] for row in rows] == [5]
    assert outreach("tally", "--site", "outreach", "--day", TODAY, "--corrects", "0" * 64, "cooker=1").code == 1


REFUSED = [
    (["tally", "--site", "outreach", "--day", TODAY, "nalxone=1"], 1, "naloxone-nasal"),
    (["tally", "--site", "nowhere", "--day", TODAY, "cooker=1"], 1, "outreach sites add nowhere"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=-1"], 1, "whole number"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=1.5"], 1, "whole number"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=900000"], 1, "too many: the most is"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=100001"], 1, "100,001"),
    (["tally", "--site", "outreach", "--day", "2026-02-30", "cooker=1"], 1, "not a day"),
    (["tally", "--site", "outreach", "--day", "1980-01-01", "cooker=1"], 1, "before 2020"),
    (["tally", "--site", "outreach", "--day", TODAY], 1, "nothing on this sheet"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker"], 2, "item and a number"),
    (["tally", "--site", "outreach", "--day", TODAY, "sold:cooker=1"], 2, "no movement sold"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=1", "cooker=2"], 2, "twice"),
    (["tally", "--site", "outreach", "--day", TODAY, "cooker=1", "--model", "boat"], 1, "service model"),
    (["tally", "--site", "outreach"], 2, "--day"),
    (["guide", "overdose"], 1, "overdose-response"),
    (["guide", "overdose-response", "--language", "tlh"], 1, "There is no language tlh"),
    (["report", "totals", "--period", "2026-13"], 1, "not a period"),
    (["report", "totals", "--from", "2026-07-02", "--to", "2026-07-01"], 1, "before it starts"),
    (["report", "totals"], 2, "--period"),
    (["report", "people", "--period", "2026"], 1, "Reports: totals"),
    (["report", "totals", "--period", "2026", "--by", "person"], 1, "cannot be grouped"),
    (["print", "response", "--language", "tlh", "-o", "x.pdf"], 1, "There is no language tlh"),
    (["print", "response", "--language", "en:0", "-o", "x.pdf"], 1, "copies"),
    (["print", "response", "--language", "en:10000000", "-o", "x.pdf"], 1, "too many"),
    (["print", "response", "--language", "en", "--layout", "nothing", "-o", "x.pdf"], 1, "Layouts:"),
    (["print", "response", "--language", "en", "--skip", "10", "-o", "x.pdf"], 1, "at most 9"),
    (["print", "response", "--language", "en", "--state", "ZZ", "-o", "x.pdf"], 1, "no state ZZ"),
    (["print", "response", "--language", "en", "--state", "WA", "-o", "x.pdf"], 1, "nothing about WA"),
    (["print", "poster", "--language", "en", "-o", "x.pdf"], 1, "Cards: booklet-response"),
    (["print", "response", "--language", "en", "-o", "x.docx"], 2, ".pdf"),
    (["settings", "worker-name", "Ann"], 2, "no setting"),
    (["sites", "add", "12 Main St"], 1, "site"),
    (["sites", "add"], 2, "code"),
    (["nonsense"], 2, "nonsense"),
]


@pytest.mark.parametrize(("arguments", "code", "word"), REFUSED)
def test_bad_input_is_one_sentence(
    outreach: Any, home: Path, arguments: list[str], code: int, word: str, tmp_path: Path
) -> None:
    """Wrong input: a sentence on stderr that says what to do, the right exit code, nothing written."""
    ran = outreach(*arguments, cwd=tmp_path)

    assert ran.code == code
    assert word in ran.err
    assert "Traceback" not in ran.err and ran.out == ""
    assert list(tmp_path.glob("*.pdf")) == []
    if home.exists():
        assert totals(Program(Home(home)), parse_period(YEAR)).rows == ()


def test_an_output_folder_that_is_not_there(outreach: Any, tmp_path: Path) -> None:
    """A missing folder is named; no file and no part of one is left."""
    ran = outreach("report", "totals", "--period", YEAR, "--format", "csv", "-o", tmp_path / "none" / "x.csv")

    assert ran.code == 1
    assert "there is no folder" in ran.err
    assert not (tmp_path / "none").exists()


def test_reading_never_makes_a_home(outreach: Any, home: Path) -> None:
    """Guide, lists, reports and checks read; none of them creates a folder or a database."""
    for arguments in (
        ["guide"],
        ["guide", "test-strips", "--language", "es"],
        ["items"],
        ["cards"],
        ["layouts"],
        ["languages"],
        ["sites"],
        ["settings"],
        ["report", "totals", "--period", YEAR],
        ["check"],
    ):
        assert outreach(*arguments).code == 0, arguments
    assert not home.exists()


@pytest.mark.parametrize("tag", ["en", "es", "ar"])
def test_the_guide_in_a_terminal(outreach: Any, tag: str) -> None:
    """A topic prints within 80 columns, says that it is a draft, and keeps English under a draft translation."""
    ran = outreach("guide", "overdose-response", "--language", tag)
    body = outreach.json("guide", "overdose-response", "--language", tag, "--format", "json")

    assert "911" in ran.out and "[draft" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    steps = [step for section in body["sections"] for step in section["steps"]]
    assert {step["language"] for step in steps} == {tag}
    assert all(fact in body["facts"] for step in steps for fact in step["facts"])
    page = outreach("guide", "overdose-response", "--language", tag, "--format", "html").out
    assert f'lang="{tag}"' in page and "<script" not in page and 'src="' not in page


@pytest.mark.parametrize("listed", ["cards", "items", "layouts", "languages", "sites", "packs", "printers"])
def test_a_list_fits_a_terminal(outreach: Any, listed: str) -> None:
    """Every list is at most 80 columns wide."""
    assert max(map(len, outreach(listed).out.splitlines())) <= 80


def test_a_folded_list_leaves_nothing_out(outreach: Any) -> None:
    """What does not fit in a line stands in the next ones, each layout whole, so that it can be copied."""
    shown = {*outreach("cards").out.split()}
    for card in outreach.json("cards", "--format", "json"):
        assert {*f"{card['card']} {card['title']} {card['layouts']}".split()} <= shown


def test_a_damaged_ledger_is_named_and_left_alone(outreach: Any, home: Path) -> None:
    """A ledger with a changed byte in every page but the first is refused with a sentence, and the file stays as it is.

    With one changed byte, what lies on other pages can still be read.
    """
    assert outreach("tally", "--site", "outreach", "--day", TODAY, "cooker=5").code == 0
    ledger = home / "outreach.db"
    bytes_before = bytearray(ledger.read_bytes())
    for at in range(4096 + 100, len(bytes_before), 4096):
        bytes_before[at] ^= 0xFF
    ledger.write_bytes(bytes_before)

    ran = outreach("report", "totals", "--period", YEAR)

    assert ran.code == 1
    assert "damaged" in ran.err and "outreach.db" in ran.err
    assert ledger.read_bytes() == bytes(bytes_before)
    assert outreach("guide", "test-strips").code == 0, "the guide works without the ledger"


def test_help_names_every_command(outreach: Any) -> None:
    """Every command is listed by --help and explains itself."""
    listed = re.findall(r"^  ([a-z]+)  ", outreach("--help").out, re.MULTILINE)

    assert {"serve", "guide", "print", "tally", "report", "sites", "settings", "demo", "check"} <= set(listed)
    for name in listed:
        assert outreach(name, "--help").code == 0


def test_a_demo_lives_in_a_home_of_its_own(outreach: Any, home: Path) -> None:
    """The demo never touches the real home, says DEMO, and can be made again."""
    made = outreach("demo")
    assert made.code == 0, made.err
    demo = home.with_name("home-demo")

    assert not home.exists()
    rows = json.loads(
        subprocess.run(
            [
                sys.executable,
                "-m",
                "outreach",
                "--home",
                demo,
                "report",
                "totals",
                "--from",
                "2020-01-01",
                "--to",
                TODAY,
                "--format",
                "json",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )["rows"]
    assert sum(row["quantity"] for row in rows if row["item"] == "naloxone-nasal") > 500
    again = outreach("demo")
    assert again.code == 0 and again.out == made.out


def test_the_installed_sqlite_is_not_the_ledger(outreach: Any, home: Path) -> None:
    """With encryption the file on disk is not readable as SQLite and holds no item's name."""
    from outreach.store.engine import ENCRYPTED

    assert outreach("tally", "--site", "outreach", "--day", TODAY, "naloxone-nasal=5").code == 0
    content = (home / "outreach.db").read_bytes()
    assert ENCRYPTED
    assert b"naloxone" not in content
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(home / "outreach.db").execute("SELECT * FROM sheet")
