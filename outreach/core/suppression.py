"""What a public release may show: counts of people merged until no small one can be worked out, now or later.

A count belongs to a cell, a site in a month; a release tells the sums of sets of cells. All sets ever told of one
measure are kept nested or apart. Then the only sums that anyone can work out are those of the remainders, a set without
the told sets inside it, and of remainders put together. Each remainder is 0 or at least the threshold, so any other
sum lies anywhere in a range at least as wide as the threshold. Two margins of one table would cross: one at a time.

Words tell something too. "Fewer than 11" says 1 to 10, for a zero is shown; and what is merged beside zeros is not
zero. Both are kept as told and reckoned with. What the choice of the rows says to someone who knows the rules, and
people who know some of the counts themselves, are not.

Counts change when sheets come late. What was told stays as it was told; a later release of a longer period carries the
change, and only if what can be worked out from the two, the change included, is still 0 or at least the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from typing import Any

from outreach.core.refusal import N_, Refusal

Cell = tuple[str, str]
"""A site's code and a month, such as 2026-07."""
Cells = frozenset[Cell]
Names = tuple[str, ...]
THRESHOLDS = (5, 6, 10, 11)
DEFAULT_THRESHOLD = 11


class NotAThreshold(Refusal):
    sentence = N_("Public releases hide counts below {known}. {given} is none of these. Choose one of them.")


class UnreadableRelease(Refusal):
    sentence = N_("What earlier public releases told cannot be read, so nothing more can be released safely.")


