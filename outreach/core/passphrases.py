"""A passphrase: six words drawn from a list, or digits where there is none, and how long one's own has to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from outreach.core.refusal import N_, Refusal

WORDS = 6
DIGITS = 4
"""Digits in each of six groups, for languages without a list: any keyboard has them."""
LONG_ENOUGH = 18
A_SYLLABLE = 3
"""What a Chinese, Japanese or Korean character counts for."""


class TooShort(Refusal):
    sentence = N_(
        "This passphrase is too short. Use the six words that are proposed, or at least {least} letters and digits. "
        "Nothing was changed."
    )


def proposal(words: Sequence[str], draw: Callable[[int], int]) -> str:
    """Six of `words`, or six groups of digits when there are none; `draw(n)` is a random number below n."""
    if words:
        return " ".join(words[draw(len(words))] for _ in range(WORDS))
    return " ".join(f"{draw(10**DIGITS):0{DIGITS}}" for _ in range(WORDS))


def bits(words: Sequence[str]) -> float:
    """How many yes-or-no guesses a proposal from this list withstands."""
    return WORDS * math.log2(len(words) or 10**DIGITS)


def check_long_enough(words: str) -> None:
    """Raises TooShort. Spaces and signs do not count."""
    length = sum(A_SYLLABLE if "\u3040" <= c <= "\ud7a3" else 1 for c in words if c.isalnum())
    if length < LONG_ENOUGH:
        raise TooShort(least=LONG_ENOUGH)
