"""How hard a text is to read: Flesch-Kincaid for English, Fernandez-Huerta for Spanish, over whole topics only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Every reader of this guidance has to know these words, so how long they are does not count.
KNOWN = {
    "en": re.compile(r"naloxone|overdos\w*|fentanyl", re.IGNORECASE),
    "es": re.compile(r"naloxona|sobredosis|fentanilo", re.IGNORECASE),
}
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
ENGLISH_MOST, ENGLISH_MOST_S1, SPANISH_LEAST = 6.0, 5.0, 80.0


@dataclass(frozen=True, slots=True)
class Reading:
    """`score` is a school grade in English (low is plain) and an ease of 0 to 100 in Spanish (high is plain)."""

    score: float
    words: int
    sentences: tuple[str, ...]

    def longest(self, most: int = 3) -> list[str]:
        return sorted(self.sentences, key=lambda each: len(_WORD.findall(each)), reverse=True)[:most]


def english(texts: Iterable[str]) -> Reading:
    """Flesch-Kincaid grade."""
    return _read(texts, english_syllables, KNOWN["en"], lambda words, beats: 0.39 * words + 11.8 * beats - 15.59)


def spanish(texts: Iterable[str]) -> Reading:
    """Fernandez-Huerta ease, in its corrected form: words to a sentence, not sentences to a hundred words."""
    return _read(texts, spanish_syllables, KNOWN["es"], lambda words, beats: 206.84 - 1.02 * words - 60 * beats)


def _read(
    texts: Iterable[str],
    syllables: Callable[[str], int],
    known: re.Pattern[str],
    formula: Callable[[float, float], float],
) -> Reading:
    sentences = tuple(part.strip() for text in texts for part in _SENTENCE.split(text) if _WORD.search(part))
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    counted = [word for word in words if not known.fullmatch(word)]
    if not counted:
        return Reading(0.0, len(words), sentences)
    beats = sum(syllables(word) for word in counted) / len(counted)
    return Reading(round(formula(len(words) / len(sentences), beats), 1), len(words), sentences)


# Where spelling hides the beat: words of this guidance that the rules below would count wrong.
_ODD = {
    "people": 2, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2, "everyone": 3, "every": 2, "being": 2,
    "breathe": 1, "breathes": 1, "area": 3, "idea": 3, "medicine": 3, "science": 2, "quiet": 2, "fluid": 2,
    "vial": 2, "vials": 2, "opioid": 3, "opioids": 3, "outreach": 2, "safety": 2, "likely": 2, "rarely": 2,
    "household": 2, "homemade": 2, "anyone": 3, "piece": 1, "program": 2, "does": 1, "goes": 1, "hours": 1, "hour": 1,
    "mg": 1, "ml": 1, "f": 1, "c": 1,
}  # fmt: skip


def english_syllables(word: str) -> int:
    """Beats of an English word by the rules of its spelling; digits are read one by one."""
    word = word.lower().replace("\u2019", "'")
    if "-" in word:
        return sum(english_syllables(part) for part in word.split("-"))
    if word[0].isdigit():
        return sum(c.isdigit() for c in word)
    word = re.sub(r"'s$|s'$|'", "", word)
    if word in _ODD:
        return _ODD[word]
    stem = re.sub(
        r"(?:(?<=[^aeiouytd])ed|(?<=[^aeiouyscxzghl])es|(?<=[aeiouy]l)es|(?<=[^aeiouyl])e|(?<=[aeiouy]l)e)$", "", word
    )
    stem = re.sub(r"(?:(?<=[^aeiouy])e)(?=(?:ly|ful|fully|less|ness|ment)$)", "", stem)
    beats = len(re.findall(r"[aeiouy]+", stem))
    beats += len(re.findall(r"[^aeiouct]ia|[^q]ua(?=l)|eo(?!u)|io(?![nu])|[rv]iou|iu|[aeiouy]ing$|rea(?=ct)|sm$", stem))
    return max(beats, 1)


_STRONG = "aeoáéóíú"


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word: each vowel, where a weak one beside another does not count."""
    word = unicodedata.normalize("NFC", word.lower())
    if "-" in word:
        return sum(spanish_syllables(part) for part in word.split("-"))
    if word[0].isdigit():
        return sum(c.isdigit() for c in word)
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word)
    word = re.sub(r"y$", "i", word)
    beats = 0
    for group in re.findall(r"[aeiouáéíóúü]+", word.replace("h", "") if "h" in word[1:] else word):
        beats += sum(vowel in _STRONG for vowel in group) or 1
    return max(beats, 1)
