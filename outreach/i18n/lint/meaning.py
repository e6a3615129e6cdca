"""Rules about meaning that a machine can hold: not, where a number stands, units, house words, the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from outreach.i18n.lint.lists import Term, glossary, word_list
from outreach.i18n.lint.text import DIGIT, Rule, Text, ascii_digits, numbers, plain, sentences, side_by_side, words

_NOT = re.compile(r"\b(?:not|never|no|none|nothing|cannot|nor|neither)\b|n't\b", re.IGNORECASE)
# What another tongue may well say with its "not": only, until, unless, expired, unsure. None of these asks for a
# "not"; any of them excuses one.
_NOT_LIKE = re.compile(
    r"\b(?:without|only|until|unless|except|instead|before|avoid|stop\w*|miss\w*|fail\w*|refus\w*|prevent\w*|lack\w*|"
    r"expired|alone|empty|limp|false|wrong|less|least|too|still|yet|blank|whole|any|damaged|hard|leave\w*|keep|rather|"
    r"un\w+|non\w*|in(?:valid|complete)|nowhere|nobody|limit|free|late|lost|out|single-use|but|other|else|long|closed|numb|dull|bad)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})+\b")
_RANGE = re.compile(r"(\d+(?:\.\d+)?) (?:to|or|and) (\d+(?:\.\d+)?)")
NEAR = 26
"""Letters between a number and its unit, at most: "ملعقة شاي واحدة (1)" puts a word between them."""


def _negation(text: Text) -> Iterator[str]:
    lists = word_list(text.tag)
    if not lists.negation:
        return
    says_not, forbids = words(lists.negation), words(lists.forbids)
    for whole, said in side_by_side(text):
        if not _NOT.search(whole):
            hit = forbids.search(plain(said))
            if hit and not _NOT_LIKE.search(whole):
                yield f'says "{hit.group()}" where the English forbids nothing: {_short(whole)}'
        elif not says_not.search(plain(said)):
            # Words on a label stay English: "DO NOT RECYCLE" brings its own "not" along.
            english = _LABEL.sub(lambda found, told=said: "" if found.group() in told else found.group(), whole)
            if _NOT.search(english):
                yield f'nothing here says "not": {_short(english)}'


def _short(text: str) -> str:
    return f'"{text}"' if len(text) < 60 else f'"{text[:57]}..."'


def _places(text: Text) -> Iterator[str]:
    if not numbers(text.english) or sorted(numbers(text.english)) != sorted(numbers(text.said)):
        return
    english, said = sentences(text.english), sentences(text.said)
    if len(english) != len(said):
        return
    for ours, theirs in zip(english, said, strict=True):
        if sorted(numbers(ours)) != sorted(numbers(theirs)):
            yield f"the numbers stand in another sentence: {_short(ours)}"
            return


def _ranges(text: Text) -> Iterator[str]:
    said = numbers(text.said)
    pairs = set(zip(said, said[1:], strict=False))
    for low, high in _RANGE.findall(text.english):
        if low in said and high in said and (low, high) not in pairs:
            yield f"{low} to {high} is not said in that order"


def _units(text: Text) -> Iterator[str]:
    if not DIGIT.search(text.english):
        return
    units = word_list(text.tag).units
    for english, said in side_by_side(text):
        told = plain(ascii_digits(said))
        for unit, forms in units.items():
            for number in _numbers_with(unit).findall(english):
                others = tuple(form for key, theirs in units.items() if key != unit for form in theirs)
                if not _has_unit(number, forms, others, told):
                    yield f"{number} {unit.rstrip('*')} has lost its unit; written here {' or '.join(forms)}"


@cache
def _numbers_with(unit: str) -> re.Pattern[str]:
    core = re.escape(unit.rstrip("*")) + (r"\w*" if unit.endswith("*") else r"(?!\w)")
    return re.compile(rf"(\d+(?:[.,]\d+)*) ?{core}")


def _has_unit(number: str, forms: tuple[str, ...], others: tuple[str, ...], said: str) -> bool:
    """Whether one of the forms goes with the number: right after it, or near it and neither is another's."""
    hits = list(re.finditer(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", said))
    if any(words(forms).match(said, _past(said, hit.end())) for hit in hits):
        return True
    for hit in hits:
        if words(others).match(said, _past(said, hit.end())):
            continue
        start = max(0, hit.start() - NEAR)
        for form in words(forms).finditer(said, start, hit.end() + NEAR):
            before = said[: form.start()].rstrip(" \u202f(")
            if not before[-1:].isdigit() or form.start() < hit.start():
                return True
    return False


def _past(said: str, at: int) -> int:
    """Where the next word begins."""
    while at < len(said) and said[at] in " \u202f°-)(":
        at += 1
    return at


def _only_if(text: Text) -> Iterator[str]:
    english = plain(text.english)
    for asked, forms in word_list(text.tag).only_if.items():
        hit = words(forms).search(plain(text.said))
        if hit and not words(tuple(asked.split("|"))).search(english):
            yield f'says "{hit.group()}", and the English has none of: {asked.replace("|", ", ")}'


def _banned(text: Text) -> Iterator[str]:
    hit = words(word_list(text.tag).banned).search(plain(text.said))
    if hit:
        yield f'"{hit.group()}" is not a word of this house: people first'


def _terms(text: Text) -> Iterator[str]:
    english, said = plain(text.english), plain(text.said)
    for term, asked, held in _glossary(text.tag):
        if asked.search(english) and not held.search(said):
            yield f"{term.name} is not there as the glossary has it: {' or '.join(term.forms)}"


@cache
def _glossary(tag: str) -> tuple[tuple[Term, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((term, words(term.english), words(term.forms)) for term in glossary(tag))


MEANING = (
    Rule("negation", '"do not leave" once became "do leave"', _negation),
    Rule("places", "two amounts changed places is two wrong doses", _places),
    Rule("ranges", '"3 to 2 minutes" is how a range looks when a line was turned around', _ranges),
    Rule("units", "5 minutes are not 5 seconds", _units),
    Rule("only-if", "taking is not giving, and before is not after", _only_if),
    Rule("banned", "words that shame keep people away", _banned),
    Rule("glossary", "one word for one thing, the word on the box", _terms),
)
