"""What there is: cards, languages and items, as tables or JSON."""

from __future__ import annotations

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.services import lists
from outreach.services.program import Program


@click.command("cards")
@form_option
@with_program
def cards_command(program: Program, form: str) -> None:
    """Cards that can be printed."""
    # The options a card takes go into the JSON; `outreach print --help` says them in words.
    show(
        form,
        ("card", "title", "form", "layouts", "sides", *(["takes"] if form == "json" else [])),
        lists.cards(program),
    )


@click.command("languages")
@form_option
@with_program
def languages_command(program: Program, form: str) -> None:
    """Languages, how much is translated, whether anyone has checked it, and what each can be used for."""
    # Own names need fonts that a terminal may not have: they go into the JSON, so the table keeps to 80 columns.
    own = ["name"] if form == "json" else []
    show(form, ("language", *own, "english", "translated", "reviewed", "usable"), lists.languages(program))


@click.command("items")
@form_option
@with_program
def items_command(program: Program, form: str) -> None:
    """Items and kits that can be counted, with what a kit holds today."""
    # What a kit holds is a long line: it goes into the JSON, so the table keeps to 80 columns.
    show(form, ("item", "name", "unit", "group", "here", *(["holds"] if form == "json" else [])), lists.items(program))
