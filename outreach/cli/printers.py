"""Printers from a terminal: what makes up for each one, and the calibration page that finds it."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import N_, Misuse
from outreach.services import calibrating, cards, printers
from outreach.services.files import write_whole
from outreach.services.program import Program


@click.command("printers")
@click.argument("action", required=False, type=click.Choice(["set", "remove"]))
@click.argument("name", required=False)
@click.option("--x", metavar="MM", help="With set: move everything right, such as 0.4mm; to the left with a minus.")
@click.option("--y", metavar="MM", help="With set: move everything down; up with a minus.")
@click.option("--back-x", metavar="MM", help="With set: move the second side right on top of that.")
@click.option("--back-y", metavar="MM", help="With set: move the second side down on top of that.")
@click.option("--scale", metavar="N", help="With set: draw larger or smaller, such as 1.002; 1 is as it is.")
@click.option("--scale-x", metavar="N", help="With set: the same, across only.")
@click.option("--scale-y", metavar="N", help="With set: the same, down only.")
@click.option("--turn", type=click.Choice(["long", "short"]), help="With set: the edge a sheet is turned over.")
@click.option("--paper", metavar="ID", help="With set: the paper that lies in it: letter, a4, tabloid or a3.")
@form_option
@with_program
def printers_command(
    program: Program,
    action: str | None,
    name: str | None,
    scale: str | None,
    turn: str | None,
    paper: str | None,
    form: str,
    **numbers: str | None,
) -> None:
    """List printers with what makes up for each, or keep one.

    Find the numbers with `outreach calibrate`, then: `outreach printers set office --x 0.4mm --y=-0.2mm`.
    """
    if action is None:
        _list(program, form)
        return
    if name is None:
        raise Misuse(f"Say which: outreach printers {action} NAME ... Nothing was changed.")
    if action == "remove":
        printers.remove_printer(program, name)
        click.echo(f"Removed {name}.")
        return
    both = {"scale_x": scale, "scale_y": scale}
    given = {key: each for key, each in (both | {k: v for k, v in numbers.items() if v}).items() if each}
    printers.set_printer(program, name, given, turn, paper)
    click.echo(f"Saved {name}. Print with it: outreach print ... --printer {name}")


def _list(program: Program, form: str) -> None:
    columns = ("printer", "x", "y", "back_x", "back_y", "scale_x", "scale_y", "turn", "paper")
    rows = [
        {
            "printer": each.name,
            **{key: float(getattr(each.profile, key)) for key in columns[1:7]},
            "turn": each.turn.value,
            "paper": each.paper,
        }
        for each in printers.printers(program).values()
    ]
    show(form, columns, rows)


@click.command("calibrate")
@click.option("--layout", required=True, metavar="ID", help="Label stock or paper; see `outreach layouts`.")
@click.option("--printer", default="", metavar="NAME", help="Made up for this one, to see whether it is right now.")
@click.option("--turn", type=click.Choice(["long", "short"]), help="The edge the printer turns a sheet over.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf")
@with_program
def calibrate_command(program: Program, layout: str, printer: str, turn: str | None, output: Path) -> None:
    """A page to measure a printer by: rulers, crosses and the outline of every label, front and back."""
    if output.suffix.lower() != ".pdf":
        raise Misuse(N_("{file} should end in .pdf. Nothing was printed."), file=output)
    with cards.new_press() as press:
        pdf = calibrating.calibration(program, press, layout, program.source, printer=printer, turn=turn or "")
    write_whole(output, pdf)
    click.echo(f"Wrote {output}: 1 sheet, front and back. Print it at 100 % and measure.")