class Margin(StrEnum):
    """How a release splits its period. Only one at a time: two would cross. A region is some of the sites."""

    TOTAL = "total"
    SITE = "site"
    MONTH = "month"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Told:
    """What the public was told of a set of cells, for good.

    A value of None means "fewer than `below`, and not zero". `merged` is how many parts, none of them zero as far as
    anyone can tell, share the value.
    """

    cells: Cells
    value: int | None
    below: int
    merged: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a release. `names` are its sites, months or regions, several where merged; the total has none.

    A hidden row has no value. With `few` it may say "fewer than" `told.below`; without, only that it is not shown,
    because with earlier releases it would tell a small count. `told` is what to keep once the release is out.
    """

    names: Names
    value: int | None
    few: bool = False
    told: Told | None = None


def releasable(
    counts: Mapping[Cell, int],
    sites: Sequence[str],
    months: Sequence[str],
    margin: Margin = Margin.TOTAL,
    earlier: Iterable[Told] = (),
    threshold: int = DEFAULT_THRESHOLD,
    regions: Mapping[str, str] | None = None,
) -> tuple[Row, ...]:
    """The rows that a release may show of a period's `months`; a cell that `counts` does not name is zero.

    `earlier` is everything told of this measure before, in order, whatever its period and threshold. `regions` say
    where each site lies; a site that moves from one to another crosses what was told, and then nothing more is.
    """
    if threshold not in THRESHOLDS:
        raise NotAThreshold(given=threshold, known=", ".join(map(str, THRESHOLDS)))
    whole = frozenset(product(sites, months))
    near = _near(whole, earlier)
    record = _Record(near, threshold, torn=any(_cross(one, other) for one, other in combinations(near, 2)))
    of_region: dict[str, list[str]] = {}
    for site in sites:
        of_region.setdefault((regions or {}).get(site, ""), []).append(site)
    parts = {
        Margin.TOTAL: {},
        Margin.SITE: {site: frozenset(product([site], months)) for site in sites},
        Margin.MONTH: {month: frozenset(product(sites, [month])) for month in months},
        Margin.REGION: {region: frozenset(product(inside, months)) for region, inside in sorted(of_region.items())},
    }
    return _split(parts[margin], counts, record) or (_total(whole, counts, record),)


def to_plain(told: Iterable[Told]) -> list[dict[str, Any]]:
    """What was told, as rows that JSON can hold."""
    return [
        {"cells": sorted(map(list, each.cells)), "value": each.value, "below": each.below, "merged": each.merged}
        for each in told
    ]


def from_plain(rows: Iterable[Mapping[str, Any]]) -> tuple[Told, ...]:
    """What `to_plain` wrote. Refuses what it cannot read: leaving one out would make the next release unsafe."""

    def read(row: Mapping[str, Any]) -> Told:
        cells = frozenset((str(site), str(month)) for site, month in row["cells"])
        return Told(cells, None if row["value"] is None else int(row["value"]), int(row["below"]), int(row["merged"]))

    try:
        return tuple(map(read, rows))
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise UnreadableRelease() from err


@dataclass(frozen=True, slots=True)
class _Record:
    """What was told before, and the threshold that holds now.

    It is torn where sets cross that, say, two laptops told on their own: then no remainder can be trusted.
    """

    told: Mapping[Cells, Told]
    threshold: int
    torn: bool

    def may_tell(self, cells: Cells, value: int, merged: int = 0) -> Told | None:
        """How a sum may be told as far as the sets inside it go. What was told once is told the same again."""
        if cells in self.told:
            return self.told[cells] if self.told[cells].value is not None else None
        if self.torn or any(_cross(cells, each) for each in self.told):
            return None
        new = Told(cells, value, self.threshold, merged)
        if self.leaves_no_small(new, self.told.values()):
            return new
        inside = _largest_inside(cells, self.told.values())
        if inside and all(each.value is not None for each in inside) and cells == _union(inside):
            # A few late counts cannot be told, but their total without them is told already.
            return Told(cells, sum(each.value or 0 for each in inside), self.threshold, merged)
        return None

    def stays_safe(self, new: Iterable[Told]) -> bool:
        """Whether the sets told before still leave no small remainder once `new` ones are told inside them.

        Inside a hidden one nothing more is told, not even where it is zero.
        """
        added = {each.cells: each for each in new if each.cells not in self.told}
        after = [*self.told.values(), *added.values()]
        outer = [each for each in self.told.values() if any(cells < each.cells for cells in added)]
        return all(
            each.value is not None and self.leaves_no_small(each, after)
            for each in outer
            if any(inner.cells in added for inner in _largest_inside(each.cells, after))
        )

    def leaves_no_small(self, outer: Told, told: Iterable[Told]) -> bool:
        """Whether what is left of `outer` without the told sets inside it tells no small count."""
        inside = _largest_inside(outer.cells, told)
        rest = outer.cells - _union(inside)
        left = (outer.value or 0) - sum(each.value or 0 for each in inside)
        most = [each.below - 1 for each in inside if each.value is None]
        if left == 0:
            return not most
        # Each merged or hidden part is at least 1, so that much less can hide behind any other.
        if left < self.threshold + outer.merged + len(most):
            return False
        # Nothing but hidden counts: the others at their most must leave none of them more than 1.
        return bool(rest) or not most or left - (sum(most) - min(most)) <= 1


def _split(parts: Mapping[str, Cells], counts: Mapping[Cell, int], record: _Record) -> tuple[Row, ...] | None:
    """A row for each part, as few of them merged as need be; None if there is no way but the total."""

    def tell(names: Names) -> Told | None:
        cells = frozenset(cell for name in names for cell in parts[name])
        return record.may_tell(cells, _sum(counts, cells), len(names) if len(names) > 1 else 0)

    groups: list[Names] = [(name,) for name in parts]
    while len(groups) > 1:
        found = {names: may for names in groups if (may := tell(names))}
        small = [names for names in groups if names not in found]
        if not small:
            rows = tuple(Row(names, may.value, told=may) for names, may in found.items())
            return rows if record.stays_safe(found.values()) else None
        joined = [_join(groups, small, parts)]
        if len(small) == 1:
            # Too small even together: the smallest that helps comes in. A zero would add nothing.
            large = sorted((names for names in found if found[names].value), key=lambda names: found[names].value or 0)
            joined = [_join(groups, [*small, names], parts) for names in large]
        if not joined:
            return None
        groups = next((way for way in joined if tell(way[-1])), joined[0])
    return None


def _total(whole: Cells, counts: Mapping[Cell, int], record: _Record) -> Row:
    """The total's row, hidden if it has to be."""
    value = _sum(counts, whole)
    may = record.may_tell(whole, value)
    if may and record.stays_safe([may]):
        return Row((), may.value, told=may)
    inside = _largest_inside(whole, record.told.values())
    shown = [each for each in inside if each.value is not None]
    few = not any(each.value for each in shown)
    # What is too small is what earlier releases do not tell of the total yet.
    rest = Told(whole - _union(shown), None, record.threshold)
    left = value - sum(each.value or 0 for each in shown)
    if record.torn or any(_cross(whole, each) for each in record.told) or not rest.cells:
        return Row((), None)
    if before := record.told.get(rest.cells):
        return Row((), None, few, before)
    # Small counts inside a small count, each known not to be zero, would squeeze each other.
    if len(shown) < len(inside) or not 0 < left < record.threshold or not record.stays_safe([rest]):
        return Row((), None)
    return Row((), None, few, rest)


def _join(groups: list[Names], some: Sequence[Names], order: Iterable[str]) -> list[Names]:
    """Make one group of some, the last."""
    together = {name for names in some for name in names}
    return [*(names for names in groups if names not in some), tuple(name for name in order if name in together)]


def _near(cells: Cells, earlier: Iterable[Told]) -> dict[Cells, Told]:
    """What was told of these cells, of what overlaps that, and so on. What was told first counts."""
    told = {each.cells: each for each in reversed(tuple(earlier))}
    reach = set(cells)
    while more := [each for each in told if not each.isdisjoint(reach) and not each <= reach]:
        reach.update(*more)
    return {each: said for each, said in told.items() if not each.isdisjoint(reach)}


def _sum(counts: Mapping[Cell, int], cells: Cells) -> int:
    return sum(counts.get(cell, 0) for cell in cells)


def _largest_inside(outer: Cells, told: Iterable[Told]) -> list[Told]:
    found: list[Told] = []
    for each in sorted((each for each in told if each.cells < outer), key=lambda each: -len(each.cells)):
        if not any(each.cells <= larger.cells for larger in found):
            found.append(each)
    return found


def _union(told: Iterable[Told]) -> Cells:
    return frozenset(cell for each in told for cell in each.cells)


def _cross(one: Cells, other: Cells) -> bool:
    return not (one.isdisjoint(other) or one <= other or other <= one)
