"""Public releases: what is shown, and what someone who keeps every release can work out from it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array, kron
from scipy.sparse import eye_array as eye

from outreach.core.suppression import (
    THRESHOLDS,
    Cell,
    Cells,
    Margin,
    NotAThreshold,
    Row,
    Told,
    UnreadableRelease,
    from_plain,
    releasable,
    to_plain,
)
from tests.conftest import proofs_but

JAN, FEB, MAR, APR = QUARTER = ["2026-01", "2026-02", "2026-03", "2026-04"]
QUARTER = QUARTER[:3]


def table(months: Sequence[str], **sites: Sequence[int]) -> dict[Cell, int]:
    return {(site, month): n for site, row in sites.items() for month, n in zip(months, row, strict=True)}


class Program:
    """One program's public releases, kept as JSON between them."""

    def __init__(self, counts: Mapping[Cell, int], threshold: int = 11) -> None:
        self.counts = dict(counts)
        self.sites = sorted({site for site, _ in counts})
        self.threshold = threshold
        self.regions = {site: "north" if i < len(self.sites) / 2 else "south" for i, site in enumerate(self.sites)}
        self.kept = "[]"

    @property
    def told(self) -> tuple[Told, ...]:
        return from_plain(json.loads(self.kept))

    def rows(self, months: Sequence[str], margin: Margin = Margin.TOTAL) -> tuple[Row, ...]:
        rows = releasable(self.counts, self.sites, months, margin, self.told, self.threshold, self.regions)
        new = [row.told for row in rows if row.told]
        self.kept = json.dumps(json.loads(self.kept) + to_plain(new))
        return rows

    def release(self, months: Sequence[str], margin: Margin = Margin.TOTAL) -> list[tuple[str, int | str]]:
        """The rows as a page might show them."""
        return [
            ("+".join(row.names), ("few" if row.few else "hidden") if row.value is None else row.value)
            for row in self.rows(months, margin)
        ]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 40, "b": 25, "c": 0}, [("a", 40), ("b", 25), ("c", 0)]),
        ({"a": 40, "b": 3, "c": 10, "d": 0}, [("a", 40), ("d", 0), ("b+c", 13)]),
        ({"a": 40, "b": 3, "c": 8, "d": 25}, [("a", 40), ("b+c+d", 36)]),
        ({"a": 40, "b": 3, "c": 25}, [("a", 40), ("b+c", 28)]),
        ({"a": 4, "b": 3, "c": 4, "d": 0}, [("", 11)]),
        ({"a": 40, "b": 3, "c": 0}, [("c", 0), ("a+b", 43)]),
        ({"a": 4, "b": 3, "c": 0}, [("", "few")]),
        ({"a": 0, "b": 0}, [("a", 0), ("b", 0)]),
    ],
)
def test_small_sites_become_other_sites(counts: dict[str, int], shown: list[tuple[str, int | str]]) -> None:
    """Small parts share a row, with the smallest large one if need be; then the total alone, then nothing."""
    program = Program(table([JAN], **{site: [n] for site, n in counts.items()}))

    assert program.release([JAN], Margin.SITE) == shown


def test_merged_parts_hide_behind_each_other_although_zero_is_shown() -> None:
    """3 and 9 make 12, but whoever knows that neither is 0 would know each within 10: a third comes in."""
    assert Program(table([JAN], a=[3], b=[9], c=[30])).release([JAN], Margin.SITE) == [("", 42)]
    assert Program(table([JAN], a=[3], b=[10], c=[30])).release([JAN], Margin.SITE) == [("c", 30), ("a+b", 13)]


def test_a_lower_threshold_shows_more() -> None:
    """The threshold is one of four; any other is refused with a sentence."""
    counts = table([JAN], a=[6], b=[5], c=[30])
    assert [value for _, value in Program(counts, 5).release([JAN], Margin.SITE)] == [6, 5, 30]
    assert [value for _, value in Program(counts, 6).release([JAN], Margin.SITE)] == [30, 11]
    for refused in (0, 4, 7, 12):
        with pytest.raises(NotAThreshold, match="5, 6, 10, 11"):
            Program(counts, refused).release([JAN])


