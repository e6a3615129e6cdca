"""Supply alerts: fixed phrases, a county and a last day; after that day an alert is no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.core.languages import SOURCE, LanguageTag
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.topics import FactId, StepClass

MOST = 3
"""Alerts shown at a time: more, and none is read."""
DAYS = 30
"""How far ahead an alert's last day may lie."""
COUNTY_MAX, NOTE_MAX = 40, 120
_COUNTY = re.compile(r"[^\W\d_][^\W\d_'’. -]*(?:['’. -]+[^\W\d_]+)*\.?")


class UnknownPhrase(Refusal):
    sentence = N_("There is no phrase {phrase} for alerts. Phrases: {known}. Nothing was saved.")


class Unsaid(Refusal):
    sentence = N_("Choose what was found and what to do. Nothing was saved.")


class NotACounty(Refusal):
    sentence = N_("{county} is not a county: only letters, at most 40, no street and no number. Nothing was saved.")


class NotALastDay(Refusal):
    sentence = N_("The last day has to be between {first} and {last}. Nothing was saved.")


class OneLine(Refusal):
    sentence = N_("The line has {length} letters; at most {most} fit. Nothing was saved.")


class TooMany(Refusal):
    sentence = N_("{most} alerts are showing. End one first. Nothing was saved.")


class UnknownAlert(NotThere):
    sentence = N_("There is no alert {number}. It may have ended. Nothing was changed.")


class NotInAnAlert(Refusal):
    """A word that the free line may not hold; the lists are data (`shipped/alert-words.toml`)."""


WHY: Mapping[str, str] = {
    "stamp": N_("{word} may be a stamp or a brand. Take it out. Nothing was saved."),
    "person": N_("{word} may lead to a person. Take it out. Nothing was saved."),
    "price": N_("{word} is about selling or a price. Take it out. Nothing was saved."),
    "place": N_("{word} is a place smaller than a county. Take it out. Nothing was saved."),
    "praise": N_("{word} may sound like praise. Take it out. Nothing was saved."),
    "police": N_("{word} is not about health. Take it out. Nothing was saved."),
    "blame": N_("{word} is a word we do not use. Take it out. Nothing was saved."),
}
"""What is said of a word, by the kind of list it was found in."""


@dataclass(frozen=True, slots=True)
class Phrase:
    id: str
    text: str
    level: StepClass
    facts: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The fixed phrases by id: what was found, what to do, and the frame around them."""

    effects: Mapping[str, Phrase]
    todos: Mapping[str, Phrase]
    frames: Mapping[str, Phrase]

    def strings(self) -> Iterable[tuple[str, str, StepClass]]:
        """Every phrase as (context, English, class)."""
        for kind, phrases in (("frame", self.frames), ("effect", self.effects), ("todo", self.todos)):
            for each in phrases.values():
                yield f"alert.{kind}.{each.id}", each.text, each.level


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `until` is the last day it shows; `note` is a free line in `language`."""

    effects: tuple[str, ...]
    todos: tuple[str, ...]
    county: str
    until: date
    note: str = ""
    language: LanguageTag = SOURCE
    number: int = 0

    def __post_init__(self) -> None:
        if not self.effects or not self.todos:
            raise Unsaid()
        if self.county and (len(self.county) > COUNTY_MAX or not _COUNTY.fullmatch(self.county)):
            raise NotACounty(county=self.county)
        if len(self.note) > NOTE_MAX:
            raise OneLine(length=len(self.note), most=NOTE_MAX)

    def check(self, book: Phrasebook, today: date) -> None:
        """Refuse a phrase the book does not have and a last day that is past or too far ahead."""
        for chosen, phrases in ((self.effects, book.effects), (self.todos, book.todos)):
            for phrase in chosen:
                if phrase not in phrases:
                    raise UnknownPhrase(phrase=phrase, known=", ".join(phrases))
        last = today + timedelta(days=DAYS)
        if not today <= self.until <= last:
            raise NotALastDay(first=today.isoformat(), last=last.isoformat())


def showing(alerts: Iterable[Alert], today: date) -> tuple[Alert, ...]:
    """Those to show on `today`: not past their last day, not dated beyond what may be saved, at most `MOST`."""
    last = today + timedelta(days=DAYS)
    return tuple(each for each in alerts if today <= each.until <= last)[:MOST]


@dataclass(frozen=True, slots=True)
class WordList:
    """What may not stand in a text, for one reason; `words` are whole words in any case."""

    kind: str
    words: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def found(self, text: str) -> str:
        """The first word or piece of `text` that is in the list; empty when there is none."""
        for word in re.findall(r"[^\W_]+", text):
            if word.casefold() in self.words:
                return str(word)
        for pattern in self.patterns:
            if hit := pattern.search(text):
                return hit.group().strip()
        return ""
