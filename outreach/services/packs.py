"""Funders' packs and single indicators, worked out from this program's ledger; and packs of the program's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from fractions import Fraction
from threading import Lock

from outreach.carry.funder_workbooks import fill_workbook
from outreach.content.indicators import read_indicators
from outreach.content.packs import read_packs
from outreach.content.reading import BadContent
from outreach.content.writing import Value, toml_table
from outreach.core.answers import CannotBeSplit, Figure, Question, Told, broken_down
from outreach.core.indicators import Indicator, Indicators
from outreach.core.packs import Pack, PackLine, PackRow, UnknownPack
from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import Report, Row
from outreach.core.stock import PROGRAM
from outreach.core.tally import parse_quantity
from outreach.services import settings, shelves
from outreach.services.files import write_own
from outreach.services.funders import counted_for_funder, funders
from outreach.services.program import Program
from outreach.services.reports import counted

_writing = Lock()
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
COLUMNS = ("section", "line", "part", "value", "low", "high", "unit", "band", "why", "beside", "beside_unit", "note")
"""Of a pack's report: the funder's line, its part where it is broken down, the number with its range, or why there is
none and what we count beside it."""


class NotAPackName(Refusal):
    sentence = N_(
        "{given} cannot be a pack's name. Use small letters, digits and hyphens, such as county-quarterly, "
        "and none that is there already. Nothing was saved."
    )


class NoPackName(NotAPackName):
    sentence = N_("Type a short name for your copy, such as county-quarterly. Nothing was saved.")


class NotAPack(Refusal):
    sentence = N_("This pack cannot be saved: {why}. Nothing was saved.")


class NotYours(Refusal):
    sentence = N_("The pack {pack} came with this program. Make a copy and change that. Nothing was saved.")


def indicators(program: Program) -> Indicators:
    return read_indicators()


def packs(program: Program, refused: dict[str, BadContent] | None = None) -> dict[str, Pack]:
    """Shipped packs, then the program's own; one of those that cannot be used is left out and named in `refused`."""
    left_out = refused if refused is not None else {}
    return read_packs(program.home, indicators(program), program.catalog, program.events, left_out)


def find_pack(program: Program, name: str) -> Pack:
    """The pack of that name; refuses with the list, or with what is wrong in its file."""
    refused: dict[str, BadContent] = {}
    known = packs(program, refused)
    if name in refused:
        raise refused[name]
    if name not in known:
        raise UnknownPack(id=name, known=", ".join(known))
    return known[name]


def typed_numbers(program: Program, given: Mapping[str, str]) -> dict[str, int | Fraction]:
    """The numbers that ratios need, such as the people in an area, as they were typed; empty ones are left out."""
    return {
        each.id: parse_quantity(given[each.id]) for each in indicators(program).typed if given.get(each.id, "").strip()
    }


def question(
    program: Program,
    period: Period,
    site: str | None = None,
    typed: Mapping[str, int | Fraction] | None = None,
    grain: str = "month",
    funder: str = "",
    stock: bool = True,
) -> Question:
    """What indicators are asked of: the period's sums, the stock account, each site's service model, what was typed.

    The stock account costs more than all the rest: who asks of nothing in it leaves it out.
    With a funder only what its money paid for: supplies, first in first out. Visits and events have no funder.
    """
    models = {each.code: each.model.value for each in settings.sites(program)}
    told = Told(typed or {}, models)
    if funder:
        funders(program).get(funder)
        return Question(indicators(program), counted_for_funder(program, period, funder), told)
    sums = counted(program, period, site, grain)
    books = shelves.book(program, period, date.today(), site or PROGRAM) if stock else ()
    return Question(indicators(program), replace(sums, books=tuple(books)), told)


def parts(indicator: Indicator, asked: Question) -> dict[str, dict[str, tuple[Figure, ...]]]:
    """What a number is made of: by item or event, by site, by month and by day, as far as it can be split."""
    found = {}
    for by in ("item", "site", "month", "day"):
        with suppress(CannotBeSplit):
            found[by] = broken_down(indicator, asked, by)
    several = len(indicator.numbers) > 1
    columns = list(zip(*found.get("item", {}).values(), strict=True))
    if several and all(sum(figure.value is not None for figure in column) < 2 for column in columns):
        # Each number is one item or event, which its own name says already.
        found.pop("item", None)
    return found


