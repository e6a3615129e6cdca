"""Recordings of the emergency steps: which there are, and taking one in."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import Misuse
from outreach.services import sounds
from outreach.services.program import Program
from outreach.services.sounds import State


@click.command("sounds")
@click.argument("action", required=False, type=click.Choice(["add"]))
@click.argument("tag", required=False)
@click.argument("step", required=False, metavar="[TOPIC.STEP]")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--language", default="", metavar="TAG", help="List each step of one language.")
@form_option
@with_program
def sounds_command(
    program: Program, action: str | None, tag: str, step: str, file: Path | None, language: str, form: str
) -> None:
    """List what can be recorded, or take a recording in.

    `outreach sounds add es overdose-response.call call.opus`: a person's own voice, Opus, at most 60 seconds and 1 MB.
    Topic pages play it for as long as it says their words.
    """
    if action == "add":
        if file is None:
            raise Misuse("Give language, step and file: `outreach sounds add es overdose-response.call call.opus`.")
        seconds = sounds.add(program, tag, step, file)
        click.echo(f"Taken in: {step} in {tag}, {seconds:.0f} seconds. Listen to it once on the page of its topic.")
        return
    found = sounds.slots(program, language)
    if language:
        rows = [{"step": each.step, "recorded": each.state.value, "words": each.text} for each in found]
        # The words are long: they go into the JSON, so the table keeps to 80 columns.
        show(form, ("step", "recorded", *(["words"] if form == "json" else [])), rows)
        return
    show(form, ("language", "name", "steps", "recorded", "again"), list(_by_language(found)))


def _by_language(found: list[sounds.Slot]) -> list[dict[str, object]]:
    rows = []
    for language in dict.fromkeys(each.language for each in found):
        states = [each.state for each in found if each.language == language]
        rows.append(
            {
                "language": language.tag,
                "name": language.name,
                "steps": len(states),
                "recorded": states.count(State.RECORDED),
                "again": states.count(State.OUTDATED),
            }
        )
    return rows
