"""A program's own translations, in the shape of the shipped ones: what its `.po` should say next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog

from outreach.core.languages import Language
from outreach.i18n import catalogs, review
from outreach.i18n.catalogs import GUIDANCE, po_file
from outreach.i18n.extracting import po_text
from outreach.i18n.po_files import read_whole_po_file


def own_file(language: Language, locales: Path) -> Path:
    return po_file(language.catalog, GUIDANCE, locales)


def merged(language: Language, locales: Path, words: Mapping[tuple[str, str], str]) -> str:
    """The home's `guidance.po` with these translations by (context, English) in place of the older ones.

    Refused when the file there has a broken entry: writing it back would lose that one.
    """
    file = own_file(language, locales)
    # The language's own name in the header would need Babel to know it, and it does not know every tongue.
    catalog = Catalog(charset="utf-8", project="outreach", fuzzy=False)
    catalog.header_comment = "# Words of this program. They are shown before the shipped ones."
    kept = {} if not file.exists() else {
        (message.context or "", str(message.id)): str(message.string)
        for message in read_whole_po_file(file)
        if message.id and message.string
    }  # fmt: skip
    renewed = {context for context, _ in words}
    kept = {key: said for key, said in kept.items() if key[0] not in renewed} | dict(words)
    for (context, english), said in kept.items():
        catalog.add(english, said, context=context)
    return po_text(catalog)


def forget() -> None:
    """What was read before is read again; called when the home's words or records changed."""
    catalogs.forget()
    review.forget()
