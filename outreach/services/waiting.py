"""What waits for a coordinator between the laptops of a program, as a person looks at it: by laptop and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outreach.core.sheets import ClosedSheet, SheetId
from outreach.services.missing import names
from outreach.services.program import Program


@dataclass(frozen=True, slots=True)
class Waits:
    """Sheets of one laptop that wait for one reason."""

    device: str
    name: str
    why: str
    sheets: tuple[SheetId, ...]
    days: tuple[date, ...]


def waits(program: Program) -> tuple[Waits, ...]:
    """The sheets that do not count, by reason and laptop."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return ()
    called = names(ledger)
    found: dict[tuple[str, str], list[ClosedSheet]] = {}
    for each in ledger.exchange.waiting():
        found.setdefault((each.why, each.sheet.device), []).append(each.sheet)
    return tuple(
        Waits(
            device,
            called.get(device, ""),
            why,
            tuple(sheet.id for sheet in sheets),
            tuple(sorted({sheet.day for sheet in sheets})),
        )
        for (why, device), sheets in sorted(found.items())
    )


def kept(program: Program) -> int:
    """How many files of a newer version are kept until this laptop has that version."""
    ledger = program.ledger_if_any()
    return len(ledger.exchange.kept()) if ledger else 0


def same_place(program: Program, device: str, code: str) -> None:
    """Say that a laptop's place is the one of that name here; it is asked no more."""
    program.ledger().exchange.same_place(device, code)
