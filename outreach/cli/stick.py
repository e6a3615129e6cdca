"""A stick that opens anywhere: cards to print, the guide, a blank tally sheet."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.services.folders import check_folder, write_folder
from outreach.services.program import Program
from outreach.services.sticks import is_on_stick, sticks


@click.command("stick")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--language", "languages", multiple=True, metavar="TAG", help="Only these; may be given more than once.")
@with_program
def stick_command(program: Program, folder: Path, languages: tuple[str, ...]) -> None:
    """Put cards, the guide and a blank tally sheet on a stick, in folders that open anywhere.

    Other files in DIR stay as they are. No counts and nothing of your program's records go with it.
    """
    from outreach.web.stick import LISTING, README, stick_files

    check_folder(folder, LISTING, [README], beside_others=True)
    files = stick_files(program, click.echo, languages)
    write_folder(folder, files, LISTING, beside_others=True, said=click.echo)
    where = "Safe to unplug." if is_on_stick(folder, sticks()) else "It is on this computer, not on a stick."
    click.echo(f"Saved to {folder}: {len(files)} files, each read back and the same. {where}")
