"""The parts of an .xlsx file: opened within limits, its sheets named, its cells found to the byte."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from outreach.core.refusal import N_, Refusal

MOST_BYTES, MOST_UNPACKED = 10_000_000, 30_000_000
MOST_TAGS = 2_000_000  # what they cost to read has little to do with their bytes
MOST_SHRUNK = 200  # times; what programs save shrinks to a twentieth or so
MOST_PARTS = 2_000
MOST_CELLS = 300_000
DEEPEST = 100
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # what the format itself has room for

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, and what a password is put around
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


class TooLarge(Refusal):
    sentence = N_(
        "{file} is larger than can be read here: at most 10 MB, 30 MB unpacked and 300,000 cells. Nothing was read. "
        "Take out what is not needed, or split it."
    )


class OldWorkbook(Refusal):
    sentence = N_(
        "{file} is in an old Excel format. Nothing was read. Open it, save it as Excel workbook (.xlsx), "
        "then choose the new file."
    )


class LockedWorkbook(Refusal):
    sentence = N_(
        "{file} is locked with a password. Nothing was read. Open it, take the password off, save it, "
        "then choose it again."
    )


class MacroWorkbook(Refusal):
    sentence = N_(
        "{file} holds macros, which are small programs. Nothing was read. Open it, save it as Excel workbook (.xlsx), "
        "then choose the new file."
    )


class OtherFile(Refusal):
    sentence = N_("{file} is not an Excel workbook. Nothing was read. Save it as .xlsx, then choose the new file.")


class DamagedWorkbook(Refusal):
    sentence = N_(
        "{file} is damaged. Nothing was read. Open it in the program it came from, save it again, "
        "then choose the new file."
    )


class UnknownSheet(Refusal):
    sentence = N_("{file} has no sheet called {sheet}. Its sheets: {known}. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Workbook:
    """An .xlsx file, taken apart: `parts` by name in their order, `sheets` from a sheet's name to its part."""

    file: str
    parts: dict[str, bytes]
    book: str
    sheets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tag:
    """One element: its bytes from `start` to `end`, its opening tag to `inside`, its closing tag from `closes`."""

    start: int
    inside: int
    closes: int
    end: int
    attributes: dict[str, str]
    empty: bool


@dataclass(slots=True)
class Layout:
    """Where everything of one worksheet lies in its XML. `prefix` is what its element names begin with."""

    prefix: str = ""
    data: Tag | None = None
    rows: dict[int, Tag] = field(default_factory=dict)
    cells: dict[tuple[int, int], Tag] = field(default_factory=dict)
    formulas: dict[tuple[int, int], tuple[Tag, Tag | None]] = field(default_factory=dict)
    """The cells that hold a formula: the formula, and the answer kept with it."""
    ranges: list[str] = field(default_factory=list)
    """Ranges that one formula fills, though only its first cell says so."""
    merged: list[str] = field(default_factory=list)
    columns: list[dict[str, str]] = field(default_factory=list)
    dimension: Tag | None = None


@contextmanager
def damage_said(file: str) -> Iterator[None]:
    """Zip and XML from anyone: what can be wrong with them has no list, and is one sentence."""
    try:
        yield
    except Refusal:
        raise
    except Exception as problem:
        raise DamagedWorkbook(file=file) from problem


def open_workbook(data: bytes, file: str) -> Workbook:
    """Take a workbook apart. Raises a sentence for everything that is not a whole, plain .xlsx of a sane size."""
    if data.startswith(_OLD):
        raise (LockedWorkbook if _LOCKED in data else OldWorkbook)(file=file)
    if len(data) > MOST_BYTES:
        raise TooLarge(file=file)
    with damage_said(file):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise TooLarge(file=file)
            if "[Content_Types].xml" not in names:
                raise OtherFile(file=file)
            if any(entry.file_size > 100_000 + MOST_SHRUNK * entry.compress_size for entry in entries):
                raise TooLarge(file=file)
            if len(set(names)) < len(names) or any(entry.flag_bits & 1 for entry in entries):
                raise DamagedWorkbook(file=file)
            # What a part says of its size is what is read at most: zipfile stops there and checks the sum.
            parts = {entry.filename: archive.read(entry) for entry in entries}
        if sum(part.count(b"<") for name, part in parts.items() if name.endswith((".xml", ".rels"))) > MOST_TAGS:
            raise TooLarge(file=file)
        if b"macroEnabled" in parts["[Content_Types].xml"] or any(
            "vbaproject" in name.lower() or "/macrosheets/" in name.lower() for name in names
        ):
            raise MacroWorkbook(file=file)
        if "xl/workbook.bin" in parts:
            raise OldWorkbook(file=file)
        root = _related(parts["_rels/.rels"], "")
        book = next((target for kind, target in root.values() if kind == "officeDocument"), "")
        if book not in parts or b"spreadsheetml" not in parts["[Content_Types].xml"]:
            raise OtherFile(file=file)
        folder, _, leaf = book.rpartition("/")
        related = _related(parts[posixpath.join(folder, "_rels", f"{leaf}.rels")], folder)
        sheets = {}
        for each in elements(parts[book], {"sheet"})["sheet"]:
            kind, target = related[next(v for k, v in each.attributes.items() if k.rpartition(":")[2] == "id")]
            if kind == "worksheet" and target in parts:
                sheets[each.attributes["name"]] = target
        return Workbook(file, parts, book, sheets)


