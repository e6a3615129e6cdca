"""Charts: what is drawn adds up to what was counted, no word lies on another, and nothing breaks out of its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.core.charts import Chart, Series, TooManyKinds, across, bars, lines, ticks
from outreach.core.drawing import NARROW, WIDE, Look, text_width, wrapped
from outreach.core.languages import Direction

FONTS = Path(__file__).parents[2] / "outreach" / "shipped" / "fonts"
SVG = "{http://www.w3.org/2000/svg}"
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))

MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
WORDS = {
    "en": ("Naloxone", "Sterile syringes", "not reported", "given out", "Community center, back door"),
    "es": ("Naloxona", "Jeringas estériles", "no se informó", "entregadas", "Centro comunitario, puerta trasera"),
    "ar": ("نالوكسون", "محاقن معقمة", "لم يُبلَّغ عنه", "تم توزيعه", "المركز المجتمعي، الباب الخلفي"),
}


def dated(names: str, months: int) -> tuple[str, ...]:
    """That many months as labels, the year under each January."""
    said = names.split()
    return tuple(said[at % 12] + (f"\n{2024 + at // 12}" if at % 12 == 0 else "") for at in range(months))


def number(value: int) -> str:
    return f"{value:,}"


def look(width: int = WIDE, language: str = "en", paper: bool = False) -> Look:
    return Look(number, Direction.RTL if language == "ar" else Direction.LTR, width, paper)


@dataclass(frozen=True)
class Box:
    text: str
    left: float
    right: float
    top: float
    bottom: float


@cache
def widths(file: str) -> tuple[dict[int, str], dict[str, tuple[int, int]]]:
    font = TTFont(FONTS / file)
    return font.getBestCmap(), font["hmtx"].metrics


def measured(text: str, size: float, bold: bool = False) -> float:
    """How wide the line is in the shipped fonts, letter by letter; joined Arabic is no wider."""
    total = 0.0
    for letter in text.translate(ISOLATES):
        for family in ("NotoSans", "NotoSansArabic"):
            letters, metrics = widths(f"{family}-{'Bold' if bold else 'Regular'}.ttf")
            if ord(letter) in letters:
                total += metrics[letters[ord(letter)]][0] / 1000 * size
                break
    return total


def words(svg: str, size: float = 14) -> list[Box]:
    """Where every word of the drawing lies."""
    found = []
    for each in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        said = each.text or ""
        wide = measured(said, size, each.get("font-weight") == "700")
        x, y = float(each.attrib["x"]), float(each.attrib["y"])
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.attrib["text-anchor"]]
        found.append(Box(said.translate(ISOLATES), left, left + wide, y - size * 0.8, y + size * 0.2))
    return found


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    return [
        (a.text, b.text)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]


def drawn(svg: str, kind: int, side: str) -> list[float]:
    boxes = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [float(each.attrib[side]) for each in boxes if each.get("data-series") == str(kind)]


def px_of_one(svg: str, marks: list[int]) -> float:
    """The height of 1, read off the drawing as a person would: from the grid and the numbers beside it."""
    at = {box.text: box.bottom for box in reversed(words(svg))}  # the grid's numbers come before the bars'
    return (at[number(marks[0])] - at[number(marks[-1])]) / (marks[-1] - marks[0])


@st.composite
def charts(draw: st.DrawFn, least: int = 0) -> Chart:
    """Any chart of one to four kinds over 1 to 36 months."""
    months, kinds = draw(st.integers(1, 36)), draw(st.integers(1, 4))
    value = st.one_of(st.none(), st.integers(least, 100_000))
    return Chart(
        "Supplies",
        dated(MONTHS["en"], months),
        tuple(
            Series(f"Kind {n}", tuple(draw(st.lists(value, min_size=months, max_size=months)))) for n in range(kinds)
        ),
        unit="given out",
        blank="not reported",
    )


@settings(max_examples=60, deadline=None)
@given(charts(least=-5_000), st.booleans(), st.sampled_from([NARROW, WIDE]))
def test_the_bars_add_up_to_the_numbers(chart: Chart, stacked: bool, width: int) -> None:
    """The heights of a kind's bars, read against the grid, add up to the sizes of its values; a blank has no bar."""
    svg = bars(chart, look(width), stacked)
    columns = zip(*(each.values for each in chart.series), strict=True)
    if stacked:
        known = [[value for value in column if value is not None] for column in columns]
        ends = [sum(v for v in column if v * sign > 0) for column in known for sign in (1, -1)]
    else:
        ends = [value for column in columns for value in column if value is not None]
    one = px_of_one(svg, ticks(min(ends, default=0), max(ends, default=0)))

    for kind, series in enumerate(chart.series):
        heights = drawn(svg, kind, "height")
        reported = [abs(value) for value in series.values if value is not None]
        assert len(heights) == len(reported)
        assert sum(heights) / one == pytest.approx(sum(reported), rel=0.01, abs=0.02 / one * len(heights))


