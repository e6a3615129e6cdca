"""Cards as PDF: which card, in which languages, how many, on which stock."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Misuse
from outreach.core.tally import parse_quantity
from outreach.services import cards, settings
from outreach.services.files import write_whole
from outreach.services.program import Program

FEW = 6  # sides that are drawn before anyone looks for a bar


class DrawingBar(cards.Progress):
    """A bar on the terminal, or nothing where the output is not one."""

    def told(self, drawn: int, faces: int) -> None:
        super().told(drawn, faces)
        if faces >= FEW and sys.stderr.isatty():
            done = "\u2588" * (20 * drawn // faces)
            click.echo(f"\r{done:<20} {drawn} of {faces} sides drawn", err=True, nl=drawn == faces)


@click.command("print")
@click.argument("wanted_cards", metavar="CARD...", nargs=-1, required=True)
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    metavar="TAG[:COPIES]",
    help="May be given more than once: --language es:20 --language ar:10.",
)
@click.option("--copies", default="10", show_default=True, metavar="N", help="Where a language names no number.")
@click.option("--layout", metavar="ID", help="Label stock or paper; see `outreach layouts`.")
@click.option("--skip", default="0", show_default=True, metavar="N", help="Places already used on the first sheet.")
@click.option("--turn", type=click.Choice(["long", "short"]), help="The edge the printer turns a sheet over.")
@click.option("--printer", default="", metavar="NAME", help="Make up for this one; see `outreach printers`.")
@click.option("--state", metavar="XX", help="law: the state whose law it prints.")
@click.option("--kit", metavar="CODE", help="kit-label, naloxone-label: the kit or item; see `outreach items`.")
@click.option("--lot", metavar="TEXT", help="kit-label, naloxone-label: the lot, as the box shows it.")
@click.option("--expires", metavar="YYYY-MM", help="kit-label, naloxone-label: the month of expiry.")
@click.option("--code", metavar="KIND", help="What a code says: words (the card's own), page, phone, address or wifi.")
@click.option("--named", is_flag=True, help="kit-label, naloxone-label: with the program's name, left out otherwise.")
@click.option(
    "--tagged",
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="Also write each card once, on a page of its own, so that a screen reader can read it.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf")
@with_program
def print_command(
    program: Program,
    wanted_cards: tuple[str, ...],
    languages: tuple[str, ...],
    copies: str,
    layout: str | None,
    skip: str,
    turn: str | None,
    printer: str,
    state: str | None,
    kit: str | None,
    lot: str | None,
    expires: str | None,
    code: str | None,
    named: bool,
    tagged: Path | None,
    output: Path,
) -> None:
    """Print cards: `outreach print response --language es:20 --language ar:10 -o cards.pdf`.

    Several cards are printed in each language and share their sheets.
    """
    wanted: dict[tuple[str, str], int] = {}
    for card in wanted_cards:
        for each in languages:
            tag, colon, number = each.partition(":")
            wanted[card, tag] = wanted.get((card, tag), 0) + parse_quantity(number if colon else copies)
    asides = {
        "state": state,
        "kit": kit,
        "lot": lot,
        "expires": expires,
        "code": code,
        "named": "yes" if named else None,
    }
    if code == "wifi":
        asides |= _hotspot()
    given = {option: what for option, what in asides.items() if what is not None}
    how = {"turn": turn or "", "printer": printer}
    order = cards.order(program, wanted, layout=layout, skip=parse_quantity(skip), given=given, **how)
    for file in filter(None, (output, tagged)):
        if file.suffix.lower() != ".pdf":
            raise Misuse(N_("{file} should end in .pdf. Nothing was printed."), file=file)
    job = cards.print_job(program, order)
    with cards.new_press() as press:
        printed = press.print(job, DrawingBar())
        alone = press.tagged(job) if tagged else b""
    write_whole(output, printed.pdf)
    if tagged:
        write_whole(tagged, alone)
    cards_made = f"{order.total:,} {'card' if order.total == 1 else 'cards'}"
    sheets = f"{printed.sheets:,} {'sheet' if printed.sheets == 1 else 'sheets'}"
    both = len(printed.preview_png) > 1
    click.echo(f"Wrote {output}: {cards_made} on {sheets} of paper{', fronts and backs in turn' if both else ''}.")
    sides = f"on both sides, turned over the {order.turn} edge" if both else "on one side"
    click.echo(f'Print at 100 % (not "fit to page"), {sides}.')
    if tagged:
        click.echo(f"Wrote {tagged}: each card once, for a screen reader.")
    if settings.left_out_of_cards(program):
        click.echo(
            "Locked: the cards leave out the name and phone of the program. With --words-file FILE they have them.",
            err=True,
        )
    if program.layouts[order.layout].fills_the_paper:
        click.echo("The cards fill the paper, so there are no marks: cut it into equal parts.")


def _hotspot() -> dict[str, str | None]:
    """Asked for here, where no list of processes and no history of commands shows a password."""
    name = click.prompt("Name of the hotspot", err=True)
    password = click.prompt("Password of the hotspot (Enter for none)", err=True, default="", show_default=False)
    return {"wifi-name": name, "wifi-password": password}
