"""Charts of plain numbers for those who would rather look: months as bars or lines, sites side by side.

What was not reported is a gap with a mark, which is not zero. Kinds are told apart by pattern, not by color alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from outreach.core.drawing import STYLES, Drawing, Look, text_width
from outreach.core.legends import COLORS, DASHES, Key, bar_key, dot, legend, line_key, lines_of, no_report, zero
from outreach.core.refusal import N_, Refusal


class TooManyKinds(Refusal):
    sentence = N_("A chart tells {most} things apart, not {given}. Choose fewer; the table holds them all.")


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing: a value for each label; None was not reported."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to draw. `title` is said to who cannot see it, `unit` what is counted, `blank` the words for no report.

    Of a label with a line break, the second line (a year) stands once below.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    blank: str = ""

    def __post_init__(self) -> None:
        if len(self.series) > len(STYLES):
            raise TooManyKinds(most=len(STYLES), given=len(self.series))
        for each in self.series:
            if len(each.values) != len(self.labels):
                raise ValueError(f"{each.name}: {len(each.values)} values for {len(self.labels)} labels")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the numbers of an upright chart lie: px of a value, and the middle and width of each label's place."""

    left: float
    slot: float
    zero: float
    scale: float

    def y(self, value: float) -> float:
        return self.zero - value * self.scale

    def middle(self, index: int) -> float:
        return self.left + (index + 0.5) * self.slot


def bars(chart: Chart, look: Look, stacked: bool = False) -> str:
    """Upright bars by month, the kinds beside one another or on top."""
    drawing = Drawing(look)
    known = [[value for value in column if value is not None] for column in _columns(chart)]
    if stacked:
        ends = [total for column in known for total in (_sum(column, 1), _sum(column, -1))]
    else:
        ends = [value for column in known for value in column]
    frame = _frame(drawing, chart, ends, bar_key)
    room = frame.slot * (0.72 if frame.slot > 6 else 0.9)
    width = room if stacked else room / max(1, len(chart.series))
    tops: list[tuple[float, float, str]] = []
    for at, column in enumerate(_columns(chart)):
        heights = {1: 0, -1: 0}
        for kind, value in enumerate(column):
            left = frame.middle(at) - room / 2 + (0 if stacked else kind * width)
            if value is None:
                if not stacked or all(each is None for each in column):
                    no_report(drawing, left + width / 2, frame.zero - 9, width)
                continue
            sign = -1 if value < 0 else 1
            start = heights[sign] if stacked else 0
            heights[sign] = start + value
            top, bottom = sorted((frame.y(start), frame.y(start + value)))
            wide = width - (0 if stacked else min(2, width * 0.1))
            drawing.box(left, top, wide, bottom - top, kind, _of(kind))
            if not stacked:
                tops.append((left + width / 2, top, drawing.number(value)))
        if stacked and None in column and known[at]:
            no_report(drawing, frame.middle(at), frame.y(heights[1]) - 9, room)  # what stands here is not all
        elif stacked and known[at]:
            tops.append((frame.middle(at), frame.y(heights[1]), drawing.number(sum(known[at]))))
    _base(drawing, frame)
    free = frame.slot if stacked or len(chart.series) == 1 else width
    if all(text_width(said, look.size) + 4 <= free for _, _, said in tops):
        for x, y, said in tops:
            drawing.word(said, x, y - 5, "middle")
    else:
        for x, y, said in tops:
            if said == drawing.number(0):
                zero(drawing, x, y - 6, width)
    return drawing.svg(chart.title)


def lines(chart: Chart, look: Look) -> str:
    """A line for each kind over the months, broken where nothing was reported, each with dots and dashes of its own."""
    drawing = Drawing(look)
    frame = _frame(
        drawing, chart, [value for each in chart.series for value in each.values if value is not None], line_key
    )
    _base(drawing, frame)
    for kind, series in enumerate(chart.series):
        piece: list[tuple[float, float]] = []
        for at, value in enumerate((*series.values, None)):
            if value is not None:
                piece.append((frame.middle(at), frame.y(value)))
                continue
            if len(piece) > 1:
                drawing.path(piece, COLORS[kind], 2.5, DASHES[kind])
            for x, y in piece if frame.slot > 9 or len(piece) == 1 else ():
                dot(drawing, x, y, kind)
            piece = []
    for at, column in enumerate(_columns(chart)):
        if None in column:
            no_report(drawing, frame.middle(at), frame.zero - 9, frame.slot)
    return drawing.svg(chart.title)


