"""The made-up year: the same on every machine, with shelves that add up and money that pays for what it may."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from outreach.core.particulars import ASSEMBLED, COUNTED
from outreach.core.periods import Period, parse_period
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services import demo
from outreach.services.assembling import not_made_up
from outreach.services.funders import counted_for_funder
from outreach.services.program import Program
from outreach.services.shelves import book, naloxone_soon_over, stand

TODAY = date(2026, 7, 1)


def year(folder: Path) -> Program:
    return Program(demo.make(Home(folder / "real"), 1, TODAY).home)


def test_the_made_up_year(tmp_path: Path) -> None:
    """Twice the same counts, events and stock; every book adds up; no shelf of the program below zero."""
    first, second = year(tmp_path / "a"), year(tmp_path / "b")
    one, two = first.ledger().sums, second.ledger().sums
    assert one.stock() == two.stock() and one.events() == two.events() and one.visits() == two.visits()

    acts = [sheet.act for sheet in first.ledger().sheets()]
    assert acts.count(ASSEMBLED) >= 12 and acts.count(COUNTED) >= 2
    assert {"reversal", "training", "trained", "litter", "returned-weighed"} <= {each.event for each in one.events()}
    assert any("weighed" in sheet.x for sheet in first.ledger().sheets())
    assert all(each.quantity >= 0 for each in stand(first, TODAY) if not each.site)
    assert naloxone_soon_over(first, TODAY).within[60] > naloxone_soon_over(first, TODAY).within[30] > 0
    assert not_made_up(first) == []

    for period in (parse_period("2026-Q1"), Period(date(2025, 7, 1), TODAY)):
        for site in ("", "drop-in", "north", "harbor"):
            for each in book(first, period, TODAY, site):
                inward = each.opening + each.received_in_all + each.moved + each.adjusted
                assert inward - each.out - each.discarded == each.closing, each
                assert not (site == "" and each.moved), "moved between sites is nothing for the program"

    paid = {
        who: {
            each.item
            for each in counted_for_funder(first, Period(date(2025, 7, 1), TODAY), who).unpacked(Movement.GIVEN)
        }
        for who in ("county", "state-award")
    }
    assert "syringe-1ml" in paid["county"] and "naloxone-nasal" in paid["state-award"]
    assert not {"syringe-1ml", "fentanyl-strip"} & paid["state-award"]
