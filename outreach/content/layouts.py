"""Label stock and paper from `printables/layouts.toml` and from the home's own file of the same shape."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.content.writing import Value
from outreach.core.layouts import Layout, UnknownLayout, length, length_text
from outreach.home import Home
from outreach.shipped import PRINTABLES


def read_layouts(home: Home) -> dict[str, Layout]:
    """Every layout by id, shipped first."""
    return shipped_layouts() | read_own_layouts(home.layouts)


@cache
def shipped_layouts() -> dict[str, Layout]:
    file = PRINTABLES / "layouts.toml"
    return {key: _layout(key, table, own=False) for key, table in read_table(file).rows().items()}


def read_own_layouts(file: Path) -> dict[str, Layout]:
    """The home's own rows; none when the file is not there."""
    found: dict[str, Layout] = {}
    for key, table in read_table(file).rows().items() if file.exists() else ():
        if key in shipped_layouts():
            raise table.bad("", "there is already a layout of that name.")
        found[key] = _layout(key, table, own=True)
    return found


def _layout(key: str, table: Table, own: bool) -> Layout:
    table.only(("name", "paper", "columns", "rows", "label", "origin", "pitch", "die_cut", "equivalents", "lopsided"))

    def make() -> Layout:
        label, origin, pitch = (
            tuple(length(text) for text in table.texts(each)) for each in ("label", "origin", "pitch")
        )
        if not len(label) == len(origin) == len(pitch) == 2:
            raise ValueError("label, origin and pitch each need two lengths")
        return Layout(
            id=key,
            name=table.get("name", str),
            paper=table.get("paper", str),
            columns=table.get("columns", int),
            rows=table.get("rows", int),
            label=(label[0], label[1]),
            origin=(origin[0], origin[1]),
            pitch=(pitch[0], pitch[1]),
            die_cut=table.get("die_cut", bool, True),
            equivalents=table.texts("equivalents", ()),
            lopsided=table.get("lopsided", str, ""),
            own=own,
        )

    return table.build(make)


def layout_row(layout: Layout) -> dict[str, Value]:
    """A layout as it stands in the file; its lengths read back exactly."""
    lengths = {key: tuple(map(length_text, getattr(layout, key))) for key in ("label", "origin", "pitch")}
    whole = {"name": layout.name, "paper": layout.paper, "columns": layout.columns, "rows": layout.rows}
    return {
        **whole,
        **lengths,
        "die_cut": layout.die_cut,
        "equivalents": layout.equivalents,
        "lopsided": layout.lopsided,
    }


def find_layout(layouts: dict[str, Layout], layout: str) -> Layout:
    """The layout of that id or of an equivalent stock number; refuses with the list."""
    if layout in layouts:
        return layouts[layout]
    wanted = layout.lower().removeprefix("avery-").removeprefix("avery ")
    for each in layouts.values():
        if wanted in (each.id.lower().removeprefix("avery-"), *(same.lower() for same in each.equivalents)):
            return each
    raise UnknownLayout(layout=layout, known=", ".join(layouts))
