"""Which sheets count, worked out anew from all that are known and the roll, whenever either changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core import roll as rolls
from outreach.core.partition import COUNTED, FOLDED, Known, last_day, partition
from outreach.core.roll import ROLL, Roll
from outreach.core.sheets import ClosedSheet, Kind, SheetId
from outreach.services.ballast import with_room
from outreach.services.program import Program
from outreach.store.ledger import Ledger

Arrived = tuple[ClosedSheet, bytes]
"""A sheet and the 64 bytes that sign it, checked by who brings it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Where the new sheets went, and how many that were known before changed sides."""

    reasons: Mapping[SheetId, str]
    """Of every sheet that counts, waits or came: COUNTED, FOLDED, or why it waits."""
    new: frozenset[SheetId] = frozenset()
    """Those that neither counted nor waited before; a folded one may have been here long ago."""
    admitted: int = 0
    set_aside: int = 0


def current_roll(ledger: Ledger) -> Roll | None:
    """The roll that counts here; None for a program of one laptop."""
    edition = ledger.exchange.edition(ROLL)
    return rolls.from_canonical(edition.body) if edition else None


def own_devices(program: Program, counted: Iterable[Known], roll: Roll | None) -> frozenset[str]:
    """The devices that are this laptop itself: without a roll, each whose sheets count here."""
    others = {each.device for each in counted} if roll is None else set()
    return frozenset({program.device().device, *others})


def settle(program: Program, today: date | None = None) -> Settled:
    """Have exactly those sheets count that should. All of it or nothing.

    Sheets move both ways, so the order in which sheets and rolls come makes no difference in the end.
    """
    return with_room(program.home, lambda: settled(program, today or date.today()))


def settled(program: Program, today: date, arrived: tuple[Arrived, ...] = ()) -> Settled:
    """As `settle`, for who saves more together with it and makes room on a full disk for all of that."""
    ledger = program.ledger()
    with ledger.together():
        exchange = ledger.exchange
        counted, waiting = exchange.counted(), {each.sheet.id: each for each in exchange.waiting()}
        before = {each.id: each for each in (*counted, *(Known.of(each.sheet) for each in waiting.values()))}
        new = {sheet.id: (sheet, signature) for sheet, signature in arrived if sheet.id not in before}
        every = before | {sheet.id: Known.of(sheet) for sheet, _ in new.values()}
        roll = current_roll(ledger)
        reasons = partition(every.values(), roll, own_devices(program, counted, roll), last_day(today))
        aside = [each.id for each in counted if reasons[each.id] not in (COUNTED, FOLDED)]
        # What counts no more goes first: two folds of one sheet never count at once, not even meanwhile.
        for sheet_id in aside:
            exchange.move_aside(sheet_id, reasons[sheet_id])
        for sheet_id, each in waiting.items():
            if reasons[sheet_id] not in (COUNTED, FOLDED, each.why):
                exchange.say_why(sheet_id, reasons[sheet_id])
        ready = [sheet_id for sheet_id in waiting if reasons[sheet_id] == COUNTED]
        # Folds last: of what they take out the numbers are known then.
        for sheet_id in sorted((*ready, *new), key=lambda each: (every[each].kind is Kind.FOLD, each)):
            if sheet_id not in new:
                exchange.admit(sheet_id)
            elif reasons[sheet_id] in (COUNTED, FOLDED):
                ledger.add(*new[sheet_id])
            else:
                exchange.set_aside(*new[sheet_id], reasons[sheet_id])
    return Settled(reasons, frozenset(new), len(ready), len(aside))
