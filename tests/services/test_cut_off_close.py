"""A close that was refused half-way and could not even be taken back leaves a sheet that still takes taps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.core.sheets import SheetId
from outreach.core.tally import Applied, Tap
from outreach.home import Home
from outreach.services import tally
from outreach.services.program import Program
from outreach.store.refusals import SheetClosed

DAY = date(2026, 11, 22)


def test_a_mark_that_a_full_disk_left_holds_up_no_tap(tmp_path: Path) -> None:
    """The sheet opens in its page and counts: nobody is told that it is closed when it is not."""
    program = Program(Home(tmp_path / "home"))
    sheet = tally.open_sheet(program, "outreach", DAY, "street", DAY).id
    token = tally.mint_tab(program, sheet)
    touch = Tap(token, 1, bytes(16), "given:cooker", 1)

    def half_close() -> None:
        with program.sheets().closing(sheet) as closing:
            closing.mark = SheetId("0" * 64)

    half_close()
    with pytest.raises(SheetClosed):
        program.sheets().tap(sheet, touch)
    assert tally.tap(program, sheet, touch) == (Applied.NOW, 1)
    half_close()
    assert tally.mint_tab(program, sheet) != token

    tally.close_sheet(program, sheet)
    with pytest.raises(SheetClosed):
        tally.tap(program, sheet, touch)
    program.ledger().close()
