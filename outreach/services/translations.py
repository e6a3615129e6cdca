"""Strings for translators: the templates brought up to date with what ships."""

from __future__ import annotations

from pathlib import Path

from outreach.core.refusal import N_, Refusal
from outreach.home import Home
from outreach.i18n.extracting import PACKAGE, fresh_texts, guidance_template
from outreach.i18n.extracting import outdated as differing
from outreach.services.program import Program
from outreach.shipped import LOCALES


class NotTheSources(Refusal):
    sentence = N_(
        "The catalogs are brought up to date in the folder of the sources, and this is an installed copy. "
        "In that folder type: .venv/bin/python -m outreach translate --refresh. Nothing was changed."
    )


def in_checkout() -> bool:
    """Whether the catalogs lie beside the sources they are made from, and so can be brought up to date."""
    return not LOCALES.is_relative_to(PACKAGE)


def outdated(program: Program) -> dict[Path, str]:
    """The `.pot` and `.po` files that no longer match the words that ship, each with what it should say."""
    # What ships is the same in every home; a program's own topics are not for everyone's catalogs.
    shipped = Program(Home(program.home.path / "nothing-of-its-own"))
    template = guidance_template((context, english, level.value) for context, english, level in shipped.strings())
    # A language that is only prepared has no catalog before its speakers begin one.
    begun = (row for row in program.known_languages if not row.prepared or (LOCALES / row.catalog).is_dir())
    folders = [(row.catalog, row.plurals) for row in begun if not row.is_source]
    return differing(fresh_texts(template, folders))


def refresh(program: Program) -> list[Path]:
    """Rewrite what is out of date; returns the files that changed. Refuses in an installed copy.

    What that rewrote would be gone with the next install, and nobody would have seen it.
    """
    if not in_checkout():
        raise NotTheSources()
    changed = outdated(program)
    for file, text in changed.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(changed)
