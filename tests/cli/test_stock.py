"""Stock in a terminal: received, counted, moved, thrown away, made up; and what it refuses or asks about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from outreach.core.counted import Counted
from outreach.core.periods import Period
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services.assembling import NoneToMakeUp, NoPartThere, not_made_up, save_as_made_up
from outreach.services.funders import counted_for_funder
from outreach.services.program import Program
from outreach.services.shelves import book, lots
from tests.conftest import Shell

TODAY = date.today()
SOON = (TODAY + timedelta(days=20)).isoformat()
LATER = (TODAY + timedelta(days=400)).isoformat()


def day(back: int) -> str:
    return (TODAY - timedelta(days=back)).isoformat()


def said(shell: Shell, *arguments: str) -> str:
    ran = shell(*arguments)
    assert ran.code == 0, ran.err
    return ran.out


def refused(shell: Shell, *arguments: str) -> str:
    ran = shell(*arguments)
    assert ran.code in (1, 2) and not ran.out, ran.out
    return ran.err


def held(shell: Shell, site: str = "(all)") -> dict[str, int]:
    rows = shell.json("stock", "--format", "json")
    return {row["item"]: row["on_hand"] for row in rows if row["site"] == site}


def test_from_the_first_box_to_the_last_count(outreach: Shell) -> None:
    """On hand by site and program follows each step, the book adds up, and looking at nothing makes no ledger."""
    assert held(outreach) == {} and not (outreach.home / "outreach.db").exists()
    said(outreach, "sites", "add", "north", "--name", "North lot")
    assert "Say at which site" in refused(outreach, "stock", "receive", "cooker=5")
    said(outreach, "tally", "--site", "north", "--day", day(40), "cooker=900", "kit-naloxone-nasal=1")
    said(outreach, "stock", "receive", "naloxone-nasal=100", "--site", "outreach", "--day", day(30),
         "--lot", "A1", "--expires", SOON)  # fmt: skip
    said(outreach, "stock", "receive", "naloxone-nasal=100", "--site", "outreach", "--day", day(29),
         "--lot", "B2", "--expires", LATER)  # fmt: skip
    said(outreach, "stock", "assemble", "kit-naloxone-nasal=60", "--site", "outreach", "--day", day(20))
    out = said(outreach, "stock", "move", "kit-naloxone-nasal=55", "--site", "outreach", "--to", "north",
               "--day", day(19))  # fmt: skip
    assert "moved -50 (lot A1)" in out and "moved 5 (lot B2)" in out, "the box that expires first goes first"
    said(outreach, "tally", "--site", "north", "--day", day(10), "kit-naloxone-nasal=28")
    assert held(outreach, "north") == {"kit-naloxone-nasal": 27}
    assert held(outreach) == {"naloxone-nasal": 80, "kit-naloxone-nasal": 32}
    out = said(outreach, "stock", "count", "kit-naloxone-nasal=26", "--site", "north", "--day", day(5))
    assert "adjusted -1" in out
    assert "adjusted 0" in said(outreach, "stock", "count", "kit-naloxone-nasal=26", "--site", "north"), (
        "it was counted"
    )
    said(outreach, "stock", "discard", "naloxone-nasal=10", "--site", "outreach")
    assert held(outreach) == {"naloxone-nasal": 70, "kit-naloxone-nasal": 31}

    program = Program(Home(outreach.home))
    for site in ("", "north", "outreach"):
        for each in book(program, Period(TODAY - timedelta(days=25), TODAY), TODAY, site):
            inward = each.opening + each.received_in_all + each.moved + each.adjusted
            assert inward - each.out - each.discarded == each.closing
    kit = next(each for each in book(program, Period(TODAY - timedelta(days=25), TODAY), TODAY) if "kit" in each.item)
    assert (kit.opening, kit.made_up, kit.out, kit.found, kit.moved, kit.counted) == (0, 60, 28, -1, 0, 31)
    north = {each.lot: each.quantity for each in lots(program) if each.site == "north"}
    assert north == {"A1": 21, "B2": 5}, "28 given and 1 missing, of the box that expires first"
    assert "Naloxone doses that expire within 30 days" in outreach("stock").out


def test_what_is_refused_and_what_is_asked(outreach: Shell) -> None:
    """A sentence each, and nothing is saved."""
    nothing_like_it = refused(outreach, "stock", "receive", "spoon=4")
    assert "no item called spoon" in nothing_like_it and "Did you mean" not in nothing_like_it
    assert "Did you mean cooker" in refused(outreach, "stock", "receive", "coker=4"), "the control"
    assert "no funder called moon: none was added" in refused(
        outreach, "stock", "receive", "cooker=4", "--funder", "moon"
    )
    assert "no site called moon" in refused(outreach, "stock", "receive", "cooker=4", "--site", "moon")
    assert "more than most programs" in refused(outreach, "stock", "receive", "cooker=200,000")
    assert "before 2020" in refused(outreach, "stock", "receive", "cooker=4", "--day", "2019-03-01")
    assert "Type the lot number" in refused(outreach, "stock", "receive", "cooker=4", "--expires", LATER)
    assert "is not a lot number" in refused(outreach, "stock", "receive", "cooker=4", "--lot", "<b>")
    expired = ("stock", "receive", "naloxone-im=4", "--lot", "A", "--expires", day(3))
    assert "expired on" in refused(outreach, *expired)
    assert "No number above 0" in refused(outreach, "stock", "discard", "cooker=0")
    assert "is not a kit" in refused(outreach, "stock", "assemble", "cooker=4")
    assert "Choose two sites" in refused(outreach, "stock", "move", "cooker=4", "--to", "outreach")
    assert "Say where they went" in refused(outreach, "stock", "move", "cooker=4")
    assert held(outreach) == {}
    said(outreach, "stock", "receive", "cooker=4", "--day", day(3))
    assert "more than the 4" in refused(outreach, "stock", "discard", "cooker=5")
    assert held(outreach) == {"cooker": 4}
    said(outreach, "stock", "discard", "cooker=5", "--sure")
    assert held(outreach) == {"cooker": -1}
    said(outreach, *expired, "--sure")


def test_a_kit_short_of_a_part_is_asked_about(outreach: Shell) -> None:
    """Parts nobody keeps stock of do not stand in the way; a short one does, by name."""
    said(outreach, "stock", "receive", "naloxone-im=10", "--day", day(3))
    said(outreach, "stock", "assemble", "kit-naloxone-im=5", "--day", day(2))
    assert held(outreach) == {"naloxone-im": 0, "kit-naloxone-im": 5}, "muscle syringes are not kept"
    sentence = refused(outreach, "stock", "assemble", "kit-naloxone-im=2", "--day", day(1))
    assert "For 2 of Naloxone kit, injection it takes 4 of Naloxone for injection" in sentence


def test_a_funders_money_buys_what_it_may(outreach: Shell) -> None:
    """Strips with a SAMHSA award are refused from the day of the letter on; the report of that funder shows none."""
    said(outreach, "funders", "add", "sor", "--name", "State opioid response", "--kind", "samhsa")
    said(outreach, "funders", "add", "county", "--kind", "local")
    assert "is a funder called sor already" in refused(outreach, "funders", "add", "sor")
    assert "no kind of money called gold" in refused(outreach, "funders", "add", "x", "--kind", "gold")
    assert "is not a code" in refused(outreach, "funders", "add", "A B")
    assert [row["funder"] for row in outreach.json("funders", "--format", "json")] == ["sor", "county"]
    said(outreach, "stock", "receive", "fentanyl-strip=100", "--day", "2026-04-01", "--funder", "sor")
    sentence = refused(outreach, "stock", "receive", "fentanyl-strip=50", "--day", "2026-04-24", "--funder", "sor")
    assert "State opioid response may not pay for Fentanyl test strip from 2026-04-24 on" in sentence
    assert "SAMHSA letter of April 24, 2026" in sentence
    assert "may not pay" in refused(outreach, "stock", "receive", "kit-safer-injecting=5", "--funder", "sor")
    said(outreach, "stock", "receive", "fentanyl-strip=50", "--day", "2026-04-24", "--funder", "county")
    for on in ("2026-04-10", "2026-04-30", "2026-05-10"):
        said(outreach, "tally", "--site", "outreach", "--day", on, "fentanyl-strip=30")

    program = Program(Home(outreach.home))

    def out(funder: str, first: date) -> int:
        found: Counted = counted_for_funder(program, Period(first, date(2026, 12, 31)), funder)
        assert not found.visits and not found.events
        return sum(each.quantity for each in found.unpacked(Movement.GIVEN))

    assert [out(who, date(2026, 1, 1)) for who in ("sor", "county", "")] == [30, 50, 10]
    assert [out(who, date(2026, 4, 24)) for who in ("sor", "county", "")] == [0, 50, 10]


def test_kits_given_without_being_made_up(outreach: Shell) -> None:
    """The page can say how many, and save them as made up when they were given; then parts and kits are right."""
    said(outreach, "sites", "add", "north")
    said(outreach, "stock", "receive", "naloxone-nasal=100", "--site", "outreach", "--day", "2026-03-02")
    said(outreach, "tally", "--site", "north", "--day", "2026-02-01", "kit-naloxone-nasal=7")
    for on, n in (("2026-03-05", 5), ("2026-03-20", 4), ("2026-04-02", 3)):
        said(outreach, "tally", "--site", "north", "--day", on, f"kit-naloxone-nasal={n}")
    assert "kit-naloxone-nasal: 12 more were given than made up" in outreach("stock").out

    program = Program(Home(outreach.home))
    assert [(each.kit, each.quantity) for each in not_made_up(program)] == [("kit-naloxone-nasal", 12)]
    assert not_made_up(program)[0].kept_at == ("outreach",)
    with pytest.raises(NoPartThere):  # nothing of it is kept there: its book would be wrong twice
        save_as_made_up(program, "kit-naloxone-nasal", "north")
    saved = save_as_made_up(program, "kit-naloxone-nasal", "outreach")
    assert [(each.day.isoformat(), each.act, each.site) for each in saved] == [
        ("2026-03-05", "assembled", "outreach"),
        ("2026-04-02", "assembled", "outreach"),
    ]
    assert not_made_up(program) == []
    with pytest.raises(NoneToMakeUp):
        save_as_made_up(program, "kit-naloxone-nasal", "outreach")
    assert held(outreach) == {"naloxone-nasal": 76, "kit-naloxone-nasal": 0}
