"""How an open sheet becomes a closed one, or part of another open one, exactly once, wherever the power is cut."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress

from outreach.core.refusal import Refusal
from outreach.core.sheets import ClosedSheet, SheetId
from outreach.core.tally import OpenSheet
from outreach.store.ledger import Ledger, Place
from outreach.store.open_sheets import Closing, OpenSheets
from outreach.store.refusals import SheetClosed

Build = Callable[[OpenSheet, Place], tuple[ClosedSheet, bytes]]
"""Makes the closed sheet for that place in the device's order, and the 64 bytes that sign it."""


def close_sheet(ledger: Ledger, open_sheets: OpenSheets, sheet_id: str, device: str, build: Build) -> ClosedSheet:
    """Close a sheet: into the ledger, then destroyed. Raises SheetClosed when someone else was first.

    When `build` or the disk refuses, the sheet is open as before.

    All of it happens inside the ledger's write transaction, so there is one closer at a time, and a
    mark that is found there is either in the ledger or was left by a cut:

        cut before the mark is on disk                  the sheet is open, nothing was saved
        between the mark and the ledger's commit        `settle` takes the mark off: open, nothing saved
        after the ledger's commit                       `settle` sees it is saved and destroys it
    """
    saved: ClosedSheet | None = None
    try:
        # Left in the opposite order: the mark is on disk before the ledger is. Read, built and marked in
        # one transaction of the open sheet, so every tap is either in the closed sheet or refused.
        with ledger.closing(device) as place, open_sheets.closing(_joined_by_now(open_sheets, sheet_id)) as closing:
            if not _is_done(ledger, open_sheets, closing):
                saved, signature = build(closing.sheet, place)
                closing.mark = saved.id
                place.add(saved, signature)
    except BaseException:
        if saved is not None:
            with suppress(Refusal):
                settle(ledger, open_sheets, sheet_id)
        raise
    # What is saved stays saved when the file cannot be removed yet (Windows, while a scanner reads
    # it): it takes no more taps, and `recover` removes it.
    with suppress(Refusal):
        open_sheets.destroy(sheet_id)
    if saved is None:
        raise SheetClosed()
    return saved


def settle(ledger: Ledger, open_sheets: OpenSheets, sheet_id: str) -> None:
    """Finish or take back a close that was cut off; raises SheetClosed when there is no such sheet."""
    # The ledger first, as in `close_sheet`: this waits for a close that is still going on.
    with ledger.together(), open_sheets.closing(sheet_id) as closing:
        done = _is_done(ledger, open_sheets, closing)
        if not done:
            closing.mark = None
    if done:
        open_sheets.destroy(sheet_id)


def join(ledger: Ledger, open_sheets: OpenSheets, sheet_id: str, other: str) -> None:
    """Move everything counted on one open sheet to another open one, exactly once, wherever the power is cut.

    Raises SheetClosed when either is closed, and TooMany; both are then as before. As in `close_sheet`, one
    at a time, and a mark keeps taps off the sheet that goes:

        cut before the mark is on disk                  nothing was moved
        between the mark and the other sheet's commit   `settle` takes the mark off: nothing was moved
        after the other sheet's commit                  `settle`, or closing the other, destroys the one that went
    """
    token = _token(sheet_id)
    with ledger.together():
        if open_sheets.mark(sheet_id) is not None:
            settle(ledger, open_sheets, sheet_id)
        with open_sheets.closing(sheet_id) as closing:
            closing.mark = SheetId(token.hex() * 2)
            counters = closing.sheet.counters
        try:
            open_sheets.take_in(other, token, counters)
        except BaseException:
            with suppress(Refusal):
                settle(ledger, open_sheets, sheet_id)
            raise
    with suppress(Refusal):
        open_sheets.destroy(sheet_id)


def _token(sheet_id: str) -> bytes:
    """What another sheet knows a joined one by; always the same, so that joining twice adds once."""
    return hashlib.sha256(f"joined {sheet_id}".encode("ascii")).digest()[:16]


def _is_done(ledger: Ledger, open_sheets: OpenSheets, closing: Closing) -> bool:
    """Whether what is on the sheet is saved already, in the ledger or on the sheet it was joined to."""
    mark = closing.mark
    return mark is not None and (mark in ledger or _is_joined(open_sheets, closing.sheet.id))


def _is_joined(open_sheets: OpenSheets, sheet_id: str) -> bool:
    """Whether another open sheet holds what was counted on this one."""
    for other in open_sheets.ids():
        with suppress(Refusal):
            if other != sheet_id and open_sheets.took_in(other, _token(sheet_id)):
                return True
    return False


def _joined_by_now(open_sheets: OpenSheets, sheet_id: str) -> str:
    """The same sheet, once those that a cut-off join left beside it are gone: closing it takes its proof away."""
    for other in open_sheets.ids():
        with suppress(Refusal):
            if other != sheet_id and open_sheets.mark(other) and open_sheets.took_in(sheet_id, _token(other)):
                open_sheets.destroy(other)
    return sheet_id


def recover(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """At the start: settle every close that was cut off, and sweep up what else was. Damaged files are kept."""
    open_sheets.sweep()
    for sheet_id in open_sheets.ids():
        with suppress(Refusal):
            if open_sheets.mark(sheet_id) is not None:
                settle(ledger, open_sheets, sheet_id)
