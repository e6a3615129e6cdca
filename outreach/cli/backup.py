"""Backups from a terminal: carry one away, put one back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import NoTerminal, Words, with_program, words_in
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Kind
from outreach.services import backing_up, passphrase, restoring
from outreach.services.program import Program
from outreach.services.restoring import Holdings, Opened, Restored
from outreach.services.sticks import is_on_stick, sticks


class NotConfirmed(Refusal):
    sentence = N_("Nothing was changed. Give --yes to do it.")


@click.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--language", default="en", show_default=True, help="The language of the words that open it.")
@with_program
def backup_command(program: Program, file: Path, language: str) -> None:
    """Put everything that was counted here into one sealed FILE, or into a folder such as a stick.

    Supply alerts, own texts and cards go with it; languages, paper and printers do not.
    It opens with the passphrase of this laptop. Without one it opens with six words that are shown once, or with
    those in --words-file.
    """
    file = backing_up.place(file, date.today())
    words, shown = None, False
    if not program.keyring.has_passphrase:
        given = _words_file(program)
        words, shown = (words_in(given), False) if given else (passphrase.propose(language), True)
        passphrase.check_words(words)
    held = backing_up.back_up(program, file, words)
    where = "Safe to unplug." if is_on_stick(file, sticks()) else "It is on this computer, not on a stick."
    click.echo(f"Saved to {file}: {_kinds(held)}. Read back and the same. {where}")
    if shown:
        click.echo(f"\nIt opens with these words, which are kept nowhere else. Write them down now:\n\n  {words}\n")
    elif words is None:
        click.echo("It opens with the passphrase that this laptop has today.")


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--backup-words", metavar="FILE", help="The words of the backup, when they are not in --words-file.")
@click.option("--recovery-key", metavar="FILE", help="The file out of the coordinator's safe, when the words are lost.")
@click.option("--yes", is_flag=True, help="Do it, even if there is something here. That is kept, too.")
@with_program
def restore_command(
    program: Program, file: Path, backup_words: str | None, recovery_key: str | None, yes: bool
) -> None:
    """Put the backup in FILE in the place of what is here; it is looked through first.

    What is here now goes to the folder of backups. Sheets closed later are of a new device.
    """
    words, key = None, words_in(recovery_key) if recovery_key else None
    if key is None and restoring.needs_words(program, file):
        words = words_in(backup_words) if backup_words else _asked(program)
    opened = restoring.open_backup(program, file, words, key)
    try:
        click.echo(f"In the backup: {_said(opened.holds)}")
        if opened.is_anything_here:
            click.echo(f"Here now: {_said(opened.here)}")
            if not yes:
                raise NotConfirmed()
        done = restoring.restore_all(program, opened, date.today())
    finally:
        restoring.drop(opened.rough)
    click.echo("Restored." + (f" What was here is kept in {done.put_aside}." if done.put_aside else ""))
    for line in _said_of(opened, done):
        click.echo(line)


def _said_of(opened: Opened, done: Restored) -> Iterator[str]:
    """What came with the counts, what did not, and what is to be done now."""
    along = done.along
    if done.is_locked_anew:
        yield "The passphrase of the laptop that the backup is of locks this laptop from now on."
    if done.lacks_coordinator:
        yield "This is a backup of the coordinator's laptop. If that one is gone: `outreach laptops found --anew`."
    if along.brought:
        yield f"Came along: {', '.join(along.brought)}."
    if along.alerts:
        yield f"Supply alerts that show again: {along.alerts}."
    if along.stayed:
        yield f"These were here already and stay as they are: {', '.join(along.stayed)}."
    if along.missed:
        yield f"These could not be used and did not come along: {', '.join(along.missed)}. {along.why}"
    if opened.is_own:
        return
    if opened.files is None:
        yield "Not in this backup: supply alerts, own texts, lists and cards. Put the alerts up again."
    yield "No backup holds languages, paper, printers, a legal hold, or how long days are kept: look at them here."


def _asked(program: Program) -> str:
    file = _words_file(program)
    if file:
        return words_in(file)
    if not sys.stdin.isatty():
        raise NoTerminal(option="--words-file")
    return str(click.prompt("Words of the backup", hide_input=True, err=True))


def _words_file(program: Program) -> str | None:
    return program.ask.file if isinstance(program.ask, Words) else None


def _said(held: Holdings | None) -> str:
    if held is None:
        return "what cannot be read."
    last = f", the last of {held.last.isoformat()}" if held.last else ""
    return f"{_kinds(held)}{last}. Sites: {', '.join(held.sites)}."


_CALLED = {
    Kind.TALLY: "sheets",
    Kind.STOCK: "stock entries",
    Kind.CORRECTION: "corrections",
    Kind.IMPORT: "totals from before",
    Kind.FOLD: "totals of folded days",
}


def _kinds(held: Holdings) -> str:
    there = [f"{called}: {held.kinds[kind]:,}" for kind, called in _CALLED.items() if held.kinds.get(kind)]
    return ", ".join(there) or "sheets: 0"
