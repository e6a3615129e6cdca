"""Rules cheap enough for every start: what they find is not shown, its English is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from outreach.i18n.lint.lists import wrong_drugs
from outreach.i18n.lint.text import PLACEHOLDER, Rule, Text, numbers, plain

_MARKUP = re.compile(r"</?[A-Za-z!][^>]*>?|&#?\w+;|javascript:", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d.,])\(?\d{3}\)?[-. ]\d{3,4}(?:[-. ]\d{4})?(?!\d)|\d-\d{3}-\d{3}-\d{4}")
# The program isolates numbers itself; a control in a translation is pasted by accident or hides something.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_FORMULA = ("=", "+", "@", "-")


def _placeholders(text: Text) -> Iterator[str]:
    if sorted(PLACEHOLDER.findall(text.english)) != sorted(PLACEHOLDER.findall(text.said)):
        there = ", ".join(PLACEHOLDER.findall(text.english)) or "none"
        yield f"placeholders differ; the English has {there}"
    elif PLACEHOLDER.sub("", text.said).count("{") != PLACEHOLDER.sub("", text.english).count("{"):
        yield "a curly bracket stands alone"


def _numbers(text: Text) -> Iterator[str]:
    english, said = numbers(text.english), numbers(text.said)
    if sorted(english) != sorted(said):
        yield f"numbers differ: {_listed(english)} in English, {_listed(said)} here"


def _listed(found: tuple[str, ...]) -> str:
    return ", ".join(found) or "none"


def _911(text: Text) -> Iterator[str]:
    if "911" in text.english and "911" not in text.said:
        yield "911 is not written 911"


def _phones(text: Text) -> Iterator[str]:
    for phone in _PHONE.findall(text.english):
        if phone not in text.said:
            yield f"the phone number {phone} is not there as it stands in English"


def _markup(text: Text) -> Iterator[str]:
    if sorted(_MARKUP.findall(text.english)) != sorted(_MARKUP.findall(text.said)):
        yield "markup that the English does not have"


def _controls(text: Text) -> Iterator[str]:
    found = set(_CONTROL.findall(text.said)) - set(_CONTROL.findall(text.english))
    if found:
        yield "a hidden control character: " + ", ".join(f"U+{ord(c):04X}" for c in sorted(found))


def _formula(text: Text) -> Iterator[str]:
    if text.said.startswith(_FORMULA) and not text.english.startswith(_FORMULA):
        yield f"begins with {text.said[0]}, which a spreadsheet would run"


@cache
def _wrong_drugs() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {plain(form): name for name, forms in wrong_drugs().items() for form in forms}
    return re.compile("|".join(map(re.escape, names))), names


def _drugs(text: Text) -> Iterator[str]:
    found, names = _wrong_drugs()
    for form in found.findall(plain(text.said)):
        if names[form] not in text.english.casefold():
            yield f"names the wrong drug: {form} ({names[form]})"


SHAPE = (
    Rule("placeholders", "a name in curly brackets is filled in later; without it the sentence breaks", _placeholders),
    Rule("numbers", "a wrong number is a wrong dose", _numbers),
    Rule("911", "911 is what the keys of a phone say, in every script", _911),
    Rule("phones", "a changed phone number reaches no one", _phones),
    Rule("markup", "words are words; markup could run something", _markup),
    Rule("controls", "hidden characters turn numbers around", _controls),
    Rule("formula", "a spreadsheet would run it", _formula),
    Rule("drugs", "naltrexone for naloxone has been printed by others", _drugs),
)

_PLAIN_WORDS = re.compile(r"[^\d{}<>&%=+@\-:\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]*")


@cache
def may_be_shown(english: str, said: str) -> bool:
    """Whether the shape of a translation lets it be shown at all. Asked of every string before it is."""
    text = Text(english, said)
    if _PLAIN_WORDS.fullmatch(english) and _PLAIN_WORDS.fullmatch(said):
        # Nothing to compare but the drug: most strings of an interface end here.
        return next(iter(_drugs(text)), None) is None
    return all(next(iter(rule.find(text)), None) is None for rule in SHAPE)
