"""Tongues, the wording of a text in one of them, and how mixed-direction text stays readable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum
from typing import NewType

from outreach.core.refusal import N_, NotThere
from outreach.core.review import Signature

LanguageTag = NewType("LanguageTag", str)
SOURCE = LanguageTag("en")
"""The language that everything shipped is written in first."""


class UnknownLanguage(NotThere):
    sentence = N_("There is no language {tag} here. Languages you can choose: {known}.")


class Direction(Enum):
    """The way a script runs; the value is what HTML's `dir` takes."""

    LTR = "ltr"
    RTL = "rtl"


class ReviewState(Enum):
    """Who has checked a wording. Shipped words start as drafts; no machine ever promotes one.

    A translation is checked once a speaker has, and reviewed once a clinician has reviewed its English too.
    """

    DRAFT = "draft"
    CHECKED = "checked"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Language:
    """One row of `locales/languages.toml`.

    `tag` is BCP 47 and stands in addresses; `catalog` names the folder under `locales/`;
    `babel` is what Babel writes days with (it does not know every tongue). `months` is False where
    it has no months, and `month_names` holds the row's own where it has them wrong; `plurals` is
    gettext's rule, empty for the source only.
    `prepared`: no machine writes its words beyond the emergency card, so only cards are offered.
    """

    tag: LanguageTag
    name: str
    english: str
    direction: Direction
    script: str
    catalog: str
    babel: str
    aliases: tuple[str, ...] = ()
    months: bool = True
    month_names: tuple[str, ...] = ()
    plurals: str = ""
    prepared: bool = False

    def __post_init__(self) -> None:
        if len(set(self.month_names)) not in (0, 12):
            raise ValueError(f"{self.tag}: month_names holds {len(set(self.month_names))} names, not 12")

    @property
    def plural_forms(self) -> int:
        """How many forms a counted word has; 0 when the row does not say."""
        return int(self.plurals.partition("nplurals=")[2].partition(";")[0] or 0)

    @property
    def is_source(self) -> bool:
        return self.tag == SOURCE


