"""One line of a benchmark: what outreach took, what its peer or floor took, turn by turn, and how they compare."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds of each round; the two of one number were taken one right after the other."""

    name: str
    what: str
    beside: str
    ours: Sequence[float]
    theirs: Sequence[float]

    def times(self) -> tuple[float, float, float]:
        """How many times as long as the other: the least, the middle and the most of the rounds."""
        each = sorted(ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True))
        return each[0], statistics.median(each), each[-1]


def parts(taken: Sequence[float], many: int) -> list[float]:
    """Many short turns as a few long ones: the middle of each run of neighbors."""
    size = len(taken) // many
    return [statistics.median(taken[n * size : (n + 1) * size]) for n in range(many)]


def seconds(taken: Sequence[float]) -> str:
    middle = statistics.median(taken)
    return f"{middle:.2f} s" if middle >= 0.1 else f"{middle * 1000:.1f} ms"


def table(rows: Sequence[Row]) -> str:
    """Markdown, and plain enough for a terminal."""
    lines = ["| | outreach | | beside it | times: least, middle, most |", "|---|---|---|---|---|"]
    for row in rows:
        least, middle, most = (f"{each:.2f}" if each < 10 else f"{each:.0f}" for each in row.times())
        cells = (row.name, row.what, seconds(row.ours), f"{row.beside}: {seconds(row.theirs)}")
        lines.append(f"| {' | '.join(cells)} | {least}, **{middle}**, {most} |")
    return "\n".join(lines)
