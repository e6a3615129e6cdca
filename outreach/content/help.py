"""What each staff page says of itself, from `shipped/help.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from outreach.content.reading import read_table
from outreach.shipped import SHIPPED


@cache
def read_help(file: Path = SHIPPED / "help.toml") -> Mapping[str, str]:
    """The English of each page's help, by the page's address under /staff/<tag>/."""
    return {page: row.get("help", str) for page, row in read_table(file).rows().items()}
