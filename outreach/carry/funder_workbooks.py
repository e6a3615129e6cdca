"""A funder's own workbook, filled: the cells that are named change, every other byte of its sheets stays."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from outreach.carry.sheet_parts import (
    Layout,
    Tag,
    UnknownSheet,
    Workbook,
    cell_name,
    cell_place,
    damage_said,
    elements,
    lay_out,
    open_workbook,
)
from outreach.carry.workbooks import pack, plain
from outreach.core.refusal import N_, Refusal

Splice = tuple[int, int, bytes]
Place = tuple[int, int]
Number = int | float


class NotACell(Refusal):
    sentence = N_("{given} is not the name of a cell. Write it as Sheet1!B4. Nothing was filled.")


class NamedTwice(Refusal):
    sentence = N_("The cell {cell} is named twice. Take one of the two out. Nothing was filled.")


class HoldsAFormula(Refusal):
    sentence = N_("The cell {cell} of {file} works itself out by a formula. Name another cell. Nothing was filled.")


class PartOfAnother(Refusal):
    sentence = N_("The cell {cell} of {file} is part of the larger cell {whole}. Name that one. Nothing was filled.")


class NoNumber(Refusal):
    sentence = N_("What should go into {cell} is not a number that a cell can hold. Nothing was filled.")


def sheets_of(template: bytes, name: str = "workbook.xlsx") -> tuple[str, ...]:
    """The names of its sheets, in their order."""
    return tuple(open_workbook(template, name).sheets)


def fill_workbook(template: bytes, values: Mapping[str, Number | str], name: str = "workbook.xlsx") -> bytes:
    """The template with these values in these cells (`Sheet1!B4`). Formats, formulas and all else stay.

    Answers that formulas kept are dropped, so that whoever opens the file sees them worked out anew.
    """
    book = open_workbook(template, name)
    wanted: dict[str, dict[Place, Number | str]] = {}
    for given, value in values.items():
        sheet, place = _address(book, given)
        if place in wanted.setdefault(sheet, {}):
            raise NamedTwice(cell=f"{sheet}!{cell_name(*place)}")
        wanted[sheet][place] = value
    parts = dict(book.parts)
    with damage_said(book.file):
        for sheet, part in book.sheets.items():
            layout = lay_out(book, sheet)
            for place in wanted.get(sheet, {}):
                _may_be_filled(book, sheet, place, layout)
            parts[part] = _spliced(
                parts[part],
                [*_without_answers(layout, parts[part]), *_fill(sheet, wanted.get(sheet, {}), layout, parts[part])],
            )
        parts[book.book] = _worked_out_anew(parts[book.book])
        if "docProps/core.xml" in parts:
            parts["docProps/core.xml"] = _without_last_hand(parts["docProps/core.xml"])
    return pack(parts)


def _address(book: Workbook, given: str) -> tuple[str, Place]:
    sheet, _, reference = given.rpartition("!")
    if len(sheet) > 1 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    try:
        place = cell_place(reference.strip())
    except ValueError:
        raise NotACell(given=given) from None
    for known in book.sheets:
        if known.casefold() == sheet.strip().casefold():
            return known, place
    raise UnknownSheet(file=book.file, sheet=sheet, known=", ".join(book.sheets))


def _may_be_filled(book: Workbook, sheet: str, place: Place, layout: Layout) -> None:
    cell = f"{sheet}!{cell_name(*place)}"
    if place in layout.formulas or any(_within(place, each) for each in layout.ranges):
        raise HoldsAFormula(cell=cell, file=book.file)
    for each in layout.merged:
        if _within(place, each) and cell_place(each.partition(":")[0]) != place:
            raise PartOfAnother(cell=cell, file=book.file, whole=each.partition(":")[0])


def _within(place: Place, span: str) -> bool:
    first, _, last = span.partition(":")
    try:
        (top, left), (bottom, right) = cell_place(first), cell_place(last or first)
    except ValueError:
        return False
    return top <= place[0] <= bottom and left <= place[1] <= right


def _fill(sheet: str, wanted: Mapping[Place, Number | str], layout: Layout, xml: bytes) -> list[Splice]:
    """What to put where, so that rows and the cells in them stay in order."""
    splices: list[Splice] = []
    missing: dict[int, list[int]] = {}
    made = {place: _cell(sheet, place, value, _style(place, layout), layout.prefix) for place, value in wanted.items()}
    for place in sorted(wanted):
        there = layout.cells.get(place)
        if there:
            splices.append((there.start, there.end, made[place]))
        else:
            missing.setdefault(place[0], []).append(place[1])
    new_rows: dict[int, bytes] = {}
    for number, columns in missing.items():
        row = layout.rows.get(number)
        if row is None:
            inside = b"".join(made[number, column] for column in columns)
            new_rows[number] = _element(layout.prefix, "row", f' r="{number}"', inside)
            continue
        opening = re.sub(rb"""\sspans=("[^"]*"|'[^']*')""", b"", xml[row.start : row.inside])
        if row.empty:
            inside = b"".join(made[number, column] for column in columns)
            splices.append((row.start, row.end, _opened(opening, inside, layout.prefix, "row")))
            continue
        splices.append((row.start, row.inside, opening))
        beside = sorted((column, tag.start) for (at, column), tag in layout.cells.items() if at == number)
        for column in columns:
            at = next((start for other, start in beside if other > column), row.closes)
            splices.append((at, at, made[number, column]))
    if new_rows and layout.data:
        if layout.data.empty:
            opening = xml[layout.data.start : layout.data.inside]
            inside = b"".join(new_rows[number] for number in sorted(new_rows))
            splices.append((layout.data.start, layout.data.end, _opened(opening, inside, layout.prefix, "sheetData")))
        else:
            beside = sorted((number, tag.start) for number, tag in layout.rows.items())
            for number in sorted(new_rows):
                at = next((start for other, start in beside if other > number), layout.data.closes)
                splices.append((at, at, new_rows[number]))
    if missing and layout.dimension:
        # It says which cells there are, need not be there, and some readers stop where it ends.
        splices.append((layout.dimension.start, layout.dimension.end, b""))
    return splices