@settings(max_examples=40, deadline=None)
@given(charts(), st.sampled_from([NARROW, WIDE]))
def test_lying_bars_are_as_long_as_their_numbers(chart: Chart, width: int) -> None:
    """All bars share one scale, so each is as long as its share of the longest; every number stands in words."""
    svg = across(chart, look(width))
    known = [value for each in chart.series for value in each.values if value is not None]
    lengths = [length for kind in range(len(chart.series)) for length in drawn(svg, kind, "width")]

    assert len(lengths) == len(known)
    if any(known):
        assert [length / max(lengths) for length in lengths] == pytest.approx(
            [value / max(known) for value in known], abs=0.001
        )
    said = [box.text for box in words(svg)]
    assert all(said.count(number(value)) >= known.count(value) for value in known)


KINDS: dict[str, Callable[[Chart, Look], str]] = {
    "bars": bars,
    "stacked": lambda chart, look: bars(chart, look, stacked=True),
    "lines": lines,
    "across": across,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("months", [1, 3, 12, 13, 24, 36, 60])
def test_no_word_lies_on_another(kind: str, width: int, language: str, months: int) -> None:
    """Measured in the shipped fonts, all words lie apart and inside the drawing, for a month or five years."""
    first, second, blank, unit, site = WORDS[language]
    names = MONTHS[language].split()
    labels = dated(MONTHS[language], months)
    if kind == "across":
        labels = tuple(f"{site} {at}" if at % 2 else f"{names[at % 12]} {at}" for at in range(months))
    given_out = tuple(None if at % 7 == 3 else 1_000 + at * 37 for at in range(months))
    returned = tuple(at * 211 for at in range(months))
    for series in ((Series(first, given_out),), (Series(first, given_out), Series(second, returned))):
        found = words(KINDS[kind](Chart("x", labels, series, unit, blank), look(width, language)))
        assert overlapping(found) == []
        assert all(box.left >= -0.5 and box.right <= width + 0.5 for box in found)
        assert len([box for box in found if box.text in names or box.text in labels]) >= min(months, 3)


def test_overlapping_words_are_seen() -> None:
    """The control: two words on one spot are found."""
    svg = lines(Chart("x", ("Jan",), (Series("a", (1,)),)), look())
    twice = re.sub(r"(<text .*?</text>)", r"\1\1", svg, count=1)

    assert overlapping(words(svg)) == [] and len(overlapping(words(twice))) == 1


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17E, exclude_categories=("Cc", "Cf")), max_size=40))
def test_words_are_never_wider_than_thought(text: str) -> None:
    """The estimate the layout rests on is no less than the width in the shipped fonts."""
    for bold in (False, True):
        assert text_width(text, 10, bold) >= measured(text, 10, bold) - 0.01


@given(st.text("abc mW", max_size=60), st.integers(60, 300))
def test_wrapped_text_is_whole_and_fits(text: str, width: int) -> None:
    """Wrapping loses no letter and leaves no line too wide."""
    said = wrapped(text, 14, width)

    assert "".join(said).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 14) <= width for line in said)


@given(st.integers(-1_000_000, 1_000_000), st.integers(-1_000_000, 1_000_000))
def test_ticks_are_few_and_round(one: int, other: int) -> None:
    """Steps of 1, 2 or 5 and zeros, around both ends and zero."""
    least, most = sorted((one, other))
    marks = ticks(least, most)

    assert marks[0] <= min(least, 0) and max(most, 0) <= marks[-1] and 0 in marks
    assert 2 <= len(marks) <= 7
    steps = {after - before for before, after in zip(marks, marks[1:], strict=False)}
    assert len(steps) == 1 and re.fullmatch("[125]0*", str(steps.pop()))


