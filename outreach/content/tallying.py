"""What a program counts, from `tally.toml` in its home."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from outreach.content.reading import read_table
from outreach.content.writing import Value
from outreach.core.tallying import Standing, Tallying

_STANDING = {"not_counted": Standing.NOT_COUNTED, "not_carried": Standing.NOT_CARRIED}
_EVENTS = {"events_on": True, "events_off": False}


def read_tallying(file: Path) -> Tallying:
    """The program's choices; all as it ships when the file is not there."""
    if not file.exists():
        return Tallying()
    top = read_table(file)
    top.only(("groups", "things", *_STANDING, *_EVENTS, "monthly"))
    standing = {code: stands for key, stands in _STANDING.items() for code in top.texts(key, ())}
    for code in top.texts("not_carried", ()):
        if code in top.texts("not_counted", ()):
            raise top.bad("not_counted", f"holds {code}, which is in not_carried too.")
    events = {code: on for key, on in _EVENTS.items() for code in top.texts(key, ())}
    return Tallying(top.texts("groups", ()), top.texts("things", ()), standing, events, top.texts("monthly", ()))


def tallying_row(chosen: Tallying) -> dict[str, Value]:
    """The choices as they stand in the file; what says nothing is left out."""
    row: dict[str, Value] = {"groups": chosen.groups, "things": chosen.things}
    row |= {key: _codes(chosen.standing, stands) for key, stands in _STANDING.items()}
    return row | {key: _codes(chosen.events, on) for key, on in _EVENTS.items()} | {"monthly": chosen.monthly}


def _codes(chosen: Mapping[str, object], value: object) -> tuple[str, ...]:
    return tuple(code for code, each in chosen.items() if each == value)
