"""Help where a worker is: a few sentences on the page they look at."""

from __future__ import annotations

from outreach.content.help import read_help


def help_on(page: str) -> str:
    """The English help of a staff page by its address under /staff/<tag>/, such as "tally/<sheet>"; or nothing."""
    return read_help().get(page, "")
