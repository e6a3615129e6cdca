"""What a program counts: its choices in the home, and what its pages and papers offer to count because of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from outreach.content.tallying import read_tallying, tallying_row
from outreach.content.writing import toml_table
from outreach.core.events import Event
from outreach.core.refusal import N_, OutOfStep, Refusal
from outreach.core.sheets import Movement
from outreach.core.supplies import Item, ItemCode, Kit
from outreach.core.tally import event_counter, item_counter
from outreach.core.tallying import Standing, Tallying
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program

_writing = Lock()
WORKED_OUT = "returns"
"""The group of events that are worked out from a weight or from containers, on a page of their own."""


class ChosenMeanwhile(OutOfStep):
    sentence = N_("Someone else changed what you count meanwhile. This page shows it now. Nothing of yours was saved.")


class UnknownStanding(Refusal):
    sentence = N_("A thing is counted, not counted or not carried, not {given}. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Tile:
    """Something to count: its counter on an open sheet, and the one for what comes back of it, if any."""

    code: str
    name: str
    units: str
    counter: str
    back: str = ""

    @property
    def counters(self) -> tuple[str, ...]:
        return (self.counter, self.back) if self.back else (self.counter,)


@dataclass(frozen=True, slots=True)
class TileGroup:
    code: str
    name: str
    things: tuple[Tile, ...]


def choices(program: Program) -> Tallying:
    """The program's choices; refused when their file cannot be read."""
    return read_if_changed(program.home.tallying, read_tallying)


def chosen_or_all(program: Program) -> Tallying:
    """As `choices`. Counting goes on while the file is damaged: everything is then offered, as it ships."""
    try:
        return choices(program)
    except Refusal:
        return Tallying()


def edition(program: Program) -> str:
    """A few digits that change whenever the choices do, so that a page knows what it was made from."""
    try:
        return hashlib.sha256(program.home.tallying.read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def groups(program: Program, also: Mapping[str, int] | None = None) -> tuple[TileGroup, ...]:
    """What is offered to count, group by group, and whatever `also` (the counters of a sheet) holds already."""
    chosen, there = chosen_or_all(program), also or {}

    def offered(thing: Item | Kit) -> bool:
        counters = item_counter(thing.code), item_counter(thing.code, Movement.RETURNED)
        return chosen.stands(thing.code) is Standing.COUNTED or any(each in there for each in counters)

    rows = (
        TileGroup(group.code, group.name, tuple(_tile(each, there) for each in things if offered(each)))
        for group, things in chosen.in_order(program.catalog)
    )
    return tuple(row for row in rows if row.things)


def small_kits(program: Program, day: date) -> dict[str, Mapping[ItemCode, int]]:
    """What each kit of one or two things holds on a day, by its code: few enough words for a tile."""
    recipes = {kit.code: kit.recipe_on(day).parts for kit in program.catalog.kits}
    return {code: parts for code, parts in recipes.items() if len(parts) <= 2}


def event_groups(program: Program, also: Mapping[str, int] | None = None) -> tuple[TileGroup, ...]:
    """As `groups`, the events of a session."""
    chosen, there = chosen_or_all(program), also or {}
    rows = (
        TileGroup(
            code,
            name,
            tuple(
                Tile(each.code, each.name, "", event_counter(each.code))
                for each in events
                if chosen.counts(each) or event_counter(each.code) in there
            ),
        )
        for code, name, events in all_events(program)
    )
    return tuple(row for row in rows if row.things)


def all_events(program: Program) -> list[tuple[str, str, list[Event]]]:
    """Every event that a session may count by hand, as (group, its name, events)."""
    known = program.events
    rows = [
        (group.code, group.name, [each for each in known.by_session if each.group == group.code])
        for group in known.groups
        if group.code != WORKED_OUT
    ]
    return [row for row in rows if row[2]]


def monthly_groups(program: Program, also: Mapping[str, int] | None = None) -> tuple[TileGroup, ...]:
    """What is counted once a month for the whole program: groups that are on, and those that `also` holds some of."""
    chosen, there, known = chosen_or_all(program), also or {}, program.events
    rows = (
        TileGroup(
            group.code,
            group.name,
            tuple(Tile(each.code, each.name, "", event_counter(each.code)) for each in known.of(group.code)),
        )
        for group in known.by_month
    )
    return tuple(
        row
        for row in rows
        if row.things and (row.code in chosen.monthly or any(each.counter in there for each in row.things))
    )


def _tile(thing: Item | Kit, there: Mapping[str, int]) -> Tile:
    # What is sharp comes back and is counted, a syringe or a needle; anything else only where it was counted already.
    back = item_counter(thing.code, Movement.RETURNED)
    comes_back = (isinstance(thing, Item) and thing.counts_as) or back in there
    return Tile(thing.code, thing.name, thing.units, item_counter(thing.code), back if comes_back else "")


def choose(
    program: Program,
    seen: str,
    standing: Mapping[str, str],
    events: set[str],
    monthly: set[str],
    up: str = "",
) -> Tallying:
    """Save what the page `seen` (its edition) says of every thing, the events it counts, and what it moves up.

    `monthly` are the groups that are counted once a month. `up` is "group:CODE" or "thing:CODE". Refused when the
    file cannot be read: it is then not written over.
    """
    with _writing:
        if seen != edition(program):
            raise ChosenMeanwhile()
        now = choices(program)
        session = [each for _, _, held in all_events(program) for each in held]
        changed = replace(
            now,
            standing={
                **now.standing,
                # Only codes that are there: the file is public, and no place for words that a form was made to send.
                **{code: _standing(word) for code, word in standing.items() if code in program.catalog},
            },
            # Only what differs from how it ships, so that a later version may bring an event of its own.
            events={each.code: each.code in events for each in session if (each.code in events) != each.on},
            monthly=tuple(group.code for group in program.events.by_month if group.code in monthly),
        )
        if up:
            kind, _, code = up.partition(":")
            changed = changed.moved_up(program.catalog, **{"group" if kind == "group" else "thing": code})
        row = tallying_row(changed)
        write_own(program.home, program.home.tallying, "What the program counts.", [toml_table("", row)])
        return changed


def _standing(word: str) -> Standing:
    try:
        return Standing(word)
    except ValueError:
        raise UnknownStanding(given=word) from None
