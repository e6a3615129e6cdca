"""Guidance in a terminal: a topic as text, as a page, or as JSON."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from outreach.cli.asking import WIDTH, as_json, with_program
from outreach.core.topics import SectionKind
from outreach.services import guidance
from outreach.services.guidance import SaidTopic, TopicGroup
from outreach.services.program import Program

_MARKS = {
    SectionKind.RESULTS: "-",
    SectionKind.SIGNS: "-",
    SectionKind.AVOID: "x",
    SectionKind.NOTES: "-",
    SectionKind.QUESTIONS: "?",
}


@click.command("guide")
@click.argument("topic", required=False)
@click.option("--language", default="en", show_default=True, metavar="TAG", help="See `outreach languages`.")
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@with_program
def guide_command(program: Program, topic: str | None, language: str, form: str) -> None:
    """Read a topic; without TOPIC, list them."""
    if form == "html":
        click.echo(_as_page(program, topic, language).decode("utf-8"), nl=False)
        return
    if topic is None:
        groups = guidance.topic_groups(program, language)
        if form == "json":
            rows = [
                {"topic": each.id, "title": each.title.text, "summary": each.summary.text, "group": group.id}
                for group in groups
                for each in group.topics
            ]
            click.echo(as_json(rows))
        else:
            click.echo("\n\n".join(_listed(group) for group in groups))
        return
    said = guidance.said_topic(program, topic, language)
    click.echo(as_json(as_dict(said)) if form == "json" else as_text(said))


def _as_page(program: Program, topic: str | None, language: str) -> bytes:
    """The same pages as in a browser, in one file that needs nothing else."""
    # Only here: text and JSON do not wait for the web to load.
    from outreach.web.frame import Way, make_guide_app
    from outreach.web.onefile import guide_file, topic_file

    tag = program.languages.get(language).tag
    if topic is None:
        return guide_file(make_guide_app(program, Way.BOOK), tag)
    return topic_file(make_guide_app(program, Way.FILE), tag, guidance.said_topic(program, topic, tag).id)


def _listed(group: TopicGroup) -> str:
    rows = [f"{each.id}\n    {each.title.text}. {each.summary.text}" for each in group.topics]
    return "\n".join([group.title.text, "", *rows])


def as_text(said: SaidTopic) -> str:
    """The topic for 80 columns; a draft translation has its English under each step."""
    lines = [said.title.text, said.summary.text]
    lines += _checked(said)
    for section in said.sections:
        lines += ["", section.title.text]
        for step in section.steps:
            mark = f"{step.number}." if section.kind is SectionKind.STEPS else _MARKS[section.kind]
            lines += wrap(f"{mark:<3}", step.text.text)
            if step.text.is_translation:
                lines += wrap("   ", f"({step.text.english})")
            if step.answer:
                lines += wrap("   ", step.answer.text)
            if step.own:
                lines.append("   [this program's own words]")
    lines += [
        "",
        f"Facts last compared {said.checked.isoformat()}.",
        f"Sources: outreach guide {said.id} --format json",
    ]
    return "\n".join(lines)


def _checked(said: SaidTopic) -> list[str]:
    """Who checked it and when, and what is still missing."""
    own = said.language.is_source or said.is_english
    english = "" if own else "the English "
    lines = [f"[not in {said.language.english} yet: this is the English]"] if said.is_english else []
    lines += [f"[checked by a speaker, {said.speaker.day.isoformat()}]"] if said.speaker else []
    lines += [f"[{english}reviewed by a clinician, {said.clinician.day.isoformat()}]"] if said.clinician else []
    if said.is_draft:
        speaker, clinician = not (own or said.speaker), not said.clinician
        who = " or ".join(name for name, missing in (("a speaker", speaker), ("a clinician", clinician)) if missing)
        lines.append(f"[draft: not yet checked by {who}]")
    return lines


def wrap(lead: str, text: str) -> list[str]:
    """Text for 80 columns; what follows the first line stands under it."""
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def as_dict(said: SaidTopic) -> dict[str, Any]:
    """The topic as plain data: stable keys, English beside every translation, facts with their sources."""
    return {
        "topic": said.id,
        "language": said.language.tag,
        "direction": said.language.direction.value,
        "draft": said.is_draft,
        "reviewed": {
            "speaker": said.speaker.day.isoformat() if said.speaker else None,
            "clinician": said.clinician.day.isoformat() if said.clinician else None,
        },
        "checked": said.checked.isoformat(),
        "title": said.title.text,
        "summary": said.summary.text,
        "sections": [
            {
                "id": section.id,
                "kind": section.kind.value,
                "title": section.title.text,
                "steps": [
                    {
                        "id": step.id,
                        "class": step.level.value,
                        "text": step.text.text,
                        "language": step.text.language.tag,
                        "english": step.text.english,
                        "state": step.text.state.value,
                        "facts": list(step.facts),
                        **({"own": True, "changed": step.changed} if step.own else {}),
                        **({"answer": step.answer.text} if step.answer else {}),
                    }
                    for step in section.steps
                ],
            }
            for section in said.sections
        ],
        "facts": {
            fact.id: {
                "text": fact.text,
                "confidence": fact.confidence,
                "sources": [
                    {"title": s.title, "publisher": s.publisher, "date": s.date, "url": s.url} for s in fact.sources
                ],
            }
            for fact in said.facts
        },
    }
