"""What a chart's patterns and marks look like, the cross of no report among them, and the legend that names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outreach.core.drawing import Drawing, text_width, wrapped

Key = Callable[[Drawing, float, float, int], None]
"""Draws what stands for a kind in the legend: where it begins, its middle, the kind."""

COLORS = ("accent", "ink", "edge", "muted", "accent")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "1 4")


def legend(drawing: Drawing, names: Sequence[str], blank: str, key: Key) -> float:
    """What each pattern stands for, in as many lines as it takes; the height of it."""
    size, width, swatch = drawing.look.size, drawing.look.width, 30
    x, y = 0.0, 0.0
    entries = [*enumerate(names), *([(-1, blank)] if blank else [])]
    for kind, name in entries:
        said = wrapped(name, size, width - swatch)
        needs = swatch + max(text_width(line, size) for line in said)
        if x and x + needs > width:
            x, y = 0.0, y + size * 1.6
        middle = y + size * 0.8
        if kind < 0:
            no_report(drawing, x + 12, middle, 24)
        else:
            key(drawing, x, middle, kind)
        for n, line in enumerate(said):
            drawing.word(line, x + swatch, middle + size * (0.36 + 1.4 * n))
        x += needs + 20
        if len(said) > 1:
            x, y = 0.0, y + size * (1.6 + 1.4 * (len(said) - 1))
    return y + size * 1.9 if x else y


def bar_key(drawing: Drawing, x: float, middle: float, kind: int) -> None:
    drawing.box(x + 1, middle - 7, 22, 14, kind)


def line_key(drawing: Drawing, x: float, middle: float, kind: int) -> None:
    for end in (x, x + 24):  # from the dot outwards, so that both ends show the same dashes
        drawing.path([(x + 12, middle), (end, middle)], COLORS[kind], 2.5, DASHES[kind])
    dot(drawing, x + 12, middle, kind)


def dot(drawing: Drawing, x: float, y: float, kind: int) -> None:
    """A point of a line: square, diamond, triangle; every second one hollow."""
    shapes = (
        ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)),
        ((0, -5), (5, 4), (-5, 4)),
    )
    points = [(x + dx, y + dy) for dx, dy in shapes[kind % 3]]
    drawing.path(points, COLORS[kind], 2, fill=COLORS[kind] if kind % 2 == 0 else "card")


def lines_of(drawing: Drawing, text: str, y: float) -> float:
    size = drawing.look.size
    for line in wrapped(text, size, drawing.look.width):
        drawing.word(line, 0, y + size * 1.1, color="muted")
        y += size * 1.5
    return y


def no_report(drawing: Drawing, x: float, y: float, width: float) -> None:
    """The mark of what was not reported: a cross, as wide as there is room."""
    half = min(4.0, width * 0.35)
    drawing.path([(x - half, y - half), (x + half, y + half)], "muted", 1.6)
    drawing.path([(x - half, y + half), (x + half, y - half)], "muted", 1.6)


def zero(drawing: Drawing, x: float, y: float, width: float) -> None:
    """A ring for a bar of nothing, where the digit has no room."""
    half = min(3.0, width * 0.35)
    ring = [(1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7)]
    drawing.path([(x + half * dx, y + half * dy) for dx, dy in ring], "muted", 1.2, fill="card")
