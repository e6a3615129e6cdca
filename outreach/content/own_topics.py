"""A program's own topics from the home's `topics/`: whole ones, and shipped steps said in the program's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
from outreach.content.tongues import known_tongue, tongue
from outreach.content.topics import make_step, named_topic, read_facts, shipped_topics
from outreach.core.languages import LanguageTag
from outreach.core.own import OwnText, digest
from outreach.core.topics import Section, Step, Topic, TopicId
from outreach.home import Home

Topics = dict[TopicId, Topic]

# Addresses of the guide that are no topic: /en/point is the board.
_TAKEN = ("point",)
_STEP_TEXTS = ("text", "short", "answer")


def read_topics(home: Home, refused: dict[str, BadContent] | None = None) -> Topics:
    """Every topic in its order: shipped, with the home's forks in them, and the home's own.

    With `refused`, a file that cannot be used is named there and left out, so that a slip in one topic
    never takes the others away; without it the first such file raises.
    """
    found = shipped_topics()
    for file in sorted(home.topics.glob("*.toml")):
        try:
            topic = _own_topic(file, found)
            found[topic.id] = topic
        except BadContent as problem:
            if refused is None:
                raise
            refused[file.stem] = problem
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _own_topic(file: Path, found: Topics) -> Topic:
    top = read_table(file)
    if "forks" in top.row:
        return _fork(top, found)
    topic = named_topic(file, own=True)
    if topic.id in found or topic.id in _TAKEN:
        raise top.bad("id", f"there is already a topic {topic.id}.")
    return replace(topic, own=dict(_topic_texts(top, topic.id)))


# --- what a program's own text says in other languages ---


def _topic_texts(top: Table, topic: str) -> Iterator[tuple[str, OwnText]]:
    language = tongue(top)
    yield from _texts(top, language, {"title": f"{topic}.title", "summary": f"{topic}.summary"})
    for section in top.tables("section"):
        yield from _texts(section, language, {"title": f"{topic}.section.{section.get('id', str)}"})
        for step in section.tables("step"):
            yield from _texts(step, language, _step_contexts(topic, step.get("id", str)))


def _step_contexts(topic: str, step: str) -> dict[str, str]:
    return {"text": f"{topic}.{step}", "short": f"{topic}.{step}.short", "answer": f"{topic}.{step}.answer"}


def _texts(table: Table, language: LanguageTag, contexts: Mapping[str, str]) -> Iterator[tuple[str, OwnText]]:
    """Each text that the table holds, by context. One mark covers the texts of a table: they are said together."""
    texts = {key: str(table.row[key]) for key in contexts if table.row.get(key)}
    mark = digest(*texts.values())
    said: dict[str, dict[LanguageTag, str]] = {key: {} for key in texts}
    stale = []
    for name, row in table.get("words", dict, {}).items():
        each = Table(row, table.file, f"{table.where}{'.' if table.where else ''}words.{name}")
        each.only((*texts, "of"))
        tag = known_tongue(table, "words", name)
        if "of" not in row:
            raise each.bad("of", f'is missing. For the words as they stand now write of = "{mark}".')
        if each.get("of", str) != mark:
            stale.append(tag)
            continue
        for key in texts:
            if key in row:
                said[key][tag] = each.get(key, str)
    for key, text in texts.items():
        yield contexts[key], OwnText(text, language, said[key], tuple(stale))


# --- shipped steps said in own words ---


def _fork(top: Table, found: Topics) -> Topic:
    """The shipped topic with the program's own steps in it."""
    top.only(("forks", "language", "step"))
    topic = found.get(TopicId(top.get("forks", str)))
    if topic is None:
        raise top.bad("forks", f"there is no shipped topic {top.row['forks']}.")
    if topic.own:
        raise top.bad("forks", f"{topic.id} already has its own words in another file.")
    own: dict[str, OwnText] = {}
    forks: dict[str, bool] = {}
    language = tongue(top)
    for table in top.tables("step"):
        step = table.get("id", str)
        shipped = next((each for each in topic.steps() if each.id == step and step not in forks), None)
        if shipped:
            topic, forks[step] = _changed(table, topic, shipped), table.row["of"] != digest(shipped.text)
        else:
            topic, forks[step] = _added(table, topic), False
        own |= _texts(table, language, _step_contexts(topic.id, step))
    if not forks:
        raise top.bad("step", "is missing: a fork holds at least one.")
    return top.build(lambda: replace(topic, own=own, forks=forks))


_FORKED = ("id", "facts", "class", "picture", "words", *_STEP_TEXTS)


def _changed(table: Table, topic: Topic, shipped: Step) -> Topic:
    table.only((*_FORKED, "of"))
    if "of" not in table.row:
        raise table.bad(
            "of", f'is missing. For the shipped words as they stand now write of = "{digest(shipped.text)}".'
        )
    made = make_step(table, shipped.level, read_facts())
    step = replace(
        made,
        picture=made.picture or shipped.picture,
        short=made.short or shipped.short,
        answer=made.answer or shipped.answer,
    )
    return replace(topic, sections=tuple(_put(each, step) for each in topic.sections))


def _put(section: Section, step: Step) -> Section:
    return replace(section, steps=tuple(step if each.id == step.id else each for each in section.steps))


def _added(table: Table, topic: Topic) -> Topic:
    """A step the shipped topic does not have, at the end of its section or after another one."""
    table.only((*_FORKED, "section", "after"))
    step = make_step(table, topic.level, read_facts())
    wanted, after = table.get("section", str), table.get("after", str, "")
    section = next((each for each in topic.sections if each.id == wanted), None)
    if section is None:
        known = ", ".join(each.id for each in topic.sections)
        raise table.bad("section", f"there is no section {wanted} in {topic.id}; sections: {known}.")
    ids = [each.id for each in section.steps]
    if after and after not in ids:
        raise table.bad("after", f"there is no step {after} in {wanted}; steps: {', '.join(ids)}.")
    place = ids.index(after) + 1 if after else len(ids)
    grown = replace(section, steps=(*section.steps[:place], step, *section.steps[place:]))
    return table.build(
        lambda: replace(topic, sections=tuple(grown if each is section else each for each in topic.sections))
    )