@dataclass(frozen=True, slots=True)
class Languages:
    """The usable languages, in the order a program wants them offered."""

    rows: tuple[Language, ...]
    _by_name: Mapping[str, Language] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, Language] = {}
        for row in self.rows:
            for name in (row.tag, *row.aliases):
                names[name.lower()] = row
        object.__setattr__(self, "_by_name", names)

    def get(self, tag: str) -> Language:
        """The language called `tag` or one of its aliases, case ignored; refuses with the list."""
        try:
            return self._by_name[tag.lower().replace("_", "-")]
        except KeyError:
            raise UnknownLanguage(tag=tag, known=", ".join(row.tag for row in self.rows)) from None

    def with_first(self, tags: Iterable[str]) -> Languages:
        """The same languages, those called `tags` before all others, in that order; unknown ones do nothing."""
        first = dict.fromkeys(self.get(tag) for tag in tags if tag in self)
        return Languages((*first, *(row for row in self.rows if row not in first))) if first else self

    def __contains__(self, tag: str) -> bool:
        return tag.lower().replace("_", "-") in self._by_name


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it may be shown: what it says, in which language, and who has checked it.

    `text` falls back to English, so `language` (not the page's language) goes into `lang=`.
    `english` is what it was translated from; a program's own words may come from another `source`.
    `speaker` checked these very words; `clinician` reviewed their English.
    """

    text: str
    language: Language
    english: str
    state: ReviewState = ReviewState.DRAFT
    _: KW_ONLY
    source: Language | None = None
    speaker: Signature | None = None
    clinician: Signature | None = None

    @property
    def is_translation(self) -> bool:
        return self.language != self.source if self.source else not self.language.is_source

    @property
    def shown(self) -> str:
        """The text as it is set: numbers beside what they count, left-to-right pieces isolated where needed."""
        return as_set(self.text, self.language.direction)


def as_set(text: str, direction: Direction) -> str:
    """A text with numbers beside what they count and, where a script runs right to left, its other pieces isolated."""
    text = keep_together(text)
    return isolate(text) if direction is Direction.RTL else text


LINE_MAY_END = "\u200b"
"""Stands between words in scripts without spaces (`.ci/break_words.py` puts it there). It says nothing."""

# What a number counts: a word; in Chinese, which has no spaces, its one or two characters.
_COUNTED = r"(?:[\u4e00-\u9fff]{1,2}|[^\W\d_]+)"
_NUMBER_AND_WORD = re.compile(rf"(?<![\d.,-])(?!911 )(\d+(?:[.,]\d+)*) ({_COUNTED})")
_RANGE = re.compile(rf"(\d+\u00a0\w{{1,4}}) (\d+\u00a0{_COUNTED})")
_WORD_AND_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,2}|[^\s\u4e00-\u9fff]+) (911(?!\d)|\(\d+\))")
_CHINESE_WORD = re.compile(r"(?<=\u00a0[分小口])(?=[钟鐘时時瓶气氣])|(?<=[拨撥])(?=打\u00a0911)")
_LONGEST = 16
"""Characters that may stand as one on the narrowest phone: more would be cut inside a word there."""


def keep_together(text: str) -> str:
    """A number never stands on another line than what it counts: "5 to 10 seconds", "0.4 mg", "call 911", "one (1)".

    The spaces between become ones that do not break, and a Chinese word of two characters is joined.
    What would be too long is joined as far as it goes: of a long range, each number with the word after it.
    """
    for joined in (_NUMBER_AND_WORD, _RANGE, _WORD_AND_NUMBER):
        text = joined.sub(lambda m: m[0] if len(m[0]) > _LONGEST else f"{m[1]}\u00a0{m[2]}", text)
    return _CHINESE_WORD.sub("\u2060", text)


_IN_A_WORD = re.compile(r"(?<=[\uac00-\ud7a3])(?=[\uac00-\ud7a3])")


def keep_words(text: str) -> str:
    """Korean words never stand on two lines: U+2060 between syllables, for paper.

    Korean has spaces between its words, but breaking rules allow a line to end after any syllable. Screens are
    told by style (`keep-all`), which WeasyPrint does not know.
    """
    return _IN_A_WORD.sub("\u2060", text)


LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"

# What flips inside Arabic-script text when left raw (pictures: both engines print 1-800 backwards):
# phones, 9-1-1, ranges with a hyphen, decimals, and amounts such as "4 mg/0.1 mL". A number with no
# punctuation is safe. Existing isolates are left alone by the first alternative.
_UNIT = r"(?:\s?[A-Za-z%]+(?:/[\d.,]*\s?[A-Za-z]+)?)"
_FLIPS = re.compile(
    "(?P<done>[\u2066-\u2068][^\u2069]*\u2069)"
    # Commands in backticks, options, quarters, sections of a law: a hyphen in them would jump to the other end.
    r"|(?P<typed>`[^`]+`|--[a-z][a-z-]*|\d{4}-Q[1-4]|\d+[A-Z](?:-\d+)+|[A-Z]\d+(?:-\d+)+)"
    # An opening bracket belongs to a phone's area code only; elsewhere it opens a remark around the amount.
    r"|(?P<flips>(?:\(\d+\) ?|\+)?\d[\d.,:/()\-\u2010-\u2013\u00a0 ]*[.,:/\-\u2010-\u2013][\d.,:/()\-\u2010-\u2013 ]*\d"
    rf"{_UNIT}?"
    rf"|\d[\d.,]*{_UNIT})"
)


def isolate(text: str) -> str:
    """Wrap every left-to-right number, phone or amount in U+2066 ... U+2069, once.

    Idempotent; text without such pieces comes back as it is.
    """
    return _FLIPS.sub(lambda m: m["done"] or f"{LRI}{m['typed'] or m['flips']}{PDI}", text)
