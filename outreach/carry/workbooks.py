"""Workbooks written here: tables with real numbers, no formula from data, and nothing about who made them or when."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from outreach.core.refusal import N_, Refusal

Value = str | int | float | date | None

WIDEST = 60
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/"
# openpyxl writes its own name, the hour and a program it is not.
_SAYS_NOTHING = {
    "docProps/core.xml": _HEAD + f'<coreProperties xmlns="{_OFFICE}package/2006/metadata/core-properties"/>'.encode(),
    "docProps/app.xml": _HEAD + f'<Properties xmlns="{_OFFICE}officeDocument/2006/extended-properties"/>'.encode(),
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_READ_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TooLongForACell(Refusal):
    sentence = N_("A text of {length} characters is more than a cell can hold. No workbook was made.")


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet: heads, then rows, then a free line and the notes.

    `formats` are Excel's number formats by column, from 0. Days have one of their own if none is given.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    formats: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def write_workbook(tabs: Iterable[Tab], right_to_left: bool = False) -> bytes:
    """An .xlsx file. The same tabs give the same bytes."""
    from openpyxl import Workbook  # a quarter of a second that only a workbook is worth

    book = Workbook()
    book.remove(book.active)
    titles: list[str] = []
    for tab in tabs:
        titles.append(sheet_title(tab.title, titles))
        _fill(book.create_sheet(titles[-1]), tab, right_to_left)
    rough = BytesIO()
    book.save(rough)
    with zipfile.ZipFile(rough) as archive:
        return pack({name: _SAYS_NOTHING.get(name) or archive.read(name) for name in archive.namelist()})


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of these parts that tells no time."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 0  # the same bytes from every kind of computer
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """The title as Excel takes it: 31 characters, some of them not allowed, and no two alike."""
    before = {other.casefold() for other in taken}
    whole = " ".join(_FORBIDDEN_IN_TITLES.sub(" ", plain(title)).split()).strip("'") or "1"
    n, said = 1, whole[:31].strip(" '")
    while said.casefold() in before:
        n += 1
        ending = f" {n}"
        said = whole[: 31 - len(ending)].strip(" '") + ending
    return said


def plain(text: str) -> str:
    """The text without characters that XML has no room for."""
    if len(text) > 32_767:
        raise TooLongForACell(length=len(text))
    return _CONTROL.sub(" ", text)


def _fill(sheet: Any, tab: Tab, right_to_left: bool) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages as the rows need, one page wide
    wide = [0] * len(tab.heads)
    for column, head in enumerate(tab.heads):
        cell = _put(sheet, 1, column + 1, str(head))
        cell.font = Font(name="Calibri", size=11, bold=True)  # the face that openpyxl gives to all the rest
        under = [row[column] for row in tab.rows if column < len(row) and row[column] is not None]
        over_numbers = bool(under) and not any(isinstance(value, str) for value in under)
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if over_numbers else None)
        wide[column] = min(_width(str(head)) + 2, 30)
    for row, values in enumerate(tab.rows, 2):
        for column, value in enumerate(values):
            cell = _put(sheet, row, column + 1, value)
            if cell is None:
                continue
            number_format = tab.formats.get(column) or ("yyyy-mm-dd" if isinstance(value, date) else "")
            if number_format and not isinstance(value, str):
                cell.number_format = number_format
            needs = 10 if isinstance(value, date) else _width(f"{value:,}" if not isinstance(value, str) else value)
            wide[column] = max(wide[column], needs)
            if isinstance(value, str) and (needs > WIDEST or "\n" in value):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row, note in enumerate(filter(None, tab.notes), len(tab.rows) + 3):
        cell = _put(sheet, row, 1, note)
        # From the first column on, over those beside it; words of the other direction would run off the sheet.
        cell.alignment = Alignment(horizontal="right" if right_to_left else "left")
    for column, width in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, 8), WIDEST)


def _put(sheet: Any, row: int, column: int, value: Value) -> Any:
    """Write one value; the cell, or None for a blank."""
    if value is None:
        return None
    if not isinstance(value, str):
        return sheet.cell(row, column, value)
    cell = sheet.cell(row, column, plain(value))
    cell.data_type = "s"  # whatever it begins with; openpyxl takes "=" for a formula and "#N/A" for an error
    if value.startswith(_READ_AS_FORMULA):
        cell.quotePrefix = True  # Excel would read it anew when someone clicks into it
    return cell


def _width(text: str) -> int:
    """About how many digits wide the longest line is; letters of Chinese and Korean count twice."""
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) for line in lines)
