"""Workbooks: what is written holds numbers and words and nothing else; what is read is a table or a sentence."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.carry import sheet_parts
from outreach.carry.funder_workbooks import (
    HoldsAFormula,
    NamedTwice,
    NoNumber,
    NotACell,
    PartOfAnother,
    fill_workbook,
    sheets_of,
)
from outreach.carry.rows import (
    BrokenText,
    ColumnWithoutName,
    HasFormulas,
    NothingInIt,
    NotText,
    SameName,
    TooManyRows,
    read_rows,
)
from outreach.carry.sheet_parts import (
    DamagedWorkbook,
    LockedWorkbook,
    MacroWorkbook,
    OldWorkbook,
    OtherFile,
    TooLarge,
    UnknownSheet,
    cell_name,
    cell_place,
)
from outreach.carry.workbooks import Tab, TooLongForACell, sheet_title, write_workbook
from outreach.core.refusal import Refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOTALS = Tab(
    "Totals",
    ("Item", "Site", "Day", "Given", "Hours"),
    (
        ("Naloxone", "north", date(2026, 7, 31), 1204, 2.25),
        ("=1+1", "-2", None, 0, None),
        ("#N/A", "@sum", date(2026, 8, 1), -3, 0.5),
    ),
    formats={3: "#,##0"},
    notes=("Given: handed out loose and in kits.", "=notes too"),
)


def opened(data: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def repacked(data: bytes, change: dict[str, bytes | None]) -> bytes:
    """The workbook with some of its parts replaced, added or, for None, left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """A workbook as a person's own program would save it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


# --- What is written ---


def test_numbers_are_numbers_and_text_is_never_a_formula() -> None:
    """Every value comes back as what it was, also text that a spreadsheet would work out or call an error."""
    sheet = opened(write_workbook([TOTALS]))["Totals"]

    assert [cell.value for cell in sheet[1]] == list(TOTALS.heads)
    for row, values in enumerate(TOTALS.rows, 2):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            if isinstance(value, date):
                assert cell.value.date() == value and cell.number_format == "yyyy-mm-dd"
            else:
                assert cell.value == value
            assert cell.data_type == {str: "s", int: "n", float: "n", date: "d"}.get(type(value), "n")
    assert sheet["A7"].value == "=notes too" and sheet["A7"].data_type == "s"
    assert sheet["D2"].number_format == "#,##0"
    assert b"<f>" not in part(write_workbook([TOTALS]), "xl/worksheets/sheet1.xml")


def test_openpyxl_alone_would_make_a_formula() -> None:
    """The control: the same text put in plainly is a formula, so the test above sees one."""
    assert b"<f>" in part(workbook(("=1+1",)), "xl/worksheets/sheet1.xml")


@settings(deadline=None)  # the first example loads openpyxl
@given(st.text(max_size=40))
def test_any_text_stays_text(text: str) -> None:
    """Whatever a program calls an item, its cell holds words that begin and end the same."""
    sheet = opened(write_workbook([Tab("t", ("h",), ((f"x{text}",), (text,)))]))["t"]

    assert sheet["A3"].data_type == "s" or sheet["A3"].value is None
    assert (sheet["A2"].value or "").startswith("x")


def test_the_heads_stay_in_sight() -> None:
    """The first row is bold and stays when one scrolls; columns fit their words; it may run right to left."""
    sheet = opened(write_workbook([TOTALS], right_to_left=True))["Totals"]

    assert sheet.freeze_panes == "A2" and all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["A"].width >= len("Naloxone")
    assert sheet.sheet_view.rightToLeft
    assert not opened(write_workbook([TOTALS]))["Totals"].sheet_view.rightToLeft


def test_it_says_nothing_about_its_making() -> None:
    """No author, no program, no time; the same tabs give the same bytes."""
    data = write_workbook([TOTALS])

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        said = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("docProps"))
    assert b"openpyxl" not in said and b"Microsoft" not in said and b":20" not in said and b"202" not in said
    assert data == write_workbook([TOTALS])


def test_two_tabs_never_share_a_title() -> None:
    """Titles are cut to what Excel allows and stay apart; none is empty."""
    data = write_workbook(
        [Tab("a/b: " + "x" * 40, ("h",), ()), Tab("A B " + "X" * 50, ("h",), ()), Tab("'?'", ("h",), ())]
    )

    titles = opened(data).sheetnames
    assert len({title.casefold() for title in titles}) == 3
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
    assert sheet_title("Totals", ["totals", "Totals 2"]) == "Totals 3"


def test_a_text_no_cell_can_hold_is_refused() -> None:
    """It is not cut in silence."""
    with pytest.raises(TooLongForACell):
        write_workbook([Tab("t", ("h",), (("x" * 32_768,),))])


# --- What is read ---


def test_a_workbook_is_read_as_it_was_written() -> None:
    """Days are days, whole numbers whole, blanks blank; rows carry the numbers they have in the file."""
    table = read_rows(
        workbook(("Item", "Day", "n"), ("Naloxone", date(2026, 7, 31), 12.0), (), (" x ", None, 0.5)), "a.xlsx"
    )

    assert table.heads == ("Item", "Day", "n") and table.sheet == "Sheet"
    assert table.rows == (("Naloxone", date(2026, 7, 31), 12), ("x", None, 0.5))
    assert type(table.rows[0][2]) is int and type(table.rows[0][1]) is date
    assert table.numbers == (2, 4)


def test_what_is_written_here_is_read_here() -> None:
    """A table goes out as a workbook and comes back the same."""
    rows = (("Naloxone", date(2026, 7, 31), 12), ("=x", None, 3))
    table = read_rows(write_workbook([Tab("t", ("Item", "Day", "n"), rows)]), "a.xlsx")

    assert table.rows == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_as_programs_save_it(encoding: str, separator: str, ending: str) -> None:
    """Every common encoding, separator and line ending gives the same table."""
    lines = ["Item|Día|n", '"Jeringa, 1 ml; ""b"""|2026-07-31|40', "", "007|31/07/2026|-2.50"]
    data = ending.join(line.replace("|", separator) for line in lines).encode(encoding)
    table = read_rows(data, "a.csv")

    assert table.heads == ("Item", "Día", "n")
    assert table.rows == (('Jeringa, 1 ml; "b"', date(2026, 7, 31), 40), ("007", "31/07/2026", -2.5))
    assert table.numbers == (2, 4)


