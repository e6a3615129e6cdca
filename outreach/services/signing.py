"""A sheet saved as this laptop's next one: its place in the laptop's order, and the laptop's signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from outreach.core.sheets import ClosedSheet, SheetId
from outreach.services.program import Program


class Origin(TypedDict):
    """Where a sheet comes from and where it stands, as `ClosedSheet` takes it."""

    program: str
    device: str
    seq: int
    prev: SheetId | None


def save_next(program: Program, make: Callable[[Origin], ClosedSheet]) -> ClosedSheet:
    """Make the next sheet and save it signed. Nobody else writes meanwhile; when `make` refuses, nothing is saved."""
    key = program.device()
    program_id = program.program_id()
    with program.ledger().closing(key.device) as place:
        sheet = make(Origin(program=program_id, device=key.device, seq=place.seq, prev=place.prev))
        place.add(sheet, key.sign(sheet.canonical()))
    return sheet