def across(chart: Chart, look: Look) -> str:
    """Lying bars, one for each label (a site), each with its number; labels stand above where they are long."""
    drawing = Drawing(look)
    size = look.size
    y = _head(drawing, chart, bar_key)
    y += size * 0.5 if y else 0
    longest = max((text_width(label, size) for label in chart.labels), default=0)
    beside = longest <= look.width * 0.32
    left = longest + 12 if beside else 0.0
    known = [value for each in chart.series for value in each.values if value is not None]
    least, most = min([0, *known]), max([0, *known])
    number = max((text_width(drawing.number(value), size) for value in (least, most)), default=0) + 8
    before = number if least < 0 else 0
    scale = (look.width - left - number - before) / max(most - least, 1)
    zero = left + before - least * scale
    thick = max(16, size + 4)
    for at, (label, column) in enumerate(zip(chart.labels, _columns(chart), strict=True)):
        y += 10 if at else 4
        if not beside:
            y = lines_of(drawing, label, y)
        top = y
        for kind, value in enumerate(column):
            middle = y + thick / 2 + size * 0.36
            if value is None:
                no_report(drawing, zero + 10, y + thick / 2, 16)
            else:
                start, end = sorted((zero, zero + value * scale))
                drawing.box(start, y, end - start, thick, kind, _of(kind))
                at_end = (end + 6, "start") if value >= 0 else (start - 6, "end")
                drawing.word(drawing.number(value), at_end[0], middle, at_end[1])
            y += thick + 2
        if beside:
            drawing.word(label, left - 12, (top + y - 2) / 2 + size * 0.36, "end")
        drawing.path([(zero, top - 2), (zero, y)], "edge")
    drawing.height = y + 4
    return drawing.svg(chart.title)


def _columns(chart: Chart) -> list[tuple[int | None, ...]]:
    return [tuple(each.values[at] for each in chart.series) for at in range(len(chart.labels))]


def _sum(values: Sequence[int], sign: int) -> int:
    return sum(value for value in values if value * sign > 0)


def _head(drawing: Drawing, chart: Chart, key: Key) -> float:
    """The legend, where there is something to tell apart or a blank, and the unit; how far down they reach."""
    missing = any(value is None for each in chart.series for value in each.values)
    names = [each.name for each in chart.series] if len(chart.series) > 1 else []
    y = legend(drawing, names, chart.blank if missing else "", key)
    return lines_of(drawing, chart.unit, y) if chart.unit else y


def ticks(least: int, most: int) -> list[int]:
    """At most seven round numbers, by steps of 1, 2 or 5 and zeros, around both ends and zero."""
    least, most = min(least, 0), max(most, 0)
    steps = (first * 10**zeros for zeros in count() for first in (1, 2, 5))
    step = next(step for step in steps if most - least <= step * 5)
    low, high = least // step * step, -(-most // step) * step
    return list(range(low, max(high, low + step) + 1, step))


def _frame(drawing: Drawing, chart: Chart, ends: list[int], key: Key) -> _Frame:
    """Legend, unit, grid and labels of an upright chart."""
    look, size = drawing.look, drawing.look.size
    y = _head(drawing, chart, key)
    top = y + size * 1.6
    marks = ticks(min(ends, default=0), max(ends, default=0))
    left = max(text_width(drawing.number(mark), size) for mark in marks) + 8
    tall = 220 if look.width >= 500 else 170
    scale = tall / (marks[-1] - marks[0])
    zero = top + marks[-1] * scale
    frame = _Frame(left, (look.width - left) / max(len(chart.labels), 1), zero, scale)
    for mark in marks:
        drawing.path([(left, frame.y(mark)), (look.width, frame.y(mark))], "line")
        drawing.word(drawing.number(mark), left - 8, frame.y(mark) + size * 0.36, "end", "muted")
    drawing.height = _labels(drawing, chart, frame, top + tall) + 4
    return frame


def _labels(drawing: Drawing, chart: Chart, frame: _Frame, y: float) -> float:
    """The labels under their places: every one, or every second, third ..., so that none touches the next."""
    size = drawing.look.size
    upper = [label.partition("\n")[0] for label in chart.labels]
    widest = max((text_width(label, size) for label in upper), default=0) + 8
    every = next((n for n in (1, 2, 3, 4, 6, 12, 24) if n * frame.slot >= widest), max(len(upper), 1))
    free = 0.0
    start = next((at for at, label in enumerate(chart.labels) if "\n" in label), 0) % every
    for at in range(start, len(upper), every):  # so that a year never stands under a place without its month
        half = text_width(upper[at], size) / 2
        x = min(max(frame.middle(at), half), drawing.look.width - half)
        if x - half >= free:
            drawing.word(upper[at], x, y + size * 1.5, "middle", "muted")  # clear of the axis' lowest number
            free = x + half + 4
    y += size * 1.8
    free = 0.0
    for at, label in enumerate(chart.labels):
        below = label.partition("\n")[2]
        if below and frame.middle(at) - text_width(below, size) / 2 >= free:
            half = text_width(below, size) / 2
            x = min(max(frame.middle(at), half), drawing.look.width - half)
            drawing.word(below, x, y + size, "middle", "muted", bold=True)
            free = x + half + 8
    return y + (size * 1.3 if free else 0)


def _of(kind: int) -> str:
    """Marks a box as a value, so that what is drawn can be added up again."""
    return f' data-series="{kind}"'


def _base(drawing: Drawing, frame: _Frame) -> None:
    drawing.path([(frame.left, frame.zero), (drawing.look.width, frame.zero)], "edge", 1.5)
