"""A program's own papers, printers and cards when a file of theirs is damaged: named by the check, the rest goes on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services import cards, own
from outreach.services.program import Program

ROW = 'name = "Ours"\npaper = "letter"\ncolumns = 2\nrows = 5\nlabel = ["3.5in", "2in"]\npitch = ["3.5in", "2in"]\n'
PAPER = f'[ours]\n{ROW}origin = ["0.75in", "0.5in"]\n'
PRINTER = '[office]\nx = "0.4mm"\nturn = "short"\n'
CARD = """id = "night-van"
title = "Overdose: what to do"
template = "pocket"
topic = "overdose-response"
steps = ["check", "call"]
more = ["naloxone.storage"]
layouts = ["avery-5371"]
"""


def put(home: Path, name: str, text: str) -> None:
    file = home / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def fill(home: Path) -> None:
    put(home, "printables/layouts.toml", PAPER)
    put(home, "printers.toml", PRINTER)
    put(home, "printables/night-van/card.toml", CARD)
    put(home, "printables/second/card.toml", CARD.replace("night-van", "second"))


def wrong(outreach: Any) -> list[str]:
    found = outreach("check", "--format", "json")
    said: list[str] = json.loads(found.out)["wrong"]
    assert found.code == bool(said), found.err
    return said


def test_files_that_are_right_are_not_named(outreach: Any, home: Path) -> None:
    """The control: a paper, a printer and two cards of one's own are listed, and nothing is wrong."""
    fill(home)

    assert wrong(outreach) == []
    assert {"night-van", "second"} <= {row["card"] for row in outreach.json("cards", "--format", "json")}
    assert "ours" in {row["layout"] for row in outreach.json("layouts", "--format", "json")}
    assert "office" in outreach("printers").out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("printables/layouts.toml", "[ours\n", "layouts.toml, file: is not TOML"),
        ("printables/layouts.toml", "ours = 3\n", "layouts.toml, ours: should be dict, not 3."),
        ("printables/layouts.toml", PAPER.replace("0.75in", "0.7in"), "layouts.toml, ours: The margins of ours differ"),
        ("printables/layouts.toml", PAPER.replace("[ours]", "[avery-5371]"), "there is already a layout of that name"),
        ("printers.toml", "[office]\nx = 3\n", "printers.toml, office.x: should be str, not 3."),
        ("printers.toml", 'office = "x"\n', "printers.toml, office: should be dict"),
        ("printers.toml", '[office]\nturn = "sideways"\n', "printers.toml, office: 'sideways'"),
        ("funders.toml", "[funder", "funders.toml, file: is not TOML"),
        ("stock.toml", "levels = 3", "stock.toml, levels"),
        ("weighing.toml", "tare =", "weighing.toml, file: is not TOML"),
        ("packs/county.toml", 'id = "other"', "packs/county.toml, id: should be county"),
        ("printables/night-van/card.toml", "id =", "printables/night-van/card.toml, file: is not TOML"),
        ("printables/night-van/card.toml", CARD + 'colour = "red"\n', "night-van/card.toml, colour: means nothing"),
        ("printables/night-van/card.toml", CARD.replace("night-van", "other"), "card.toml, id: should be the folder's"),
        ("printables/night-van/card.toml", CARD.replace("pocket", "nowhere"), "there is no nowhere/card.html"),
        ("printables/night-van/card.toml", CARD.replace('"call"', '"sing"'), "night-van/card.toml: The card night-van"),
        ("printables/night-van/card.toml", CARD.replace("overdose-response", "no-topic"), "no-topic"),
        ("printables/night-van/card.toml", CARD + 'words = "nowhere"\n', "takes its words from nowhere"),
        ("printables/night-van/card.toml", CARD + 'more_title = "no-word"\n', "names no-word for its heading"),
        ("printables/night-van/card.toml", CARD.replace("avery-5371", "no-paper"), "names the paper no-paper"),
    ],
)
def test_a_damaged_file_is_named_and_takes_nothing_along(home: Path, name: str, text: str, said: str) -> None:
    """One sentence with file and reason; every shipped card and the other own ones can still be ordered."""
    fill(home)
    put(home, name, text)
    program = Program(Home(home))

    found = list(own.wrong(program, date.today()))
    assert len(found) == 1 and said in found[0], found
    listed = {card.id for card, _ in cards.card_list(program, program.source)}
    assert {"response", "second"} <= listed
    assert ("night-van" in listed) == ("night-van" not in name)
    assert cards.order(program, {("response", "en"): 1, ("second", "es"): 2}, layout="avery-5371").total == 3


def test_what_is_asked_for_by_name_says_what_to_mend(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A card, paper or printer in a damaged file is refused with that file's mistake, not as one never heard of."""
    fill(home)
    put(home, "printables/layouts.toml", "[ours\n")
    put(home, "printers.toml", "[office\n")
    put(home, "printables/night-van/card.toml", "id =")
    assert len(wrong(outreach)) == 3
    file = ("-o", tmp_path / "cards.pdf")

    for words, said in (
        (("night-van", "--language", "en"), "card.toml, file: is not TOML"),
        (("second", "--language", "en", "--layout", "ours"), "layouts.toml, file: is not TOML"),
        (("second", "--language", "en", "--printer", "office"), "printers.toml, file: is not TOML"),
    ):
        refused = outreach("print", *words, *file)
        assert refused.code == 1 and said in refused.err and refused.err.count("\n") == 1


def test_a_paper_that_is_gone_leaves_the_others(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A card that names one paper too many is named, and prints on the papers that are there."""
    fill(home)
    put(home, "printables/night-van/card.toml", CARD.replace('["avery-5371"]', '["gone", "avery-5371"]'))

    assert ["names the paper gone" in each for each in wrong(outreach)] == [True]
    assert outreach("print", "night-van", "--language", "en:1", "-o", tmp_path / "cards.pdf").code == 0


def test_the_pages_say_it_too(served: Any, home: Path) -> None:
    """Print goes on without them and says what to mend; so do the two pages beside it, and nothing is overwritten."""
    put(home, "printables/layouts.toml", "[ours\n")
    put(home, "printers.toml", "[office\n")
    page = served.get("/staff/en/print")
    assert page.status == 200
    assert "layouts.toml, file: is not TOML" in page.text and "printers.toml, file: is not TOML" in page.text
    made = served.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-en": "1", "skip": "0"})
    assert "Ready to print" in served.finished(made.url.removeprefix(served.server.address))

    assert "layouts.toml, file: is not TOML" in served.get("/staff/en/print/stock").text
    assert "printers.toml, file: is not TOML" in served.get("/staff/en/print/printers").text
    measured = {"name": "office", "turn": "long", "paper": "letter", "left": "20.5"}
    assert served.post("/staff/en/print/printers", measured).status == 422
    assert (home / "printers.toml").read_text("utf-8") == "[office\n"
