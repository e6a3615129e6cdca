"""What a translation may not change, checked string by string: numbers, 911, placeholders, markup, drug names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from babel.messages.catalog import Message

_PLACEHOLDER = re.compile(r"\{[a-z_]*\}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&\w+;")

# The wrong drug: a real slip in published translations (naltrexone for naloxone).
_WRONG_DRUG = ("naltrexon", "налтрексон", "纳曲酮", "納曲酮", "날트렉손", "نالتريكسون", "نالتركسون")

# Controls that the program sets itself; in a translation they are a smuggled or pasted accident.
_CONTROLS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def complaints(message: Message) -> list[str]:
    """Everything wrong with one string's translation, as short phrases; none when it is fine.

    Of a string with plural forms each form is held against the English it stands for.
    """
    if isinstance(message.id, str):
        pairs = [(message.id, str(message.string))]
    else:
        singular, plural = message.id[0], message.id[1]
        forms = list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]
        pairs = [(singular if i == 0 and len(forms) > 1 else plural, form) for i, form in enumerate(forms)]
    found = ["is fuzzy"] if message.fuzzy else []
    for source, said in pairs:
        found += _complaints(source, said)
    return found


def _complaints(source: str, said: str) -> list[str]:
    if not said.strip():
        return ["is empty"]
    found = []
    if Counter(_PLACEHOLDER.findall(source)) != Counter(_PLACEHOLDER.findall(said)):
        found.append("placeholders differ")
    if numbers(source) != numbers(said):
        found.append(f"numbers differ: {sorted(numbers(source).elements())}, {sorted(numbers(said).elements())}")
    if Counter(_MARKUP.findall(source)) != Counter(_MARKUP.findall(said)):
        found.append("markup differs")
    if unicodedata.normalize("NFC", said) != said:
        found.append("is not NFC")
    if said != said.strip() and source == source.strip():
        found.append("has spaces at an end")
    if _CONTROLS & set(said):
        found.append("holds a control character")
    found += [f"names the wrong drug: {drug}" for drug in _WRONG_DRUG if drug in said.casefold()]
    return found


def numbers(text: str) -> Counter[str]:
    """Every number in a text, digits of any script read as ASCII, so that 2.5 and 2,5 differ."""
    plain = "".join(
        str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" and not c.isascii() else c
        for c in _PLACEHOLDER.sub(" ", text)
    )
    return Counter(number.rstrip(".,") for number in _NUMBER.findall(plain))
