"""Counting: open a sheet, tap on it, close it into the ledger exactly once, or save a whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from outreach.core.particulars import EVENTS
from outreach.core.refusal import N_, NotThere, Refusal, Words
from outreach.core.sheets import ClosedSheet, Kind, Movement, SheetId, SiteCode, sorted_lines
from outreach.core.tally import (
    ENCOUNTERS,
    EVENT,
    OTHERS,
    PEOPLE,
    QUARTER_HOURS,
    Applied,
    EmptySheet,
    OpenAlready,
    OpenSheet,
    SameSheetAgain,
    Tap,
    after_tap,
    ask_about_day,
    ask_about_hours,
    ask_about_quantity,
)
from outreach.services.ballast import with_room
from outreach.services.program import Program
from outreach.services.settings import parse_model
from outreach.services.signing import Origin, save_next
from outreach.services.weighing import how_weighed
from outreach.store import closing
from outreach.store.ledger import Place
from outreach.store.refusals import SheetClosed

T = TypeVar("T")

VISITS, OTHERS_TOO = N_("Visits"), N_("Others supplied for")


class NoSuchSheet(NotThere):
    sentence = N_("There is no such sheet. It may have been closed on another page. Nothing was counted.")


class UnknownCounter(Refusal):
    sentence = N_("There is nothing called {counter} to count. Load the page again. Nothing was counted.")


class CorrectsNothing(Refusal):
    sentence = N_("There is no saved sheet {sheet} to correct. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """A sheet as it is read off paper: everything at once. None is "not reported"."""

    site: str
    day: date
    model: str | None = None
    counts: dict[tuple[str, Movement], int] = field(default_factory=dict)
    encounters: int | None = None
    others: int | None = None
    hours: Fraction | None = None
    events: dict[str, int] = field(default_factory=dict)
    corrects: str | None = None


def from_counters(
    site: str, day: date, model: str | None, numbers: Mapping[str, int], corrects: str | None = None
) -> WholeSheet:
    """A whole sheet from numbers by the counters of an open one."""
    counts: dict[tuple[str, Movement], int] = {}
    events: dict[str, int] = {}
    for name, n in numbers.items():
        before, colon, code = name.partition(":")
        if colon and before == EVENT:
            events[code] = n
        elif colon:
            counts[code, Movement(before)] = n
    quarters = numbers.get(QUARTER_HOURS)
    hours = None if quarters is None else Fraction(quarters, 4)
    return WholeSheet(site, day, model, counts, numbers.get(ENCOUNTERS), numbers.get(OTHERS), hours, events, corrects)


def open_sheets(program: Program) -> list[OpenSheet]:
    """Every open sheet, oldest day first."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return []
    return program.sheets().all()


def open_sheet(program: Program, site: str, day: date, model: str, today: date, sure: bool = False) -> OpenSheet:
    """Begin a session. Asks about an implausible day, or a second sheet of that day, unless `sure`."""
    found = program.ledger().sites.get(site)
    if not sure:
        ask_about_day(day, today)
        if any((each.site, each.day) == (found.code, day) for each in open_sheets(program)):
            raise OpenAlready(site=found.name or found.code, day=day)
    return program.sheets().open(SiteCode(found.code), day, parse_model(model) if model else found.model)


def read_sheet(program: Program, sheet: str) -> OpenSheet:
    return program.sheets().read(sheet)


def mint_tab(program: Program, sheet: str) -> bytes:
    return _counting(program, sheet, lambda: program.sheets().mint_tab(sheet))


def tap(program: Program, sheet: str, touch: Tap, sure: bool = False) -> tuple[Applied, int | None]:
    """Apply one touch exactly once; answers only when it is on disk. Returns what became of it and the count."""
    _check_counter(program, touch.counter)
    if touch.exactly is not None and not sure:
        after_tap(None, touch)  # nobody is asked about what cannot be
        if touch.counter == QUARTER_HOURS:
            ask_about_hours(Fraction(touch.exactly, 4))
        else:
            ask_about_quantity(_name(program, touch.counter), touch.exactly)
    return _counting(program, sheet, lambda: program.sheets().tap(sheet, touch))


def _counting(program: Program, sheet: str, step: Callable[[], T]) -> T:
    """Take a step on an open sheet, after finishing or taking back a close of it that was cut off.

    A disk that is full can refuse a close and then have no room to take its mark off the sheet either.
    """
    try:
        return with_room(program.home, step)
    except SheetClosed:
        if program.sheets().mark(sheet) is not None:
            closing.settle(program.ledger(), program.sheets(), sheet)
        return with_room(program.home, step)


def _name(program: Program, counter: str) -> str | Words:
    if counter in PEOPLE:
        return Words((VISITS if counter == ENCOUNTERS else OTHERS_TOO,))
    code = counter.partition(":")[2]
    return program.catalog.get(code).name if code in program.catalog else program.events.get(code).name