def test_what_was_released_is_never_released_anew() -> None:
    """The 20th and the 21st of a month would leak their difference: the second shows what the first did."""
    program = Program(table([JAN], a=[40], b=[3], c=[10]))
    first = program.release([JAN], Margin.SITE)
    program.counts["b", JAN] = 30

    assert program.release([JAN], Margin.SITE) == first == [("a", 40), ("b+c", 13)]


def test_a_hidden_total_stays_hidden() -> None:
    """Late sheets do not bring out what was said to be fewer."""
    program = Program(table([JAN], a=[3]))
    assert program.release([JAN]) == [("", "few")]
    program.counts["a", JAN] = 30

    assert program.release([JAN]) == [("", "few")]
    assert program.release([JAN], Margin.SITE) == [("", "few")]


def test_a_quarter_after_its_months() -> None:
    """A quarter that would tell its one small month is not shown, and neither is that month."""
    program = Program(table(QUARTER, a=[20, 30, 2], b=[20, 30, 1]))
    program.release([JAN])
    program.release([FEB])

    assert program.release(QUARTER) == [("", "hidden")]
    assert program.release([MAR]) == [("", "few")]

    large = Program(table(QUARTER, a=[20, 30, 12], b=[20, 30, 0]))
    assert [large.release([month]) for month in (JAN, FEB)] == [[("", 40)], [("", 60)]]
    assert large.release(QUARTER) == [("", 112)]


def test_months_after_their_quarter() -> None:
    """A month inside a released quarter is shown only if the rest of the quarter stays large."""
    program = Program(table(QUARTER, a=[20, 30, 4]))
    program.release(QUARTER)

    assert program.release([JAN]) == [("", 20)]
    assert program.release([FEB]) == [("", "hidden")]
    assert program.release(QUARTER, Margin.MONTH) == [("2026-01", 20), ("2026-02+2026-03", 34)]


def test_regions_hold_their_sites() -> None:
    """Sites inside a region and the region itself are told together; a small region leaves the total alone."""
    program = Program(table([JAN], a=[20], b=[30], c=[20], d=[40]))
    assert program.release([JAN], Margin.REGION) == [("north", 50), ("south", 60)]
    assert program.release([JAN], Margin.SITE) == [("a", 20), ("b", 30), ("c", 20), ("d", 40)]

    small = Program(table([JAN], a=[2], b=[3], c=[20], d=[40]))
    assert small.release([JAN], Margin.REGION) == [("", 65)]


def test_a_site_that_changes_its_region_tells_nothing() -> None:
    """What was told of the old regions crosses the new ones: the total alone, which is known already."""
    program = Program(table([JAN], a=[20], b=[3], c=[20], d=[40]))
    assert program.release([JAN], Margin.REGION) == [("north", 23), ("south", 60)]
    program.regions["b"] = "south"

    assert program.release([JAN], Margin.REGION) == [("", 83)]


def test_one_margin_at_a_time() -> None:
    """After the months of a quarter its sites would cross them: the total alone, which is known already."""
    program = Program(table(QUARTER, a=[20, 30, 20], b=[40, 20, 20]))
    program.release(QUARTER, Margin.MONTH)

    assert program.release(QUARTER, Margin.SITE) == [("", 150)]
    assert program.release([JAN], Margin.SITE) == [("a", 20), ("b", 40)]


def test_groups_of_sites_hold_in_the_quarter() -> None:
    """Sites merged in a month stay merged in its quarter; a site that was alone may stay alone."""
    program = Program(table(QUARTER, a=[20, 30, 20], b=[8, 20, 20], c=[9, 30, 20]))
    assert program.release([JAN], Margin.SITE) == [("a", 20), ("b+c", 17)]

    assert program.release(QUARTER, Margin.SITE) == [("a", 70), ("b+c", 107)]


def test_a_period_that_reaches_over_an_earlier_one() -> None:
    """February to April after January to March would cross it: not shown."""
    program = Program(table([*QUARTER, APR], a=[20, 30, 20, 40]))
    program.release(QUARTER)

    assert program.release([FEB, MAR, APR]) == [("", "hidden")]
    assert program.release([*QUARTER, APR]) == [("", 110)]