def lay_out(book: Workbook, sheet: str) -> Layout:
    """Find the rows, cells and formulas of one sheet."""
    with damage_said(book.file):
        return _lay_out(book, book.parts[book.sheets[sheet]])


def _lay_out(book: Workbook, xml: bytes) -> Layout:
    found = Layout()
    place = [0, 0]
    formula: list[Tag | None] = [None, None]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            row = int(attributes.get("r", place[0] + 1))
            if not place[0] < row <= LAST_ROW:
                raise ValueError(row)
            place[:] = [row, 0]
        elif name == "c":
            at = attributes.get("r")
            row, column = cell_place(at) if at else (place[0], place[1] + 1)
            # A cell that says it lies elsewhere than its row would be written where no one looks.
            if row != place[0] or column <= place[1] or column > LAST_COLUMN or row > LAST_ROW:
                raise ValueError(at)
            place[1] = column
            formula[:] = [None, None]

    def end(name: str, tag: Tag) -> None:
        if len(found.cells) + len(found.rows) + len(found.merged) + len(found.columns) >= MOST_CELLS:
            raise TooLarge(file=book.file)
        if name == "c":
            found.cells[place[0], place[1]] = tag
            if formula[0]:
                found.formulas[place[0], place[1]] = (formula[0], formula[1])
        elif name == "row":
            found.rows[place[0]] = tag
        elif name in ("f", "v"):
            formula[name == "v"] = tag
            if name == "f" and "ref" in tag.attributes and tag.attributes.get("t") != "shared":
                found.ranges.append(tag.attributes["ref"])
        elif name == "mergeCell":
            found.merged.append(tag.attributes["ref"])
        elif name == "col":
            found.columns.append(tag.attributes)
        elif name == "dimension":
            found.dimension = tag
        elif name == "sheetData":
            found.data = tag

    found.prefix = _walk(xml, {"row", "c", "f", "v", "mergeCell", "col", "dimension", "sheetData"}, begin, end)
    if found.data is None:
        raise DamagedWorkbook(file=book.file)
    return found


def elements(xml: bytes, names: set[str]) -> dict[str, list[Tag]]:
    """Every element of these names in the root's own namespace, in the order in which they end."""
    found: dict[str, list[Tag]] = {name: [] for name in names}
    _walk(xml, names, lambda name, attributes: None, lambda name, tag: found[name].append(tag))
    return found


def _walk(xml: bytes, names, begin, end) -> str:  # type: ignore[no-untyped-def]
    """Call `begin(name, attributes)` and `end(name, tag)` for these elements; the prefix of the first element."""
    parser = expat.ParserCreate()
    starts: list[tuple[int, int, dict[str, str]]] = []
    depth = 0
    first: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError(depth)
        if not first:
            first.append(name.rpartition(":")[0] and f"{name.rpartition(':')[0]}:")
        local = name.removeprefix(first[0])  # a drawing's xdr:row is no row
        if local in names:
            at = parser.CurrentByteIndex
            tag = _TAG.match(xml, at)
            starts.append((at, tag.end() if tag else at, attributes))
            begin(local, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        local = name.removeprefix(first[0])
        if local in names:
            at, inside, attributes = starts.pop()
            empty = xml[inside - 2 : inside] == b"/>"
            closes = inside if empty else parser.CurrentByteIndex
            end(local, Tag(at, inside, closes, inside if empty else xml.index(b">", closes) + 1, attributes, empty))

    def declared(version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            raise ValueError(encoding)  # what is put in between would be in another one

    def doctype(*given: object) -> None:
        raise ValueError("a document type could hold entities that unfold without end")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = declared, doctype
    parser.Parse(xml, True)
    return first[0]


def _related(xml: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """From a relationship's id to the last word of its kind and the part it leads to."""
    found = {}
    for each in elements(xml, {"Relationship"})["Relationship"]:
        said = each.attributes
        target = posixpath.normpath(posixpath.join("/", folder, said["Target"])).lstrip("/")
        found[said["Id"]] = (said["Type"].rpartition("/")[2], target)
    return found


def cell_place(reference: str) -> tuple[int, int]:
    """The row and column, from 1, of a reference such as B4 or $B$4. Raises ValueError for what is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(reference)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(reference)
    return row, column


def cell_name(row: int, column: int) -> str:
    """The reference of a cell: B4 for row 4, column 2."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
