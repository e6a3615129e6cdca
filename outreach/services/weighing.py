"""Returned syringes that nobody counts one by one: the program's own weighing, its containers, and what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from threading import Lock
from typing import Any

from outreach.content.stocking import read_scales
from outreach.content.writing import toml_table
from outreach.core.particulars import WEIGHED
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.returns import WEIGHED as WEIGHED_EVENT
from outreach.core.returns import Container, Estimate, Scales, Weighing, parse_grams
from outreach.core.tally import ask_about_day, parse_quantity
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program

_writing = Lock()
NAME_MAX = 40


class NotWeighedYet(NotThere):
    sentence = N_("There is no weighing of your own yet. Weigh your containers first. Nothing was counted.")


class NoSuchContainer(NotThere):
    sentence = N_("There is no container called {name} any more. Load the page again. Nothing was counted.")


class EnteredAgain(Refusal):
    sentence = N_("A container called {name} was entered again meanwhile, and that is kept. Nothing was changed.")


class NeedsAName(Refusal):
    sentence = N_("A container needs a name, such as its size. Nothing was saved.")


def scales(program: Program) -> Scales:
    """The program's weighing and containers; refused when their file cannot be read."""
    return read_if_changed(program.home.weighing, read_scales)


def scales_or_none(program: Program) -> Scales:
    """As `scales`, and neither while their file is damaged: counting goes on without."""
    try:
        return scales(program)
    except Refusal:
        return Scales()


def set_weighing(program: Program, tare: str, hundreds: tuple[str, ...], day: date, today: date) -> Weighing:
    """Keep what a container weighs in grams: empty, and three times with 100 of the program's own mix.

    Refuses a day that was hardly meant: these weights count from then on.
    """
    ask_about_day(day, today)
    weighing = Weighing(parse_grams(tare), tuple(parse_grams(each) for each in hundreds), day)
    with _writing:
        _write(program, Scales(weighing, scales(program).by_name))
    return weighing


def set_container(program: Program, name: str, fewest: str, most: str) -> Container:
    """Keep a size of container with the fewest and most syringes that a full one holds."""
    name = " ".join(name.split())[:NAME_MAX]
    if not name:
        raise NeedsAName()
    container = Container(name, parse_quantity(fewest), parse_quantity(most))
    with _writing:
        known = scales(program)
        _write(program, Scales(known.weighing, {**known.by_name, name: container}))
    return container


def remove_container(program: Program, name: str) -> Container:
    """Take a container out of the list; what it was. Raises NoSuchContainer."""
    with _writing:
        known = scales(program)
        if name not in known.by_name:
            raise NoSuchContainer(name=name)
        _write(program, Scales(known.weighing, {key: each for key, each in known.by_name.items() if key != name}))
    return known.by_name[name]


def put_back(program: Program, container: Container) -> None:
    """Have a container again that was taken out. Raises EnteredAgain."""
    with _writing:
        known = scales(program)
        if known.by_name.get(container.name, container) != container:
            raise EnteredAgain(name=container.name)
        _write(program, Scales(known.weighing, {**known.by_name, container.name: container}))


def by_weight(program: Program, grams: str) -> Estimate:
    """How many syringes a closed container of so many grams holds."""
    weighing = scales(program).weighing
    if weighing is None:
        raise NotWeighedYet()
    return weighing.estimate(parse_grams(grams))


def by_container(program: Program, name: str, full: str) -> Estimate:
    """How many syringes so many full containers of that name hold."""
    known = scales(program).by_name
    if name not in known:
        raise NoSuchContainer(name=name)
    return known[name].estimate(parse_quantity(full))


def how_weighed(program: Program, events: Mapping[str, int]) -> dict[str, Any]:
    """What a sheet with these events keeps of the weighing it rests on; nothing when nothing was weighed."""
    if not events.get(WEIGHED_EVENT):
        return {}
    weighing = scales_or_none(program).weighing
    return {WEIGHED: weighing.said()} if weighing else {}


def _write(program: Program, scales: Scales) -> None:
    tables = []
    if scales.weighing:
        grams: Any = scales.weighing.with_hundred
        row = {"tare": scales.weighing.tare, "with_hundred": grams, "day": scales.weighing.day}
        tables.append(toml_table("[weighing]", row))
    for each in scales.by_name.values():
        tables.append(toml_table("[[container]]", {"name": each.name, "fewest": each.fewest, "most": each.most}))
    write_own(program.home, program.home.weighing, "What our containers of returned syringes weigh and hold.", tables)
