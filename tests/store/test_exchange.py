"""What came from other laptops beside the sheets that count, and what was sent: the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from outreach.core.periods import Period
from outreach.core.roll import Edition
from outreach.core.sheets import ClosedSheet
from outreach.store.ledger import Ledger

ENGINES = ("file", "postgres")
Make = Callable[..., ClosedSheet]
SIGNED = bytes(range(64))
OTHER = "d4" * 16


def test_a_sheet_waits_and_counts_and_waits_again(ledger: Ledger, sheet: Make) -> None:
    """One that waits is in no total; let in it counts once; set aside again it is kept whole."""
    exchange, one = ledger.exchange, sheet()
    assert exchange.set_aside(one, SIGNED, "day") and not exchange.set_aside(one, SIGNED, "unknown")
    assert [(each.sheet, each.why, each.signature) for each in exchange.waiting()] == [(one, "unknown", SIGNED)]
    assert ledger.sums.lines() == () and exchange.ids() == {one.id}

    assert exchange.admit(one.id) and not exchange.admit(one.id)
    assert [each.quantity for each in ledger.sums.lines()] == [40] and exchange.waiting() == ()
    assert [each.id for each in exchange.counted()] == [one.id] and ledger.verify() == 1

    exchange.move_aside(one.id, "revoked")
    assert ledger.count() == 0 and exchange.waiting_count() == 1
    with ledger.closing(one.device) as place:
        assert place.seq == 2, "its number is taken all the same"


def test_the_newer_edition_stays(ledger: Ledger) -> None:
    """Of one kind there is one, the higher number; of two with one number always the same."""
    one, two = (Edition("roll", number, b"body", bytes(32), bytes(64)) for number in (1, 2))
    assert ledger.exchange.put_edition(one) and ledger.exchange.put_edition(two)
    assert not ledger.exchange.put_edition(one)
    assert ledger.exchange.editions() == (two,)


def test_how_far_others_got_and_what_they_call_places(ledger: Ledger) -> None:
    """The furthest claim stays; what was said of a place stays said; a kept file comes out whole."""
    exchange = ledger.exchange
    for seq in (3, 5, 4):
        exchange.claim(OTHER, seq, f"{seq}" * 64)
    assert exchange.claims() == {OTHER: (5, "5" * 64)}
    exchange.put_elsewhere(OTHER, [("north", "North", "street")])
    exchange.same_place(OTHER, "north")
    exchange.put_elsewhere(OTHER, [("north", "Norte", "street")])
    assert [(each.name, each.same) for each in exchange.elsewhere()] == [("Norte", True)]
    kept = exchange.keep(b"\x00sealed\xff")
    assert exchange.keep(b"\x00sealed\xff") == kept and exchange.kept() == {kept: b"\x00sealed\xff"}
    exchange.forget(kept)
    assert exchange.kept() == {}


def test_a_release_is_kept_word_for_word(ledger: Ledger) -> None:
    """The same body is one release; by pack or all of them; taken back it is gone."""
    span, day = Period(date(2026, 7, 1), date(2026, 9, 30)), date(2026, 10, 5)
    sent = ledger.releases.add("utah-quarterly", span, day, '{"rows": 1}')
    assert ledger.releases.add("utah-quarterly", span, day, '{"rows": 1}') == sent
    assert ledger.releases.all() == ledger.releases.all("utah-quarterly") == (sent,)
    assert ledger.releases.all("another") == () and ledger.releases.get(sent.id) == sent
    assert ledger.releases.take_back(sent.id) and not ledger.releases.take_back(sent.id)


def test_a_part_that_fails_is_undone_by_itself(ledger: Ledger, sheet: Make) -> None:
    """Of what is saved together, a part that was given up leaves nothing; the rest is saved."""
    with ledger.together():
        ledger.add(sheet(), SIGNED)
        with pytest.raises(ZeroDivisionError), ledger.together():
            ledger.add(sheet(seq=2), SIGNED)
            ledger.settings.set("program-name", "Night van")
            raise ZeroDivisionError
        ledger.add(sheet(seq=3), SIGNED)

    assert [each.seq for each in ledger.sheets()] == [1, 3]
    assert ledger.settings.get("program-name") == "" and ledger.verify() == 2
    with pytest.raises(ZeroDivisionError), ledger.together():
        ledger.add(sheet(seq=4), SIGNED)
        raise ZeroDivisionError
    assert ledger.count() == 2
