"""The word lists of each language: `shipped/wording/<tag>.toml`, what holds in every one of them, and the glossary."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from outreach.shipped import GLOSSARY, WORDING

# A glossary row that no speaker or publisher stands behind is kept for translators to see, and held against no one.
ENFORCED = {"attested", "attested-news", "own"}

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """`negation` says "not" in a language; `forbids` only where no English can do without one.

    `only_if` lists words that may stand only beside one of the English words of their key (`|` between them).
    `units` gives, for a unit as the English writes it, how this language may; `longest_run` is the most
    letters in a row without a place to break the line, 0 for scripts that put spaces between words.
    """

    negation: Forms = ()
    forbids: Forms = ()
    banned: Forms = ()
    units: Mapping[str, Forms] = field(default_factory=dict)
    only_if: Mapping[str, Forms] = field(default_factory=dict)
    longest_run: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    english: Forms
    forms: Forms


def _table(tag: str, folder: Path) -> dict[str, object]:
    file = folder / f"{tag}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def wrong_drugs(folder: Path = WORDING) -> Mapping[str, Forms]:
    """Drugs that are mistaken for one we speak of: English name, and how other tongues write it."""
    rows = _table("all", folder)["wrong_drugs"]
    assert isinstance(rows, dict)
    return {name: tuple(forms) for name, forms in rows.items()}


@cache
def word_list(tag: str, folder: Path = WORDING) -> WordList:
    """The lists of one language; what holds in every language is in each of them."""
    every, own = _table("all", folder), _table(tag, folder)

    def forms(key: str) -> Forms:
        return tuple(dict.fromkeys([*own.get(key, ()), *every.get(key, ())]))  # type: ignore[misc]

    units = {**every.get("units", {}), **own.get("units", {})}  # type: ignore[dict-item]
    return WordList(
        negation=forms("negation"),
        forbids=forms("forbids"),
        banned=forms("banned"),
        units={unit: tuple(said) for unit, said in units.items()},
        only_if={key: tuple(said) for key, said in own.get("only_if", {}).items()},  # type: ignore[attr-defined]
        longest_run=int(str(own.get("longest_run", 0))),
    )


@cache
def glossary(tag: str, file: Path = GLOSSARY) -> tuple[Term, ...]:
    """The terms a translation into this language is held to."""
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Term(row["term"], tuple(row["english"].split("|")), tuple(row["forms"].split("|")))
            for row in csv.DictReader(stream)
            if row["language"] == tag and row["status"] in ENFORCED and row["forms"]
        )
