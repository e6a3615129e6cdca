"""An open sheet's counts go over to another one exactly once, wherever it is cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest

from outreach.core.sheets import QUANTITY_MAX, ClosedSheet, Kind, ServiceModel, SiteCode
from outreach.core.tally import OpenSheet, Tap, TooMany
from outreach.home import Home
from outreach.store.closing import close_sheet, join, recover
from outreach.store.ledger import Ledger, Place
from outreach.store.open_sheets import OpenSheets
from outreach.store.refusals import SheetClosed

PROGRAM, DEVICE = "a1" * 16, "b2" * 16

# The steps of `join` by name, as far as argv[2] says; then the power goes.
CUT = """
from outreach.store.closing import _token

ENGINES = ("file", "postgres")
source, target, after = sys.argv[2:5]
with sheets.closing(source) as closing:
    counters = closing.sheet.counters
    closing.mark = "ab" * 32
if after == "moved":
    sheets.take_in(target, _token(source), counters)
os._exit(0)
"""


def build(sheet: OpenSheet, place: Place) -> tuple[ClosedSheet, bytes]:
    lines, visits = sheet.lines(), sheet.counters.get("encounters")
    kind, at = Kind.TALLY, (sheet.site, sheet.day, sheet.model)
    return ClosedSheet(PROGRAM, DEVICE, place.seq, place.prev, kind, *at, lines, visits), bytes(64)


def counted(sheets: OpenSheets, **counts: int) -> str:
    sheet = sheets.open(SiteCode("outreach"), date(2026, 11, 22), ServiceModel.STREET)
    token = sheets.mint_tab(sheet.id)
    for n, (name, value) in enumerate(counts.items(), start=1):
        sheets.tap(sheet.id, Tap(token, n, b"", name.replace("__", ":"), exactly=value))
    return sheet.id


def test_everything_goes_over_once(home: Home, ledger: Ledger, open_sheets: OpenSheets) -> None:
    """Counts are added, what only one had is there, the other file is gone; said twice it is refused."""
    few = counted(open_sheets, encounters=2, given__cooker=5)
    more = counted(open_sheets, encounters=9, given__tourniquet=1)
    join(ledger, open_sheets, few, more)

    assert open_sheets.read(more).counters == {"encounters": 11, "given:cooker": 5, "given:tourniquet": 1}
    assert open_sheets.ids() == [more] and len(list(home.keys.glob("open-*"))) == 1
    with pytest.raises(SheetClosed):
        join(ledger, open_sheets, few, more)
    assert open_sheets.read(more).counters["encounters"] == 11


def test_what_cannot_be_joined_stays_as_it_was(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """Too many for one sheet, or the other was closed meanwhile: both sheets take taps as before."""
    few = counted(open_sheets, given__cooker=5)
    full = counted(open_sheets, given__cooker=QUANTITY_MAX, others=1)
    with pytest.raises(TooMany):
        join(ledger, open_sheets, few, full)
    open_sheets.destroy(full)
    with pytest.raises(SheetClosed):
        join(ledger, open_sheets, few, full)

    token = open_sheets.mint_tab(few)
    assert open_sheets.tap(few, Tap(token, 1, b"", "given:cooker", 1))[1] == 6


def test_a_tap_beside_a_join_is_counted_or_refused(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """Every tap on the sheet that goes is on the other one, or was refused."""
    few, more = counted(open_sheets, encounters=1), counted(open_sheets, encounters=1)
    answered: list[int] = []
    token, begun = open_sheets.mint_tab(few), threading.Event()

    def work() -> None:
        for n in range(1, 500):
            try:
                open_sheets.tap(few, Tap(token, n, b"", "given:cooker", 1))
            except SheetClosed:
                return
            answered.append(n)
            if n == 5:
                begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    join(ledger, open_sheets, few, more)
    thread.join()
    assert open_sheets.read(more).counters["given:cooker"] == len(answered) >= 5


@pytest.mark.parametrize("after", ["marked", "moved"])
@pytest.mark.parametrize("then", ["recover", "close the other", "close this one", "join again", "join a third"])
def test_cut_off_it_counts_once(
    ledger: Ledger, open_sheets: OpenSheets, run: Callable[..., str], after: str, then: str
) -> None:
    """The power goes before or after the counts went over; whatever is done next, all of them are there once."""
    few, more, third = (counted(open_sheets, given__cooker=n) for n in (5, 7, 100))
    run(CUT, few, more, after)
    try:
        if then == "recover":
            recover(ledger, open_sheets)
        elif then == "close the other":
            close_sheet(ledger, open_sheets, more, DEVICE, build)
        elif then == "close this one":
            close_sheet(ledger, open_sheets, few, DEVICE, build)
        else:
            join(ledger, open_sheets, few, more if then == "join again" else third)
    except SheetClosed:
        assert after == "moved"
    recover(ledger, open_sheets)
    for left in open_sheets.ids():
        close_sheet(ledger, open_sheets, left, DEVICE, build)
    assert sum(each.quantity for each in ledger.sums.lines()) == 112
