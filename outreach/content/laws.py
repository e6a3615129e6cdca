"""Good Samaritan law by state, as dated rows of data (`shipped/laws.csv`); nothing here promises protection."""

from __future__ import annotations

import csv
from functools import cache

from outreach.core.refusal import N_, Refusal
from outreach.shipped import SHIPPED


class UnknownState(Refusal):
    sentence = N_("There is no state {state}. Use two letters: {known}. Nothing was printed.")


@cache
def states() -> dict[str, str]:
    """State names by two-letter code, 50 states and DC."""
    with (SHIPPED / "laws.csv").open(encoding="utf-8", newline="") as stream:
        return {row["state"]: row["name"] for row in csv.DictReader(stream)}


def find_state(code: str) -> str:
    """The two-letter code as the data writes it; refuses with the list."""
    if code.upper() not in states():
        raise UnknownState(state=code, known=" ".join(states()))
    return code.upper()
