"""What is wrong, apart from what is still to do."""

from __future__ import annotations

import textwrap

import click

from outreach.cli.asking import WIDTH, as_json, form_option, table, with_program
from outreach.services import checkup, installed, plainness, words
from outreach.services.coverage import GUIDE, STAFF
from outreach.services.program import Program

_CLASSES = ("S1", "S2", "S3")


@click.command("check")
@click.option("--reading", is_flag=True, help="How hard each topic is to read, and what to shorten.")
@click.option("--table", "whole", is_flag=True, help="Every language, topic and class, with what is translated.")
@click.option("--self", "own", is_flag=True, help="Whether what is installed is what was released: files, versions.")
@form_option
@with_program
def check_command(program: Program, reading: bool, whole: bool, own: bool, form: str) -> int:
    """Look this laptop over. Exits with 1 when something is wrong; things still to do do not count."""
    if reading:
        return _reading(program, form)
    found = installed.look_over() if own else checkup.look_over(program)
    if form == "json":
        lines = {"wrong": found.wrong, "to_do": found.to_do, "fine": found.fine}
        click.echo(as_json(lines if own else {**lines, "table": words.table(program)}))
        return 1 if found.wrong else 0
    for title, sentences in (("wrong", found.wrong), ("to do", found.to_do), ("fine", found.fine)):
        for sentence in sentences:
            click.echo(_line(title, sentence))
    if own:
        return 1 if found.wrong else 0
    columns = ("language", "topic", *_CLASSES) if whole else ("language", *_CLASSES, GUIDE, STAFF)
    click.echo("\nTranslated texts. S1: emergency, doses, law. S2: other health. S3: the rest.")
    click.echo(table(columns, words.wide(program, whole)))
    if not whole:
        click.echo("Topic by topic: outreach check --table")
    return 1 if found.wrong else 0


def _line(title: str, sentence: str) -> str:
    lead = f"{title:<6} "
    return textwrap.fill(
        sentence,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _reading(program: Program, form: str) -> int:
    grades = plainness.grades(program)
    rows = [
        {
            "topic": each.topic,
            "language": each.language,
            "measure": each.measure,
            "score": each.reading.score,
            "limit": each.limit,
            "words": each.reading.words,
            "holds": each.holds,
        }
        for each in grades
    ]
    if form == "json":
        click.echo(as_json(rows))
        return 0
    for each in grades:
        if not each.holds:
            click.echo(_line("to do", each.advice()))
    click.echo(table(("topic", "language", "measure", "score", "limit", "words"), rows))
    return 0
