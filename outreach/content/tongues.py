"""The rows of `locales/languages.toml`: every tongue the program knows of, usable or not."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from outreach.content.reading import Table, read_table
from outreach.core.languages import SOURCE, Direction, Language, LanguageTag
from outreach.shipped import LOCALES


@cache
def read_languages() -> tuple[Language, ...]:
    """Every row, in the file's order; the table's name is the BCP 47 tag."""
    file = LOCALES / "languages.toml"
    return tuple(_language(tag, Table(row, file, tag)) for tag, row in read_table(file).row.items())


def tongue(table: Table, key: str = "language") -> LanguageTag:
    """The language that a table says its words are in; English when it does not say."""
    return known_tongue(table, key, table.get(key, str, SOURCE))


def known_tongue(table: Table, key: str, tag: str) -> LanguageTag:
    """`tag` when `locales/languages.toml` has it; refused with the list otherwise."""
    known = [row.tag for row in read_languages()]
    if tag not in known:
        raise table.bad(key, f"there is no language {tag}; languages: {', '.join(known)}.")
    return LanguageTag(tag)


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
            month_names=table.texts("month_names", ()),
            plurals=table.get("plurals", str, "" if tag == SOURCE else None),
            prepared=table.get("prepared", bool, False),
        )
    )