@pytest.mark.parametrize(("late", "shown"), [(0, 90), (4, 90), (11, 101), (-4, 90)])
def test_late_sheets_reach_a_longer_period_only_if_many(late: int, shown: int) -> None:
    """A quarter of released months shows their sum, or with the late sheets if those are as many as the threshold."""
    program = Program(table(QUARTER, a=[20, 30, 40]))
    for month in QUARTER:
        program.release([month])
    program.counts["a", JAN] += late

    assert program.release(QUARTER) == [("", shown)]


def test_two_hidden_months_do_not_show_in_their_quarter() -> None:
    """9 and 10 are each "fewer than 11": with a total of 19 the page would say 9 or 10 of both."""
    program = Program(table(QUARTER, a=[9, 10, 40]))
    assert [program.release([month]) for month in QUARTER] == [[("", "few")], [("", "few")], [("", 40)]]
    assert program.release(QUARTER) == [("", "hidden")]

    three = Program(table(QUARTER, a=[5, 6, 4]))
    assert [three.release([month]) for month in QUARTER] == [[("", "few")]] * 3
    assert three.release(QUARTER) == [("", 15)]


def test_hidden_months_need_room_in_their_quarter() -> None:
    """Two hidden months of at least 1 take 2 from the rest: a quarter of 12 is not shown, one of 13 is."""
    for march, shown in ((8, "hidden"), (9, 13)):
        program = Program(table(QUARTER, a=[2, 2, march]))
        assert [program.release([month]) for month in (JAN, FEB)] == [[("", "few")]] * 2
        assert program.release(QUARTER) == [("", shown)]


def test_a_word_can_tell_too_much() -> None:
    """Where two months are known to be 15 together, "fewer than 11" is said of one: of both it would say 5 to 10."""
    program = Program(table(QUARTER, a=[20, 5, 10]))
    assert [program.release(months) for months in (QUARTER, [JAN], [FEB])] == [[("", 35)], [("", 20)], [("", "few")]]

    assert program.release([MAR]) == [("", "hidden")]


def test_a_hidden_count_that_was_corrected_to_zero() -> None:
    """What was said to be at least 1 is not contradicted by a total."""
    program = Program(table(QUARTER, a=[3, 20, 20]))
    assert [program.release([month]) for month in QUARTER] == [[("", "few")], [("", 20)], [("", 20)]]
    program.counts["a", JAN] = 0

    assert program.release(QUARTER) == [("", "hidden")]


def test_small_counts_are_not_said_to_be_parts_of_a_small_count() -> None:
    """Three months of at least 1 in a quarter of at most 10 would each be at most 8: the quarter is only not shown."""
    program = Program(table(QUARTER, a=[2, 2, 2]))
    assert [program.release([month]) for month in QUARTER] == [[("", "few")]] * 3
    assert program.release(QUARTER) == [("", "hidden")]

    quarter_first = Program(table(QUARTER, a=[2, 2, 0]))
    assert quarter_first.release(QUARTER) == [("", "few")]
    assert [quarter_first.release([month]) for month in QUARTER] == [[("", "hidden")]] * 3


def test_releases_that_cross_each_other_end_in_silence() -> None:
    """Where two laptops released on their own, nothing new is shown around the place where they cross."""
    cells = {name: frozenset({("a", month) for month in months}) for name, months in
             {"first": [JAN, FEB], "second": [FEB, MAR]}.items()}  # fmt: skip
    earlier = [Told(cells["first"], 40, 11), Told(cells["second"], 50, 11)]
    counts = table(QUARTER, a=[20, 20, 30])

    assert releasable(counts, ["a"], QUARTER, Margin.TOTAL, earlier) == (Row((), None),)
    assert releasable(counts, ["a"], [FEB], Margin.TOTAL, earlier) == (Row((), None),)
    assert releasable(counts, ["a"], [JAN, FEB], Margin.TOTAL, earlier)[0].value == 40
    told_twice = [*earlier, Told(cells["first"], 43, 11)]
    assert releasable(counts, ["a"], [JAN, FEB], Margin.TOTAL, told_twice)[0].value == 40


