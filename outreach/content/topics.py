"""Topics, facts and pictures from `shipped/` and from the home's own `topics/`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
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
from outreach.home import Home
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


def read_topic(file: Path, facts: Facts) -> Topic:
    """One topic; refused when a step names a fact or picture that is not there."""
    top = read_table(file)
    top.only(("id", "class", "checked", "order", "group", "audience", "needed", "title", "summary", "section"))
    level = top.build(lambda: StepClass(top.get("class", str)))
    sections = tuple(_section(table, level, facts) for table in top.tables("section"))
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
        )
    )


def _section(table: Table, level: StepClass, facts: Facts) -> Section:
    table.only(("id", "kind", "title", "step"))
    return table.build(
        lambda: Section(
            table.get("id", str),
            SectionKind(table.get("kind", str)),
            table.get("title", str),
            tuple(_step(each, level, facts) for each in table.tables("step")),
        )
    )


def _step(table: Table, level: StepClass, facts: Facts) -> Step:
    table.only(("id", "text", "short", "answer", "facts", "class", "picture"))
    for fact in table.texts("facts"):
        if fact not in facts and not fact.startswith(OWN):
            raise table.bad("facts", f"there is no fact {fact}.")
    picture = table.get("picture", str, "")
    if picture and not (PICTURES / f"{picture}.svg").is_file():
        raise table.bad("picture", f"there is no picture {picture}.")
    return table.build(
        lambda: Step(
            id=table.get("id", str),
            text=table.get("text", str),
            facts=tuple(FactId(fact) for fact in table.texts("facts")),
            level=StepClass(table.get("class", str, level.value)),
            picture=picture,
            short=table.get("short", str, ""),
            answer=table.get("answer", str, ""),
        )
    )


def read_topics(home: Home) -> dict[TopicId, Topic]:
    """Shipped topics and the home's own, in their order."""
    facts = read_facts()
    found: dict[TopicId, Topic] = {}
    for file in (*sorted(TOPICS.glob("*.toml")), *sorted((home.path / "topics").glob("*.toml"))):
        topic = read_topic(file, facts)
        if topic.id != file.stem:
            raise BadContent(file=file.name, key="id", why=f"should be {file.stem!r}, the name of the file.")
        if topic.id in found:
            raise BadContent(file=file.name, key="id", why=f"there is already a topic {topic.id}.")
        found[topic.id] = topic
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


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