def _check_counter(program: Program, counter: str) -> None:
    if counter in (*PEOPLE, QUARTER_HOURS):
        return
    movement, _, item = counter.partition(":")
    if movement == EVENT:
        if not any(each.code == item for each in program.events.by_session):
            raise UnknownCounter(counter=counter)
        return
    if movement not in (Movement.GIVEN.value, Movement.RETURNED.value) or item not in program.catalog:
        raise UnknownCounter(counter=counter)


def put_away(program: Program, sheet: str) -> None:
    """Throw an open sheet away with whatever is on it; nothing of it reaches the ledger."""
    program.sheets().destroy(sheet)


def close_sheet(program: Program, sheet: str, corrects: SheetId | None = None) -> ClosedSheet:
    """Move an open sheet into the ledger, exactly once even if the plug is pulled in between.

    With `corrects` what it counts is added to that closed sheet, as a correction of it.
    """
    key = program.device()
    program_id = program.program_id()

    def build(opened: OpenSheet, place: Place) -> tuple[ClosedSheet, bytes]:
        closed = ClosedSheet(
            program=program_id,
            device=key.device,
            seq=place.seq,
            prev=place.prev,
            kind=Kind.CORRECTION if corrects else Kind.TALLY,
            site=opened.site,
            day=opened.day,
            model=opened.model,
            lines=opened.lines(),
            encounters=opened.counters.get(ENCOUNTERS),
            others=opened.counters.get(OTHERS),
            hours=opened.hours,
            corrects=corrects,
            x=_particulars(program, opened.events()),
        )
        _not_empty(closed)
        return closed, key.sign(closed.canonical())

    return with_room(
        program.home,
        lambda: closing.close_sheet(program.ledger(), program.sheets(), sheet, key.device, build),
    )


def _particulars(program: Program, events: dict[str, int]) -> dict[str, Any]:
    """What stands beside the lines of a sheet with these events; a sheet without any says nothing there."""
    return {EVENTS: events, **how_weighed(program, events)} if events else {}


def _not_empty(sheet: ClosedSheet) -> None:
    if (
        not sheet.lines
        and not sheet.events
        and sheet.encounters is None
        and sheet.others is None
        and sheet.hours is None
    ):
        raise EmptySheet()


def record(
    program: Program,
    whole: WholeSheet,
    today: date,
    again: bool = False,
    sure: bool = False,
    check: Callable[[], None] | None = None,
) -> ClosedSheet:
    """Save a whole sheet. Asks about an implausible day or quantity unless `sure`, and about a repeat unless `again`.

    `check` may refuse at the last moment, when nobody else can save any more.
    """
    ledger = program.ledger()
    site = ledger.sites.get(whole.site)
    if not sure:
        ask_about_day(whole.day, today)
    if not sure and whole.hours is not None:
        ask_about_hours(whole.hours)
    named = [(program.catalog.get(item).name, n) for (item, _), n in whole.counts.items()]
    named += [(program.events.get(event).name, n) for event, n in whole.events.items()]
    for name, quantity in named if not sure else ():
        ask_about_quantity(name, abs(quantity))
    corrected = SheetId(whole.corrects) if whole.corrects else None
    if corrected is not None and corrected not in ledger:
        raise CorrectsNothing(sheet=corrected)

    def make(origin: Origin) -> ClosedSheet:
        if check is not None:
            check()
        sheet = ClosedSheet(
            **origin,
            kind=Kind.CORRECTION if corrected else Kind.TALLY,
            site=SiteCode(site.code),
            day=whole.day,
            model=parse_model(whole.model) if whole.model else site.model,
            lines=sorted_lines(whole.counts),
            encounters=whole.encounters,
            others=whole.others,
            hours=whole.hours,
            corrects=corrected,
            x=_particulars(program, whole.events),
        )
        _not_empty(sheet)
        if not again and ledger.same_counts(sheet) is not None:
            raise SameSheetAgain(site=site.name or site.code, day=whole.day)
        return sheet

    return save_next(program, make)


def closed_sheet(program: Program, sheet: str) -> ClosedSheet:
    """A saved sheet by its id."""
    ledger = program.ledger_if_any()
    found = ledger.sheet(sheet) if ledger else None
    if found is None:
        raise NoSuchSheet()
    return found


def last_site(opened: Iterable[OpenSheet], closed: Iterable[ClosedSheet]) -> str:
    """Where the newest session of these was; '' where there is none."""
    found = [(each.day, each.site) for each in opened]
    found += [(each.day, each.site) for each in closed if each.kind is Kind.TALLY]
    return max(found, key=lambda each: each[0], default=(None, ""))[1]


def recent_sheets(program: Program, most: int) -> list[ClosedSheet]:
    """The last sheets by day, newest first."""
    ledger = program.ledger_if_any()
    return ledger.latest(most) if ledger else []
