"""The phrasebook of supply alerts, the words a free line may not hold, and the home's own alerts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.content.tongues import tongue
from outreach.core.alerts import WHY, Alert, Phrase, Phrasebook, WordList
from outreach.core.languages import LanguageTag
from outreach.core.topics import FactId, StepClass
from outreach.shipped import SHIPPED


@cache
def read_phrasebook(file: Path = SHIPPED / "alert-phrases.toml") -> Phrasebook:
    """The phrases alerts are put together from."""
    top = read_table(file)
    top.only(("frame", "effect", "todo"))
    return Phrasebook(*(_phrases(top, kind) for kind in ("effect", "todo", "frame")))


def _phrases(top: Table, kind: str) -> dict[str, Phrase]:
    found = {}
    for key, row in top.get(kind, dict).items():
        table = Table(row, top.file, f"{kind}.{key}")
        table.only(("text", "class", "facts"))
        facts = tuple(FactId(fact) for fact in table.texts("facts"))
        found[key] = table.build(
            lambda t=table, k=key, f=facts: Phrase(k, t.get("text", str), StepClass(t.get("class", str)), f)
        )
    return found


@dataclass(frozen=True, slots=True)
class Lint:
    """What a free line in one language may not hold, and what only looks like it."""

    never: tuple[str, ...]
    lists: tuple[WordList, ...]


@cache
def _word_lists(file: Path = SHIPPED / "alert-words.toml") -> Mapping[str, Table]:
    top = read_table(file)
    return {key: Table(row, file, key) for key, row in top.row.items()}


def county_words() -> WordList:
    return _list(_word_lists()["county"], "place")


@cache
def line_lint() -> Mapping[LanguageTag, Lint]:
    """The lists of each language in which a free line can be checked; no other language is taken."""
    found = {}
    for tag, table in _word_lists().items():
        if tag != "county":
            table.only(("never", *WHY))
            kinds = [_list(Table(table.row[kind], table.file, f"{tag}.{kind}"), kind) for kind in WHY]
            found[LanguageTag(tag)] = Lint(table.texts("never", ()), tuple(kinds))
    return found


def _list(table: Table, kind: str) -> WordList:
    table.only(("words", "patterns"))
    return table.build(
        lambda: WordList(
            kind,
            frozenset(word.casefold() for word in table.texts("words", ())),
            tuple(re.compile(pattern) for pattern in table.texts("patterns", ())),
        )
    )


def read_alerts(file: Path) -> tuple[Alert, ...]:
    """The home's own alerts in the order they were made; none when the file is not there."""
    if not file.exists():
        return ()
    top = read_table(file)
    top.only(("alert",))
    return tuple(_alert(table) for table in top.tables("alert"))


def _alert(table: Table) -> Alert:
    table.only(("number", "effects", "todos", "county", "until", "note", "language"))
    return table.build(
        lambda: Alert(
            effects=table.texts("effects"),
            todos=table.texts("todos"),
            county=table.get("county", str, ""),
            until=table.get("until", date),
            note=table.get("note", str, ""),
            language=tongue(table),
            number=table.get("number", int),
        )
    )
