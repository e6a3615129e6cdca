"""Counts carried between laptops from a terminal: out into one sealed file, and in from any number of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.cli.backup import NotConfirmed
from outreach.core.partition import DAY, FOLD, REVOKED, UNKNOWN
from outreach.services import exchange, missing, plain_export
from outreach.services.exchange import Merged
from outreach.services.missing import Clash, Fork, Gap
from outreach.services.program import Program

WAITS = {
    UNKNOWN: "of a laptop that is not let in",
    DAY: "of a day that cannot be",
    REVOKED: "of a laptop that was turned away",
    FOLD: "folded already by another laptop",
}
"""Why sheets wait, in words."""


@click.command("export")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--plain", is_flag=True, help="A plain SQLite file instead, for Datasette and other tools.")
@click.option("--yes", is_flag=True, help="With --plain: do it. Without this only the warning is shown.")
@with_program
def export_command(program: Program, file: Path, plain: bool, yes: bool) -> None:
    """Put all that this laptop knows into FILE, or into a folder such as a stick, for the program's other laptops.

    Only they can open it. Open sheets are not in it.
    """
    if plain:
        _export_plain(program, file, yes)
    else:
        export(program, file)


def export(program: Program, file: Path) -> None:
    """Write a program's bundle, wherever its ledger is, and say so."""
    today = date.today()
    done = exchange.export(program, exchange.place(program, file, today), today)
    where = "Safe to unplug." if done.on_stick else "It is on this computer, not on a stick."
    click.echo(f"Saved to {done.file}: sheets: {done.sheets:,}, for laptops: {done.laptops}. Read back. {where}")
    for said_first in done.said:
        click.echo(str(said_first))
    if done.still_open:
        click.echo(f"Sheets that are still open and not in it: {done.still_open}. Close them, then export again.")


def _export_plain(program: Program, file: Path, yes: bool) -> None:
    if not yes:
        raise plain_export.ReadableByAnyone(f"{plain_export.ANYONE} {NotConfirmed.sentence}")
    sheets = plain_export.export_plain(program, file)
    click.echo(f"Wrote {file}: sheets: {sheets:,}. {plain_export.ANYONE}")


@click.command("merge")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_program
def merge_command(program: Program, files: tuple[Path, ...]) -> int:
    """Take in files of the program's other laptops, or those in a folder: in any order, and as often as you like.

    A file that is refused changes nothing; the others are taken all the same.
    """
    return merge(program, files)


def merge(program: Program, files: tuple[Path, ...]) -> int:
    """Take files into a program's ledger, wherever that is, and say what came of each: 1 when one was refused."""
    found = exchange.merge_paths(program, files)
    for each in found:
        click.echo(said(each), err=each.refusal is not None)
    for line in troubles(program):
        click.echo(line)
    return int(any(each.refusal for each in found))


def said(merged: Merged) -> str:
    """What came of one file."""
    if merged.refusal is not None:
        return f"{merged.file}: {merged.refusal}"
    if merged.kept:
        return f"{merged.file}: made by a newer version. It is kept, and read once this laptop has that version."
    until = f", to {merged.last:%A} {merged.last}" if merged.last else ""
    line = f"{merged.file}: {merged.laptop or 'a laptop that is not known'}{until}: "
    line += f"new sheets: {merged.new:,}, here already: {merged.already:,}."
    for why, many in sorted(merged.waiting.items()):
        line += f" Waiting, {WAITS[why]}: {many:,}."
    if merged.asks:
        line += " It asks to be let in."
    return " ".join((line, *map(str, merged.notes)))


def troubles(program: Program) -> Iterator[str]:
    """What does not add up between the laptops, a line each."""
    yield from map(_missing, missing.gaps(program))
    yield from map(_twice, missing.forks(program))
    yield from map(_alike, missing.clashes(program))


def _missing(gap: Gap) -> str:
    many = "one sheet" if gap.missing == 1 else f"{gap.missing:,} sheets"
    if gap.before:
        return f"{gap.name}: {many} missing before the one of {gap.before:%A} {gap.before}."
    after = f" after the one of {gap.after:%A} {gap.after}" if gap.after else ""
    return f"{gap.name}: {many} missing{after}."


def _twice(fork: Fork) -> str:
    days = ", ".join(str(day) for day in fork.days)
    return (
        f"{fork.name or 'A laptop that is not known'}: two sheets of one number"
        + (f" ({days})" if days else "")
        + ". An older copy of its files was put back. Both count; look whether one was entered again."
    )


def _alike(clash: Clash) -> str:
    other = f"{clash.other_name} has" if clash.other_name else "here is"
    return (
        f"{clash.name or 'A laptop that is not known'} made a site {clash.called} ({clash.code}); {other} "
        f"{clash.other_called} ({clash.other_code}). Is it the same place?"
    )
