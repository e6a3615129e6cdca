"""Translations from `.po` files, compiled in memory: nothing stale on disk, nothing written to read a page."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.support import NullTranslations, Translations

from outreach.i18n.lint.shape import may_be_shown
from outreach.i18n.po_files import BadCatalog, PoFile, read_po_file
from outreach.shipped import LOCALES

GUIDANCE, INTERFACE = "guidance", "interface"
"""The two domains: words of content (each with its address as context), words of pages."""

_UNSAID = re.compile(rb'^(?:msgstr(?:\[\d\])? ""\s*(?:\n(?!")|\Z)|#,.*\bfuzzy\b)', re.MULTILINE)
"""A line of a `.po` file by which it says that a string, or a plural form of one, has no translation yet."""


def po_file(folder: str, domain: str, locales: Path = LOCALES) -> Path:
    return locales / folder / "LC_MESSAGES" / f"{domain}.po"


def pairs(message: Message) -> list[tuple[str, str]]:
    """What stands beside what: a string and its translation, or each plural form and the English it is for."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    singular, plural = message.id[0], message.id[1]
    forms = list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]
    return [(singular if i == 0 and len(forms) > 1 else plural, form) for i, form in enumerate(forms)]


def _shown(message: Message) -> bool:
    """Complete, not fuzzy, and with nothing in it that a reader must never meet."""
    if message.fuzzy:
        return False
    return all(said.strip() and may_be_shown(english, said) for english, said in pairs(message))


def _file(folder: str, domain: str, locales: Path) -> PoFile | None:
    """A catalog's good entries; None when there is no file, or none that can be read: English is shown then."""
    file = po_file(folder, domain, locales)
    try:
        return read_po_file(file) if file.exists() else None
    except (BadCatalog, OSError):
        return None


@cache
def _compiled(folder: str, domain: str, locales: Path) -> tuple[NullTranslations, frozenset[str]]:
    """A catalog, and the English (of plurals the singular) of what it has fit to be shown."""
    found = _file(folder, domain, locales)
    if found is None:
        return NullTranslations(), frozenset()
    for message in [message for message in found.messages() if not _shown(message)]:
        found.catalog.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, found.catalog)
    compiled.seek(0)
    try:
        ready = Translations(compiled, domain=domain)
    except ValueError:
        # A plural header that computes nothing; `outreach check` names it.
        return NullTranslations(), frozenset()
    said = (message.id if isinstance(message.id, str) else message.id[0] for message in found.messages())
    return ready, frozenset(said)


def translations(folder: str, domain: str, locales: Path = LOCALES) -> NullTranslations:
    """The compiled catalog, kept for the life of the process. A missing or unreadable file translates nothing."""
    return _compiled(folder, domain, locales)[0]


def shown_words(folder: str, domain: str, locales: Path = LOCALES) -> frozenset[str]:
    """The English (of plurals the singular) of everything a catalog has fit to be shown."""
    return _compiled(folder, domain, locales)[1]


@cache
def _guidance(folder: str, locales: Path) -> Mapping[tuple[str, str], str]:
    """Guidance by (context, English); what is empty or fuzzy is not there. `lookup` says what is fit to be shown."""
    found = _file(folder, GUIDANCE, locales)
    if found is None:
        return {}
    return {
        (message.context or "", message.id): str(message.string)
        for message in found.messages()
        if isinstance(message.id, str) and not message.fuzzy and str(message.string or "").strip()
    }


@cache
def is_complete(folder: str, domain: str, locales: Path = LOCALES) -> bool:
    """Whether a catalog has words for every string; one that is not there has none.

    Its text says so; the staff's first page need not wait until two catalogs are read. Words that may not be shown
    (`outreach check` names them) are left out one by one, and stand in English.
    """
    file = po_file(folder, domain, locales)
    return file.exists() and not _UNSAID.search(file.read_bytes())


def lookup(folder: str, context: str, english: str, locales: Path = LOCALES) -> str | None:
    """The translation of one string of content that is fit to be shown, or None. A changed English text finds nothing.

    A translation may equal its English ("DEMO"), so what counts is whether an entry is there.
    """
    said = _guidance(folder, locales).get((context, english))
    return said if said and may_be_shown(english, said) else None


def forget() -> None:
    """Read every catalog anew when it is next asked for; called when one was written."""
    _compiled.cache_clear()
    _guidance.cache_clear()
