"""Whether a laid-out card keeps every word and picture in its place, and the largest text for which it does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar
from unicodedata import category

from outreach.core.layouts import Layout
from outreach.printing.filling import PX_PER_MM

PT_PER_PX = 0.75
SLACK = 0.05 * PX_PER_MM  # rounding in the layout, not room
COMFORTABLE, LARGEST, STEP = 9.0, 72.0, 0.25
"""Points: large enough on a card, unless its template asks for more with `data-comfortable`; the most that one may ask
for; and from one size tried to the next."""
SIZES = 32  # tried at most: where the range is wide, so are the steps
SMALL = 1.0  # points above the smallest size, below which words are worth more room
BESIDE = 0.72  # of the size of the words: what stands beside them, such as the English of a draft

Laid = TypeVar("Laid")


@dataclass(frozen=True, slots=True)
class Misfit:
    """The words (or "a picture") that have no room. False, so that `found or misfit` reads as it sounds."""

    words: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in CSS pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Area) -> bool:
        return (
            other.left >= self.left - SLACK
            and other.top >= self.top - SLACK
            and other.right <= self.right + SLACK
            and other.bottom <= self.bottom + SLACK
        )

    def touches(self, other: Area) -> bool:
        return (
            other.left < self.right - SLACK
            and other.right > self.left + SLACK
            and other.top < self.bottom - SLACK
            and other.bottom > self.top + SLACK
        )

    def grown(self, by: float) -> Area:
        return Area(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on one line, or a picture, with the frames it has to stay in."""

    area: Area
    words: str
    frames: tuple[Area, ...]
    size: float | None  # points; None for a picture
    quiet: float = 0  # pixels of white that a code needs around it

    def crossed(self, other: Piece) -> Area | None:
        """The frame that both are in, when the frames in which they part ways lie over one another."""
        around = self.frames[0]
        for mine, its in zip(self.frames, other.frames, strict=False):
            if mine != its:
                return around if mine.touches(its) else None
            around = mine
        return None


def pieces(page_box: Any, safe: float) -> Iterator[Piece]:
    """Every piece of a page. An element with `data-frame` is a frame; one with `data-quiet` is a code."""
    whole = Area(safe, safe, page_box.margin_width() - safe, page_box.margin_height() - safe)
    yield from _pieces(page_box, (whole,), None, "")


def _pieces(box: Any, frames: tuple[Area, ...], line: Any, words: str) -> Iterator[Piece]:
    kind = type(getattr(box, "_box", box)).__name__  # a placeholder stands for what is positioned absolutely
    element = getattr(box, "element", None)
    framed = element is not None and element.get("data-frame") is not None
    if framed and kind not in ("LineBox", "TextBox"):
        frame = _area(box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
        if frame not in frames:
            frames, words = (*frames, frame), " ".join("".join(element.itertext()).split())
    if kind == "LineBox":
        line = box
    if kind == "TextBox" and box.text.strip():
        # A line's height is what the words claim; the font's own height is larger and mostly empty.
        area = _area(box.position_x, line.position_y, box.width, line.height)
        yield Piece(area, words or box.text, frames, box.style["font_size"] * PT_PER_PX)
    elif kind.endswith("ReplacedBox"):
        area = _area(box.content_box_x(), box.content_box_y(), box.width, box.height)
        quiet = element.get("data-quiet") if element is not None else None
        yield Piece(area, words or "a picture", frames, None, float(quiet or 0))
    for child in getattr(box, "children", ()):
        yield from _pieces(child, frames, line, words)


def _area(x: float, y: float, width: float, height: float) -> Area:
    return Area(x, y, x + width, y + height)


def misfit(pages: Sequence[Any], safe_mm: float, floor: float) -> Misfit | None:
    """What has no room on a card: it leaves a frame or the safe edge, is too small, or lies over something else."""
    found = list(pieces(pages[0], safe_mm * PX_PER_MM))

    def blame(frame: Area, *suspects: Piece) -> Misfit:
        # Pieces that share a frame push one another out of it: the longest is the one to shorten.
        shared = [piece for piece in found if frame in piece.frames[1:]]
        return Misfit(max((piece.words for piece in shared or suspects), key=len))

    for piece in found:
        for frame in reversed(piece.frames):
            if not frame.holds(piece.area):
                return blame(frame, piece)
        if piece.size is not None and piece.size < floor - 0.01:
            return Misfit(piece.words)
    for first, second in combinations(found, 2):
        around = first.crossed(second)
        if around or first.area.grown(first.quiet).touches(second.area.grown(second.quiet)):
            return blame(around or first.frames[0], first, second)
    if len(pages) > 1:
        return Misfit(next((piece.words for piece in pieces(pages[1], 0)), "an empty second page"))
    return None


_NOT_DRAWN = ("style", "script", "template")


def lost(pages: Sequence[Any], html: Any) -> Misfit | None:
    """The words that were not laid out at all: the end of a box that reaches past the page is left out in silence."""
    laid: dict[Any, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for box in page.descendants(placeholders=True):
            if type(getattr(box, "_box", box)).__name__ == "TextBox":
                laid[box.element].update(_letters(box.text))
    for element in html.find("body").iter():
        if element.tag in _NOT_DRAWN or not isinstance(element.tag, str):
            continue
        wanted = Counter(_letters("".join([element.text or "", *(child.tail or "" for child in element)])))
        if wanted - laid[element]:
            return Misfit(" ".join("".join(element.itertext()).split()))
    return None


def _letters(text: str) -> str:
    """What is drawn of a text: no spaces, and none of the characters that only say where a line may end."""
    return "".join(c for c in text.casefold() if not c.isspace() and category(c) != "Cf")


def is_turned(layout: Layout, root: Mapping[str, str | None]) -> bool:
    """Whether a card lies on its label turned by 90°; `root` is what stands on its `<html>`."""
    width, height = layout.label
    return ("data-portrait" if width > height else "data-landscape") in root


def comfortable_size(root: Mapping[str, str | None], floor: float) -> float:
    """The size in points that is large enough on a card; a ValueError when its template says no number."""
    return min(LARGEST, max(floor, float(root.get("data-comfortable") or COMFORTABLE)))


def sizes_to_try(floor: float, comfortable: float) -> list[float]:
    """Every size from the smallest to the one that is large enough."""
    step = max(STEP, (comfortable - floor) / SIZES)
    return [floor + step * n for n in range(int((comfortable - floor) / step) + 1)]


def largest(
    lay: Callable[[float], tuple[Laid, Misfit | None]], floor: float, comfortable: float = COMFORTABLE
) -> tuple[Laid, float] | Misfit:
    """The layout with the largest text, from comfortable down to `floor`, in which everything has its place."""
    sizes = sizes_to_try(floor, comfortable)
    low, high = 0, len(sizes)
    best: tuple[Laid, float] | None = None
    worst = Misfit("")
    while low < high:
        middle = (low + high) // 2
        laid, wrong = lay(sizes[middle])
        if wrong is None:
            best, low = (laid, sizes[middle]), middle + 1
        else:
            worst, high = wrong, middle
    return best or worst
