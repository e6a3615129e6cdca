"""How much of what is said each language, counted string by string from what would really be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from outreach.core.languages import Language, ReviewState
from outreach.core.topics import StepClass
from outreach.i18n.catalogs import INTERFACE, shown_words
from outreach.i18n.po_files import BadCatalog, read_po_file
from outreach.services.program import Program
from outreach.shipped import LOCALES

GUIDE, STAFF = "guide pages", "staff pages"
_GUIDE_FILES = ("web/templates/guide/", "web/templates/frame.html", "web/templates/marks.html")
_GUIDE_REFUSALS = ("There is no topic called", "There is no language")
# Strings that belong to no topic, by the first part of their address.
_ELSEWHERE = {"card": "cards", "picture": "pictures", "topics": "headings", "group": "supplies", "item": "supplies"}
_ELSEWHERE |= {"unit": "supplies"}


@dataclass(frozen=True, slots=True)
class Count:
    """Of `all` strings, how many are translated, and how many of these a speaker or more has checked."""

    all: int = 0
    said: int = 0
    checked: int = 0

    def __str__(self) -> str:
        return f"{self.said}/{self.all}" if self.all else ""

    @property
    def is_whole(self) -> bool:
        return self.said == self.all

    def __add__(self, other: Count) -> Count:
        return Count(self.all + other.all, self.said + other.said, self.checked + other.checked)


@dataclass(frozen=True, slots=True)
class Row:
    """One topic, or one other part, in one language; a count for each class of string."""

    language: str
    part: str
    by_class: dict[StepClass, Count]

    @property
    def total(self) -> Count:
        return sum(self.by_class.values(), Count())


def coverage(program: Program, language: Language) -> list[Row]:
    """Every part of the guidance, then the two halves of the interface."""
    counts: dict[str, dict[StepClass, Counter[str]]] = {}
    for context, english, level in program.strings():
        first = context.partition(".")[0]
        part = first if first in program.topics else _ELSEWHERE.get(first, first)
        here = counts.setdefault(part, {}).setdefault(level, Counter())
        wording = program.wording(language, context, english)
        said = language.is_source or wording.is_translation
        here.update(all=1, said=int(said), checked=int(said and wording.state is not ReviewState.DRAFT))
    rows = [
        Row(language.tag, part, {level: Count(**dict(each)) for level, each in levels.items()})
        for part, levels in counts.items()
    ]
    return [*rows, *(Row(language.tag, name, {StepClass.S3: each}) for name, each in _interface(language))]


def _interface(language: Language) -> Iterator[tuple[str, Count]]:
    shown = shown_words(language.catalog, INTERFACE)
    for name, words in interface_words().items():
        yield name, Count(len(words), len(words) if language.is_source else sum(word in shown for word in words))


@cache
def interface_words() -> dict[str, tuple[str, ...]]:
    """The sentences of the pages: those a reader of the guide can meet, and those only staff do."""
    found: dict[str, list[str]] = {GUIDE: [], STAFF: []}
    try:
        messages = list(read_po_file(LOCALES / f"{INTERFACE}.pot").messages())
    except (BadCatalog, OSError):
        return {}
    for message in messages:
        english = message.id if isinstance(message.id, str) else message.id[0]
        places = [name for name, _ in message.locations]
        guide = any(place.startswith(_GUIDE_FILES) for place in places) or english.startswith(_GUIDE_REFUSALS)
        found[GUIDE if guide else STAFF].append(english)
    return {name: tuple(words) for name, words in found.items()}


def summed(rows: Iterable[Row]) -> dict[StepClass, Count]:
    """The guidance of one language by class; the interface is not in it."""
    total = {level: Count() for level in StepClass}
    for row in rows:
        if row.part not in (GUIDE, STAFF):
            for level, count in row.by_class.items():
                total[level] += count
    return total
