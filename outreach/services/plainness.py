"""The reading grade of every topic as it is shown, in the languages that have a formula one can trust."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.core import plainness
from outreach.core.plainness import ENGLISH_MOST, ENGLISH_MOST_S1, SPANISH_LEAST, Reading
from outreach.core.topics import StepClass, Topic
from outreach.services.program import Program

_MEASURED = {"en": plainness.english, "es": plainness.spanish}


@dataclass(frozen=True, slots=True)
class Grade:
    """One topic in one language. `limit` is the most a grade may be, or the least an ease may be."""

    topic: str
    language: str
    measure: str
    reading: Reading
    limit: float

    @property
    def holds(self) -> bool:
        score = self.reading.score
        return score <= self.limit if self.language == "en" else score >= self.limit

    def advice(self) -> str:
        sentences = " | ".join(f'"{each}"' for each in self.reading.longest())
        return (
            f"{self.topic} ({self.language}): {self.measure} {self.reading.score}, "
            f"{'at most' if self.language == 'en' else 'at least'} {self.limit:g}. Shorten first: {sentences}"
        )


def grades(program: Program) -> list[Grade]:
    """Every topic in English, and in Spanish where all of it is translated."""
    return [
        grade
        for topic in program.topics.values()
        for tag in _MEASURED
        if tag in program.languages and (grade := _grade(program, topic, tag))
    ]


def _grade(program: Program, topic: Topic, tag: str) -> Grade | None:
    language = program.languages.get(tag)
    strings = [(f"{topic.id}.summary", topic.summary)]
    for step in topic.steps():
        strings.append((f"{topic.id}.{step.id}", step.text))
        if step.answer:
            strings.append((f"{topic.id}.{step.id}.answer", step.answer))
    said = [program.wording(language, *each) for each in strings]
    if any(each.language != language for each in said):
        return None
    reading = _MEASURED[tag](each.text for each in said)
    if tag == "en":
        most = ENGLISH_MOST_S1 if topic.level is StepClass.S1 else ENGLISH_MOST
        return Grade(topic.id, tag, "Flesch-Kincaid grade", reading, most)
    return Grade(topic.id, tag, "Fernandez-Huerta", reading, SPANISH_LEAST)
