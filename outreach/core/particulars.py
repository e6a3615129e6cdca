"""What a sheet says beside its lines: events, what a stock sheet did, when lots expire, how returns were weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

EVENTS, ACT, EXPIRES, WEIGHED, SESSIONS = "events", "act", "expires", "weighed", "sessions"
"""The keys of a sheet's `x` that this version knows. Others are kept word for word and count for nothing.

How returns were weighed is one table on a session's sheet and a list of them on a fold.
"""

ASSEMBLED, COUNTED, PAST, MONTHLY = "assembled", "counted", "past", "monthly"
"""Acts: kits made up from parts; a shelf counted; totals of the past, which never lay on a shelf of this ledger; events
of a whole month of the whole program."""

LOT_MAX, CODE_MAX = 40, 200
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(x: Mapping[str, Any], most: int, signed: bool) -> None:
    """Raise ValueError with the reason when a key that is known does not hold what it should.

    No event happened more than `most` times; only a correction (`signed`) takes some away.
    """
    for event, count in x.get(EVENTS, {}).items():
        if not is_code(event):
            raise ValueError(f"{event!r} is not an event's code.")
        if type(count) is not int or abs(count) > most or (count < 0 and not signed):
            raise ValueError(f"{count} cannot be a number of {event}.")
    sessions = x.get(SESSIONS, 0)
    if type(sessions) is not int or not 0 <= sessions <= most:
        raise ValueError(f"{sessions} cannot be a number of sessions.")
    act = x.get(ACT, COUNTED)
    if not isinstance(act, str) or not is_code(act):
        raise ValueError("what it did to the stock cannot be read.")
    for item, lot, _ in expiries(x):
        if not is_code(item) or not is_lot(lot):
            raise ValueError(f"{lot!r} is not a lot.")
    weighed = x.get(WEIGHED, [])
    if not all(isinstance(each, dict) for each in (weighed if isinstance(weighed, list) else [weighed])):
        raise ValueError("how returns were weighed cannot be read.")


def is_code(text: str) -> bool:
    """Whether `text` can be the code of an item, a site, a funder or an event."""
    return len(text) <= CODE_MAX and bool(_CODE.fullmatch(text))


def is_lot(text: str) -> bool:
    """Whether `text` can be a lot's number as a box says it; never a sentence."""
    return bool(_LOT.fullmatch(text))


def events(x: Mapping[str, Any]) -> dict[str, int]:
    """How often each event happened, by its code; one that was not counted is absent, which is not zero."""
    return dict(x.get(EVENTS, {}))


def expiries(x: Mapping[str, Any]) -> Iterator[tuple[str, str, date]]:
    """Item, lot and the last day printed on it."""
    for item, lots in x.get(EXPIRES, {}).items():
        for lot, day in lots.items():
            if not _DAY.fullmatch(day):  # fromisoformat reads weeks, and days without hyphens, too
                raise ValueError(f"{day!r} is not a day.")
            yield item, lot, date.fromisoformat(day)