def test_zero_is_not_a_blank() -> None:
    """Zero is a bar of no height that says 0; what was not reported has no bar, but a cross that is explained."""
    svg = bars(Chart("x", ("Jan", "Feb", "Mar"), (Series("a", (0, None, 4)),), blank="not reported"), look())

    assert drawn(svg, 0, "height")[0] == 0 and len(drawn(svg, 0, "height")) == 2
    said = [box.text for box in words(svg)]
    assert "not reported" in said and said.count("0") == 2  # at the axis and on the bar
    many = bars(Chart("x", ("Jan", "Feb") * 30, (Series("a", (0, 7) * 30), Series("b", (9, 0) * 30))), look())
    assert many.count("<polygon") == 60  # no room for the digit: a ring
    assert "not reported" not in bars(Chart("x", ("Jan",), (Series("a", (0,)),), blank="not reported"), look())


def test_a_stack_with_a_part_missing_says_no_total() -> None:
    """The sum of what was reported is not passed off as all there was."""
    two = (Series("a", (11, 13)), Series("b", (None, 29)))
    said = [box.text for box in words(bars(Chart("x", ("Jan", "Feb"), two, blank="?"), look(), stacked=True))]

    assert "42" in said and "11" not in said


def test_a_line_is_broken_where_nothing_was_reported() -> None:
    """No line crosses a gap, and a month alone between two gaps is still a dot."""
    whole = lines(Chart("x", tuple("abcde"), (Series("a", (1, 2, 3, 4, 5)),)), look())
    broken = lines(Chart("x", tuple("abcde"), (Series("a", (1, 2, None, 4, None)),)), look())

    def runs(svg: str) -> list[int]:
        found = ElementTree.fromstring(svg).iter(f"{SVG}polyline")
        return [len(each.attrib["points"].split()) for each in found if each.get("stroke-width") == "2.5"]

    assert runs(whole) == [5] and runs(broken) == [2]
    assert broken.count("<polygon") == 3 and whole.count("<polygon") == 5


NASTY = "<script>&\"'</text>"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("paper", [False, True])
def test_words_stay_words(kind: str, paper: bool) -> None:
    """A site or item called like a tag is shown as it is called; nothing runs and nothing is fetched."""
    one = Series(NASTY, (1, None))
    chart = Chart(NASTY, (NASTY, NASTY), (one, one), NASTY, NASTY)
    svg = KINDS[kind](chart, look(paper=paper))

    tree = ElementTree.fromstring(svg)
    assert NASTY in "".join(tree.itertext())
    assert {each.tag.removeprefix(SVG) for each in tree.iter()} <= {
        *("div", "svg", "title", "text", "span", "rect", "path", "polyline", "polygon")
    }
    assert "href" not in svg and "url(" not in svg
    drawing = tree if tree.tag == f"{SVG}svg" else tree[0]
    assert drawing.get("role") == "img" and drawing.get("aria-label") == NASTY
    assert paper or " style=" not in svg  # a page's policy forbids it


def test_right_to_left_is_the_mirror() -> None:
    """Time runs in the direction of reading: every bar and word lies where the mirror shows it."""
    chart = Chart("x", ("a", "b", "c"), (Series("a", (1, 2, 3)), Series("b", (4, 5, 6))), "u", "")
    left, right = bars(chart, look()), bars(chart, look(language="ar"))

    for kind in (0, 1):
        starts, ends = drawn(left, kind, "x"), drawn(right, kind, "x")
        wide = drawn(left, kind, "width")
        assert [WIDE - x - w for x, w in zip(starts, wide, strict=True)] == pytest.approx(ends, abs=0.02)
        assert starts == sorted(starts) and ends == sorted(ends, reverse=True)
    for one, other in zip(words(left), words(right), strict=True):
        assert (one.text, one.left) == (other.text, pytest.approx(WIDE - other.right, abs=0.02))
    assert "\u2066" in right and "\u2066" not in left


def test_paper_and_page_draw_the_same() -> None:
    """The same marks in the same places; on paper in colors that need no stylesheet, and words as HTML."""
    chart = Chart("x", ("Jan", "Feb"), (Series("a", (1, 2)),), "u", "")
    page, paper = bars(chart, look()), bars(chart, look(paper=True))

    marks = [re.findall(r'<(?:rect|polyline|path) [^>]*?(?:points|x|d)="[^"]*"', each) for each in (page, paper)]
    assert marks[0] == marks[1] and marks[0]
    assert "var(--accent, #0A5F5B)" in page and "var(" not in paper
    assert "<text" not in paper and paper.count("<span") == page.count("<text")


def test_kinds_that_cannot_be_told_apart_are_refused() -> None:
    """More kinds than there are patterns, or values that do not match their labels."""
    with pytest.raises(TooManyKinds):
        Chart("x", ("a",), tuple(Series(str(n), (1,)) for n in range(6)))
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        Chart("x", ("a",), (Series("a", (1, 2)),))