@pytest.mark.parametrize("spoiled", [{}, {"value": "x"}, {"cells": [["a"]]}, {"cells": None}])
def test_an_unreadable_release_stops_the_next(spoiled: dict[str, object]) -> None:
    """What was told has to be known whole, or the next release could undo it."""
    whole = to_plain([Told(frozenset({("a", JAN)}), None, 11, 0)])[0]
    assert from_plain([whole]) == (Told(frozenset({("a", JAN)}), None, 11, 0),)
    with pytest.raises(UnreadableRelease):
        from_plain([(whole | spoiled) if spoiled else {}])


# --- Anything goes: sequences of releases, counts that change both ways, thresholds that change ----------------------

SPANS = [[JAN], [FEB], [MAR], [APR], QUARTER, [FEB, MAR], [*QUARTER, APR]]
steps = st.lists(
    st.tuples(
        st.sampled_from(SPANS),
        st.sampled_from(Margin),
        st.sampled_from(THRESHOLDS),
        st.dictionaries(
            st.tuples(st.sampled_from("abc"), st.sampled_from(SPANS[-1])), st.integers(-15, 30), max_size=3
        ),
    ),
    min_size=1,
    max_size=10,
)
tables = st.lists(st.integers(0, 25), min_size=12, max_size=12).map(
    lambda n: dict(zip(product("abc", SPANS[-1]), n, strict=True))
)


def remainders(told: Iterable[Told]) -> list[int]:
    """What subtraction finds: each shown set without the shown sets inside it that lie in no other."""
    shown = {each.cells: each.value for each in reversed(list(told)) if each.value is not None}
    found = []
    for outer, value in shown.items():
        inside = [each for each in shown if each < outer]
        found.append(value - sum(shown[each] for each in inside if not any(each < other for other in inside)))
    return found


@settings(max_examples=400, deadline=None)
@given(tables, steps)
def test_what_was_told_is_nested_or_apart_and_leaves_nothing_small(counts: dict[Cell, int], asked: list) -> None:
    """After any releases, late sheets and corrections: no two sets cross, and subtraction finds 0 or a large count."""
    program = Program(counts)
    for months, margin, program.threshold, changes in asked:
        program.release(months, margin)
        for cell, change in changes.items():
            program.counts[cell] = max(0, program.counts[cell] + change)
    sets = {each.cells for each in program.told}
    least = min(threshold for _, _, threshold, _ in asked)

    assert not [1 for a, b in combinations(sets, 2) if a & b and not a <= b and not b <= a]
    assert all(left == 0 or left >= least for left in remainders(program.told))


@settings(max_examples=200, deadline=None)
@given(tables, steps)
def test_shown_rows_add_up_and_are_true(counts: dict[Cell, int], asked: list) -> None:
    """Without late sheets every row is the sum of its cells, the rows are all of the period, and asking twice changes
    nothing."""
    program = Program(counts)
    for months, margin, _, _ in asked:
        rows = program.rows(months, margin)
        whole = set(product(program.sites, months))
        for row in rows:
            if row.value is not None:
                assert row.told and row.value == sum(counts[cell] for cell in row.told.cells)
        if None not in {row.value for row in rows}:
            assert sorted(cell for row in rows if row.told for cell in row.told.cells) == sorted(whole)
        assert program.rows(months, margin) == rows


# --- The audit: linear programming over all that was ever shown ------------------------------------------------------

SITES = ["s1", "s2", "s3", "s4", "s5"]
YEAR = [f"2026-{month:02}" for month in range(1, 13)]
PERIODS = [[month] for month in YEAR] + [YEAR[first : first + 3] for first in range(0, 12, 3)] + [YEAR]
EVERY_CELL = list(product(SITES, YEAR))
ENOUGH = 10_000


class Contradiction(Exception):
    """No table at all is as someone has written down."""


