"""Reading a packet that came back: a spreadsheet from any office program, or a `.po` file, as plain rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.core.languages import Language
from outreach.core.refusal import N_, Refusal
from outreach.i18n.lint.checking import check_file
from outreach.i18n.lint.text import Complaint
from outreach.i18n.po_files import read_po_file
from outreach.services.translating import COLUMNS

LARGEST = 5_000_000
_FILE_RULES = {"file", "plurals", "fuzzy"}


class BadPacket(Refusal):
    sentence = N_("{file} could not be read: {why} Nothing was changed; the words from before are still shown.")


@dataclass(frozen=True, slots=True)
class Row:
    """One text that came back. `english` and `current` are what it was made from, None where the file says nothing."""

    line: int
    context: str
    new: str
    english: str | None = None
    current: str | None = None


def read_packet(file: Path, language: Language) -> tuple[list[Row], list[Complaint]]:
    """The rows of a packet, and what is wrong with the file around them; refused when it is no packet at all."""
    try:
        if file.stat().st_size > LARGEST:
            raise BadPacket(file=file.name, why="it is too large for a packet.")
        if file.suffix.lower() in (".po", ".pot"):
            return _po_rows(file), [each for each in check_file(file, language) if each.rule in _FILE_RULES]
        return list(_csv_rows(file)), []
    except OSError as problem:
        raise BadPacket(file=file.name, why=f"the computer said: {problem.strerror}.") from problem


def _po_rows(file: Path) -> list[Row]:
    return [
        Row(message.lineno or 0, message.context or "", str(message.string).strip(), message.id)
        for message in read_po_file(file).messages()
        if isinstance(message.id, str) and message.string and not message.fuzzy
    ]


def _csv_rows(file: Path) -> Iterator[Row]:
    content = file.read_bytes()
    try:
        # Excel's "Unicode text" is UTF-16 with tabs; everything else that offices write is UTF-8.
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise BadPacket(file=file.name, why=f"line {line} is not UTF-8. Save it as CSV UTF-8.") from problem
    lines = text.splitlines(keepends=True)
    head = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=head.count), strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        missing = [name for name in ("context", "new") if name not in columns]
        if missing:
            why = f"line 1 has no column {' or '.join(missing)}. A packet has {', '.join(COLUMNS)}."
            raise BadPacket(file=file.name, why=why)
        line = reader.line_num + 1
        for cells in reader:
            row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            if row.get("context"):
                yield Row(line, row["context"], row.get("new", ""), row.get("English"), row.get("current"))
            line = reader.line_num + 1
    except csv.Error as problem:
        raise BadPacket(file=file.name, why=f"line {reader.line_num}: {problem}.") from problem
