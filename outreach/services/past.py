"""Bringing past totals in: a table looked over first, then saved whole or not at all, and undone at one press."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from outreach.carry.rows import Table, read_rows
from outreach.core.particulars import ACT, EVENTS, PAST
from outreach.core.past import DAY, ITEM, QUANTITY, SITE, UNDECIDED, Names, Past, PastSheet, check_meanings, read_past
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.sheets import ClosedSheet, Kind, SiteCode, sorted_lines
from outreach.core.tally import ENCOUNTERS, OTHERS, ask_about_day, ask_about_quantity, item_counter
from outreach.services import correcting, settings, tally
from outreach.services.program import Program
from outreach.services.signing import Origin, save_all

IMPORT = "import"
"""The key in a sheet's `x` that says which table it came from: 16 hex digits of what the table says."""


class BroughtInBefore(Refusal):
    sentence = N_("These totals were brought in before. Undo that first if it was wrong. Nothing was saved.")


class AboutPeople(Refusal):
    sentence = N_(
        'The column "{head}" seems to be about single people. Only totals have a place here. '
        "Take that column out of the file first. Nothing was kept."
    )


class NoSuchImport(NotThere):
    sentence = N_("There are no past totals {table}. Nothing was changed.")


class UndoneBefore(Refusal):
    sentence = N_("These past totals were undone before. Nothing was changed.")


_ABOUT_PEOPLE = frozenset(
    (
        *("name", "names", "full name", "first name", "last name", "surname", "client name", "participant name"),
        *("dob", "date of birth", "birth date", "birthdate", "birthday", "initials", "client id", "participant id"),
        *("client code", "participant code", "ssn", "phone", "phone number", "email", "address", "street address"),
        *("nombre", "apellido", "nombre y apellido", "fecha de nacimiento"),
    )
)
"""What columns are called in whose rows a person stands. "Site name" is not among them, nor totals of people."""


@dataclass(frozen=True, slots=True)
class Import:
    """Past totals of one table: its sheets, and whether a correction took all of them away again."""

    table: str
    sheets: tuple[ClosedSheet, ...]
    undone: bool

    @property
    def first(self) -> date:
        return min(each.day for each in self.sheets)

    @property
    def last(self) -> date:
        return max(each.day for each in self.sheets)

    @property
    def lines(self) -> int:
        return sum(len(each.lines) for each in self.sheets)


def read_table(data: bytes, name: str, sheet: str = "") -> Table:
    """The table in a file; refused with a sentence when there is none, or when a column is about single people."""
    table = read_rows(data, name, sheet)
    for head in table.heads:
        if " ".join(re.findall(r"[^\W\d_]+", head.casefold())) in _ABOUT_PEOPLE:
            raise AboutPeople(head=head)
    return table


_HEADS = {
    DAY: ("day", "date", "month", "period", "fecha", "mes"),
    SITE: ("site", "location", "where", "sitio"),
    ENCOUNTERS: ("visits", "encounters", "contacts", "visitas"),
    OTHERS: ("others", "others supplied for"),
    ITEM: ("item", "supply", "what"),
    QUANTITY: ("quantity", "how many", "number", "count", "total"),
}
"""What columns are often called. Only a proposal: a person says what each one means."""


def guess(program: Program, table: Table) -> list[str]:
    """What each column of a table may mean, by its name; undecided where nobody can tell."""
    names = Names.of({}, program.catalog, program.events)
    known = {name: meaning for meaning, called in _HEADS.items() for name in called}
    found: list[str] = []
    for head in table.heads:
        folded = " ".join(head.split()).casefold()
        item = names.items.get(folded, "")
        meaning = known.get(folded) or (item if not item or ":" in item else item_counter(item))
        found.append(meaning if meaning and meaning not in found else UNDECIDED)
    if QUANTITY not in found or ITEM not in found:
        found = [UNDECIDED if each in (ITEM, QUANTITY) else each for each in found]
    return found


