"""Totals of the past, from another program's table: what each column means, and what its rows add up to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from outreach.core.events import Events
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import QUANTITY_MAX, Movement
from outreach.core.supplies import Catalog
from outreach.core.tally import ENCOUNTERS, EVENT, OTHERS, whole_number

DAY, SITE, ITEM, QUANTITY = "day", "site", "item", "quantity"
NOTHING, UNDECIDED = "", "?"
"""What a column means that is left out, and one about which nobody has said anything yet."""

Value = str | int | float | date | None
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_US_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")


class NoDayColumn(Refusal):
    sentence = N_("Say which one column holds the day or the month. Nothing was saved.")


class NothingToCount(Refusal):
    sentence = N_("Say for at least one column what it counts. Nothing was saved.")


class Undecided(Refusal):
    sentence = N_("Say what each column means, or leave it out. Nothing was saved.")


class UnknownMeaning(Refusal):
    sentence = N_("A column cannot mean {meaning}. Nothing was saved.")


class TwoColumns(Refusal):
    sentence = N_("Two columns mean the same: {meaning}. Leave one out. Nothing was saved.")


class ItemNeedsQuantity(Refusal):
    sentence = N_("A column of items needs a column of numbers beside it, and nothing else that is counted.")


class BadRows(Refusal):
    sentence = N_("Rows that cannot be read: {bad} of {rows}, the first of them row {row}: {why} Nothing was saved.")


# Why one row cannot be read; each is a sentence of its own on the page and at the end of BadRows.
NOT_A_DAY = N_("{given} is not a day or a month. Days such as 3/14/2026 are read month first.")
NOT_A_NUMBER = N_("{given} is not a whole number of 0 or more.")
TOO_MANY = N_("{given} is more than a sheet can hold.")
NO_SITE = N_("there is no site called {given}.")
NO_ITEM = N_("there is no item called {given}.")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be read, by its number in the file, and why."""

    row: int
    why: str
    given: str

    def __str__(self) -> str:
        return self.why.format(given=self.given or "an empty cell")


