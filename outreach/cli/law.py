"""The law where you are in a terminal: the states, or what one state's row may say."""

from __future__ import annotations

from typing import Any

import click

from outreach.cli.asking import as_json, show, with_program
from outreach.cli.guide import wrap
from outreach.core.languages import Wording
from outreach.core.laws import CHECK_LOCALLY
from outreach.services import laws
from outreach.services.laws import SaidLaw
from outreach.services.program import Program


@click.command("law")
@click.argument("state", required=False, metavar="[XX]")
@click.option("--language", default="en", show_default=True, metavar="TAG", help="See `outreach languages`.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_program
def law_command(program: Program, state: str | None, language: str, form: str) -> None:
    """What the law may cover in state XX; without XX, list the states."""
    if state is None:
        rows = [{"state": each.code, "name": each.name.text} for each in laws.states(program)]
        show(form, ("state", "name"), rows)
        return
    said = laws.said_law(program, state, language)
    click.echo(as_json(as_dict(said)) if form == "json" else as_text(said))


def as_text(said: SaidLaw) -> str:
    """The state's law for 80 columns; a draft translation has its English under each line."""
    lines = [said.first.text, "", f"{said.name.text} ({said.state})"]
    if said.is_draft:
        who = "a lawyer" if said.language.is_source else "a speaker or a lawyer"
        lines.append(f"[draft: not yet checked by {who}]")
    for part in said.parts:
        lines += ["", part.title.text]
        if part.lead:
            lines += _said("", part.lead)
        for line in part.lines:
            lines += _said("x  " if part.id == "not" and line.id != CHECK_LOCALLY else "-  ", line.text)
        if part.as_of:
            lines += wrap("   ", part.as_of.text)
        if part.statute:
            lines += wrap("   ", f"{said.statute_label.text}: {part.statute}")
    lines += ["", f"Sources: outreach law {said.state} --format json"]
    return "\n".join(lines)


def _said(lead: str, wording: Wording) -> list[str]:
    under = wrap(" " * len(lead), f"({wording.english})") if wording.is_translation else []
    return wrap(lead, wording.text) + under


def as_dict(said: SaidLaw) -> dict[str, Any]:
    """The state's law as plain data: stable keys, English beside every line, every source with its day."""
    return {
        "state": said.state,
        "name": said.name.text,
        "language": said.language.tag,
        "draft": said.is_draft,
        "first": said.first.text,
        "parts": [
            {
                "id": part.id,
                "title": part.title.text,
                "lead": part.lead.text if part.lead else None,
                "lines": [{"id": x.id, "text": x.text.text, "english": x.text.english} for x in part.lines],
                "as_of": part.as_of.text if part.as_of else None,
                "statute": part.statute,
            }
            for part in said.parts
        ],
        "sources": [{"title": s.title, "publisher": s.publisher, "date": s.date, "url": s.url} for s in said.sources],
    }
