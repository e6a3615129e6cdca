"""The legal hold: one act puts it on, two answers take it off, and all that would take something away asks for it."""

from __future__ import annotations

from outreach.core.refusal import N_, Implausible
from outreach.services.program import Program
from outreach.services.safety import safety, set_safety

QUESTIONS = (
    N_("Did the lawyer who asked for the hold say, in writing, that it may end?"),
    N_("After this, folding and clearing can take things away for good. End the hold?"),
)


class EndTheHold(Implausible):
    """One of the two questions; `answered` is how many had an answer before."""

    def __init__(self, answered: int) -> None:
        super().__init__(QUESTIONS[answered])
        self.answered = answered


def put_on(program: Program) -> None:
    """From now on nothing is folded and nothing is cleared."""
    set_safety(program, legal_hold=True)


def take_off(program: Program, answered: int) -> None:
    """End the hold; raises EndTheHold until both questions were answered."""
    if not safety(program).legal_hold:
        return
    if answered < len(QUESTIONS):
        raise EndTheHold(answered)
    set_safety(program, legal_hold=False)