def look_over(program: Program, table: Table, meanings: Sequence[str], site: str) -> Past:
    """What the table would add, and which rows cannot be read. Saves nothing."""
    check_meanings(meanings, program.catalog, program.events)
    known = {each.code: each.name for each in settings.sites(program)}
    at = program.ledger().sites.get(site).code if site else ""
    return read_past(table.rows, table.numbers, meanings, Names.of(known, program.catalog, program.events), at)


def bring_in(
    program: Program, table: Table, meanings: Sequence[str], site: str, today: date, sure: bool = False
) -> Import:
    """Save every row of the table, or none. Asks about odd days and quantities unless `sure`."""
    past = look_over(program, table, meanings, site)
    past.refuse_problems()
    if not sure:
        for each in past.sheets:
            ask_about_day(each.day, today)
            for (item, _), quantity in each.counts.items():
                ask_about_quantity(item, quantity)
    name = _name_of(past.sheets)
    if any(each.table == name and not each.undone for each in imports(program)):
        raise BroughtInBefore()
    saved = save_all(program, [partial(_sheet, each, name) for each in past.sheets])
    return Import(name, tuple(saved), False)


def _sheet(past: PastSheet, name: str, origin: Origin) -> ClosedSheet:
    return ClosedSheet(
        **origin,
        kind=Kind.IMPORT,
        site=SiteCode(past.site),
        day=past.day,
        model=None,
        lines=sorted_lines(past.counts),
        encounters=past.visits.get(ENCOUNTERS),
        others=past.visits.get(OTHERS),
        x={ACT: PAST, IMPORT: name} | ({EVENTS: past.events} if past.events else {}),
    )


def _name_of(sheets: Iterable[PastSheet]) -> str:
    said = "\n".join(repr((each.site, each.day, sorted(map(str, _counted(each))))) for each in sheets)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _counted(past: PastSheet) -> Iterable[tuple[object, int]]:
    yield from past.counts.items()
    yield from past.events.items()
    yield from past.visits.items()


def imports(program: Program) -> list[Import]:
    """Every table that was brought in, undone or not."""
    ledger = program.ledger_if_any()
    tables: dict[str, list[ClosedSheet]] = {}
    for sheet in ledger.imports() if ledger else ():
        tables.setdefault(str(sheet.x.get(IMPORT, "")), []).append(sheet)
    return [
        Import(name, tuple(sheets), not any(_now(program, each) for each in sheets)) for name, sheets in tables.items()
    ]


def undo(program: Program, table: str) -> list[ClosedSheet]:
    """Take a table's totals away again, by corrections that are saved together."""
    known = [each for each in imports(program) if each.table == table]
    if not known:
        raise NoSuchImport(table=table)
    sheets = [sheet for each in known if not each.undone for sheet in each.sheets]
    if not sheets:
        raise UndoneBefore()
    left = [(sheet, _now(program, sheet)) for sheet in sheets]
    return save_all(program, [partial(_taken_away, sheet, now) for sheet, now in left if now])


def _now(program: Program, sheet: ClosedSheet) -> dict[str, int]:
    """What counts of a sheet today, by counter; nothing once a correction took all of it away."""
    return {name: n for name, n in correcting.whole_sheet(program, sheet.id).now.items() if n}


def _taken_away(sheet: ClosedSheet, now: dict[str, int], origin: Origin) -> ClosedSheet:
    away = tally.from_counters(sheet.site, sheet.day, None, {name: -n for name, n in now.items()})
    return ClosedSheet(
        **origin,
        kind=Kind.CORRECTION,
        site=sheet.site,
        day=sheet.day,
        model=None,
        lines=sorted_lines(away.counts),
        encounters=away.encounters,
        others=away.others,
        corrects=sheet.id,
        x={ACT: PAST} | ({EVENTS: away.events} if away.events else {}),
    )
