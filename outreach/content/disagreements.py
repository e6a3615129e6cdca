"""Where the sources of the facts do not agree, and the reading taken here (`shipped/disagreements.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.shipped import DISAGREEMENTS


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`default` is the more cautious reading, taken until a clinician says otherwise; `facts` are those it is about."""

    id: str
    question: str
    sources: str
    default: str
    facts: tuple[str, ...]


@cache
def read_disagreements(file: Path = DISAGREEMENTS) -> tuple[Disagreement, ...]:
    """Every one, in the file's order."""
    found = []
    for key, row in read_table(file).row.items():
        table = Table(row, file, key)
        table.only(("question", "sources", "default", "facts"))
        texts = (table.get(name, str) for name in ("question", "sources", "default"))
        found.append(Disagreement(key, *texts, table.texts("facts")))
    return tuple(found)
