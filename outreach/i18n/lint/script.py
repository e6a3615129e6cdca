"""Rules about how a script is typed: composed letters, no stray spaces, places to break a line, no Zawgyi."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from outreach.i18n.lint.lists import word_list
from outreach.i18n.lint.text import Rule, Text

# Khmer, Burmese and Lao write no spaces inside a sentence; nothing else here is held to a longest run.
_RUN = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]+")
# Typed the old way: a vowel before its letter, a stacker with nothing under it, letters from the Zawgyi block.
_ZAWGYI = re.compile(
    "(?:^|[\\s\u200b(])\u1031|\u1039(?![\u1000-\u1021])|\u1031\u103b|[\u1060-\u1097]|(?<!\u1004)\u103a\u1039"
)


def _composed(text: Text) -> Iterator[str]:
    if unicodedata.normalize("NFC", text.said) != text.said:
        yield "letters and their marks are typed apart (not NFC)"


def _spaces(text: Text) -> Iterator[str]:
    if text.said != text.said.strip() and text.english == text.english.strip():
        yield "a space at an end"


def _runs(text: Text) -> Iterator[str]:
    longest = word_list(text.tag).longest_run
    found = max((len(run) for run in _RUN.findall(text.said)), default=0) if longest else 0
    if found > longest:
        yield f"{found} letters in a row with no place to break the line (U+200B), at most {longest}"


def _zawgyi(text: Text) -> Iterator[str]:
    if text.tag == "my" and _ZAWGYI.search(text.said):
        yield "typed in Zawgyi, not in Unicode"


SCRIPT = (
    Rule("composed", "a search finds, and a font draws, composed letters only", _composed),
    Rule("spaces", "a stray space moves the next word", _spaces),
    Rule("runs", "paper cannot break such a line, and the words would leave the card", _runs),
    Rule("zawgyi", "Unicode fonts show it as other letters", _zawgyi),
)
