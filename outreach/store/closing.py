"""How an open sheet becomes a closed one exactly once, wherever the power is cut."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from outreach.core.refusal import Refusal
from outreach.core.sheets import ClosedSheet
from outreach.core.tally import OpenSheet
from outreach.store.ledger import Ledger, Place
from outreach.store.open_sheets import OpenSheets
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
        with ledger.closing(device) as place, open_sheets.closing(sheet_id) as closing:
            if closing.mark is None or closing.mark not in ledger:
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
        saved = closing.mark is not None and closing.mark in ledger
        if not saved:
            closing.mark = None
    if saved:
        open_sheets.destroy(sheet_id)


def recover(ledger: Ledger, open_sheets: OpenSheets) -> None:
    """At the start: settle every close that was cut off, and sweep up what else was. Damaged files are kept."""
    open_sheets.sweep()
    for sheet_id in open_sheets.ids():
        with suppress(Refusal):
            if open_sheets.mark(sheet_id) is not None:
                settle(ledger, open_sheets, sheet_id)