@dataclass(slots=True)
class PastSheet:
    """What the rows of one site and one day, or month, add up to."""

    site: str
    day: date
    counts: dict[tuple[str, Movement], int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """A table as sheets, by site and day, and the rows that could not be read."""

    sheets: tuple[PastSheet, ...]
    problems: tuple[Problem, ...]
    rows: int

    @property
    def totals(self) -> dict[str, int]:
        """What all sheets together would add, by what their columns meant."""
        found: Counter[str] = Counter()
        for sheet in self.sheets:
            found.update(sheet.visits)
            found.update({f"{movement.value}:{item}": n for (item, movement), n in sheet.counts.items()})
            found.update({f"{EVENT}:{code}": n for code, n in sheet.events.items()})
        return dict(found)

    def refuse_problems(self) -> None:
        """All or nothing: one bad row keeps all of them out."""
        if self.problems:
            first = self.problems[0]
            raise BadRows(bad=len(self.problems), rows=self.rows, row=first.row, why=str(first))


def check_meanings(meanings: Sequence[str], catalog: Catalog, events: Events) -> None:
    """Refuse what columns cannot mean, alone or together."""
    if UNDECIDED in meanings:
        raise Undecided()
    named = [each for each in meanings if each != NOTHING]
    for each in named:
        movement, colon, code = each.partition(":")
        if colon and movement == EVENT:
            if events.get(code) not in events.by_session:
                raise UnknownMeaning(meaning=each)
        elif colon and movement in (Movement.GIVEN.value, Movement.RETURNED.value):
            catalog.get(code)
        elif each not in (DAY, SITE, ITEM, QUANTITY, ENCOUNTERS, OTHERS):
            raise UnknownMeaning(meaning=each)
        if named.count(each) > 1:
            raise TwoColumns(meaning=each)
    if DAY not in named:
        raise NoDayColumn()
    counted = [each for each in named if each not in (DAY, SITE)]
    if not counted:
        raise NothingToCount()
    if (ITEM in named or QUANTITY in named) and set(counted) != {ITEM, QUANTITY}:
        raise ItemNeedsQuantity()


@dataclass(frozen=True, slots=True)
class Names:
    """How a table may call sites, items and events: by code or by name, in capitals or not."""

    sites: Mapping[str, str]
    items: Mapping[str, str]

    @classmethod
    def of(cls, sites: Mapping[str, str], catalog: Catalog, events: Events) -> Names:
        """`sites` are names by code."""
        known = {folded(name): code for code, name in sites.items() if name}
        things: dict[str, str] = {folded(each.name): each.code for each in catalog.handed_out()}
        things |= {folded(each.code): each.code for each in catalog.handed_out()}
        things |= {folded(each.name): f"{EVENT}:{each.code}" for each in events.by_session}
        things |= {folded(each.code): f"{EVENT}:{each.code}" for each in events.by_session}
        return cls(known | {folded(code): code for code in sites}, things)


def read_past(
    rows: Sequence[Sequence[Value]], numbers: Sequence[int], meanings: Sequence[str], names: Names, site: str
) -> Past:
    """Add rows up by site and day. `site` is where a row belongs that names none; an empty cell is "not counted"."""
    found: dict[tuple[str, date], PastSheet] = {}
    problems: list[Problem] = []
    for number, row in zip(numbers, rows, strict=True):
        told = {meaning: value for meaning, value in zip(meanings, row, strict=False) if meaning != NOTHING}
        try:
            _add(told, names, site, found)
        except Unreadable as problem:
            problems.append(Problem(number, problem.why, problem.given))
    ordered = tuple(sorted(found.values(), key=lambda each: (each.day, each.site)))
    return Past(ordered, tuple(problems), len(rows))


class Unreadable(Exception):
    """Why one cell cannot be read."""

    def __init__(self, why: str, given: Value) -> None:
        self.why, self.given = why, "" if given is None else str(given)


def _add(told: dict[str, Value], names: Names, site: str, found: dict[tuple[str, date], PastSheet]) -> None:
    """Put one row on its sheet; nothing of it where one of its cells cannot be read."""
    day = day_of(told.pop(DAY))
    at = told.pop(SITE, None)
    where = names.sites.get(folded(at), "") if at is not None else site
    if not where:
        raise Unreadable(NO_SITE, at)
    if ITEM in told:
        item = names.items.get(folded(told[ITEM]))
        if item is None:
            raise Unreadable(NO_ITEM, told[ITEM])
        told = {item if ":" in item else f"{Movement.GIVEN.value}:{item}": told[QUANTITY]}
    counted = {meaning: whole(value) for meaning, value in told.items() if value is not None}
    sheet = found.setdefault((where, day), PastSheet(where, day))
    for meaning, quantity in counted.items():
        movement, colon, code = meaning.partition(":")
        if not colon:
            sheet.visits[meaning] = _within(sheet.visits.get(meaning, 0) + quantity)
        elif movement == EVENT:
            sheet.events[code] = _within(sheet.events.get(code, 0) + quantity)
        else:
            key = code, Movement(movement)
            sheet.counts[key] = _within(sheet.counts.get(key, 0) + quantity)


def day_of(value: Value) -> date:
    """A day, or the first day of a month, as tables write them."""
    if isinstance(value, date):
        return value
    text = str(value).strip() if value is not None else ""
    iso, us, month = _ISO.fullmatch(text), _US.fullmatch(text), _US_MONTH.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3] or 1))
        if us:
            return date(int(us[3]), int(us[1]), int(us[2]))
        if month:
            return date(int(month[2]), int(month[1]), 1)
    except ValueError:
        pass
    raise Unreadable(NOT_A_DAY, value)


def whole(value: Value) -> int:
    """A number as tables write it."""
    number = whole_number(value) if isinstance(value, str) else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise Unreadable(NOT_A_NUMBER, value)
    return _within(number)


def _within(value: int) -> int:
    if value > QUANTITY_MAX:
        raise Unreadable(TOO_MANY, value)
    return value


def folded(value: Value) -> str:
    """A name however it is spaced and capitalized."""
    return " ".join(str(value).split()).casefold()