@dataclass
class Known:
    """What someone has written down: the least and the most that the sum of a set can be."""

    sets: list[tuple[frozenset, float, float]] = field(default_factory=list)

    def says(self, cells: Iterable, least: float, most: float) -> None:
        self.sets.append((frozenset(cells), least, most))

    def bounds(self, questions: Sequence[Cells]) -> list[tuple[float, float]]:
        """The least and the most that each question's sum can be, for cells of 0 or more, by linear programming.

        Cells that lie in the same sets cannot be told apart, so they are one variable. All questions are solved as
        one program of independent blocks.
        """
        kinds: dict[tuple[int, ...], set] = {}
        for cell in EVERY_CELL + sorted({c for cells, _, _ in self.sets for c in cells} - set(EVERY_CELL), key=str):
            kinds.setdefault(tuple(i for i, (cells, _, _) in enumerate(self.sets) if cell in cells), set()).add(cell)
        at = list(kinds)
        member = csr_array([[float(i in kind) for kind in at] for i in range(len(self.sets))])
        # A part of a kind can be none of it or all of it, so the least takes whole kinds and the most takes any.
        goals = [[float(kinds[kind] <= cells) for kind in at] for cells in questions]
        goals += [[-float(not kinds[kind].isdisjoint(cells)) for kind in at] for cells in questions]
        each = {goal: i for i, goal in enumerate(dict.fromkeys(map(tuple, goals)))}
        blocks = kron(eye(len(each)), member, format="csr")
        least, most = (numpy.tile([bounds[i] for bounds in self.sets], len(each)) for i in (1, 2))
        exact = least == most
        solved = linprog(
            numpy.concatenate(list(each)),
            A_eq=blocks[exact],
            b_eq=least[exact],
            A_ub=kron([[-1.0], [1.0]], blocks[~exact], format="csr") if not exact.all() else None,
            b_ub=numpy.concatenate([-least[~exact], most[~exact]]) if not exact.all() else None,
            bounds=(0, ENOUGH),
            method="highs",
        )
        if solved.status == 2:
            raise Contradiction
        assert solved.status == 0, solved.message
        reached = (numpy.concatenate(list(each)) * solved.x).reshape(len(each), -1).sum(axis=1)
        values = [round(float(reached[each[tuple(goal)]]), 6) for goal in goals]
        return [(low, -high) for low, high in zip(values, values[len(questions) :], strict=False)]


QUESTIONS = list(
    {frozenset(product(sites, months)): None for months in PERIODS for sites in [[site] for site in SITES] + [SITES]}
)
"""Every cell, every site's and the program's sum of every period."""


def random_counts(chance: random.Random) -> dict[Cell, int]:
    """Five sites by twelve months: closed, small and busy sites, most of their counts below any threshold."""
    busy = [chance.choice([1, 3, 6, 12, 25]) for _ in SITES]
    closed = chance.choice([0.1, 0.3, 0.6])
    return {
        (site, month): 0 if chance.random() < closed else chance.randrange(0, 2 * busy[i] + 1)
        for (i, site), month in product(enumerate(SITES), YEAR)
    }


def random_releases(chance: random.Random) -> list[tuple[list[str], Margin]]:
    """Nine releases: as a year goes by, with its quarters and its end, or in any order."""
    asked = [(months, chance.choice(list(Margin))) for months in chance.sample(PERIODS, 9)]
    return sorted(asked, key=lambda each: (each[0][-1], len(each[0]))) if chance.random() < 0.5 else asked


def together(names: Iterable[str], parts: Mapping[str, Cells], told: Iterable[Told]) -> list[Cells]:
    """The parts of a row, those that an earlier set spans as one: nobody can tell which of these is not zero."""
    groups = [parts[name] for name in names]
    for each in told:
        spanned = [group for group in groups if group & each.cells]
        if len(spanned) > 1:
            groups = [group for group in groups if group not in spanned] + [frozenset().union(*spanned)]
    return groups


