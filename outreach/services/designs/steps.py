"""Cards that say the steps of a topic: the front's steps, and on the other side more of them or the English."""

from __future__ import annotations

from outreach.content.topics import find_topic, picture_svg
from outreach.core.cards import Card
from outreach.core.languages import Language, Wording
from outreach.core.topics import Topic
from outreach.services.designs.asking import Answer, Asked, Context, Source, StepNotTranslated, Strings, said
from outreach.services.program import Program, all_reviewed


def answer(asked: Asked) -> Answer:
    """`steps`, and `back` with its kind: "how-to" for more steps, "english" for the same steps in English.

    A draft translation carries its English; English and reviewed words leave room for more.
    """
    card, language = asked.card, asked.language
    topic = find_topic(asked.program.topics, card.topic)
    steps = {step: _words(asked.program, topic, step, language) for step in (*card.steps, *card.more)}
    missing = [step for step in card.steps if steps[step].language != language]
    if missing:
        # On a screen a missing step is shown in English; on paper the card would speak two languages.
        raise StepNotTranslated(card=card.id, language=language.tag, steps=", ".join(missing))
    title = asked.wording(f"card.{card.id}.title", card.title)
    alone = language.is_source or all_reviewed([title, *steps.values()])
    source = asked.program.source
    english = {
        "title": said(asked.program.wording(source, f"card.{card.id}.title", card.title)),
        "steps": _listed(topic, card.steps, {step: _words(asked.program, topic, step, source) for step in card.steps}),
    }
    more: Context = {
        "title": said(asked.word(card.more_title)) if card.more else None,
        "steps": _listed(topic, card.more, steps),
    }
    back = {"kind": "how-to", **more} if alone else {"kind": "english", **english}
    context = {
        "steps": _listed(topic, card.steps, steps),
        "more": more,
        "english": None if alone else english,
        "back": back,
    }
    return Answer(context, list(steps.values()))


def needed(program: Program, card: Card) -> Strings:
    topic = find_topic(program.topics, card.topic)
    return [_string(topic, step) for step in card.steps]


SOURCE = Source(answer, needed)


def _words(program: Program, topic: Topic, step_id: str, language: Language) -> Wording:
    return program.wording(language, *_string(topic, step_id))


def _string(topic: Topic, step_id: str) -> tuple[str, str]:
    """What a card prints of a step, as (context, English): its short form where it has one."""
    step = topic.step(step_id)
    if step.short:
        return f"{topic.id}.{step.id}.short", step.short
    return f"{topic.id}.{step.id}", step.text


def _listed(topic: Topic, ids: tuple[str, ...], words: dict[str, Wording]) -> list[Context]:
    return [
        {"number": n, "picture": _picture(topic, step_id), **said(words[step_id])} for n, step_id in enumerate(ids, 1)
    ]


def _picture(topic: Topic, step_id: str) -> str:
    name = topic.step(step_id).picture
    return picture_svg(name) if name else ""
