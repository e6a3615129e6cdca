"""What a guidance catalog says, read line by line where it is in the form that our own tools write, which is soon done.

Which languages may be chosen is asked of fifteen catalogs before the first page. Babel's parser takes a quarter of a
second for them, this a tenth of that. What it does not know, such as a plural, a retired entry or a broken line, it
leaves to `po_files`: a home may have a file of anybody's tool.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import unescape

from outreach.i18n.po_files import is_header, read_po_file

Words = Mapping[tuple[str, str], str]
"""Translations by (context, English)."""

_STRING = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"\n'
_ENTRY = re.compile(
    rf"((?:#(?![~|]).*\n)*)(?:msgctxt ({_STRING}))?msgid ((?:{_STRING})+)msgstr ((?:{_STRING})+)(?:\n+|\Z)"
)
_FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)


def read_words(file: Path) -> Words:
    """What is translated and not fuzzy; of two entries for one string the first counts. Raises BadCatalog."""
    found = _read_plain(file)
    if found is not None:
        return found
    return {
        (message.context or "", message.id): str(message.string)
        for message in read_po_file(file).messages()
        if isinstance(message.id, str) and not message.fuzzy and str(message.string or "").strip()
    }


def _read_plain(file: Path) -> Words | None:
    """The same of a file in our form; None for any other."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Nothing else may end a line: Babel would see an entry end there.
    if len(text.splitlines()) != text.count("\n"):
        return None
    found: dict[tuple[str, str], str] = {}
    at = 0
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is None:
            return None
        notes, context, english, said = entry.groups()
        key = _unquoted(context or ""), _unquoted(english)
        if not at and not (key == ("", "") and is_header(entry[0])):
            return None
        at = entry.end()
        if key in found:
            continue
        found[key] = "" if _FUZZY.search(notes) else _unquoted(said)
    return {key: said for key, said in found.items() if key[1] and said.strip()}


def _unquoted(lines: str) -> str:
    text = lines[1:-2].replace('"\n"', "")
    return unescape(f'"{text}"') if "\\" in text else text
