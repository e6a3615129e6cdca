"""A sheet saved as this laptop's next one: its place in the laptop's order, and the laptop's signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

from outreach.carry.keys import verify
from outreach.core.roll import device_of
from outreach.core.sheets import ClosedSheet, SheetId, from_canonical
from outreach.services.ballast import with_room
from outreach.services.program import Program
from outreach.store.refusals import Damaged


class Origin(TypedDict):
    """Where a sheet comes from and where it stands, as `ClosedSheet` takes it."""

    program: str
    device: str
    seq: int
    prev: SheetId | None


def save_next(program: Program, make: Callable[[Origin], ClosedSheet]) -> ClosedSheet:
    """Make the next sheet and save it signed. Nobody else writes meanwhile; when `make` refuses, nothing is saved."""
    return save_all(program, [make])[0]


def save_all(program: Program, makes: Sequence[Callable[[Origin], ClosedSheet]]) -> list[ClosedSheet]:
    """Make the next sheets one after the other and save them together, or none of them."""
    return with_room(program.home, lambda: _saved(program, makes))


def _saved(program: Program, makes: Sequence[Callable[[Origin], ClosedSheet]]) -> list[ClosedSheet]:
    key = program.device()
    program_id = program.program_id()
    saved: list[ClosedSheet] = []
    with program.ledger().closing(key.device) as place:
        seq, prev = place.seq, place.prev
        for make in makes:
            sheet = make(Origin(program=program_id, device=key.device, seq=seq, prev=prev))
            place.add(sheet, key.sign(sheet.canonical()))
            saved.append(sheet)
            seq, prev = seq + 1, sheet.id
    return saved


def check_signatures(program: Program) -> None:
    """Raise Damaged when a sheet, or the key of a device that is known here, is not the one that was signed with."""
    ledger = program.ledger()
    keys = ledger.devices()
    right = all(device_of(public) == device for device, public in keys.items())
    right = right and all(
        verify(keys[device], body, signature)
        for body, signature in (*ledger.signed(), *((each.body, each.signature) for each in ledger.exchange.waiting()))
        if (device := from_canonical(body).device) in keys
    )
    if not right:
        raise Damaged(file=str(program.home.ledger))
