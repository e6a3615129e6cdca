"""A report in a reader's words: titles, heads and rows for a workbook, a page to print, or the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from outreach.carry.workbooks import Tab, write_workbook
from outreach.core.indicators import Indicators
from outreach.core.languages import FSI, LRI, PDI, Direction, Language, as_set
from outreach.core.packs import NOT_COUNTED, Pack
from outreach.core.periods import Period
from outreach.core.refusal import N_
from outreach.core.reports import Report, Row
from outreach.i18n.catalogs import INTERFACE, translations
from outreach.i18n.days import day_in, month_in
from outreach.printing.document import Block, Document
from outreach.services import settings
from outreach.services.program import Program
from outreach.services.reports import counted_since

Value = str | int | float | date | None
HEADS = {
    "site": N_("Site"),
    "month": N_("Month"),
    "day": N_("Day"),
    "item": N_("What"),
    "movement": N_("Which way"),
    "loose": N_("Loose"),
    "in_kits": N_("In kits"),
    "quantity": N_("How many"),
    "units": N_("Unit"),
    "doses": N_("Doses"),
    "sessions": N_("Sessions"),
    "encounters": N_("Visits"),
    "others": N_("Others supplied for"),
    "hours": N_("Hours open"),
    "section": N_("Part"),
    "line": N_("Line"),
    "part": N_("Of which"),
    "value": N_("How many"),
    "low": N_("At least"),
    "high": N_("At most"),
    "unit": N_("Unit"),
    "band": N_("Class"),
    "why": N_("Why there is no number"),
    "note": N_("Note"),
}
MOVEMENTS = {
    "given": N_("Handed out"),
    "returned": N_("Brought back"),
    "received": N_("Received"),
    "discarded": N_("Thrown away"),
    "adjusted": N_("Stock put right"),
    "moved": N_("Moved"),
}
PERIOD = N_("From {first} to {last}")
AS_OF = N_("As of {day}")
DEMO = "DEMO"
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_OUR_CODE = re.compile(r"`([^`]+)`|\b[A-Z][0-9]\b")
"""What stands in the account of a number for a thing, an event or a group of them, or for another number."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A report ready to be read: `rows` stand under `heads`; `notes` say how numbers are counted."""

    name: str
    title: str
    lead: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """What the report calls its columns, whatever their heads say."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The columns that hold figures."""
        return tuple(
            i
            for i in range(len(self.heads))
            if any(isinstance(row[i], int | float) for row in self.rows)
            and not any(isinstance(row[i], str) and row[i] for row in self.rows)
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a report is presented to: a language, and what codes are called in it."""

    program: Program
    language: Language

    @property
    def say(self) -> Callable[[str], str]:
        return translations(self.language.catalog, INTERFACE).ugettext

    def called(self, column: str, value: Value) -> Value:
        """A cell in words: a site by its name, an item by its own."""
        if column == "site":
            return settings.site_name(self.program, str(value))
        if column in ("item", "part") and isinstance(value, str):
            return self.part(value)
        if column == "movement":
            return self.say(MOVEMENTS[str(value)])
        if column in ("units", "unit") and value:
            return self.unit(str(value))
        if column in ("why", "band", "note") and value:
            return self.say(str(value))
        return value

    def part(self, code: str) -> str:
        """An item, an event, a month, or sites by their names."""
        if code in self.program.catalog:
            return self.program.item_name(self.language, code)
        if code in self.program.events:
            return self.say(self.program.events.get(code).name)
        if _MONTH.fullmatch(code):
            return month_in(date.fromisoformat(f"{code}-01"), self.language)
        return ", ".join(settings.site_name(self.program, each) for each in code.split(", "))

    def unit(self, units: str) -> str:
        said = self.program.wording(self.language, f"unit.{units}", units).shown
        return self.say(units) if said == units else said

    def in_words(self, text: str, known: Indicators) -> str:
        """How a number is counted, with names in place of our codes: whoever reads it has no list of those."""
        opens, closes = "“”" if self.language.is_source else "«»"
        names = {each.id: self.say(each.name) for each in known}
        names |= {code: self.say(name) for code, name in MOVEMENTS.items()}
        for group in self.program.catalog.groups:
            names[group.code] = self.program.wording(self.language, f"group.{group.code}", group.name).shown

        def called(match: re.Match[str]) -> str:
            code = match[1] or match[0]
            name = names.get(code) or (self.part(code) if match[1] else "")
            return f"{opens}{name}{closes}" if name else code

        return _OUR_CODE.sub(called, text)

    def days(self, period: Period) -> str:
        return self.say(PERIOD).format(
            first=day_in(period.first, self.language), last=day_in(period.last, self.language)
        )


def presented(reader: Reader, report: Report, title: str, notes: tuple[str, ...] = ()) -> Presented:
    """Any report under its title; columns that hold nothing are left out."""
    kept = [name for name in report.columns if name in HEADS and any(_filled(row.get(name)) for row in report.rows)]
    rows = tuple(tuple(reader.called(name, _told(reader, row, name)) for name in kept) for row in report.rows)
    heads = tuple(reader.say(HEADS[name]) for name in kept)
    return Presented(report.name, title, reader.days(report.period), heads, rows, notes, tuple(kept))


def _told(reader: Reader, row: Row, name: str) -> Value:
    value: Value = row.get(name)
    if name == "why" and row.get("beside") is not None:
        beside = reader.say(NOT_COUNTED).format(unit=reader.unit(row["beside_unit"]), number=f"{row['beside']:,}")
        return f"{reader.say(row['why'])} {beside[:1].upper()}{beside[1:]}."
    return value


def _filled(value: object) -> bool:
    return value not in (None, "")


SINCE = N_("The first sheet here is of {day}. These numbers are not of the whole period.")
NOT_OVER = N_("These days are not over: the last is {day}.")


def pack_notes(reader: Reader, pack: Pack, known: Indicators, period: Period, today: date) -> tuple[str, ...]:
    """What the period lacks, where a pack's questions come from, and how each number is counted."""
    since = counted_since(reader.program, period)
    told = reader.say(SINCE).format(day=day_in(since, reader.language)) if since else ""
    unfinished = reader.say(NOT_OVER).format(day=day_in(period.last, reader.language)) if period.last > today else ""
    used = dict.fromkeys(line.indicator for line in pack.lines if line.indicator)
    counted = [
        f"{reader.say(each.name)}. {reader.say(each.definition)} {reader.in_words(reader.say(each.formula), known)}"
        for each in map(known.get, used)
    ]
    source = f"{pack.source}. {pack.url} ({pack.checked.isoformat()})"
    if reader.language.direction is Direction.RTL:
        source = f"{FSI}{source}{PDI}"
    return tuple(
        each for each in (unfinished, told, source, reader.say(pack.note) if pack.note else "", *counted) if each
    )


def as_workbook(reader: Reader, shown: Presented) -> bytes:
    """The report as an .xlsx file, its numbers as numbers and its definitions under them."""
    formats = {
        i: "#,##0" if all(isinstance(row[i], int | None) for row in shown.rows) else "#,##0.00" for i in shown.numbers
    }
    tab = Tab(shown.title, shown.heads, shown.rows, formats=formats, notes=(shown.lead, *shown.notes))
    return write_workbook([tab], right_to_left=reader.language.direction is Direction.RTL)


def as_lines(shown: Presented) -> str:
    """The report as text: one line for each row, its cells apart by tabs, in the order of the funder's own form."""
    lines = [shown.title, shown.lead, "", "\t".join(shown.heads)]
    lines += ["\t".join("" if value is None else str(value) for value in row) for row in shown.rows]
    return "\n".join([*lines, "", *shown.notes, ""])


def made_by(reader: Reader, today: date) -> str:
    """Who reports and as of which day: the program's name and phone, as far as it has said them."""
    told = settings.all_settings(reader.program)
    as_of = reader.say(AS_OF).format(day=day_in(today, reader.language))
    return " · ".join(each for each in (told["program-name"], told["program-phone"], as_of) if each)


def as_document(reader: Reader, shown: Presented, today: date, paper: str = "letter") -> Document:
    """The report as pages to print: its days, whose it is, the table, how it is counted."""
    language, shown = reader.language, _for_paper(shown)
    rows = tuple(tuple(_on_paper(value, language) for value in row) for row in shown.rows)
    blocks = [Block("title", shown.title), Block("lead", as_set(shown.lead, language.direction))]
    if maker := made_by(reader, today):
        blocks.append(Block("text", as_set(maker, language.direction)))
    blocks.append(Block("table", heads=shown.heads, rows=rows, numbers=shown.numbers))
    blocks += [Block("note", as_set(each, language.direction)) for each in shown.notes]
    return document(reader, shown.title, tuple(blocks), paper)


UNDER = ("why", "note")
"""Columns of a sentence: on paper they stand under the line they are about, where there is room for them."""


def _for_paper(shown: Presented) -> Presented:
    if "line" not in shown.columns:
        return shown
    # A funder's own words run their own way on a page that runs the other.
    own = {shown.columns.index(name) for name in ("section", "line") if name in shown.columns}
    line = shown.columns.index("line")
    under = [at for at, name in enumerate(shown.columns) if name in UNDER]
    kept = [at for at in range(len(shown.columns)) if at not in under]
    rows = []
    for row in shown.rows:
        cells = [f"{FSI}{cell}{PDI}" if at in own and cell else cell for at, cell in enumerate(row)]
        cells[line] = "\n".join(str(cells[at]) for at in (line, *under) if _filled(cells[at]))
        rows.append(tuple(cells[at] for at in kept))
    heads = tuple(shown.heads[at] for at in kept)
    return replace(shown, heads=heads, rows=tuple(rows), columns=tuple(shown.columns[at] for at in kept))


def document(reader: Reader, title: str, blocks: tuple[Block, ...], paper: str = "letter") -> Document:
    """Blocks in the reader's language; pages of a demo say so."""
    language = reader.language
    return Document(
        title=title,
        language=language.tag,
        direction=language.direction.value,
        scripts=tuple(dict.fromkeys(("latin", language.script))),
        blocks=blocks,
        paper=paper,
        mark=DEMO if reader.program.home.is_demo else "",
    )


def _on_paper(value: Value, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        # A minus would stand behind its number on a page that runs the other way.
        return f"{LRI}{value:,}{PDI}" if value < 0 and language.direction is Direction.RTL else f"{value:,}"
    return as_set(str(value), language.direction)
