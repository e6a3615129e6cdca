"""How a laptop was set up, from `setup.toml` in its home."""

from __future__ import annotations

from pathlib import Path

from outreach.content.reading import read_table
from outreach.content.writing import Value
from outreach.core.setup import Setup


def read_setup(file: Path) -> Setup:
    """The laptop's choices; none while the file is not there."""
    if not file.exists():
        return Setup()
    top = read_table(file)
    top.only(("languages", "layout", "done"))
    return Setup(top.texts("languages", ()), top.get("layout", str, ""), top.get("done", bool, False))


def setup_row(chosen: Setup) -> dict[str, Value]:
    """The choices as they stand in the file; what says nothing is left out."""
    row: dict[str, Value] = {"languages": chosen.languages, "layout": chosen.layout}
    return row | ({"done": True} if chosen.done else {})
