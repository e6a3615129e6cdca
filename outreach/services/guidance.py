"""Guidance as one reader sees it: a topic's words in their language, its English, its state and its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.content.topics import OWN, OWN_GROUP, find_topic, picture_alts, picture_svg, read_facts, read_groups
from outreach.core.languages import Language, ReviewState, Wording
from outreach.core.review import Signature, latest
from outreach.core.topics import Audience, Fact, Section, SectionKind, Source, Step, StepClass, Topic, TopicId
from outreach.services.program import Program


@dataclass(frozen=True, slots=True)
class SaidStep:
    """`number` counts within the section from 1. `svg` is empty when the step has no picture.

    `own` steps are said in the program's own words; `changed` when the shipped step they stand in for
    is not what it was then.
    """

    id: str
    number: int
    text: Wording
    level: StepClass
    picture: str
    svg: str
    alt: Wording | None
    facts: tuple[str, ...]
    answer: Wording | None = None
    own: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class SaidSection:
    id: str
    kind: SectionKind
    title: Wording
    steps: tuple[SaidStep, ...]


@dataclass(frozen=True, slots=True)
class Onward:
    """A section of another topic that a reader may have come for."""

    topic: TopicId
    section: str
    title: Wording


@dataclass(frozen=True, slots=True)
class SaidTopic:
    """A topic in one language. `facts` are those its steps cite, in order of id.

    `own_sources` are a program's own papers; `is_own` says that the program wrote the whole topic.
    """

    id: str
    level: StepClass
    checked: date
    language: Language
    title: Wording
    summary: Wording
    sections: tuple[SaidSection, ...]
    facts: tuple[Fact, ...]
    own_sources: tuple[str, ...] = ()
    is_own: bool = False
    onward: Onward | None = None

    def wordings(self) -> Iterator[Wording]:
        yield self.title
        yield self.summary
        for section in self.sections:
            yield section.title
            for step in section.steps:
                yield step.text
                if step.answer:
                    yield step.answer

    @property
    def is_english(self) -> bool:
        """Whether its English is all there is: a language may have the emergency topics and not yet this one."""
        return not (self.language.is_source or self.is_own or any(each.is_translation for each in self.wordings()))

    @property
    def is_draft(self) -> bool:
        """True until every word of it is reviewed; shipped topics start as drafts, English too."""
        return any(each.state is not ReviewState.REVIEWED for each in self.wordings())

    @property
    def speaker(self) -> Signature | None:
        """The speaker who checked every translated word of it, the last one where there were several."""
        return latest(each.speaker for each in self.wordings() if each.is_translation)

    @property
    def clinician(self) -> Signature | None:
        """The clinician who reviewed the English of every word of it."""
        return latest(each.clinician for each in self.wordings())

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, by publisher and title."""
        found = {(source.publisher, source.title): source for fact in self.facts for source in fact.sources}
        return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True, slots=True)
class TopicLink:
    id: str
    title: Wording
    summary: Wording
    level: StepClass


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A heading and the topics under it. `for_staff` when they speak to the team and not to the reader."""

    id: str
    title: Wording
    topics: tuple[TopicLink, ...]
    for_staff: bool = False


def topic_groups(program: Program, tag: str) -> tuple[TopicGroup, ...]:
    """The list to choose from, heading by heading; empty headings are left out. Refuses an unknown language."""
    language = program.languages.get(tag)
    found = []
    for group, title in read_groups().items():
        topics = [topic for topic in program.topics.values() if group_of(topic) == group]
        if topics:
            said = program.wording(language, f"topics.{group}", title)
            links = tuple(_link(program, topic, language) for topic in topics)
            found.append(TopicGroup(group, said, links, group == Audience.STAFF.value))
    return tuple(found)


def staff_topics(program: Program, tag: str) -> TopicGroup | None:
    """The heading and topics that speak to the team; None when there is none. Refuses an unknown language."""
    return next((group for group in topic_groups(program, tag) if group.for_staff), None)


def group_of(topic: Topic) -> str:
    """The heading a topic stands under; one that names a heading we do not have is the program's own."""
    if topic.audience is Audience.STAFF:
        return Audience.STAFF.value
    return topic.group if topic.group in read_groups() else OWN_GROUP


def place_of(program: Program, topic_id: str) -> int:
    """The topic's place in the list, from 1: what a saved file is called, so that its name says nothing. Refuses."""
    return list(program.topics).index(find_topic(program.topics, topic_id).id) + 1


def _link(program: Program, topic: Topic, language: Language) -> TopicLink:
    return TopicLink(
        topic.id,
        program.wording(language, f"{topic.id}.title", topic.title),
        program.wording(language, f"{topic.id}.summary", topic.summary),
        topic.level,
    )


def said_topic(program: Program, topic_id: str, tag: str) -> SaidTopic:
    """One topic in one language. Refuses an unknown topic or language."""
    language = program.languages.get(tag)
    topics = program.topics
    if topic_id not in topics and topic_id in program.refused_topics:
        raise program.refused_topics[topic_id]
    topic = find_topic(topics, topic_id)
    facts = read_facts()
    cited = sorted({fact for step in topic.steps() for fact in step.facts if fact in facts})
    return SaidTopic(
        id=topic.id,
        level=topic.level,
        checked=topic.checked,
        language=language,
        title=program.wording(language, f"{topic.id}.title", topic.title),
        summary=program.wording(language, f"{topic.id}.summary", topic.summary),
        sections=tuple(_section(program, topic, section, language) for section in topic.sections),
        facts=tuple(facts[fact] for fact in cited),
        own_sources=tuple(dict.fromkeys(own_sources(topic))),
        is_own=bool(topic.own) and not topic.forks,
        onward=_onward(program, topic, language),
    )


def _onward(program: Program, topic: Topic, language: Language) -> Onward | None:
    """Where a topic leads; None too where the program's own words have taken that section away."""
    to, _, section_id = topic.onward.partition("#")
    there = program.topics.get(TopicId(to))
    section = next((each for each in there.sections if each.id == section_id), None) if there else None
    if not there or not section:
        return None
    return Onward(there.id, section.id, program.wording(language, f"{to}.section.{section_id}", section.title))


def own_sources(topic: Topic) -> Iterator[str]:
    """The program's own papers that steps of a topic rest on, as it names them."""
    for step in topic.steps():
        yield from (fact.removeprefix(OWN).strip() for fact in step.facts if fact.startswith(OWN))


def _section(program: Program, topic: Topic, section: Section, language: Language) -> SaidSection:
    return SaidSection(
        section.id,
        section.kind,
        program.wording(language, f"{topic.id}.section.{section.id}", section.title),
        tuple(said_step(program, topic, step, n, language) for n, step in enumerate(section.steps, 1)),
    )


def said_step(program: Program, topic: Topic, step: Step, number: int, language: Language) -> SaidStep:
    """One step in one language, with its picture drawn in."""
    alt = picture_alts().get(step.picture, "")
    return SaidStep(
        id=step.id,
        number=number,
        text=program.wording(language, f"{topic.id}.{step.id}", step.text),
        level=step.level,
        picture=step.picture,
        svg=picture_svg(step.picture) if step.picture else "",
        alt=program.wording(language, f"picture.{step.picture}", alt) if alt else None,
        facts=step.facts,
        answer=program.wording(language, f"{topic.id}.{step.id}.answer", step.answer) if step.answer else None,
        own=step.id in topic.forks,
        changed=topic.forks.get(step.id, False),
    )
