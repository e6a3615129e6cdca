"""What happens at a session beside supplies: reversals told of, referrals, trainings, litter picked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.core.refusal import N_, Refusal

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class UnknownEvent(Refusal):
    sentence = N_("There is no event called {code}. Events: {known}. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Events that belong together. `monthly` ones are counted by month for the whole program, never by session."""

    code: str
    name: str
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is counted and is no supply. `on` ones are on every tally page unless a program says no."""

    code: str
    name: str
    group: str
    on: bool = False

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"event code {self.code!r} is not lower-case words joined by hyphens")


@dataclass(frozen=True, slots=True)
class Events:
    """Every event a program knows, in the order it wants them shown."""

    groups: tuple[EventGroup, ...]
    events: tuple[Event, ...]
    _by_code: Mapping[str, Event] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes: dict[str, Event] = {}
        known = {group.code for group in self.groups}
        for event in self.events:
            if event.code in codes:
                raise ValueError(f"the code {event.code} is used twice; codes are never reused")
            if event.group not in known:
                raise ValueError(f"{event.code} names the group {event.group!r}, which is not there")
            codes[event.code] = event
        object.__setattr__(self, "_by_code", codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Event:
        """The event of that code; refuses with the list."""
        if code not in self._by_code:
            raise UnknownEvent(code=code, known=", ".join(self._by_code))
        return self._by_code[code]

    def of(self, group: str) -> tuple[Event, ...]:
        return tuple(each for each in self.events if each.group == group)

    @property
    def by_month(self) -> tuple[EventGroup, ...]:
        """Groups that are counted by month for the whole program, and only so."""
        return tuple(group for group in self.groups if group.monthly)

    @property
    def by_session(self) -> tuple[Event, ...]:
        """Those a tally sheet may hold."""
        monthly = {group.code for group in self.groups if group.monthly}
        return tuple(each for each in self.events if each.group not in monthly)
