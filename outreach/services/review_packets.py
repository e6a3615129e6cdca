"""A packet to print and sign: every text of a topic with its facts, and where the sources do not agree."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from outreach.content.disagreements import Disagreement, read_disagreements
from outreach.content.topics import find_topic, read_facts
from outreach.core.languages import Language
from outreach.core.topics import Fact, Topic
from outreach.services.program import Program
from outreach.services.reviewing import edition_of
from outreach.shipped import PACKETS

_BOXES = '<p class="boxes"><span>right</span> <span>change:</span><i></i></p>'


def packet(program: Program, topic_id: str, language: Language) -> bytes:
    """One page that opens and prints anywhere. In English it is for a clinician, else for a speaker of the language."""
    topic = find_topic(program.topics, topic_id)
    name = edition_of(program, topic_id, language)
    english = language.is_source
    body = _for_clinician(program, topic) if english else _for_speaker(program, topic, language)
    role = "clinician" if english else "native"
    what = f"{topic.id} --role clinician" if english else f"{language.tag} --topic {topic.id} --role native"
    filled = {
        "TITLE": escape(topic.title),
        "WHO": "a clinician" if english else f"a speaker of {escape(language.english)}",
        "ASKS": _ASKS[role],
        "EDITION": name,
        "COMMAND": f'outreach review {what} --edition {name} --group "..." --day YYYY-MM-DD',
        "BODY": "\n".join(body),
    }
    page = (PACKETS / "review.html").read_text(encoding="utf-8")
    for key, value in filled.items():
        page = page.replace(f"@@{key}@@", value)
    return page.encode("utf-8")


_ASKS = {
    "clinician": "Is every text true, safe and complete enough to act on? The facts that each rests on stand under it; "
    "their sources are listed at the end. Where sources do not agree, the packet says which reading was taken.",
    "native": "Does every text say what the English says: who, what, how many, when, and what not to do? "
    "Would your neighbor understand it the first time? Tick what is right, and write better words beside the rest.",
}


def _for_clinician(program: Program, topic: Topic) -> Iterator[str]:
    facts = read_facts()
    yield '<h2>Title and headings</h2><ul class="brief">'
    headings = [topic.title, topic.summary, *(section.title for section in topic.sections)]
    yield from (f"<li><p>{escape(each)}</p>{_BOXES}</li>" for each in headings)
    yield "</ul>"
    cited: dict[str, Fact] = {}
    for section in topic.sections:
        yield f"<h2>{escape(section.title)}</h2><ol>"
        for step in section.steps:
            short = f'<p class="short">On a card: {escape(step.short)}</p>' if step.short else ""
            answer = f'<p class="short">Answer: {escape(step.answer)}</p>' if step.answer else ""
            mine = [facts[each] for each in step.facts if each in facts]
            cited |= {fact.id: fact for fact in mine}
            told = "".join(f"<li><b>{fact.id}</b> {escape(fact.text)} <i>({fact.confidence})</i></li>" for fact in mine)
            own = "".join(f"<li>{escape(each)}</li>" for each in step.facts if each not in facts)
            rests = f'<ul class="facts">{told}{own}</ul>'
            yield f'<li><p class="text">{escape(step.text)}</p>{short}{answer}{rests}{_BOXES}</li>'
        yield "</ol>"
    yield from _cards(program, topic)
    yield from _disagreements([each for each in read_disagreements() if set(each.facts) & set(cited)])
    yield "<h2>Sources</h2><ul class='sources'>"
    for fact in sorted(cited.values(), key=lambda each: each.id):
        told = "; ".join(
            escape(", ".join(filter(None, (source.publisher, source.title, source.date, source.url))))
            for source in fact.sources
        )
        yield f"<li><b>{fact.id}</b> {told or 'reasoned from other facts'}</li>"
    yield "</ul>"


def _cards(program: Program, topic: Topic) -> Iterator[str]:
    own = {context for context, _, _ in topic.texts()}
    others = [(context, english) for context, english, _ in program.packet_strings(topic.id) if context not in own]
    if others:
        yield '<h2>Cards and pictures</h2><ul class="brief">'
        yield from (
            f"<li><p>{escape(english)} <code>{escape(context)}</code></p>{_BOXES}</li>" for context, english in others
        )
        yield "</ul>"


def _disagreements(found: list[Disagreement]) -> Iterator[str]:
    if not found:
        return
    yield "<h2>Where the sources do not agree</h2><ol>"
    for each in found:
        yield (
            f'<li><p class="text">{each.id}. {escape(each.question)}</p><p>Sources: {escape(each.sources)}</p>'
            f"<p>Taken here: <b>{escape(each.default)}</b></p>"
            '<p class="boxes"><span>agreed</span> <span>rather:</span><i></i></p></li>'
        )
    yield "</ol>"


def _for_speaker(program: Program, topic: Topic, language: Language) -> Iterator[str]:
    said_as = f'lang="{escape(language.tag)}" dir="{language.direction.value}"'
    yield "<ol>"
    for context, english, level in program.packet_strings(topic.id):
        said = program.wording(language, context, english)
        words = escape(said.shown) if said.is_translation else "(not translated yet)"
        yield (
            f'<li><p lang="en" dir="ltr">{escape(english)} <i>({level.value})</i></p>'
            f'<p class="text" {said_as if said.is_translation else ""}>{words}</p>{_BOXES}</li>'
        )
    yield "</ol>"
