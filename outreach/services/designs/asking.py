"""What is asked of a source of words, what it answers with, and the pieces that all of them use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outreach.content.printables import read_card_words
from outreach.core.cards import Card
from outreach.core.languages import Language, Wording, keep_words
from outreach.core.refusal import N_, Refusal
from outreach.services.program import Program, all_reviewed

Context = dict[str, Any]
Strings = list[tuple[str, str]]


class StepNotTranslated(Refusal):
    sentence = N_("The card {card} in {language} was not printed: the words of {steps} are not translated.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One card in one language on a day; `given` is what the order says beside it, such as a state or a lot."""

    program: Program
    card: Card
    language: Language
    given: Mapping[str, str]
    today: date

    def wording(self, context: str, english: str) -> Wording:
        return self.program.wording(self.language, context, english)

    def word(self, key: str, language: Language | None = None) -> Wording:
        """One of the words that any card may print, in the card's language or another."""
        return self.program.wording(language or self.language, f"card.{key}", read_card_words()[key])

    def line(self, key: str, language: Language | None = None) -> Wording:
        """One of the card's own lines."""
        context = f"card.{self.card.id}.{key}"
        return self.program.wording(language or self.language, context, self.card.lines[key])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source has to say: `context` for the template, and the `wordings` whose review the card tells of.

    `wordings` are those in the card's language, not the English beside them.
    """

    context: Context
    wordings: list[Wording] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A place that words come from.

    `needed` lists the (context, English) that a card cannot do without in a language; `takes` are the
    names that an order may give it.
    """

    answer: Callable[[Asked], Answer]
    needed: Callable[[Program, Card], Strings]
    takes: frozenset[str] = frozenset()


def said(wording: Wording) -> Context:
    """A wording as templates take it: its text as it is set, its language and direction."""
    return {"text": keep_words(wording.shown), "lang": wording.language.tag, "dir": wording.language.direction.value}


def refuse_missing(asked: Asked, told: Mapping[str, Wording]) -> None:
    """Refuse words that are not in the card's language: on a screen they show in English, on paper two would mix."""
    missing = [key for key, wording in told.items() if wording.language != asked.language]
    if missing:
        raise StepNotTranslated(card=asked.card.id, language=asked.language.tag, steps=", ".join(missing))


def stands_alone(asked: Asked, wordings: Iterable[Wording]) -> bool:
    """Whether these words need no English beside them: they are English, or both were reviewed."""
    return asked.language.is_source or all_reviewed(list(wordings))


def pair(asked: Asked, context: str, english: str, alone: bool) -> Context:
    """A string in the card's language as `first` and, unless `alone` or the same again, in English as `second`."""
    first = asked.wording(context, english)
    source = asked.program.wording(asked.program.source, context, english)
    return {"first": said(first), "second": None if alone or first.text == source.text else said(source)}
