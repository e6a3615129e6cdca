"""Reading a `.po` file so that one broken entry costs one string, and a file that cannot be read at all says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser

from outreach.core.refusal import N_, Refusal

# Babel reads a line whose closing quote is missing and drops its last letter without a word.
_LINE = re.compile(r'#.*|(?:msg(?:ctxt|id|id_plural|str(?:\[\d\])?) +)?"(?:[^"\\]|\\.)*"')
# What a parser meant for whole files throws at half an entry.
_BROKEN = (PoFileError, ValueError, AssertionError, LookupError, AttributeError, TypeError)


class BadCatalog(Refusal):
    sentence = N_("{file} cannot be read: {why}. Its words are shown in English until it is mended.")


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that was left out; `line` counts from 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class PoFile:
    catalog: Catalog
    problems: tuple[Problem, ...] = ()
    header: str = ""

    def messages(self) -> Iterator[Message]:
        """Every entry but the header."""
        yield from (message for message in self.catalog if message.id)


class _Noting(Catalog):
    """A catalog that notices a second entry for the same string; the first one counts."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.twice: list[Problem] = []
        self.header = ""

    def __setitem__(self, key: str, message: Message) -> None:
        if message.id and self.get(message.id, message.context):
            said = message.context or (message.id if isinstance(message.id, str) else message.id[0])
            self.twice.append(Problem(message.lineno or 0, f"there is already an entry for {said!r}; the first counts"))
            return
        if not message.id:
            self.header = str(message.string)
        super().__setitem__(key, message)


def named(file: Path) -> str:
    """A catalog as sentences call it: `es/guidance.po`."""
    return f"{file.parent.parent.name}/{file.name}"


def read_po_file(file: Path) -> PoFile:
    """The file's good entries and what is wrong with the others; refused when nothing of it can be read."""
    try:
        lines = file.read_bytes().decode("utf-8").splitlines()
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise BadCatalog(file=named(file), why=f"line {line} is not UTF-8") from problem
    blocks = list(_blocks(lines))
    broken = [(block, _first_bad(lines, block)) for block in blocks]
    problems = [Problem(at + 1, "is not a line of a .po file") for _, at in broken if at is not None]
    _blank(lines, [block for block, at in broken if at is not None])
    if blocks and broken[0][1] is not None and "msgid" not in "".join(lines[slice(*blocks[0])]):
        raise BadCatalog(file=named(file), why=f"line {broken[0][1] + 1} of its header is broken")
    try:
        catalog = _parse(lines)
    except _BROKEN:
        catalog, more = _one_by_one(file, lines, blocks)
        problems += more
    return PoFile(catalog, tuple(sorted((*problems, *catalog.twice), key=lambda each: each.line)), catalog.header)


def read_whole_po_file(file: Path) -> Catalog:
    """A catalog without a broken entry, for writing back: that would lose the broken one."""
    found = read_po_file(file)
    for problem in found.problems:
        raise BadCatalog(file=named(file), why=f"line {problem.line} {problem.why}")
    return found.catalog


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Entries as (first line, line after), counted from 0: what stands between blank lines."""
    start = None
    for at, line in enumerate([*lines, ""]):
        if line.strip() and start is None:
            start = at
        elif not line.strip() and start is not None:
            yield start, at
            start = None


def _first_bad(lines: list[str], block: tuple[int, int]) -> int | None:
    return next((at for at in range(*block) if not _LINE.fullmatch(lines[at].strip())), None)


def _blank(lines: list[str], blocks: list[tuple[int, int]]) -> None:
    # Blanked and not cut out, so that every other entry keeps its line number.
    for start, end in blocks:
        lines[start:end] = [""] * (end - start)


def _parse(lines: list[str]) -> _Noting:
    catalog = _Noting()
    PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(lines)
    return catalog


def _one_by_one(file: Path, lines: list[str], blocks: list[tuple[int, int]]) -> tuple[_Noting, list[Problem]]:
    """What is left when every entry that breaks the parser is taken out."""
    header = lines[slice(*blocks[0])]
    try:
        _parse(header)
    except _BROKEN as problem:
        raise BadCatalog(file=named(file), why=f"line {blocks[0][0] + 1}, its header: {problem}") from problem
    problems = []
    for block in blocks[1:]:
        try:
            _parse([*header, "", *lines[slice(*block)]])
        except _BROKEN as problem:
            why = re.sub(r" on \d+$", "", str(problem)) or "is not a whole entry"
            problems.append(Problem(block[0] + 1, why))
            _blank(lines, [block])
    return _parse(lines), problems
