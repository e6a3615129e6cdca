"""Joining a sheet with few visits to another one of its day and place, so that it does not point to someone."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import ClosedSheet, Kind, ServiceModel
from outreach.core.tally import ENCOUNTERS, OpenSheet
from outreach.services import tally
from outreach.services.correcting import whole_sheet
from outreach.services.program import Program
from outreach.store import closing


class NotOfThatDay(Refusal):
    sentence = N_("Only sheets of one day at one place are put together. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Other:
    """A sheet to join to: its id, whether it still takes taps, the visits on it, and how was served."""

    id: str
    is_open: bool
    visits: int | None
    model: ServiceModel | None


def others(program: Program, sheet: OpenSheet) -> list[Other]:
    """The other sheets of that day and place: those served the same way first, open ones before closed ones."""
    found = [
        Other(each.id, True, each.counters.get(ENCOUNTERS), each.model)
        for each in tally.open_sheets(program)
        if each.id != sheet.id and _together(each, sheet)
    ]
    closed = program.ledger().sheets(Period(sheet.day, sheet.day), sheet.site)
    found += [
        Other(each.id, False, whole_sheet(program, each.id).now.get(ENCOUNTERS), each.model)
        for each in closed
        if each.kind is Kind.TALLY
    ]
    return sorted(found, key=lambda each: each.model is not sheet.model)


def is_offered(program: Program, sheet: OpenSheet) -> bool:
    """Whether closing this sheet should ask first: few visits, and another sheet that could take them."""
    return sheet.few_visits and bool(others(program, sheet))


def join(program: Program, sheet: str, other: str) -> ClosedSheet | None:
    """Put the counts of an open sheet onto another one: moved to an open one, or as a correction of a closed one.

    The correction is the answer; None when both were open.
    """
    going = tally.read_sheet(program, sheet)
    if other not in {each.id for each in others(program, going)}:
        raise NotOfThatDay()
    if other in program.sheets().ids():
        closing.join(program.ledger(), program.sheets(), sheet, other)
        return None
    return tally.close_sheet(program, sheet, whole_sheet(program, other).first.id)


def _together(one: OpenSheet, other: OpenSheet) -> bool:
    return (one.site, one.day) == (other.site, other.day)
