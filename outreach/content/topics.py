"""Topics, facts and pictures as they ship, and how a topic's file is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from outreach.content.reading import BadContent, Table, known_picture, read_table
from outreach.core.topics import (
    Audience,
    Fact,
    FactId,
    Section,
    SectionKind,
    Source,
    Step,
    StepClass,
    Topic,
    TopicId,
    UnknownTopic,
)
from outreach.shipped import PICTURES, SHIPPED, TOPICS

Facts = Mapping[FactId, Fact]

# What a program's own step may rest on besides our facts: its own paper, such as a standing order.
OWN = "own:"


# Where a topic stands that names no group, which is how a program's own topics usually come.
OWN_GROUP = "own"


@cache
def read_groups(file: Path = SHIPPED / "groups.toml") -> Mapping[str, str]:
    """The headings of the list of topics, in their order: id and English title."""
    return {key: Table(row, file, key).get("title", str) for key, row in read_table(file).row.items()}


@cache
def read_facts(file: Path = SHIPPED / "facts.toml") -> Facts:
    """Every numbered fact that shipped guidance rests on, by id."""
    top = read_table(file)
    facts: dict[FactId, Fact] = {}
    for key, row in top.row.items():
        table = Table(row, file, key)
        table.only(("text", "confidence", "sources"))
        sources = tuple(
            Source(
                each.get("title", str),
                each.get("publisher", str, ""),
                each.get("date", str, ""),
                each.get("url", str, ""),
            )
            for each in table.tables("sources")
        )
        facts[FactId(key)] = Fact(FactId(key), table.get("text", str), table.get("confidence", str), sources)
    return facts


_TOPIC = ("id", "class", "checked", "order", "group", "audience", "title", "summary", "section", "onward")


def read_topic(file: Path, facts: Facts, own: bool = False) -> Topic:
    """One topic; refused when a step names a fact or picture that is not there.

    A program's `own` one may also hold its language and its words in others (`content/own_topics.py`).
    """
    top = read_table(file)
    top.only((*_TOPIC, *(("language", "words") if own else ("needed",))))
    level = top.build(lambda: StepClass(top.get("class", str)))
    sections = tuple(_section(table, level, facts, own) for table in top.tables("section"))
    return top.build(
        lambda: Topic(
            id=TopicId(top.get("id", str)),
            level=level,
            order=top.get("order", int),
            checked=top.get("checked", date),
            title=top.get("title", str),
            summary=top.get("summary", str),
            sections=sections,
            group=top.get("group", str, OWN_GROUP),
            audience=Audience(top.get("audience", str, Audience.EVERYONE.value)),
            needed=top.get("needed", bool, False),
            onward=top.get("onward", str, ""),
        )
    )


def _section(table: Table, level: StepClass, facts: Facts, own: bool) -> Section:
    table.only(("id", "kind", "title", "step", *(["words"] if own else [])))
    return table.build(
        lambda: Section(
            table.get("id", str),
            SectionKind(table.get("kind", str)),
            table.get("title", str),
            tuple(_step(each, level, facts, own) for each in table.tables("step")),
        )
    )


def _step(table: Table, level: StepClass, facts: Facts, own: bool) -> Step:
    table.only(("id", "text", "short", "answer", "facts", "class", "picture", *(["words"] if own else [])))
    return make_step(table, level, facts)


def make_step(table: Table, level: StepClass, facts: Facts) -> Step:
    """One step of class `level` unless it says otherwise; refused without a source that is there."""
    for fact in table.texts("facts"):
        if fact not in facts and not (fact.startswith(OWN) and fact.removeprefix(OWN).strip()):
            raise table.bad("facts", f"there is no fact {fact}.")
    return table.build(
        lambda: Step(
            id=table.get("id", str),
            text=table.get("text", str),
            facts=tuple(FactId(fact) for fact in table.texts("facts")),
            level=StepClass(table.get("class", str, level.value)),
            picture=known_picture(table),
            short=table.get("short", str, ""),
            answer=table.get("answer", str, ""),
        )
    )


def shipped_topics() -> dict[TopicId, Topic]:
    """The topics that ship, by id."""
    return {topic.id: topic for topic in (named_topic(file) for file in sorted(TOPICS.glob("*.toml")))}


def named_topic(file: Path, own: bool = False) -> Topic:
    """The topic of a file that is called what its topic is called."""
    topic = read_topic(file, read_facts(), own)
    if topic.id != file.stem:
        raise BadContent(file=file.name, key="id", why=f"should be {file.stem!r}, the name of the file.")
    return topic


def find_topic(topics: Mapping[TopicId, Topic], topic: str) -> Topic:
    """The topic of that id; refuses with the list."""
    if topic not in topics:
        raise UnknownTopic(topic=topic, known=", ".join(topics))
    return topics[TopicId(topic)]


@cache
def picture_svg(name: str) -> str:
    """A picture's SVG markup, our own drawing, safe to stand in a page as it is."""
    return (PICTURES / f"{name}.svg").read_text(encoding="utf-8")


@cache
def picture_alts(file: Path = SHIPPED / "pictures.toml") -> Mapping[str, str]:
    """The English text alternative of every picture."""
    top = read_table(file)
    return {name: Table(row, file, name).get("alt", str) for name, row in top.row.items()}
