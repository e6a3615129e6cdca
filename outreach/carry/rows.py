"""Rows that others kept, read from CSV or a workbook: a sentence for every file that cannot be read as a table."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from outreach.carry.sheet_parts import (
    MOST_BYTES,
    DamagedWorkbook,
    TooLarge,
    UnknownSheet,
    cell_name,
    lay_out,
    open_workbook,
)
from outreach.core.refusal import N_, Refusal

Value = str | int | float | date | None
Numbered = tuple[int, list[Value]]

MOST_ROWS = 50_000
MOST_COLUMNS = 500

_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]{0,14})")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){1,4}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}\.[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotText(Refusal):
    sentence = N_(
        "{file} is neither a table in text (CSV) nor an Excel workbook (.xlsx). Nothing was read. "
        "Open it in the program it came from and save it as one of these."
    )


class BrokenText(Refusal):
    sentence = N_(
        "{file} cannot be read as CSV from line {line} on. Often a quotation mark is not closed. Nothing was read."
    )


class HasFormulas(Refusal):
    sentence = N_(
        "{file} holds a formula in cell {cell} of the sheet {sheet}. Nothing was read. Copy the sheet, "
        "paste it as values into a new file, and choose that."
    )


class NothingInIt(Refusal):
    sentence = N_("{file} holds no rows: a first row with the names of the columns, then one row for each total.")


class ColumnWithoutName(Refusal):
    sentence = N_("Row {row} of {file} has something in column {column}, which has no name in the first row.")


class SameName(Refusal):
    sentence = N_("Two columns of {file} are called {head}. Give each a name of its own.")


class TooManyRows(Refusal):
    sentence = N_(
        "{file} holds more than {rows} rows or {columns} columns. Nothing was read. Split it into several files."
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and what stands under them; `numbers` are the rows' numbers in the file, as a person sees them.

    `sheet` is the sheet of the workbook they come from. An empty cell is None, a number an int where it is whole.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    numbers: tuple[int, ...]
    sheet: str = ""


def read_rows(data: bytes, name: str, sheet: str = "") -> Table:
    """The table in a CSV file or an .xlsx workbook; of a workbook, of this sheet, or the first with something in it."""
    if len(data) > MOST_BYTES:
        raise TooLarge(file=name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return _from_workbook(data, name, sheet)
    return _table(_csv_rows(_text(data, name), name), name)


def _table(rows: Iterable[Numbered], name: str, sheet: str = "") -> Table:
    heads: tuple[str, ...] = ()
    kept: list[tuple[Value, ...]] = []
    numbers: list[int] = []
    for number, values in rows:
        while values and values[-1] is None:
            values.pop()
        if not values:
            continue
        if len(kept) >= MOST_ROWS or len(values) > MOST_COLUMNS:
            raise _too_many(name)
        if not heads:
            heads = tuple("" if value is None else str(value) for value in values)
            for head in heads:
                if head and heads.count(head) > 1:
                    raise SameName(file=name, head=head)
            continue
        values += [None] * (len(heads) - len(values))
        for column, value in enumerate(values):
            if value is not None and (column >= len(heads) or not heads[column]):
                raise ColumnWithoutName(file=name, row=number, column=cell_name(1, column + 1)[:-1])
        kept.append(tuple(values))
        numbers.append(number)
    if not kept:
        raise NothingInIt(file=name)
    named = [column for column, head in enumerate(heads) if head]
    return Table(
        tuple(heads[column] for column in named),
        tuple(tuple(row[column] for column in named) for row in kept),
        tuple(numbers),
        sheet,
    )


def _too_many(name: str) -> TooManyRows:
    return TooManyRows(file=name, rows=f"{MOST_ROWS:,}", columns=f"{MOST_COLUMNS:,}")


def _text(data: bytes, name: str) -> str:
    """The file's letters. What is no UTF-8 and does not say what it is comes from Excel on Windows."""
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search("[\x00-\x08\x0e-\x1f]", text) is None:
            return text
    raise NotText(file=name)


def _csv_rows(text: str, name: str) -> Iterator[Numbered]:
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\r?', first)  # Excel's own way to say it
    offset = 1 if said else 0
    body = rest if said else text
    separator = said[1] if said else _separator(body)
    if separator in '"\r':
        raise BrokenText(file=name, line=1)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1 + offset):  # noqa: B007 (said after the loop)
            if len(row) > 20 * MOST_COLUMNS:
                raise _too_many(name)
            yield number, [_value(each, separator) for each in row]
    except csv.Error:
        raise BrokenText(file=name, line=reader.line_num + offset) from None


def _separator(text: str) -> str:
    """The separator that the first line with anything in it has most of, outside quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub('"[^"]*"', "", first)
    return max(",;\t", key=bare.count)


def _value(text: str, separator: str) -> Value:
    """What was typed: a whole number, a decimal one, a day such as 2026-07-31, or words.

    1,204 is a number only where commas part columns: elsewhere a comma may be the decimal point.
    A number that begins with 0 is a name.
    """
    said = text.strip()
    if _WHOLE.fullmatch(said):
        return int(said)
    if separator == "," and _THOUSANDS.fullmatch(said):
        return int(said.replace(",", ""))
    if _DECIMAL.fullmatch(said):
        return _number(float(said))
    if _DAY.fullmatch(said):
        try:
            return date.fromisoformat(said)
        except ValueError:
            return said
    return said or None


def _number(value: float) -> Value:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _from_workbook(data: bytes, name: str, sheet: str) -> Table:
    book = open_workbook(data, name)
    if sheet and sheet not in book.sheets:
        raise UnknownSheet(file=name, sheet=sheet, known=", ".join(book.sheets))
    for each in book.sheets:
        formulas = lay_out(book, each).formulas
        if formulas:
            raise HasFormulas(file=name, cell=cell_name(*min(formulas)), sheet=each)
    found = ((each, _sheet_rows(data, name, each)) for each in ([sheet] if sheet else book.sheets))
    try:
        for each, rows in found:
            if any(value is not None for _, values in rows for value in values):
                return _table(rows, name, each)
    except Refusal:
        raise
    except Exception as problem:  # a workbook from anyone: what can be wrong with one has no list
        raise DamagedWorkbook(file=name) from problem
    raise NothingInIt(file=name)


def _sheet_rows(data: bytes, name: str, sheet: str) -> list[Numbered]:
    import openpyxl  # a quarter of a second that only a workbook is worth

    rows: list[Numbered] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know and leaves out: pictures, print settings
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            lines = book[sheet]
            lines.reset_dimensions()  # what the file says of its size may be too little
            for number, row in enumerate(lines.iter_rows(values_only=True), 1):
                values = [_cell(value) for value in row]
                if any(value is not None for value in values):
                    rows.append((number, values))
                if len(rows) > MOST_ROWS + 1:
                    raise _too_many(name)
        finally:
            book.close()
    return rows


def _cell(value: object) -> Value:
    """One cell as it is kept. Of a day with an hour the day; an hour alone stays the words it is."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | date):
        return value
    if isinstance(value, float):
        return _number(value)
    return None if value is None else str(value).strip() or None
