"""How much of an item should be there, and how returned syringes are weighed: the program's own small files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.returns import Container, Scales, Weighing


def read_levels(file: Path) -> dict[str, int]:
    """The least that should be on hand, by item; none when the file is not there."""
    if not file.exists():
        return {}
    top = read_table(file)
    top.only(("levels",))
    levels = Table(top.get("levels", dict, {}), file, "levels")
    return {item: _level(levels, item) for item in levels.row}


def _level(table: Table, item: str) -> int:
    level = table.get(item, int)
    if level < 0:
        raise table.bad(item, "should be 0 or more.")
    return level


def read_scales(file: Path) -> Scales:
    """Both; neither when the file is not there. There is no default: every program has its own mix."""
    if not file.exists():
        return Scales()
    top = read_table(file)
    top.only(("weighing", "container"))
    weighing = None
    if "weighing" in top.row:
        weighing = _weighing(Table(top.get("weighing", dict), file, "weighing"))
    found = [_container(each) for each in top.tables("container")]
    return Scales(weighing, {each.name: each for each in found})


def _weighing(table: Table) -> Weighing:
    table.only(("tare", "with_hundred", "day"))
    weights: list[object] = table.get("with_hundred", list)
    grams = tuple(each for each in weights if type(each) is int)
    if len(grams) != len(weights):
        raise table.bad("with_hundred", "should hold whole grams.")
    return table.build(lambda: Weighing(table.get("tare", int), grams, table.get("day", date)))


def _container(table: Table) -> Container:
    table.only(("name", "fewest", "most"))
    return table.build(lambda: Container(table.get("name", str), table.get("fewest", int), table.get("most", int)))
