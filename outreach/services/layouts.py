"""Label stock of the program's own: typed as six numbers, looked at as a drawing, kept as a row in the home."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from outreach.content.layouts import find_layout, layout_row, read_own_layouts
from outreach.content.writing import toml_table
from outreach.core.layouts import Layout, UnknownLayout, even_pitch, length, paper_size
from outreach.core.refusal import N_, Refusal
from outreach.services.files import plain_name, read_if_changed, write_own
from outreach.services.program import Program

NAME_MAX = 60
_writing = Lock()

Pair = tuple[str, str]


class NoLayoutName(Refusal):
    sentence = N_("Give the stock a name of at most {most} letters, such as the one on its box. Nothing was saved.")


class LayoutTaken(Refusal):
    sentence = N_('"{name}" is already in the list, as {layout}. Nothing was saved.')


class LayoutStays(Refusal):
    sentence = N_("{layout} came with outreach and stays in the list. Nothing was changed.")


def own_layouts(program: Program) -> dict[str, Layout]:
    """The program's own rows; refused when their file cannot be read."""
    return read_if_changed(program.home.layouts, read_own_layouts)


def layout_called(program: Program, name: str) -> Layout:
    """The layout of that id or stock number; refuses with the list, or with what to mend in the program's own file."""
    try:
        return find_layout(program.layouts, name)
    except UnknownLayout:
        own_layouts(program)
        raise


def measured(
    program: Program,
    name: str,
    paper: str,
    columns: int,
    rows: int,
    label: Pair,
    origin: Pair,
    pitch: Pair = ("", ""),
    die_cut: bool = True,
) -> Layout:
    """A layout from six numbers, checked against the paper and not yet kept.

    Lengths are typed as "3.5in" or "54mm": a label's width and height, the first label's left and top edge, and the
    steps across and down. A step left empty is the one that makes the margins equal.
    """
    name = " ".join(name.split())
    key = plain_name(name)[:40]
    if not key or len(name) > NAME_MAX or not name.isprintable():
        raise NoLayoutName(most=NAME_MAX)
    for each in (key, name):
        try:
            raise LayoutTaken(name=name, layout=find_layout(program.layouts, each).id)
        except UnknownLayout:
            continue
    size, (width, height), (left, top) = paper_size(paper), map(length, label), map(length, origin)
    across, down = (
        length(typed) if typed else even_pitch(size[axis], count, (width, height)[axis], (left, top)[axis])
        for axis, (typed, count) in enumerate(zip(pitch, (columns, rows), strict=True))
    )
    return Layout(
        id=key,
        name=name,
        paper=paper,
        columns=columns,
        rows=rows,
        label=(width, height),
        origin=(left, top),
        pitch=(across, down),
        die_cut=die_cut,
        own=True,
    )


def save(program: Program, layout: Layout) -> None:
    """Keep a layout in the home."""
    _change(program, lambda own: own | {layout.id: layout})


def put_back(program: Program, layout: Layout) -> None:
    """Have a layout again that was taken out. Raises LayoutTaken when another has its name by now."""

    def with_it(own: dict[str, Layout]) -> dict[str, Layout]:
        if own.get(layout.id, layout) != layout:
            raise LayoutTaken(name=layout.name, layout=layout.id)
        return own | {layout.id: layout}

    _change(program, with_it)


def remove(program: Program, layout: str) -> Layout:
    """Take a layout of the program's own out of the list."""
    found = layout_called(program, layout)
    if not found.own:
        raise LayoutStays(layout=found.id)
    _change(program, lambda own: {key: each for key, each in own.items() if key != found.id})
    return found


def _change(program: Program, change: Callable[[dict[str, Layout]], dict[str, Layout]]) -> None:
    """Read, change and write the home's file, one change at a time."""
    with _writing:
        rows = change(own_layouts(program))
        tables = [toml_table(f"[{key}]", layout_row(each)) for key, each in rows.items()]
        write_own(program.home, program.home.layouts, "Label stock of this program.", tables)