def test_a_comma_in_a_number() -> None:
    """1,204 is a number where commas part columns, and words where they may be the decimal point."""
    assert read_rows(b'a,b\n"1,204",x\n', "a.csv").rows == ((1204, "x"),)
    assert read_rows(b"sep=;\na;b\n1,204;x\n", "a.csv").rows == (("1,204", "x"),)


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", NothingInIt),
        (b"a,b\n", NothingInIt),
        (b"a,a\n1,2\n", SameName),
        (b"a,b\n1,2,3\n", ColumnWithoutName),
        (b'a,b\n"1,2\n', BrokenText),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", BrokenText),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NotText),
        (b"a,b\n1,\x81\n", NotText),
        (b"\xff\xfea", NotText),
        (b"a\n" + b"1\n" * 50_002, TooManyRows),
        (b"," * 600 + b"x\n", TooManyRows),
        (b"a\n" * 5_000_001, TooLarge),
        (b"PK\x03\x04 and no more", DamagedWorkbook),
        (OLE + b"\0" * 600, OldWorkbook),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), LockedWorkbook),
        (workbook(("a", "b"), (1, "=SUM(A2:A2)")), HasFormulas),
        (workbook(), NothingInIt),
    ],
)
def test_a_sentence_for_every_bad_file(data: bytes, refused: type[Refusal]) -> None:
    """What cannot be read as a table is refused by a sentence that names the file."""
    with pytest.raises(refused) as caught:
        read_rows(data, "past totals.xlsx")
    assert "past totals.xlsx" in str(caught.value)


