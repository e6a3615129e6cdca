"""Strings for translators: the templates brought up to date with what ships, and each language's share done."""

from __future__ import annotations

from pathlib import Path

from outreach.i18n.extracting import guidance_template, write_templates
from outreach.services.program import Program


def refresh(program: Program) -> list[Path]:
    """Rewrite the `.pot` files and update every language's `.po`; returns the files that changed."""
    template = guidance_template((context, english, level.value) for context, english, level in program.strings())
    folders = [(row.catalog, row.babel) for row in program.known_languages if not row.is_source]
    return write_templates(template, folders)
