"""The rows of `locales/languages.toml`: every tongue the program knows of, usable or not."""

from __future__ import annotations

from dataclasses import fields

from outreach.content.reading import Table, read_table
from outreach.core.languages import Direction, Language, LanguageTag
from outreach.shipped import LOCALES


def read_languages() -> tuple[Language, ...]:
    """Every row, in the file's order; the table's name is the BCP 47 tag."""
    file = LOCALES / "languages.toml"
    return tuple(_language(tag, Table(row, file, tag)) for tag, row in read_table(file).row.items())


def _language(tag: str, table: Table) -> Language:
    table.only(each.name for each in fields(Language) if each.name != "tag")
    return table.build(
        lambda: Language(
            tag=LanguageTag(tag),
            name=table.get("name", str),
            english=table.get("english", str),
            direction=Direction(table.get("direction", str)),
            script=table.get("script", str),
            catalog=table.get("catalog", str),
            babel=table.get("babel", str),
            aliases=table.texts("aliases", ()),
            months=table.get("months", bool, True),
            plurals=table.get("plurals", str, ""),
            prepared=table.get("prepared", bool, False),
        )
    )