def _style(place: Place, layout: Layout) -> str:
    """The look a cell has: its own, else its row's, else its column's."""
    if place in layout.cells:
        return layout.cells[place].attributes.get("s", "")
    row = layout.rows.get(place[0])
    if row and row.attributes.get("customFormat") in ("1", "true"):
        return row.attributes.get("s", "")
    for each in layout.columns:
        if int(each["min"]) <= place[1] <= int(each["max"]):
            return each.get("style", "")
    return ""


def _cell(sheet: str, place: Place, value: Number | str, style: str, prefix: str) -> bytes:
    name = cell_name(*place)
    attributes = f' r="{name}"' + (f" s={quoteattr(style)}" if style else "")
    if isinstance(value, str):
        text = _element(prefix, "t", ' xml:space="preserve"', escape(plain(value)).encode())
        return _element(prefix, "c", f'{attributes} t="inlineStr"', _element(prefix, "is", "", text))
    if isinstance(value, bool) or not math.isfinite(value):
        raise NoNumber(cell=f"{sheet}!{name}")
    return _element(prefix, "c", attributes, _element(prefix, "v", "", repr(value).encode()))


def _element(prefix: str, name: str, attributes: str, inside: bytes) -> bytes:
    return f"<{prefix}{name}{attributes}>".encode() + inside + f"</{prefix}{name}>".encode()


def _opened(tag: bytes, inside: bytes, prefix: str, name: str) -> bytes:
    """An empty element's tag with something in it after all."""
    return tag.removesuffix(b"/>").rstrip() + b">" + inside + f"</{prefix}{name}>".encode()


def _without_answers(layout: Layout, xml: bytes) -> list[Splice]:
    """Take out the answers kept with formulas, and what kind of answer each was."""
    splices = []
    for place, (_, answer) in layout.formulas.items():
        if answer:
            cell: Tag = layout.cells[place]
            opening = xml[cell.start : cell.inside]
            splices.append((cell.start, cell.inside, re.sub(rb"""\st=("[^"]*"|'[^']*')""", b"", opening)))
            splices.append((answer.start, answer.end, b""))
    return splices


def _worked_out_anew(xml: bytes) -> bytes:
    """Ask who opens it to work out every formula."""
    before = ("sheets", "functionGroups", "externalReferences", "definedNames")
    found = elements(xml, {"calcPr", *before})
    for tag in found["calcPr"]:
        opening = re.sub(rb"""\sfullCalcOnLoad=("[^"]*"|'[^']*')""", b"", xml[tag.start : tag.inside])
        ending = b"/>" if tag.empty else b">"
        return _spliced(
            xml, [(tag.start, tag.inside, opening.removesuffix(ending).rstrip() + b' fullCalcOnLoad="1"' + ending)]
        )
    last = max((tag for name in before for tag in found[name]), key=lambda tag: tag.end)
    prefix = xml[last.start + 1 : last.inside].split(b":")[0] + b":" if _prefixed(xml, last) else b""
    return _spliced(xml, [(last.end, last.end, b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>')])


def _prefixed(xml: bytes, tag: Tag) -> bool:
    return b":" in xml[tag.start : tag.inside].split()[0]


def _without_last_hand(xml: bytes) -> bytes:
    """The properties without who saved the template last: that may be someone of ours."""
    return _spliced(xml, [(tag.start, tag.end, b"") for tag in elements(xml, {"lastModifiedBy"})["lastModifiedBy"]])


def _spliced(xml: bytes, splices: list[Splice]) -> bytes:
    """The bytes with every span replaced; what goes to the same place stays in the order given."""
    pieces, at = [], 0
    for start, end, put in sorted(splices, key=lambda each: each[:2]):
        pieces += [xml[at:start], put]
        at = end
    return b"".join([*pieces, xml[at:]])
