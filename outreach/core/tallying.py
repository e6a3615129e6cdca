"""What a program counts: which things it carries and counts, in which order, and which events beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

from outreach.core.events import Event
from outreach.core.supplies import Catalog, Group, Item, Kit

T = TypeVar("T", bound=Group | Item | Kit)
FIRST_GROUP = "kits"
"""Kits stand first until a program says otherwise: they are what most hands reach for."""


class Standing(Enum):
    """What a program does with a thing. Only what is counted is offered to count; reports hold all of them."""

    COUNTED = "counted"
    NOT_COUNTED = "not-counted"
    NOT_CARRIED = "not-carried"


@dataclass(frozen=True, slots=True)
class Tallying:
    """A program's choices. A code that is not named stands where the catalog has it, and is counted.

    `groups` and `things` are codes in the order wanted. `standing` holds what is not counted, `events`
    where an event is switched otherwise than it ships, `monthly` the groups of events that are counted once
    a month. Codes that no catalog knows (any more) do nothing.
    """

    groups: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
    events: Mapping[str, bool] = field(default_factory=dict)
    monthly: tuple[str, ...] = ()

    def stands(self, code: str) -> Standing:
        return self.standing.get(code, Standing.COUNTED)

    def counts(self, event: Event) -> bool:
        return self.events.get(event.code, event.on)

    def in_order(self, catalog: Catalog) -> list[tuple[Group, list[Item | Kit]]]:
        """Every group that holds something, with everything in it, in the order chosen."""
        things = _ordered(list(catalog.handed_out()), self.things)
        found = _ordered(list(catalog.groups), self.groups or (FIRST_GROUP,))
        rows = [(group, [each for each in things if each.group == group.code]) for group in found]
        return [(group, held) for group, held in rows if held]

    def moved_up(self, catalog: Catalog, group: str = "", thing: str = "") -> Tallying:
        """With a group, or a thing within its group, one place further up; what is first already stays."""
        rows = self.in_order(catalog)
        groups = _up([each.code for each, _ in rows], group)
        things = [code for _, held in rows for code in _up([each.code for each in held], thing)]
        return replace(self, groups=tuple(groups), things=tuple(things))


def _ordered(all_of_them: list[T], wanted: Iterable[str]) -> list[T]:
    """Those named first, in the order named; the rest after them, as they stood."""
    place = {code: i for i, code in enumerate(wanted)}
    return sorted(all_of_them, key=lambda each: place.get(each.code, len(place)))


def _up(codes: list[str], code: str) -> list[str]:
    if code in codes[1:]:
        at = codes.index(code)
        codes[at - 1 : at + 1] = code, codes[at - 1]
    return codes
