"""The catalog of items and kits from `shipped/supplies.toml` and the home's own additions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from outreach.content.reading import Table, known_picture, read_table
from outreach.core.supplies import Catalog, Group, Item, ItemCode, Kit, Recipe
from outreach.home import Home
from outreach.shipped import SHIPPED


def read_catalog(home: Home) -> Catalog:
    """Shipped groups, items and kits, then the program's own from `supplies.toml` in its home."""
    groups: list[Group] = []
    items: list[Item] = []
    kits: list[Kit] = []
    files = [SHIPPED / "supplies.toml", home.path / "supplies.toml"]
    for file in files:
        if file == files[1] and not file.exists():
            continue
        top = read_table(file)
        top.only(("group", "item", "kit"))
        groups += [Group(each.get("code", str), each.get("name", str)) for each in top.tables("group")]
        items += [_item(each) for each in top.tables("item")]
        kits += [_kit(each) for each in top.tables("kit")]
    last = Table({}, Path(files[-1].name if files[-1].exists() else files[0].name), "")
    return last.build(lambda: Catalog(tuple(groups), tuple(items), tuple(kits)))


@cache
def read_board(file: Path = SHIPPED / "board.toml") -> Mapping[str, str]:
    """The few English words on the board to point at, by key."""
    return {key: Table(row, file, key).get("text", str) for key, row in read_table(file).row.items()}


def _item(table: Table) -> Item:
    table.only(("code", "name", "unit", "units", "group", "doses", "counts_as", "picture"))
    return table.build(
        lambda: Item(
            ItemCode(table.get("code", str)),
            table.get("name", str),
            table.get("unit", str),
            table.get("units", str),
            table.get("group", str),
            table.get("doses", int, 0),
            table.get("counts_as", str, ""),
            known_picture(table),
        )
    )


def _kit(table: Table) -> Kit:
    table.only(("code", "name", "group", "recipe", "picture"))
    return table.build(
        lambda: Kit(
            ItemCode(table.get("code", str)),
            table.get("name", str),
            table.get("group", str),
            tuple(Recipe(each.get("from", date), each.get("parts", dict)) for each in table.tables("recipe")),
            known_picture(table),
        )
    )
