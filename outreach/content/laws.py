"""State laws as dated rows (`shipped/laws.csv`) and the lines they may say (`shipped/law-lines.toml`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar

from outreach.content.reading import BadContent, Table, read_table
from outreach.content.topics import read_facts
from outreach.core.laws import (
    Dated,
    Help,
    LawLine,
    LineId,
    Selling,
    StateCode,
    StateLaw,
    Strips,
    Supervision,
    UnknownState,
)
from outreach.core.topics import FactId, StepClass
from outreach.shipped import SHIPPED

E = TypeVar("E", bound=Enum)
Laws = Mapping[StateCode, StateLaw]

COLUMNS = (
    "state",
    "name",
    "gsl_possession",
    "gsl_paraphernalia",
    "gsl_selling",
    "gsl_supervision",
    "gsl_statute",
    "gsl_as_of",
    "gsl_source",
    "selling_as_of",
    "selling_source",
    "fts_status",
    "fts_statute",
    "fts_as_of",
    "fts_source",
)
UNDATED = "undated"


class _Row:
    """One row that knows where it stands, so that a wrong cell can be named."""

    def __init__(self, cells: dict[str, str], file: Path, line: int) -> None:
        self.cells, self.file = cells, file
        self.where = f"line {line}, {cells.get('state') or 'no state'}"

    def bad(self, column: str, why: str) -> BadContent:
        return BadContent(file=self.file.name, key=f"{self.where}, {column}", why=why)

    def text(self, column: str) -> str:
        """A cell that has to say something."""
        if not self.cells[column].strip():
            raise self.bad(column, "is empty.")
        return self.cells[column].strip()

    def one(self, column: str, kind: type[E]) -> E:
        """A cell as one of the values that may stand there; an empty one is what nobody has looked up."""
        return self._value(column, kind, self.cells[column].strip() or "check")

    def several(self, column: str) -> frozenset[Help]:
        words = (self.cells[column].strip() or "check").split(";")
        return frozenset(self._value(column, Help, word) for word in words)

    def _value(self, column: str, kind: type[E], word: str) -> E:
        try:
            return kind(word)
        except ValueError:
            known = ", ".join(str(each.value) for each in kind)
            raise self.bad(column, f"{word!r} means nothing here; what may stand here: {known}.") from None

    def dated(self, prefix: str, statute: str = "") -> Dated:
        column = f"{prefix}_as_of"
        day = self.text(column)
        try:
            return Dated(
                "" if day == UNDATED else day,
                self.text(f"{prefix}_source"),
                self.cells[statute].strip() if statute else "",
            )
        except ValueError as problem:
            raise self.bad(column, f"{problem}.") from problem


@cache
def read_laws(file: Path = SHIPPED / "laws.csv") -> Laws:
    """Every state's row by two-letter code; refused with line and column when a cell is none of the known ones."""
    found: dict[StateCode, StateLaw] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise BadContent(file=file.name, key="line 1", why=f"should name the columns {', '.join(COLUMNS)}.")
        for cells in rows:
            row = _Row(
                {**dict.fromkeys(COLUMNS, ""), **{k: v or "" for k, v in cells.items() if k}}, file, rows.line_num
            )
            if None in cells:
                raise row.bad("end", "has more cells than there are columns.")
            law = _law(row)
            if law.state in found:
                raise row.bad("state", f"there is already a row for {law.state}.")
            found[law.state] = law
    return found


def _law(row: _Row) -> StateLaw:
    code = row.text("state")
    if len(code) != 2 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise row.bad("state", "should be two capital letters.")
    try:
        return StateLaw(
            state=StateCode(code),
            name=row.text("name"),
            possession=row.several("gsl_possession"),
            supplies=row.several("gsl_paraphernalia"),
            selling=row.one("gsl_selling", Selling),
            supervision=row.one("gsl_supervision", Supervision),
            strips=row.one("fts_status", Strips),
            law_source=row.dated("gsl", "gsl_statute"),
            selling_source=row.dated("selling"),
            strips_source=row.dated("fts", "fts_statute"),
        )
    except ValueError as problem:
        raise row.bad("gsl_possession or gsl_paraphernalia", f"{problem}.") from problem


def find_law(code: str) -> StateLaw:
    """The row of a state, its two letters in any case; refuses with the list."""
    laws = read_laws()
    try:
        return laws[StateCode(code.upper())]
    except KeyError:
        raise UnknownState(state=code, known=" ".join(laws)) from None


def find_state(code: str) -> StateCode:
    """The two-letter code as the data writes it; refuses with the list."""
    return find_law(code).state


@cache
def read_law_lines(file: Path = SHIPPED / "law-lines.toml") -> Mapping[LineId, LawLine]:
    """Every line by id, in the file's order; refused when one names a fact that is not there."""
    facts = read_facts()
    found = {}
    for key, row in read_table(file).row.items():
        table = Table(row, file, key)
        table.only(("text", "facts", "class"))
        strange = [fact for fact in table.texts("facts") if fact not in facts]
        if strange:
            raise table.bad("facts", f"there is no fact {strange[0]}.")
        found[LineId(key)] = table.build(
            lambda key=key, table=table: LawLine(
                LineId(key),
                table.get("text", str),
                tuple(FactId(fact) for fact in table.texts("facts")),
                StepClass(table.get("class", str)),
            )
        )
    return found