def audited(program: Program, asked: Iterable[tuple[list[str], Margin]], chance: random.Random) -> tuple[Known, Known]:
    """Release, with sheets coming late in between. First what the figures say; then also what the words say:
    hidden is 1 to 10, and no part was merged that is zero."""
    words = Known()
    for months, margin in asked:
        before = program.told
        for row in program.rows(months, margin):
            if row.told and row.value is None:
                words.says(row.told.cells, 1, row.told.below - 1)
            elif row.told and row.told.merged:
                part_of = {
                    Margin.SITE: lambda cell: cell[0],
                    Margin.MONTH: lambda cell: cell[1],
                    Margin.REGION: lambda cell: program.regions[cell[0]],
                }[margin]
                parts = {
                    name: frozenset(cell for cell in row.told.cells if part_of(cell) == name) for name in row.names
                }
                for part in together(row.names, parts, before):
                    if sum(program.counts[cell] for cell in part):
                        words.says(part, 1, ENOUGH)
        for cell in chance.sample(EVERY_CELL, chance.choice([0, 0, 3, 12])):
            program.counts[cell] += chance.randrange(1, 9)
    figures = Known()
    shown = {each.cells: each.value for each in reversed(program.told) if each.value is not None}
    # Where smaller sets make up all of a larger one and their sums differ, everyone sees that sheets came late.
    late = [cells for cells in shown if cells == frozenset().union(*(each for each in shown if each < cells))]
    for cells, value in shown.items():
        sheets = [("late", i) for i, inner in enumerate(late) if inner <= cells]
        figures.says([*cells, *sheets], value, value)
    return figures, Known(figures.sets + words.sets)


def naive(program: Program, asked: Iterable[tuple[list[str], Margin]]) -> Known:
    """The control: hide every row that is too small, and show the total."""
    known = Known()
    for months, margin in asked:
        parts = {
            Margin.TOTAL: [],
            Margin.SITE: [[[s], months] for s in SITES],
            Margin.MONTH: [[SITES, [m]] for m in months],
            Margin.REGION: [[[s for s in SITES if program.regions[s] == r], months] for r in ("north", "south")],
        }
        for sites, span in [*parts[margin], [SITES, months]]:
            cells = frozenset(product(sites, span))
            value = sum(program.counts[cell] for cell in cells)
            if value == 0 or value >= program.threshold:
                known.says(cells, value, value)
    return known


def too_tight(known: Known, threshold: int, width: int) -> list[tuple[float, float]]:
    """The ranges narrower than `width` of counts that nobody may know: not of 0, and not of what is surely large."""
    return [
        (low, high)
        for low, high in known.bounds(QUESTIONS)
        if high - low < width and not low == high == 0 and low < threshold
    ]


@pytest.mark.parametrize("tables", proofs_but([30], [30, 200]))
def test_nobody_can_work_out_a_small_count(tables: int) -> None:
    """200 tables, or 30, nine releases each with late sheets between them, kept by someone with a linear program.

    From the figures, each cell, and each site's and the program's sum of each period, lies in a range at least as wide
    as the threshold, or is known exactly as 0 or as no less than the threshold. Someone who also uses the words, "fewer
    than" and that zeros are shown, finds no range narrower than those words' own unless all of it is large.
    The control, which hides small rows beside their total, fails the same audit.
    """
    chance = random.Random(20261129)
    naive_failed, shown, contradicted = 0, 0, 0
    for number in range(tables):
        program = Program(random_counts(chance), chance.choice(THRESHOLDS))
        asked, start = random_releases(chance), dict(program.counts)
        figures, words = audited(program, asked, chance)
        narrow = [(low, high) for low, high in figures.bounds(QUESTIONS) if high - low < program.threshold]
        assert not [each for each in narrow if each[0] != each[1] or 0 < each[0] < program.threshold], f"table {number}"
        try:
            assert too_tight(words, program.threshold, program.threshold - 2) == [], f"words of table {number}"
        except Contradiction:
            contradicted += 1  # Late sheets made them untrue, and what is untrue tells nothing.
        control = naive(Program(start, program.threshold), asked)
        naive_failed += bool(too_tight(control, program.threshold, program.threshold))
        shown += len(figures.sets)

    assert naive_failed > tables / 2 and shown > tables * 9 and contradicted <= tables / 50
