"""The law where you are in a terminal: the states, or what one state's row may say."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from outreach.cli.asking import as_json, form_option, show, with_program
from outreach.cli.guide import wrap
from outreach.core.languages import Wording
from outreach.core.laws import CHECK_LOCALLY
from outreach.core.refusal import Misuse
from outreach.core.tally import parse_day
from outreach.services import law_checks, laws
from outreach.services.laws import SaidLaw
from outreach.services.program import Program


@click.command("law")
@click.argument("words", nargs=-1, metavar="[XX | check XX]")
@click.option("--language", default="en", show_default=True, metavar="TAG", help="See `outreach languages`.")
@click.option("--by", default="", metavar="GROUP", help="With check: who, such as 'Lawyer, Legal Aid North'.")
@click.option("--name", default="", help="With check: a name, only if its owner wants it kept.")
@click.option("--day", metavar="DAY", help="With check: the day it was checked, such as 2026-11-22.")
@form_option
@with_program
def law_command(
    program: Program, words: tuple[str, ...], language: str, by: str, name: str, day: str | None, form: str
) -> None:
    """What the law may cover in state XX; without XX, list the states and which may be printed.

    A card with a state's law is printed once someone has checked the law there, and for 12 months from
    then: `outreach law check XX --by GROUP --day DAY`.
    """
    if len(words) > 2 or (len(words) == 2 and words[0] != "check") or words == ("check",):
        raise Misuse("Give one state, such as `outreach law TX`, or `outreach law check TX`. Nothing was changed.")
    if len(words) == 2:
        _check(program, words[1], by, name, day)
    elif words:
        said = laws.said_law(program, words[0], language)
        click.echo(as_json(as_dict(said)) if form == "json" else as_text(said))
    else:
        _list(program, form)


def _check(program: Program, state: str, by: str, name: str, day: str | None) -> None:
    if day is None:
        raise Misuse("Say on which day it was checked: --day 2026-11-22. Nothing was saved.")
    when = parse_day(day)
    law = law_checks.enter(program, state, by, when, date.today(), name)
    click.echo(f"The law in {law.name} was checked on {when}. Its card prints for 12 months from then.")


def _list(program: Program, form: str) -> None:
    """Every state: whether its law may be printed today, or what nobody has looked up."""
    entered = {each.law.state: each for each in law_checks.listed(program, date.today())}
    rows = []
    for each in laws.states(program):
        found = entered.get(each.code)
        missing = laws.not_looked_up(each.code)
        rows.append(
            {
                "state": each.code,
                "name": each.name.text,
                "checked": found.check.day.isoformat() if found else None,
                "card": "no" if missing else "prints" if found and found.holds else "check first",
                "look_up": ", ".join(missing) or None,
            }
        )
    show(form, ("state", "name", "checked", "card", *(["look_up"] if form == "json" else [])), rows)


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
