"""Label stock and paper from a terminal: what there is, and stock of the program's own."""

from __future__ import annotations

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import Misuse
from outreach.services import layouts, lists
from outreach.services.program import Program


@click.command("layouts")
@click.argument("action", required=False, type=click.Choice(["add", "remove"]))
@click.argument("name", required=False)
@click.option("--paper", default="letter", show_default=True, help="With add: letter, a4, tabloid or a3.")
@click.option("--grid", nargs=2, type=int, metavar="COLUMNS ROWS", help="With add: how many labels across and down.")
@click.option("--label", nargs=2, metavar="WIDTH HEIGHT", help="With add: one label, such as 3.5in 2in or 85mm 54mm.")
@click.option("--origin", nargs=2, metavar="LEFT TOP", help="With add: from the paper's edges to the first label.")
@click.option(
    "--pitch",
    nargs=2,
    metavar="ACROSS DOWN",
    default=("", ""),
    help="With add: from one label to the next. Left out, it is what makes the margins equal.",
)
@click.option("--plain", is_flag=True, help="With add: plain paper, printed with cut marks.")
@form_option
@with_program
def layouts_command(
    program: Program,
    action: str | None,
    name: str | None,
    paper: str,
    grid: tuple[int, int] | None,
    label: tuple[str, str] | None,
    origin: tuple[str, str] | None,
    pitch: tuple[str, str],
    plain: bool,
    form: str,
) -> None:
    """List label stock and paper, or keep stock of your own by six numbers.

    `outreach layouts add "Big labels" --grid 2 3 --label 4in 3in --origin 0.25in 0.75in`
    """
    if action is None:
        # The name says paper and size in words; as columns of their own they go into the JSON.
        more = ["paper", "label"] if form == "json" else []
        show(form, ("layout", "name", "places", *more), lists.layouts(program))
        return
    if name is None:
        raise Misuse(f"Say which: outreach layouts {action} NAME ... Nothing was changed.")
    if action == "remove":
        click.echo(f"Removed {layouts.remove(program, name).id}.")
        return
    if not (grid and label and origin):
        raise Misuse("Give the six numbers: --grid COLUMNS ROWS --label WIDTH HEIGHT --origin LEFT TOP.")
    made = layouts.measured(program, name, paper, *grid, label, origin, pitch, die_cut=not plain)
    layouts.save(program, made)
    click.echo(
        f"Added {made.id}. Print a check page on plain paper: outreach calibrate --layout {made.id} -o check.pdf"
    )
