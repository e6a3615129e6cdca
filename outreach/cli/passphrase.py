"""The passphrase of this laptop: set, changed, removed, recovered; and locking what runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from outreach.cli.asking import NoTerminal, Words, with_program, words_in
from outreach.services import passphrase
from outreach.services.keyring import NoPassphrase, PassphraseThere
from outreach.services.program import Program


def new_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say where new words come from."""
    language = click.option("--language", metavar="TAG", default="en", help="The language of the words proposed.")
    file = click.option("--new-words-file", "new", metavar="FILE", help="The new words, where nobody can be asked.")
    return language(file(command))


recovery_option = click.option(
    "--recovery", metavar="RECIPIENT", help="Whose recovery key opens this laptop, too; `recovery-key` makes one."
)


@click.group("passphrase", invoke_without_command=True)
@click.pass_context
def passphrase_command(ctx: click.Context) -> None:
    """Lock what is counted on this laptop with words; bare: whether it is."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(_say_state)


@click.command()
@with_program
def _say_state(program: Program) -> None:
    if not program.keyring.has_passphrase:
        click.echo("There is no passphrase: whoever takes this laptop can read what was counted.")
    elif program.keyring.has_recovery:
        click.echo("There is a passphrase. A recovery key opens this laptop, too.")
    else:
        click.echo("There is a passphrase, and no recovery key.")


@passphrase_command.command("set")
@new_words
@recovery_option
@with_program
def set_command(program: Program, new: str | None, language: str, recovery: str | None) -> None:
    """Set one: six words are proposed, or type your own."""
    if program.keyring.has_passphrase:
        raise PassphraseThere()
    _say_forgetting(program)
    # No words are there yet, so --words-file can only mean the new ones.
    given = program.ask.file if isinstance(program.ask, Words) else None
    passphrase.set_passphrase(program, _new(program, new or given, language), recovery)
    click.echo("The passphrase is set.")


@passphrase_command.command("change")
@new_words
@recovery_option
@with_program
def change_command(program: Program, new: str | None, language: str, recovery: str | None) -> None:
    """Other words. A recovery key stays, unless another one is given."""
    words = _words(program)
    if program.is_locked:
        program.unlock(words)
    _say_forgetting(program)
    passphrase.change_passphrase(program, words, _new(program, new, language), recovery)
    click.echo("The passphrase is changed.")


@passphrase_command.command("remove")
@with_program
def remove_command(program: Program) -> None:
    """No passphrase: the key lies beside the ledger again."""
    passphrase.remove_passphrase(program, _words(program))
    click.echo("There is no passphrase any more: whoever takes this laptop can read what was counted.")


@passphrase_command.command("recover")
@click.option("--recovery-key", "key", metavar="FILE", required=True, help="The file out of the coordinator's safe.")
@new_words
@with_program
def recover_command(program: Program, key: str, new: str | None, language: str) -> None:
    """New words, for who has the recovery key."""
    if not program.keyring.has_passphrase:
        raise NoPassphrase()
    secret = words_in(key)
    passphrase.recover(program, secret, _new(program, new, language))
    click.echo("The passphrase is changed.")


@passphrase_command.command("recovery-key")
@click.option("-o", "out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="Where to write it.")
def recovery_key_command(out: Path) -> None:
    """Make a recovery key for the coordinator's safe, and say what laptops are told."""
    recipient = passphrase.write_recovery_key(out)
    click.echo(f"Wrote {out}. Keep it in the office safe, on paper or on a stick, and never on the laptop.")
    click.echo("For each laptop: outreach passphrase set (or change) --recovery " + recipient)


@click.command("lock")
@with_program
def lock_command(program: Program) -> None:
    """Lock the pages that run, as their button does."""
    from outreach.web.serving import lock_running

    if not program.keyring.has_passphrase:
        raise NoPassphrase()
    if lock_running(program.home):
        click.echo("Locked.")
    else:
        click.echo("outreach is not running here, so nothing is unlocked.")


def _say_forgetting(program: Program) -> None:
    for sentence in passphrase.forgetting(program):
        click.echo(str(sentence))


def _words(program: Program) -> str:
    if not program.keyring.has_passphrase:
        raise NoPassphrase()
    assert program.ask is not None
    return program.ask()


def _new(program: Program, file: str | None, language: str) -> str:
    if file:
        return words_in(file)
    if not sys.stdin.isatty():
        raise NoTerminal(option="--new-words-file")
    click.echo(f"Proposed: {passphrase.propose(program.languages.get(language).tag)}")
    click.echo("Write them on the card in the office safe, not on the laptop. They are not shown again.")
    words = str(click.prompt("Type them, or words of your own", hide_input=True))
    passphrase.check_words(words)
    if str(click.prompt("Once more", hide_input=True)) != words:
        raise passphrase.NotTheSame()
    return words
