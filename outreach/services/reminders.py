"""What the desk and `outreach check` say about keeping: a hold that stands, days to fold, a computer to clear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outreach.core.refusal import N_
from outreach.services import clearing, folding
from outreach.services.program import Program
from outreach.services.safety import safety

HOLD, FOLD, CLEAR = "hold", "days", "clear"
"""What each is about, as the page on keeping names its parts."""
SAID = {
    HOLD: N_("A legal hold stands: no day goes, and nothing is cleared."),
    FOLD: N_("There are old days to fold into months."),
    CLEAR: N_("This is the day to clear this computer."),
}


def reminders(program: Program, today: date) -> Iterator[str]:
    """What there is to say now. Raises Locked, and what a damaged file raises."""
    if safety(program).legal_hold:
        yield HOLD
        return
    if folding.due(program, today):
        yield FOLD
    if clearing.outlook(program, today).is_due:
        yield CLEAR
