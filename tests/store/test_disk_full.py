"""A full disk: saved or refused in words, nothing that was answered is lost, and it goes on when there is room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

# A limit on the size of files stands in for the full disk: no root, and the engine cannot tell.
FULL = """
import resource
from outreach.store.refusals import DiskFull
def room(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
"""

TAPS = (
    FULL
    + """
sheet = begin()
path = home.open_sheets / f"{sheet.id}.db"
answered, refused, tokens = {}, 0, []
def tap(counter):
    global refused
    try:
        token = sheets.mint_tab(sheet.id)
        sheets.tap(sheet.id, Tap(token, 1, b"1", counter, 1))
    except DiskFull as refusal:
        refused += 1
        assert "what was saved before is safe" in str(refusal)
    else: answered[counter] = 1
for size in (20000, 25000, 4096, 100, 0, 30000):
    room(size)
    for n in range(40): tap(f"given:item-{size}-{n}")
    assert sheets.read(sheet.id).counters == answered, "an answered tap is lost, or a refused one was counted"
room(resource.RLIM_INFINITY)
assert refused > 40 and len(answered) > 5, (refused, len(answered))
tap("given:cooker")
assert sheets.read(sheet.id).counters == answered and "given:cooker" in answered
print("ok")
"""
)

LEDGER = (
    FULL
    + """
ledger = open_ledger(home.ledger, KEY)
saved, refused = set(), 0
def add(n):
    global refused
    try:
        with ledger.closing(DEVICE) as place:
            sheet = ClosedSheet(PROGRAM, DEVICE, place.seq, place.prev, Kind.TALLY, SiteCode("outreach"),
                                date(2026, 1, 1), ServiceModel.STREET, (), n)
            place.add(sheet, bytes(64))
    except DiskFull: refused += 1
    else: saved.add(sheet.id)
for size in (home.ledger.stat().st_size + 20000, 4096, 0):
    room(size)
    for n in range(40): add(n)
    assert {sheet.id for sheet in ledger.sheets()} == saved
room(resource.RLIM_INFINITY)
assert refused > 40 and len(saved) > 5, (refused, len(saved))
add(1)
ledger.close()
again = open_ledger(home.ledger, KEY)
assert {sheet.id for sheet in again.sheets()} == saved and again.verify() == len(saved)
print("ok")
"""
)

CLOSE = (
    FULL
    + """
ledger = open_ledger(home.ledger, KEY)
sheet = begin()
token = sheets.mint_tab(sheet.id)
sheets.tap(sheet.id, Tap(token, 1, b"1", "given:cooker", 1))
refused = 0
for size in range(0, 120000, 3000):
    room(size)
    try: close_sheet(ledger, sheets, sheet.id, DEVICE, build)
    except DiskFull: refused += 1
    else: break
room(resource.RLIM_INFINITY)
assert refused > 3 and ledger.count() == 1 and sheets.all() == []
print("ok")
"""
)

BEGIN = (
    FULL
    + """
refused = 0
for size in (0, 10, 1000, 5000, 10000):
    room(size)
    for begins in (begin, lambda: open_ledger(home.ledger, KEY)):
        try: begins()
        except DiskFull: refused += 1
room(resource.RLIM_INFINITY)
left = [path for path in home.path.rglob("*") if path.is_file()]
assert refused == 10 and left == [], (refused, left)
open_ledger(home.ledger, KEY).close()
begin()
print("ok")
"""
)


@pytest.mark.parametrize("plain", [False, True], ids=["encrypted", "plain"])
@pytest.mark.parametrize("code", [TAPS, LEDGER, CLOSE, BEGIN], ids=["tapping", "saving", "closing", "beginning"])
def test_saved_or_refused(run: Callable[..., str], code: str, plain: bool) -> None:
    """With any amount of room left: what was answered is there, what was refused is not, and then it works again."""
    assert run(code, plain=plain) == "ok\n"
