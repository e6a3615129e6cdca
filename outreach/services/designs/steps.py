"""Cards that say the steps of a topic: its steps, what to look for before them, more of them, and the English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from outreach.content.topics import find_topic, picture_svg
from outreach.core.cards import Card
from outreach.core.languages import Language, Wording
from outreach.core.refusal import N_, Refusal
from outreach.core.topics import Section, SectionKind, Step
from outreach.services.designs.asking import Answer, Asked, Context, Source, StepNotTranslated, Strings, said
from outreach.services.program import Program, all_reviewed


class StepNotThere(Refusal):
    sentence = N_("The card {card} asks for the step {step}, and the topic {topic} has no step of that name.")


@dataclass(frozen=True, slots=True)
class _Found:
    """A step that a card names, with its topic and section."""

    topic: str
    section: Section
    step: Step
    whole: bool

    @property
    def string(self) -> tuple[str, str]:
        """What the card prints of it, as (context, English): its short form where it has one, unless asked for all."""
        if self.step.short and not self.whole:
            return f"{self.topic}.{self.step.id}.short", self.step.short
        return f"{self.topic}.{self.step.id}", self.step.text

    @property
    def heading(self) -> tuple[str, str]:
        return f"{self.topic}.section.{self.section.id}", self.section.title

    @property
    def numbered(self) -> bool:
        return self.section.kind is SectionKind.STEPS


def answer(asked: Asked) -> Answer:
    """`steps`, `signs` and `more` as lists under a title, each step with its `english` where it is a draft translation.

    `back` is for cards of two sides, with its kind: "how-to" for more steps, "english" for the same steps in English.
    A draft translation carries its English; English and reviewed words leave room for more.
    """
    card, language, source = asked.card, asked.language, asked.program.source
    steps = {step: _found(asked.program, card, step) for step in (*card.steps, *card.signs, *card.more)}
    said_here = {step: asked.wording(*found.string) for step, found in steps.items()}
    missing = [step for step in _printed(card) if said_here[step].language != language]
    if missing:
        # On a screen a missing step is shown in English; on paper the card would speak two languages.
        raise StepNotTranslated(card=card.id, language=language.tag, steps=", ".join(missing))
    title = asked.wording(f"card.{card.id}.title", card.title)
    alone = language.is_source or all_reviewed([title, *said_here.values()])

    def row(step: str, tongue: Language) -> Context:
        found = steps[step]
        english = said(asked.program.wording(source, *found.string))
        own = said(said_here[step]) if tongue == language else english
        picture = picture_svg(found.step.picture) if found.step.picture else ""
        return {"picture": picture, "numbered": found.numbered, "english": None if alone else english, **own}

    def listed(ids: Iterable[str], tongue: Language = language) -> list[Context]:
        rows = [row(step, tongue) for step in ids]
        return [each | {"number": sum(one["numbered"] for one in rows[:n])} for n, each in enumerate(rows, 1)]

    def section(ids: tuple[str, ...], key: str) -> Context:
        return {"title": said(_heading(asked, steps[ids[0]], key)) if ids else None, "steps": listed(ids)}

    more = section(card.more, card.more_title)
    english = {
        "title": said(asked.program.wording(source, f"card.{card.id}.title", card.title)),
        "steps": listed(card.steps, source),
    }
    context = {
        "steps": listed(card.steps),
        "signs": section(card.signs, ""),
        "more": more,
        "english": None if alone else english,
        "back": {"kind": "how-to", **more} if alone else {"kind": "english", **english},
    }
    return Answer(context, list(said_here.values()))


def needed(program: Program, card: Card) -> Strings:
    return list(_needed(program, card))


SOURCE = Source(answer, needed)


def _needed(program: Program, card: Card) -> Iterator[tuple[str, str]]:
    for step in _printed(card):
        yield _found(program, card, step).string
    for ids in (card.signs, card.more if len(card.sides) == 1 and not card.more_title else ()):
        for step in ids[:1]:
            yield _found(program, card, step).heading


def _printed(card: Card) -> tuple[str, ...]:
    """The steps that are printed in every language. A second side is for the English of a draft, or else for more."""
    return (*card.steps, *card.signs, *(card.more if len(card.sides) == 1 else ()))


def _found(program: Program, card: Card, name: str) -> _Found:
    """The step that a card calls "breathe", or "naloxone.does" when it is another topic's."""
    other, _, step_id = name.rpartition(".")
    topic = find_topic(program.topics, other or card.topic)
    for section in topic.sections:
        for step in section.steps:
            if step.id == step_id:
                return _Found(topic.id, section, step, card.whole)
    raise StepNotThere(card=card.id, step=step_id, topic=topic.id)


def _heading(asked: Asked, first: _Found, key: str) -> Wording:
    """What stands over a list: a word that any card may print, or the title of the section that it comes from."""
    return asked.word(key) if key else asked.wording(*first.heading)
