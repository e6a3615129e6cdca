"""Taking a packet back: every new text goes through the rules, good ones are kept in this home, and who wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from outreach.core.languages import Language, ReviewState
from outreach.core.own import digest
from outreach.core.review import Role, Signature
from outreach.i18n import own_words
from outreach.i18n.lint.checking import complaints
from outreach.i18n.lint.text import Complaint
from outreach.i18n.review import Record, read_records, records_text
from outreach.services.files import write_whole
from outreach.services.packet_files import Row, read_packet
from outreach.services.program import Program
from outreach.services.translating import RIGHT

_RIGHT = {RIGHT, "=", "yes", "\u2713", "\u2714"}


@dataclass
class Taken:
    """What became of a packet. Every refused row keeps the words it had."""

    saved: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    refused: list[Complaint] = field(default_factory=list)


def take_in(program: Program, language: Language, file: Path, signature: Signature) -> Taken:
    """Read a packet and keep what is good. Writes nothing when nothing of it is."""
    rows, wrong = read_packet(file, language)
    taken = Taken(refused=wrong)
    english = {context: text for context, text, _ in program.strings()}
    records = read_records(language.catalog, program.home.locales)
    words: dict[tuple[str, str], str] = {}
    seen: set[str] = set()
    for row in rows:
        if not row.new:
            continue
        refused = _refused(program, language, row, signature, english, records, seen)
        seen.add(row.context)
        if refused:
            taken.refused += [Complaint(file.name, row.line, row.context, rule, why) for rule, why in refused]
            continue
        source = english[row.context]
        current = _current(program, language, row.context, source)
        if _again(row, current, _record(records, row.context, source, current), signature):
            continue
        if _confirms(row, current):
            record = _record(records, row.context, source, current)
            by = (*record.by, signature)
            records[row.context] = Record(record.source, record.target, ReviewState.CHECKED, record.back, by)
            taken.checked.append(row.context)
        else:
            writer = Signature(Role.DRAFTER, signature.group, signature.day, signature.name)
            records[row.context] = Record(digest(source), digest(row.new), ReviewState.DRAFT, by=(writer,))
            words[row.context, source] = row.new
            taken.saved.append(row.context)
    _write(program, language, words, records if taken.saved or taken.checked else {})
    return taken


def _write(program: Program, language: Language, words: dict[tuple[str, str], str], records: dict[str, Record]) -> None:
    """The words before the record of who wrote them: a pulled plug in between leaves a draft."""
    if not records:
        return
    locales = program.home.locales
    file = own_words.own_file(language, locales)
    text = own_words.merged(language, locales, words) if words else None
    program.home.make()
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        write_whole(file, text.encode("utf-8"))
    write_whole(locales / language.catalog / "review.toml", records_text(records).encode("utf-8"))
    own_words.forget()


def _current(program: Program, language: Language, context: str, english: str) -> str:
    said = program.wording(language, context, english)
    return said.text if said.is_translation else ""


def _confirms(row: Row, current: str) -> bool:
    return bool(current) and (row.new.casefold() in _RIGHT or row.new == current)


def _again(row: Row, current: str, record: Record, signature: Signature) -> bool:
    """The words that stand, given once more by who writes: a mended file comes whole, and that checks nothing."""
    if row.new != current:
        return False
    return signature.role is Role.DRAFTER or bool(record.writer and record.writer.may_be(signature))


def _record(records: dict[str, Record], context: str, source: str, target: str) -> Record:
    """The record of these very words, or a new one: words that shipped were drafted by a machine."""
    found = records.get(context)
    if found and (found.source, found.target) == (digest(source), digest(target)):
        return found
    return Record(digest(source), digest(target), ReviewState.DRAFT)


def _refused(
    program: Program,
    language: Language,
    row: Row,
    signature: Signature,
    english: dict[str, str],
    records: dict[str, Record],
    seen: set[str],
) -> list[tuple[str, str]]:
    """Why a row cannot be taken as (rule, why); none when it can."""
    source = english.get(row.context)
    if source is None:
        return [("context", "there is no such text")]
    if row.context in seen:
        return [("context", "it stands in this file twice; the first one counts")]
    if row.english is not None and " ".join(row.english.split()) != " ".join(source.split()):
        return [("changed", "its English has changed since this packet was made; make a new packet")]
    current = _current(program, language, row.context, source)
    if _again(row, current, _record(records, row.context, source, current), signature):
        return []
    if not _confirms(row, current):
        if row.new.casefold() in _RIGHT:
            return [("check", "there are no words yet that could be right")]
        return complaints(source, row.new, language.tag)
    if signature.role is Role.DRAFTER:
        return [("check", "a drafter writes; ask someone else to check these words")]
    if row.current and row.current != current:
        return [("changed", "the words have changed since this packet was made; make a new packet")]
    writer = _record(records, row.context, source, current).writer
    if writer and writer.may_be(signature):
        return [("hands", f"whoever wrote these words cannot check them ({writer.words()}); ask someone else")]
    return []