def test_the_first_formula_is_named() -> None:
    """A formula on any sheet is named by cell and sheet."""
    book = openpyxl.Workbook()
    book.active.append(("a", "b"))
    book.active.append((1, 2))
    other = book.create_sheet("Sums")
    other["C7"], other["B9"] = "=1", "=2"
    made = io.BytesIO()
    book.save(made)

    with pytest.raises(HasFormulas, match="cell C7 of the sheet Sums"):
        read_rows(made.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"xl/vbaProject.bin": b"x"}, MacroWorkbook),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, MacroWorkbook),
        ({"xl/workbook.bin": b"x"}, OldWorkbook),
        ({"[Content_Types].xml": None}, OtherFile),
        ({"[Content_Types].xml": b"<Types/>"}, OtherFile),
        ({"_rels/.rels": None}, DamagedWorkbook),
        ({"xl/workbook.xml": b"<workbook"}, DamagedWorkbook),
        ({"xl/worksheets/sheet1.xml": b"<worksheet/>"}, DamagedWorkbook),
        (
            {"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'},
            DamagedWorkbook,
        ),
        (
            {"xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="9999999"/></sheetData></worksheet>'},
            DamagedWorkbook,
        ),
        (
            {"xl/worksheets/sheet1.xml": b'<a><sheetData><row r="1"><c r="ZZZ1"/></row></sheetData></a>'},
            DamagedWorkbook,
        ),
        ({"xl/media/big.bin": random.Random(1).randbytes(10_000_001)}, TooLarge),
        ({"xl/media/big.bin": random.Random(1).randbytes(400_000) * 80}, TooLarge),
        ({"xl/media/bomb.bin": bytes(1_000_000)}, TooLarge),
        ({"xl/sharedStrings.xml": "".join(f"<a{n}/>" for n in range(2_000_001)).encode()}, TooLarge),
        ({"xl/workbook.xml": b"<a>" * 200}, DamagedWorkbook),
        ({f"x{n}": b"" for n in range(2_001)}, TooLarge),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused(change: dict[str, bytes | None], refused: type[Refusal]) -> None:
    """Macros, bombs, entities and sheets beyond all bounds are refused before anything reads them, by every door."""
    data = repacked(workbook(("a", "b"), (1, 2)), change)

    with pytest.raises(refused):
        read_rows(data, "a.xlsx")
    with pytest.raises(refused):
        fill_workbook(data, {"Sheet!A1": 1})


def test_damage_that_only_filling_meets() -> None:
    """Properties that are no XML are found when the last hand is taken out of them, and said as damage."""
    with pytest.raises(DamagedWorkbook):
        fill_workbook(repacked(workbook(("a", "b"), (1, 2)), {"docProps/core.xml": b"<?xm"}), {"Sheet!B1": 1})


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of more cells than fit in memory with ease is refused while they are counted."""
    monkeypatch.setattr(sheet_parts, "MOST_CELLS", 6)  # rows count as well

    assert read_rows(workbook(("a",), (1,)), "a.xlsx").rows == ((1,),)
    with pytest.raises(TooLarge):
        read_rows(workbook(("a", "b"), (1, 2)), "a.xlsx")


GOOD = [
    workbook(("Item", "Day", "n"), ("Naloxone", date(2026, 7, 31), 12), ("x", None, 0.5)),
    write_workbook([TOTALS]),
    "Item;Día;n\nNaloxone;2026-07-31;12\n".encode("utf-16"),
    b'Item,Day,n\n"Naloxone, 2",2026-07-31,12\n',
]


def mutated(data: bytes, edits: list[tuple[float, bytes, int]]) -> bytes:
    for where, put, cut in edits:
        at = int(where * len(data))
        data = data[:at] + put + data[at + cut :]
    return data


edits = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(GOOD), edits)
def test_broken_bytes_give_a_table_or_a_sentence(data: bytes, edits: list[tuple[float, bytes, int]]) -> None:
    """No file, however broken, raises anything but a sentence."""
    data = mutated(data, edits)
    for read in (lambda: read_rows(data, "a"), lambda: fill_workbook(data, {"Totals!A1": 1}), lambda: sheets_of(data)):
        try:
            read()
        except Refusal as refused:
            assert str(refused)


INSIDE = [
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(INSIDE), edits)
def test_broken_parts_give_a_table_or_a_sentence(name: str, edits: list[tuple[float, bytes, int]]) -> None:
    """The same for a whole zip file with broken XML inside."""
    data = repacked(GOOD[0], {name: mutated(part(GOOD[0], name), edits)})
    for read in (lambda: read_rows(data, "a"), lambda: fill_workbook(data, {"Sheet!A9": 1, "Sheet!B2": "x"})):
        try:
            read()
        except Refusal as refused:
            assert str(refused)


# --- What is filled ---


def template() -> bytes:
    """A funder's workbook: colors, a formula with its answer, a merged cell, a list to choose from, an author."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.lastModifiedBy = "Department", "One of ours"
    sheet = book.active
    sheet.title = "Q3 report"
    sheet["A1"] = "Program report"
    sheet.merge_cells("A1:D1")
    sheet["B4"] = 0
    sheet["B4"].number_format = "#,##0"
    sheet["B4"].fill = openpyxl.styles.PatternFill("solid", "FFFF00")
    sheet["B6"] = "=B4*2"
    sheet["D9"] = "last"
    sheet.column_dimensions["C"].number_format = "0.0"
    chosen = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"yes,no"')
    chosen.add("D9")
    sheet.add_data_validation(chosen)
    book.create_sheet("Notes")
    made = io.BytesIO()
    book.save(made)
    data = made.getvalue()
    name = "xl/worksheets/sheet1.xml"
    answered = part(data, name).replace(b"<v></v>", b"<v>0</v>").replace(b"<v />", b"<v>0</v>")
    return repacked(data, {name: answered})


def test_cells_are_filled_and_all_else_stays() -> None:
    """Values stand in their cells in the funder's formats; formulas, merged cells, lists and other parts stay."""
    before = template()
    values = {
        "Q3 report!B4": 1204,
        "'q3 report'!$C$5": 2.5,
        "Q3 report!A4": "=danger & <b>",
        "Notes!C3": 7,
        "Q3 report!E9": 1,
    }
    after = fill_workbook(before, values)

    sheet = opened(after)["Q3 report"]
    assert sheet["B4"].value == 1204 and sheet["B4"].number_format == "#,##0"
    assert sheet["B4"].fill.fgColor.rgb == "00FFFF00"
    assert sheet["C5"].value == 2.5 and sheet["C5"].number_format == "0.0"
    assert sheet["A4"].value == "=danger & <b>" and sheet["A4"].data_type == "s"
    assert sheet["B6"].value == "=B4*2" and sheet["D9"].value == "last" and sheet["E9"].value == 1
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:D1"]
    assert len(sheet.data_validations.dataValidation) == 1
    assert opened(after)["Notes"]["C3"].value == 7
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {f"xl/{each}" for each in ("worksheets/sheet1.xml", "worksheets/sheet2.xml", "workbook.xml")} | {
        "docProps/core.xml"
    }
    assert after == fill_workbook(before, values)


def test_old_answers_do_not_stand_beside_new_numbers() -> None:
    """The answer kept with a formula goes, and who opens the file is asked to work it out anew."""
    after = fill_workbook(template(), {"Q3 report!B4": 5})

    assert opened(template(), data_only=True)["Q3 report"]["B6"].value == 0
    assert opened(after, data_only=True)["Q3 report"]["B6"].value is None
    assert b'fullCalcOnLoad="1"' in part(after, "xl/workbook.xml")


def test_who_saved_the_template_is_not_passed_on() -> None:
    """The last hand on the file may be a worker's; the department's own name stays."""
    said = part(fill_workbook(template(), {}), "docProps/core.xml")

    assert b"One of ours" in part(template(), "docProps/core.xml")
    assert b"One of ours" not in said and b"Department" in said


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"Nowhere!B4": 1}, UnknownSheet),
        ({"B4": 1}, UnknownSheet),
        ({"Q3 report!4B": 1}, NotACell),
        ({"Q3 report!B4:B5": 1}, NotACell),
        ({"Q3 report!XFE1": 1}, NotACell),
        ({"Q3 report!B1048577": 1}, NotACell),
        ({"Q3 report!B6": 1}, HoldsAFormula),
        ({"Q3 report!C1": 1}, PartOfAnother),
        ({"Q3 report!B4": 1, "'Q3 report'!$B$4": 2}, NamedTwice),
        ({"Q3 report!B4": float("nan")}, NoNumber),
    ],
)
def test_a_cell_that_cannot_be_filled_is_refused(values: dict[str, int | float | str], refused: type[Refusal]) -> None:
    """Sheets and cells that are not there, formulas, the inside of merged cells: a sentence each."""
    with pytest.raises(refused):
        fill_workbook(template(), values, "funder.xlsx")


