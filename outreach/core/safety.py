"""What a program sets about the safety of a laptop: when it locks, how long days are kept, and what stops all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outreach.core.refusal import N_, Refusal

MINUTES_MAX, MONTHS_MAX = 24 * 60, 120


class NoSuchTime(Refusal):
    sentence = N_("{number} cannot be a time here. Use a whole number from 1 to {most}. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Safety:
    """As it ships, a closed lid locks where there is a passphrase; nothing is folded and nothing is cleared."""

    lock_after_minutes: int | None = None
    """Locks when nobody used it for so long; never by itself when None."""
    lock_on_close: bool = False
    """Locks when a sheet is closed."""
    lock_on_lid: bool = True
    """Locks when the lid is closed."""
    keep_days_months: int | None = None
    """Whole months for which single days are kept; for good when None."""
    legal_hold: bool = False
    """A lawyer said to keep everything: nothing is folded, nothing is cleared."""
    clear_on: date | None = None
    """From this day on the laptop may be cleared of everything that was counted."""

    def __post_init__(self) -> None:
        for number, most in ((self.lock_after_minutes, MINUTES_MAX), (self.keep_days_months, MONTHS_MAX)):
            if number is not None and not 1 <= number <= most:
                raise NoSuchTime(number=number, most=most)
