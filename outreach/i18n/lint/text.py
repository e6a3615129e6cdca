"""A string beside its English, as every rule sees it, and the small matchers that rules share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

PLACEHOLDER = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DIGIT = re.compile(r"\d")
# A full stop inside "2.5" ends nothing; the stops of other scripts need no space after them.
_SENTENCE_END = re.compile("(?<=[.!?])(?=\\s|$)|(?<=[\u061f\u06d4\u3002\uff01\uff1f\u0964\u104b\u17d4\u1362])")
# Short vowels are written or left out at will; joiners and word breaks have no meaning of their own.
_UNREAD = re.compile("[\u064b-\u0652\u0640\u200b-\u200d\u2060]+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


@dataclass(frozen=True, slots=True)
class Text:
    """One string of one language. `tag` names its word lists; empty where only the shape is checked."""

    english: str
    said: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` yields what is wrong, as short phrases; `reason` says why the rule is there."""

    name: str
    reason: str
    find: Callable[[Text], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Complaint:
    """`line` counts from 1 and is 0 where there is no file; `context` is the string's address or its English."""

    file: str
    line: int
    context: str
    rule: str
    why: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.context}: {self.why} ({self.rule})" if self.context else f"{where}: {self.why}"


def ascii_digits(text: str) -> str:
    """Digits of any script as ASCII, placeholders left out."""
    text = PLACEHOLDER.sub(" ", text)
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found.group())), text)


@lru_cache(maxsize=512)
def numbers(text: str) -> tuple[str, ...]:
    """Every number in reading order, so that 2.5 and 2,5 differ."""
    if not DIGIT.search(text):
        return ()
    return tuple(number.rstrip(".,") for number in _NUMBER.findall(ascii_digits(text)))


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def side_by_side(text: Text) -> Iterator[tuple[str, str]]:
    """Sentence beside sentence where both have as many; otherwise the whole beside the whole."""
    english, said = sentences(text.english), sentences(text.said)
    if len(english) == len(said):
        yield from zip(english, said, strict=True)
    else:
        yield text.english, text.said


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """A text as the word lists are matched: one case, without what is not read."""
    text = unicodedata.normalize("NFC", text).casefold()
    return text if text.isascii() else _UNREAD.sub("", text).replace("\u2019", "'").replace("\u00a0", " ")


@cache
def words(forms: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the forms; `*` stands for the rest of a word."""
    begun: list[str] = []
    anywhere: list[str] = []
    for form in forms:
        core = r"\w*".join(re.escape(part) for part in plain(form).strip("*").split("*"))
        where = anywhere if form.startswith("*") else begun
        where.append(core + ("" if form.endswith("*") else r"(?!\w)"))
    # Whether a word begins here is asked once for all of them, not once for each at every letter.
    parts = [rf"(?<!\w)(?:{'|'.join(begun)})", *anywhere] if begun else anywhere
    return re.compile("|".join(parts) or r"(?!)")
