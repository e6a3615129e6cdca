"""What the desk and `outreach check` say is to be done: about keeping, and between the laptops of a program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from outreach.core.partition import DAY
from outreach.core.refusal import N_
from outreach.services import clearing, folding, laptops, missing, waiting
from outreach.services.program import Program
from outreach.services.safety import safety

HOLD, FOLD, CLEAR = "hold", "days", "clear"
"""What each is about, as the page on keeping names its parts."""
ASKS, WAIT, GONE = "asking", "look", "missing"
"""The same between laptops."""
PATIENCE = timedelta(days=14)
"""A stick is carried once a week or two: a sheet that has not come by then is worth a line."""
SAID = {
    HOLD: N_("A legal hold stands: no day goes, and nothing is cleared."),
    FOLD: N_("There are old days to fold into months."),
    CLEAR: N_("This is the day to clear this computer."),
    ASKS: N_("A laptop asks to be let in."),
    WAIT: N_("Sheets of another laptop wait for your yes."),
    GONE: N_("Sheets of another laptop have been missing for two weeks."),
}


def reminders(program: Program, today: date) -> Iterator[str]:
    """What there is to say now. Raises Locked, and what a damaged file raises."""
    yield from _keeping(program, today)
    yield from _between_laptops(program, today)


def _keeping(program: Program, today: date) -> Iterator[str]:
    if safety(program).legal_hold:
        yield HOLD
        return
    if folding.due(program, today):
        yield FOLD
    if clearing.outlook(program, today).is_due:
        yield CLEAR


def _between_laptops(program: Program, today: date) -> Iterator[str]:
    if laptops.roll(program) is None:
        return
    if laptops.is_coordinator(program):
        if laptops.asking(program):
            yield ASKS
        if any(each.why == DAY for each in waiting.waits(program)):
            yield WAIT
    known = (each.before or each.after for each in missing.gaps(program))
    if any(day is not None and day < today - PATIENCE for day in known):
        yield GONE
