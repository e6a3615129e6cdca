"""The `.pot` files and their languages' `.po`: written from content and pages, never fuzzily matched."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.i18n.po_files import read_whole_po_file
from outreach.shipped import LOCALES

PACKAGE = Path(__file__).parents[1]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

# Data whose words stand on staff pages, and the keys that hold them, at any depth. Never a funder's own words.
_STAFF_WORDS = {
    "shipped/events.toml": ("name",),
    "shipped/funders.toml": ("name", "why"),
    "shipped/help.toml": ("help",),
    "shipped/indicators.toml": ("name", "label", "unit", "definition", "formula"),
    "shipped/packs/*.toml": ("blank", "note"),
}

_UNSTEADY = re.compile(
    r'"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To): [^\n]*\n'
)


_HEADER = "# Words of the outreach toolkit. A translation is a draft until review.toml says otherwise."


def _template() -> Catalog:
    # No dates and no names: the file changes only when its strings do.
    catalog = Catalog(project="outreach", charset="utf-8", fuzzy=False)
    catalog.header_comment = _HEADER
    return catalog


def guidance_template(strings: Iterable[tuple[str, str, str]]) -> Catalog:
    """Content strings given as (context, English, class), the class kept as a comment for translators."""
    catalog = _template()
    for context, english, level in strings:
        catalog.add(english, context=context, auto_comments=[level])
    return catalog


def interface_template(package: Path = PACKAGE) -> Catalog:
    """Every marked sentence of the pages and refusals, and the words of data that staff pages show."""
    catalog = _template()
    found = extract_from_dir(
        package,
        method_map=[
            ("web/**.py", "python"),
            ("core/**.py", "python"),
            ("store/**.py", "python"),
            ("printing/**.py", "python"),
            ("services/**.py", "python"),
            ("content/**.py", "python"),
            ("carry/**.py", "python"),
            ("web/**.html", "jinja2"),
        ],
        options_map={"web/**.html": {"silent": "false"}},
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, _line, message, comments, context in found:
        catalog.add(message, context=context, auto_comments=comments, locations=[(name, None)])
    for files, keys in _STAFF_WORDS.items():
        for file in sorted(package.glob(files)):
            for said in _said(tomllib.loads(file.read_text(encoding="utf-8")), keys):
                catalog.add(said, locations=[(file.relative_to(package).as_posix(), None)])
    return catalog


def _said(value: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """What stands at these keys in a table or any below it, in order."""
    if isinstance(value, list):
        for each in value:
            yield from _said(each, keys)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in keys and isinstance(each, str):
                yield each
            else:
                yield from _said(each, keys)


def po_text(catalog: Catalog) -> str:
    """The catalog as text, sorted, without the headers that change by themselves."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=False, ignore_obsolete=True, include_lineno=False)
    text = _UNSTEADY.sub("", out.getvalue().decode())
    if catalog.locale is None and catalog.locale_identifier:
        # A language that Babel does not know: it leaves out how many plural forms there are.
        text = text.replace('"MIME-Version', f'"Plural-Forms: {catalog.plural_forms}\\n"\n"MIME-Version', 1)
    return text


def fresh_texts(
    guidance: Catalog, folders: Iterable[tuple[str, str]], locales: Path = LOCALES
) -> Iterator[tuple[Path, str]]:
    """Both `.pot` files and each language's `.po` files as they should be now; writes nothing.

    `folders` gives (catalog folder, its plural rule). Never fuzzy:
    similarity once turned "Do not leave" into "Do leave".
    """
    rows = tuple(folders)
    for domain, template in ((GUIDANCE, guidance), (INTERFACE, interface_template())):
        yield locales / f"{domain}.pot", po_text(template)
        for folder, plurals in rows:
            file = po_file(folder, domain, locales)
            catalog = read_whole_po_file(file) if file.exists() else _new_catalog(folder, plurals)
            catalog.update(template, no_fuzzy_matching=True)
            # A header marked fuzzy makes compilers skip the whole catalog.
            catalog.fuzzy, catalog.header_comment, catalog.project = False, _HEADER, "outreach"
            yield file, po_text(catalog)


def _new_catalog(folder: str, plurals: str) -> Catalog:
    """An empty catalog whose header names the language and its plural forms; Babel need not know the language."""
    catalog = Catalog(locale=folder, charset="utf-8")
    catalog.mime_headers = [("Plural-Forms", plurals)]
    return catalog


def outdated(texts: Iterable[tuple[Path, str]]) -> dict[Path, str]:
    """Those of the files that are missing or say something else."""
    return {file: text for file, text in texts if not file.exists() or file.read_text(encoding="utf-8") != text}