def fill(workbook: bytes, name: str, pack: Pack, report: Report) -> bytes:
    """The funder's workbook with the numbers of a report in the cells that the pack's lines name.

    A line without a number leaves its cell as it was: an empty cell is not a zero.
    """
    by_line = {(row["section"], row["line"]): row["value"] for row in report.rows}
    values = {line.cell: by_line.get((line.section, line.label)) for line in pack.lines if line.cell}
    return fill_workbook(workbook, {cell: value for cell, value in values.items() if value is not None}, name)


def as_report(pack: Pack, period: Period, rows: Iterable[Row]) -> Report:
    """The answers as a report, in the funder's own words and order."""
    return Report(pack.id, period, COLUMNS, tuple(rows))


def row_of(row: PackRow) -> Row:
    """One answer as a row of a report, by COLUMNS."""
    figure, beside = row.figure, row.beside
    return {
        "section": row.line.section,
        "line": row.line.label,
        "part": row.part,
        "value": plain(figure.value) if figure else None,
        "low": plain(figure.low) if figure else None,
        "high": plain(figure.high) if figure else None,
        "unit": figure.number.unit if figure else "",
        "band": figure.band if figure else "",
        "why": row.line.blank if figure is None else figure.missing.value if figure.missing else "",
        "beside": plain(beside.value) if beside else None,
        "beside_unit": beside.number.unit if beside else "",
        "note": row.line.note,
    }


def plain(value: int | Fraction | None) -> int | float | None:
    """A number as files hold it: whole, or to two decimals."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.denominator == 1 else round(float(value), 2)


def make_yours(program: Program, pack: str, name: str, title: str) -> Pack:
    """Copy a pack into the program's own folder, to be changed there."""
    source = find_pack(program, pack)
    if not _ID.fullmatch(name) or name in packs(program):
        raise NotAPackName(given=name) if name else NoPackName()
    with _writing:
        _write(program, source, name, title or source.title)
    return find_pack(program, name)


def change(program: Program, pack: str, title: str, changes: Mapping[int, Mapping[str, str]], drop: set[int]) -> Pack:
    """Change a pack of the program's own: its title, its lines' labels and cells by place, and lines to leave out."""
    source = find_pack(program, pack)
    if not source.own:
        raise NotYours(pack=pack)
    with _writing:
        _write(program, source, pack, title or source.title, changes, drop)
    return find_pack(program, pack)


def remove(program: Program, pack: str) -> None:
    """Take a pack of the program's own away. What was sent with it stays."""
    if not find_pack(program, pack).own:
        raise NotYours(pack=pack)
    (program.home.packs / f"{pack}.toml").unlink(missing_ok=True)


def _write(
    program: Program,
    pack: Pack,
    name: str,
    title: str,
    changes: Mapping[int, Mapping[str, str]] | None = None,
    drop: set[int] | None = None,
) -> None:
    left = [(line, (changes or {}).get(at, {})) for at, line in enumerate(pack.lines) if at not in (drop or set())]
    try:
        kept = [
            replace(line, label=told.get("label", line.label), cell=told.get("cell", line.cell)) for line, told in left
        ]
        # Built once before it is written: a pack that cannot be must not reach the disk.
        whole = replace(pack, id=name, title=" ".join(title.split()), lines=tuple(kept), own=True)
    except ValueError as problem:
        raise NotAPack(why=problem) from None
    keys = ("id", "title", "funder", "release", "period", "source", "url", "note")
    head: dict[str, Value] = {key: str(getattr(whole, key)) for key in keys}
    # What stands before the first table has no name of its own.
    top = toml_table("", head | {"checked": whole.checked, "threshold": whole.threshold}).lstrip()
    tables = [toml_table("[[line]]", _line_row(each)) for each in whole.lines]
    write_own(program.home, program.home.packs / f"{name}.toml", "A funder's questions.", [top, *tables])


def _line_row(line: PackLine) -> dict[str, Value]:
    keys = ("section", "label", "indicator", "unit", "by", "blank", "beside", "note", "cell")
    row: dict[str, Value] = {key: str(getattr(line, key)) for key in keys}
    return row | {"only": tuple(sorted(line.only))}
