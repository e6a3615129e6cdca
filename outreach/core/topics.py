"""Guidance as the trade thinks of it: topics, their steps, and the facts every step rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NewType

from outreach.core.own import OwnText
from outreach.core.refusal import N_, NotThere

TopicId = NewType("TopicId", str)
FactId = NewType("FactId", str)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class UnknownTopic(NotThere):
    sentence = N_("There is no topic called {topic}. Topics: {known}.")


class StepClass(Enum):
    """How much harm a wrong word does: S1 emergency, doses, numbers, law; S2 other health; S3 interface."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"


class SectionKind(Enum):
    """How a section is read: numbered steps, alternatives, signs to look for, what not to do, notes, or questions."""

    STEPS = "steps"
    RESULTS = "results"
    SIGNS = "signs"
    AVOID = "avoid"
    NOTES = "notes"
    QUESTIONS = "questions"


class Audience(Enum):
    """Who a topic speaks to; topics for staff are listed apart."""

    EVERYONE = "everyone"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    publisher: str
    date: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A numbered statement with the sources that carry it; `confidence` is the research's own word."""

    id: FactId
    text: str
    confidence: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. `short` is what a pocket card prints where the whole text would not fit.

    `answer` belongs to a question and stays folded until it is asked for.
    """

    id: str
    text: str
    facts: tuple[FactId, ...]
    level: StepClass
    picture: str = ""
    short: str = ""
    answer: str = ""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.id):
            raise ValueError(f"step id {self.id!r} is not lower-case words joined by hyphens")
        if not self.text.strip():
            raise ValueError(f"step {self.id} has no text")
        if not self.facts:
            raise ValueError(f"step {self.id} names no fact")


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    kind: SectionKind
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """One piece of guidance; `checked` is the day its steps were last compared with the facts.

    `group` is the heading it stands under in the list. `needed` topics come first in any translation:
    a language is offered once it has every word of them. `onward` is the section that a reader may have come for:
    "overdose-response#nasal". `own` holds the texts a program wrote itself,
    by context; `forks` the shipped steps it says in its own words, each with whether the shipped one
    has changed since.
    """

    id: TopicId
    level: StepClass
    order: int
    checked: date
    title: str
    summary: str
    sections: tuple[Section, ...]
    group: str = ""
    audience: Audience = Audience.EVERYONE
    needed: bool = False
    onward: str = ""
    own: Mapping[str, OwnText] = field(default_factory=dict)
    forks: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = [step.id for step in self.steps()]
        twice = {i for i in ids if ids.count(i) > 1}
        if twice:
            raise ValueError(f"topic {self.id} has two steps called {', '.join(sorted(twice))}")

    def steps(self) -> Iterator[Step]:
        for section in self.sections:
            yield from section.steps

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError when there is none."""
        for step in self.steps():
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def strings(self) -> Iterator[tuple[str, str, StepClass]]:
        """Every shipped string as (context, English, class), in reading order.

        The context is the string's address for translators and in `review.toml`; it never changes
        while the meaning stays. A program's own words carry their own values and are not here.
        """
        return (each for each in self.texts() if each[0] not in self.own)

    def texts(self) -> Iterator[tuple[str, str, StepClass]]:
        """Every text of the topic, shipped and own, in the form of `strings`."""
        yield f"{self.id}.title", self.title, self.level
        yield f"{self.id}.summary", self.summary, self.level
        for section in self.sections:
            yield f"{self.id}.section.{section.id}", section.title, self.level
            for step in section.steps:
                yield f"{self.id}.{step.id}", step.text, step.level
                if step.short:
                    yield f"{self.id}.{step.id}.short", step.short, step.level
                if step.answer:
                    yield f"{self.id}.{step.id}.answer", step.answer, step.level