def test_the_first_cell_of_a_merged_one_may_be_filled() -> None:
    """The control to the refusal of its others."""
    assert opened(fill_workbook(template(), {"Q3 report!A1": "July"}))["Q3 report"]["A1"].value == "July"


def test_a_range_that_one_formula_fills_is_refused() -> None:
    """A cell without a formula of its own, inside an array formula's range, is not filled."""
    book = openpyxl.Workbook()
    book.active["B2"] = openpyxl.worksheet.formula.ArrayFormula("B2:B4", "=A2:A4*2")
    made = io.BytesIO()
    book.save(made)

    with pytest.raises(HoldsAFormula):
        fill_workbook(made.getvalue(), {"Sheet!B3": 1})


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@settings(deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 6)), st.integers(-9, 9), max_size=12),
    st.dictionaries(st.tuples(st.integers(1, 7), st.integers(1, 30)), st.integers(10, 99), max_size=12),
    st.booleans(),
)
def test_any_cells_of_any_sheet(before: dict[Any, int], wanted: dict[Any, int], prefixed: bool) -> None:
    """Whatever cells and rows there are, also empty ones and under a prefix, each cell ends up with its value."""
    x = "x:" if prefixed else ""
    rows = ""
    for row in range(1, 7):
        if row % 3 and not any(at == row for at, _ in before):
            continue
        cells = [
            f'<{x}c r="{cell_name(*at)}"><{x}v>{n}</{x}v></{x}c>' for at, n in sorted(before.items()) if at[0] == row
        ]
        rows += f'<{x}row r="{row}" spans="1:6">{"".join(cells)}</{x}row>' if cells else f'<{x}row r="{row}"/>'
    data = f"<{x}sheetData>{rows}</{x}sheetData>" if rows else f"<{x}sheetData/>"
    named = f'xmlns:x="{MAIN}"' if prefixed else f'xmlns="{MAIN}"'
    xml = f'<?xml version="1.0"?><{x}worksheet {named}><{x}dimension ref="A1"/>{data}</{x}worksheet>'
    given_one = repacked(workbook(), {"xl/worksheets/sheet1.xml": xml.encode()})

    filled = fill_workbook(given_one, {f"Sheet!{cell_name(*at)}": n for at, n in wanted.items()})

    found = {(c.row, c.column): c.value for row in opened(filled)["Sheet"] for c in row if c.value is not None}
    assert found == before | wanted
    read_again = sheet_parts.lay_out(sheet_parts.open_workbook(filled, "a.xlsx"), "Sheet")
    assert set(read_again.cells) == set(before | wanted)  # in order: it refuses cells that are not


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_cell_names(row: int, column: int) -> None:
    """A cell's name leads back to its place."""
    assert cell_place(cell_name(row, column)) == (row, column)


def test_the_sheets_are_named_in_order() -> None:
    """What a coordinator chooses from."""
    assert sheets_of(template()) == ("Q3 report", "Notes")
