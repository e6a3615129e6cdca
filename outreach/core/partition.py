"""Which of all the sheets that are known count, and why the others wait: the same wherever the same are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.core.roll import Roll
from outreach.core.sheets import ClosedSheet, Kind, SheetId

COUNTED, FOLDED = "", "folded"
UNKNOWN, DAY, REVOKED, FOLD = "unknown", "day", "revoked", "fold"
"""Why a sheet waits: of a laptop that is not on the roll, of a day that cannot be, of one turned away, folded twice."""

FIRST_DAY = date(2015, 1, 1)
"""Nobody opened a session of this program on a day before. Past totals that were brought in may be older."""
FIRST_CLOCK, LAST_CLOCK = date(2026, 11, 1), date(2035, 12, 31)
"""A clock that says another day is wrong: this version was made on the first, and is long gone after the last."""


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a sheet as decides whether it counts."""

    id: SheetId
    device: str
    seq: int
    program: str
    kind: Kind
    day: date
    corrects: SheetId | None = None
    replaces: tuple[SheetId, ...] = ()

    @classmethod
    def of(cls, sheet: ClosedSheet) -> Known:
        """The same of a whole sheet."""
        place = (sheet.id, sheet.device, sheet.seq, sheet.program)
        return cls(*place, sheet.kind, sheet.day, sheet.corrects, sheet.replaces)


def last_day(today: date) -> date:
    """The last day that a sheet can be of: tomorrow, unless this laptop's clock cannot be believed."""
    return today + timedelta(days=1) if FIRST_CLOCK <= today <= LAST_CLOCK else LAST_CLOCK


def partition(sheets: Iterable[Known], roll: Roll | None, own: frozenset[str], until: date) -> dict[SheetId, str]:
    """COUNTED, FOLDED or the reason to wait, for every sheet.

    `own` are the devices that are this laptop itself: what was counted on it counts on it before a
    coordinator let it in. `until` is the last day that can be.
    """
    known = {sheet.id: sheet for sheet in sheets}
    accepted = frozenset(roll.accepted) if roll else frozenset()
    found = {
        sheet.id: _who(sheet, roll, own) or ("" if sheet.id in accepted else _when(sheet, roll, known, until))
        for sheet in known.values()
    }
    _settle_folds(known, found)
    _follow_corrections(known, found)
    return found


def _who(sheet: Known, roll: Roll | None, own: frozenset[str]) -> str:
    on_roll = roll is not None and sheet.program in roll.programs(sheet.device)
    return COUNTED if on_roll or sheet.device in own else UNKNOWN


def _when(sheet: Known, roll: Roll | None, known: Mapping[SheetId, Known], until: date) -> str:
    laptop = roll.laptop(sheet.device) if roll else None
    if laptop is not None and laptop.revoked_after is not None and sheet.seq > laptop.revoked_after:
        return REVOKED
    about = known.get(sheet.corrects, sheet) if sheet.corrects else sheet
    early = sheet.day < FIRST_DAY and about.kind is not Kind.IMPORT
    return DAY if early or sheet.day > until else COUNTED


def _settle_folds(known: Mapping[SheetId, Known], found: dict[SheetId, str]) -> None:
    """Of folds that share a sheet the one that holds most counts, and of two that hold as many the smaller id's."""
    folds = [sheet for sheet in known.values() if sheet.kind is Kind.FOLD and found[sheet.id] == COUNTED]
    taken: set[SheetId] = set()
    for fold in sorted(folds, key=lambda each: (-len(each.replaces), each.id)):
        # Folds are made of sessions: one that would take another fold's place is none.
        of_folds = any(each in known and known[each].kind is Kind.FOLD for each in fold.replaces)
        if of_folds or not taken.isdisjoint(fold.replaces):
            found[fold.id] = FOLD
        else:
            taken.update(fold.replaces)
    found.update((sheet, FOLDED) for sheet in taken if sheet in known)


def _follow_corrections(known: Mapping[SheetId, Known], found: dict[SheetId, str]) -> None:
    """A correction waits as long as the sheet does that it corrects: by itself it would count what is not there."""
    sound: set[SheetId] = set()
    for sheet in known.values():
        chain = [sheet]
        while chain[-1].id not in sound and found[chain[-1].id] == COUNTED and chain[-1].corrects in known:
            chain.append(known[SheetId(str(chain[-1].corrects))])
        why = found[chain[-1].id]
        if why in (COUNTED, FOLDED):
            sound.update(each.id for each in chain)
        else:
            found.update((each.id, why) for each in chain)
