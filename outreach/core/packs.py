"""A funder's set of questions in its own words and units, and the answers to them in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from outreach.core.answers import Figure, Question, broken_down, figures
from outreach.core.indicators import Indicator, Indicators, Ratio, Typed
from outreach.core.periods import PeriodKind
from outreach.core.refusal import N_, Refusal
from outreach.core.suppression import DEFAULT_THRESHOLD, THRESHOLDS

BYS = ("item", "site", "month", "model")

NOT_COUNTED = N_("not counted here ({unit}: {number})")
"""What stands in a blank line that has something beside it, such as "not counted here (visits: 4,210)"."""

# Words that ask for people, and words that ask for visits by them, in the packs we have read.
_PEOPLE = re.compile(r"\b(individuals?|participants?|persons?|people|clients?|enrolled|served|unique)\b", re.IGNORECASE)
_VISITS = re.compile(r"\b(visits?|contacts?|encounters?|attendances?)\b", re.IGNORECASE)
_CELL = re.compile(r".+![A-Z]{1,3}[1-9][0-9]{0,6}")


class UnknownPack(Refusal):
    sentence = N_("There is no pack called {id}. Packs: {known}.")


class Release(StrEnum):
    """Who will see it. A contract report shows what the contract asks; a public one hides small numbers of people."""

    CONTRACT = "contract"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class PackLine:
    """One question. Either an indicator answers it, or `blank` says why we do not hold it.

    `label` is the funder's own and never translated; in [brackets] it is ours, because the funder's
    words were not seen. `unit` picks one number of an indicator that has several. `only` keeps items,
    events or groups of items. `beside` is an indicator shown in a blank line, so that nobody takes
    visits for people. `cell` names the place in the funder's workbook, such as "Report!C7".
    """

    label: str
    indicator: str = ""
    unit: str = ""
    only: frozenset[str] = frozenset()
    by: str = ""
    blank: str = ""
    beside: str = ""
    section: str = ""
    note: str = ""
    cell: str = ""

    def __post_init__(self) -> None:
        if bool(self.indicator) == bool(self.blank):
            raise ValueError("a line has an indicator, or `blank` with the reason why it is left blank, never both")
        if self.beside and not self.blank:
            raise ValueError("`beside` stands in a blank line only")
        if self.by and self.by not in BYS:
            raise ValueError(f"`by` is one of {', '.join(BYS)}, or left out")
        if self.cell and (self.by or not _CELL.fullmatch(self.cell)):
            raise ValueError('`cell` is a sheet and a cell such as "Report!C7", of a line that is one number')
        if self.indicator in ("A1", "A5") and _PEOPLE.search(self.label) and not _VISITS.search(self.label):
            raise ValueError('visits are not people: write `blank` with the reason, and beside = "A1"')

    def asks_for(self, indicators: Indicators) -> Indicator | None:
        """The one number of the indicator that this line is about; none for a blank line."""
        if not self.indicator:
            return None
        indicator = indicators.get(self.indicator)
        number = indicator.number(self.unit)
        if number is None:
            units = ", ".join(each.unit for each in indicator.numbers)
            raise ValueError(f"{self.indicator} is not counted in {self.unit}; its units: {units}")
        return replace(indicator, numbers=(number,))


@dataclass(frozen=True, slots=True)
class Pack:
    """Who asks, when, from what source and when that was last read, and every line in the funder's order."""

    id: str
    title: str
    funder: str
    release: Release
    period: PeriodKind
    source: str
    url: str
    checked: date
    lines: tuple[PackLine, ...]
    note: str = ""
    own: bool = False
    threshold: int = DEFAULT_THRESHOLD
    """People or events fewer than this are hidden in a public release; it does nothing under a contract."""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a pack has at least one line")
        if self.threshold not in THRESHOLDS:
            raise ValueError(f"`threshold` is one of {', '.join(map(str, THRESHOLDS))}")
        cells = [line.cell for line in self.lines if line.cell]
        if len(set(cells)) != len(cells):
            raise ValueError("two lines fill the same cell")

    def typed(self, indicators: Indicators) -> tuple[Typed, ...]:
        """The numbers that have to be typed before every line can be worked out."""
        asked = [line.asks_for(indicators) for line in self.lines]
        bottoms = {
            number.source.bottom
            for indicator in asked
            if indicator
            for number in indicator.numbers
            if isinstance(number.source, Ratio)
        }
        return tuple(each for each in indicators.typed if each.id in bottoms)


@dataclass(frozen=True, slots=True)
class PackRow:
    """A line's answer. `part` is the item, site, month or model; `figure` is None in a blank line."""

    line: PackLine
    part: str = ""
    figure: Figure | None = None
    beside: Figure | None = None


def work_out(pack: Pack, asked: Question) -> Iterator[PackRow]:
    """Every line in the funder's order; one that is broken down gives a row for each part, or one that says why not."""
    for line in pack.lines:
        indicator = line.asks_for(asked.indicators)
        if indicator is None:
            beside = figures(asked.indicators.get(line.beside), asked)[0] if line.beside else None
            yield PackRow(line, beside=beside)
            continue
        question = replace(asked, only=line.only)
        parts = broken_down(indicator, question, line.by) if line.by else {}
        for part, (figure, *_) in parts.items():
            yield PackRow(line, part, figure)
        if not parts:
            yield PackRow(line, figure=figures(indicator, question)[0])
