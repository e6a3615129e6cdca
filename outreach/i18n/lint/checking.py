"""The rules run over one string, or over every line of a catalog, each complaint with its file, line and reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from gettext import c2py  # type: ignore[attr-defined]
from pathlib import Path

from babel.messages.catalog import Message

from outreach.core.languages import Language
from outreach.i18n.catalogs import pairs
from outreach.i18n.lint.meaning import MEANING
from outreach.i18n.lint.script import SCRIPT
from outreach.i18n.lint.shape import SHAPE
from outreach.i18n.lint.text import Complaint, Text
from outreach.i18n.po_files import BadCatalog, PoFile, named, read_po_file

RULES = (*SHAPE, *SCRIPT, *MEANING)
_COUNTED = range(1001)


def complaints(english: str, said: str, tag: str = "") -> list[tuple[str, str]]:
    """Everything wrong with one translation as (rule, why); none when it is fine. `tag` brings its word lists."""
    text = Text(english, said, tag)
    return [(rule.name, why) for rule in RULES for why in rule.find(text)]


def check_file(file: Path, language: Language) -> list[Complaint]:
    """Every complaint about a `.po` file. Empty entries are no mistake: their English is shown."""
    now = file.stat()
    return list(_complaints_about(file, (now.st_mtime_ns, now.st_size), language))


@cache
def _complaints_about(file: Path, version: tuple[int, int], language: Language) -> list[Complaint]:
    """Kept while the file is the same: reading all languages takes seconds, and few files change between two looks."""
    try:
        found = read_po_file(file)
    except BadCatalog as refusal:
        return [Complaint(named(file), 0, "", "file", f"cannot be read, so English is shown: {refusal.values['why']}")]
    wrong = [Complaint(named(file), each.line, "", "file", each.why) for each in found.problems]
    wrong += [Complaint(named(file), 1, "", "plurals", why) for why in _header(found, language)]
    for message in found.messages():
        context = message.context or _english(message)[:40]
        wrong += [
            Complaint(named(file), message.lineno or 0, context, rule, why)
            for rule, why in _about(message, language.tag, found.catalog.num_plurals)
        ]
    return wrong


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _about(message: Message, tag: str, forms: int) -> Iterator[tuple[str, str]]:
    said = [form for _, form in pairs(message)]
    if message.fuzzy:
        yield "fuzzy", "is marked fuzzy: a likeness, not a translation"
    elif (
        any(said) and not isinstance(message.id, str) and (len(said) != forms or not all(each.strip() for each in said))
    ):
        yield "plurals", f"has {sum(bool(each.strip()) for each in said)} of {forms} plural forms"
    elif any(said):
        for english, form in pairs(message):
            yield from complaints(english, form, tag)


def _header(found: PoFile, language: Language) -> Iterator[str]:
    """What is wrong with the line that says how this language counts."""
    catalog = found.catalog
    if "plural-forms:" not in found.header.lower():
        if any(not isinstance(message.id, str) for message in found.messages()):
            yield "the header has no Plural-Forms"
        return
    expected = language.plural_forms
    if expected and catalog.num_plurals != expected:
        yield f"Plural-Forms says {catalog.num_plurals} forms; {language.english} has {expected}"
    try:
        rule = c2py(catalog.plural_expr)
        reached = {rule(n) for n in _COUNTED}
    except (ValueError, ZeroDivisionError, RecursionError):
        yield f"Plural-Forms computes nothing: {catalog.plural_expr}"
        return
    if reached != set(range(catalog.num_plurals)):
        yield f"Plural-Forms names {catalog.num_plurals} forms but counts with {len(reached)}"
