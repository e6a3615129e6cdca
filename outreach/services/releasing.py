"""Public reports made safe: people and events hidden where there are few, now or beside what was told before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.core.answers import Figure, Missing, Question, can_be_split
from outreach.core.atoms import atoms
from outreach.core.hub_reports import by_region
from outreach.core.indicators import Handled, Indicator, Indicators, Ratio
from outreach.core.packs import Pack, PackLine, PackRow, work_out
from outreach.core.periods import months_of
from outreach.core.refusal import N_
from outreach.core.reports import Report, Row
from outreach.core.sheets import PROGRAM_WIDE
from outreach.core.suppression import Cell, Margin, Told, from_plain, releasable
from outreach.services.packs import as_report, row_of

FEW = {5: N_("fewer than 5"), 6: N_("fewer than 6"), 10: N_("fewer than 10"), 11: N_("fewer than 11")}
NOT_SHOWN = N_("not shown: with an earlier release it would tell a small number")
TELLS_VISITS = N_("not shown in a public release: it would tell how many there were")
TOTAL_ONLY = N_("not shown in a public release: only the total of this is")


@dataclass(frozen=True, slots=True)
class Safe:
    """A public report, and what the public will have been told by it, by measure."""

    report: Report
    told: Mapping[str, tuple[Told, ...]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a public report stands on: every site, all that was told before by measure, and how its lines are split.

    Without `split` each line is split as its pack says.
    """

    sites: Sequence[str]
    earlier: Mapping[str, tuple[Told, ...]]
    split: Margin | None = None
    regions: Mapping[str, str] | None = None


def made_safe(pack: Pack, asked: Question, ground: Ground) -> Safe:
    """The pack's numbers with people and events hidden where there are few of them."""
    told: dict[str, tuple[Told, ...]] = {}
    rows: list[Row] = []
    for line in pack.lines:
        indicator = line.asks_for(asked.indicators)
        if indicator is None or not tells_people(indicator, asked.indicators):
            rows += _as_it_is(pack, line, indicator, asked, ground)
            continue
        measure = f"{line.indicator}:{indicator.numbers[0].unit}"
        if isinstance(indicator.numbers[0].source, Ratio):
            rows.append(_hidden(line, indicator, TELLS_VISITS))
            continue
        cells = _cells(asked, indicator)
        # What is kept by month for the whole program has no sites to be shown by.
        whole = {site for site, _ in cells} == {PROGRAM_WIDE}
        at, splits = ([PROGRAM_WIDE], ("", "month")) if whole else (ground.sites, ("", "site", "month"))
        if not cells:
            # Nobody counted, which is not a zero that could be told.
            rows.append(_hidden(line, indicator, Missing.NOT_REPORTED.value))
        elif line.only or line.by not in splits or measure in told:
            # Parts of one measure, told apart, would have to be safe together as well: only its total, and once.
            rows.append(_hidden(line, indicator, TOTAL_ONLY))
        else:
            shown = releasable(
                cells,
                at,
                months_of(asked.counted.period),
                ground.split or Margin(line.by or "total"),
                ground.earlier.get(measure, ()),
                pack.threshold,
                ground.regions,
            )
            told[measure] = tuple(row.told for row in shown if row.told)
            for row in shown:
                why = "" if row.value is not None else FEW[pack.threshold] if row.few else NOT_SHOWN
                figure = Figure(indicator.numbers[0], row.value)
                rows.append(row_of(PackRow(line, ", ".join(row.names), figure)) | {"why": why})
    return Safe(as_report(pack, asked.counted.period, rows), told)


def tells_people(indicator: Indicator, known: Indicators) -> bool:
    """Whether a number counts people or what happened to them, or is worked out from one that does."""
    if indicator.kind.is_suppressed:
        return True
    sources = [number.source for number in indicator.numbers if isinstance(number.source, Ratio)]
    used = {each for source in sources for each in (*source.top, source.bottom) if each and each in known}
    return any(known.get(each).kind.is_suppressed for each in used)


def told_in(bodies: Iterable[str]) -> dict[str, tuple[Told, ...]]:
    """All that public releases ever told, by measure, in the order of sending."""
    told: dict[str, tuple[Told, ...]] = {}
    for body in bodies:
        for measure, rows in json.loads(body).get("told", {}).items():
            told[measure] = (*told.get(measure, ()), *from_plain(rows))
    return told


def split_by(pack: Pack, asked: Question, split: Margin, regions: Mapping[str, str]) -> tuple[Pack, Question]:
    """The pack with every line that can be split so split, and the question that it is then asked."""
    by = {Margin.TOTAL: "", Margin.MONTH: "month", Margin.SITE: "site", Margin.REGION: "site"}[split]
    if split is Margin.REGION:
        asked = replace(asked, counted=by_region(asked.counted, regions))

    def lines() -> Iterator[PackLine]:
        for line in pack.lines:
            found = line.asks_for(asked.indicators)
            if found is not None:
                may = bool(by) and can_be_split(found.numbers[0].source, by, asked.indicators)
                line = replace(line, by=by if may else "")
            yield line

    return replace(pack, lines=tuple(lines())), asked


def _as_it_is(
    pack: Pack, line: PackLine, indicator: Indicator | None, asked: Question, ground: Ground
) -> Iterator[Row]:
    """A line that tells nothing of people; what would stand beside a blank one might, so it is left away."""
    one = replace(pack, lines=(replace(line, beside=""),))
    if ground.split is not None:
        one, asked = split_by(one, asked, ground.split, ground.regions or {})
    return map(row_of, work_out(one, asked))


def _cells(asked: Question, indicator: Indicator) -> dict[Cell, int]:
    source = indicator.numbers[0].source
    assert not isinstance(source, Ratio | Handled), "supplies and ratios are no counts of people"
    found: Counter[Cell] = Counter()
    for atom in atoms(source, asked.counted):
        found[atom.site, f"{atom.day:%Y-%m}"] += int(atom.value)
    return dict(found)


def _hidden(line: PackLine, indicator: Indicator, why: str) -> Row:
    return row_of(PackRow(line, figure=Figure(indicator.numbers[0], None))) | {"why": why}
