"""Translations from `.po` files, compiled in memory: nothing stale on disk, nothing written to read a page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from outreach.core.refusal import N_, Refusal
from outreach.shipped import LOCALES

GUIDANCE, INTERFACE = "guidance", "interface"
"""The two domains: words of content (each with its address as context), words of pages."""


class BadCatalog(Refusal):
    sentence = N_("{file} cannot be read: {why}. Its words are shown in English until it is mended.")


def po_file(folder: str, domain: str, locales: Path = LOCALES) -> Path:
    return locales / folder / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(file: Path) -> Catalog:
    """A `.po` file; refused with its reason when it is not one."""
    try:
        with file.open("rb") as stream:
            return read_po(stream, abort_invalid=True)
    except (PoFileError, ValueError, UnicodeDecodeError) as problem:
        raise BadCatalog(file=f"{file.parent.parent.name}/{file.name}", why=problem) from problem


@cache
def translations(folder: str, domain: str, locales: Path = LOCALES) -> NullTranslations:
    """The compiled catalog, kept for the life of the process. A missing file translates nothing.

    Fuzzy and empty entries are left out by the compiler and fall back to English.
    """
    file = po_file(folder, domain, locales)
    if not file.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalog(file))
    compiled.seek(0)
    return Translations(compiled, domain=domain)


@cache
def _guidance(folder: str, locales: Path) -> Mapping[tuple[str, str], str]:
    """Guidance by (context, English); empty and fuzzy entries are not there."""
    file = po_file(folder, GUIDANCE, locales)
    if not file.exists():
        return {}
    return {
        (message.context or "", message.id): message.string
        for message in read_catalog(file)
        if message.id and isinstance(message.id, str) and message.string and not message.fuzzy
    }


@cache
def is_complete(folder: str, domain: str, locales: Path = LOCALES) -> bool:
    """Whether a catalog has every string; one that is not there has none."""
    file = po_file(folder, domain, locales)
    if not file.exists():
        return False
    return all(
        not message.fuzzy and all(message.string if isinstance(message.string, tuple) else (message.string,))
        for message in read_catalog(file)
        if message.id
    )


def lookup(folder: str, context: str, english: str, locales: Path = LOCALES) -> str | None:
    """The translation of one string of content, or None. A changed English text finds nothing.

    A translation may equal its English ("DEMO"), so what counts is whether an entry is there.
    """
    return _guidance(folder, locales).get((context, english))
