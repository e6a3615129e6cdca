"""The program's laptops from a terminal: who is in, inviting and joining, letting in and turning away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.cli.backup import NotConfirmed
from outreach.core.partition import DAY
from outreach.core.refusal import Misuse, NotThere, Refusal
from outreach.services import inviting, laptops, lineup, waiting
from outreach.services.codes import code_on_screen
from outreach.services.files import write_whole
from outreach.services.lineup import Member
from outreach.services.program import Program
from outreach.services.sticks import NameTaken

ACTIONS = ("found", "invite", "join", "accept", "turn-away", "revoke", "coordinator", "count")
ASKS = "asks to be let in"


class NotCompared(Refusal):
    sentence = (
        "{name} shows eight digits of its own. Have them read to you, and give them: "
        "outreach laptops accept DIGITS. If they differ, it is another laptop: turn it away. Nothing was changed."
    )


class NoOddDays(NotThere):
    sentence = "No sheet of {name} waits because of its day. Nothing was changed."


@click.command("laptops")
@click.argument("action", required=False, type=click.Choice(ACTIONS))
@click.argument("what", required=False)
@click.option("--name", default=None, help="With join and accept: another name for the laptop.")
@click.option("-o", "out", metavar="FILE", type=click.Path(path_type=Path), help="With invite: the file or its folder.")
@click.option("--qr", metavar="FILE", type=click.Path(path_type=Path), help="With invite: the same as a code, as SVG.")
@click.option("--anew", is_flag=True, help="With found: when no coordinator's laptop is left.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@form_option
@with_program
def laptops_command(
    program: Program,
    action: str | None,
    what: str | None,
    name: str | None,
    out: Path | None,
    qr: Path | None,
    anew: bool,
    yes: bool,
    form: str,
) -> None:
    """List the program's laptops, or change who is in.

    On the coordinator's: `outreach laptops invite "Van 2"`. On Van 2: `outreach laptops join van-2.join`, then
    `outreach export FILE`. Back at the coordinator's: `outreach merge FILE`, `outreach laptops accept 1a2b-3c4d`,
    and export to Van 2 once. Lost or stolen: `outreach laptops revoke "Van 2" --yes`. Sheets whose day cannot
    be wait until you say `outreach laptops count "Van 2"`. WHAT is a laptop's name or the eight digits it shows.
    """
    if action is None:
        _list(program, form)
    elif action == "found":
        made = laptops.found(program, what or "", anew)
        click.echo(f"This laptop, {made.coordinators[0].name}, is the coordinator's. Invite the others from here.")
        if anew:
            click.echo("Every other laptop joins again by an invitation of yours. What was merged here is not lost.")
    elif what is None:
        raise Misuse(f"Say which: outreach laptops {action} ... Nothing was changed.")
    elif action == "invite":
        _invite(program, what, out, qr)
    elif action == "join":
        _join(program, what, name)
    else:
        _decide(program, action, what, name, yes)


def _list(program: Program, form: str) -> None:
    rows = [
        {
            "laptop": each.name,
            "digits": each.digits,
            "last_day": each.last.isoformat() if each.last else None,
            "missing": each.missing,
            "waiting": each.waiting,
            "state": _state(each),
        }
        for each in lineup.members(program)
    ]
    asking = [{"laptop": each.name, "digits": laptops.digits(each.device)} for each in laptops.asking(program)]
    rows += [{"last_day": None, "missing": None, "waiting": None, "state": ASKS} | each for each in asking]
    if rows or form == "json":
        show(form, ("laptop", "digits", "last_day", "missing", "waiting", "state"), rows)
    if form != "json":
        for line in _next(program, bool(asking)):
            click.echo(line)


def _state(each: Member) -> str:
    said = ["this one"] * each.is_this + ["coordinator"] * each.is_coordinator + ["turned away"] * each.is_turned_away
    return ", ".join(said)


def _next(program: Program, is_asked: bool) -> Iterator[str]:
    if lineup.is_alone(program):
        yield "This program has one laptop. For another one: outreach laptops invite NAME"
        return
    if laptops.hello(program):
        device, name = laptops.own(program)
        shown = laptops.digits(device)
        yield f"This one, {name}, shows {shown} and is not let in yet: take an export to the coordinator."
    elif laptops.is_coordinator(program):
        if is_asked:
            yield "Compare the digits with those on that laptop, then:"
            yield "outreach laptops accept DIGITS (or turn-away DIGITS)"
        for each in waiting.waits(program):
            if each.why == DAY:
                days = ", ".join(map(str, each.days[:3])) + ", ..." * (len(each.days) > 3)
                yield f"{each.name}: sheets that wait, for their day cannot be: {len(each.sheets):,} ({days})."
                yield f'To count them anyway: outreach laptops count "{each.name}"'


def _invite(program: Program, called: str, out: Path | None, qr: Path | None) -> None:
    line = laptops.invite(program, called)
    name = inviting.file_name(called)
    file = (out / name) if out and out.is_dir() else (out or Path(name))
    # The same invitation again is no reason to refuse; another file of that name is.
    if file.exists() and not file.read_bytes().startswith(b"outreach-join:"):
        raise NameTaken(file=file)
    write_whole(file, f"{line}\n".encode("ascii"))
    if qr:
        write_whole(qr, code_on_screen(line).encode("utf-8"))
        click.echo(f"The code is in {qr}.")
    click.echo(f"Wrote {file}. On the laptop: outreach laptops join {file.name}. Or paste this line there:\n\n{line}\n")
    click.echo("Whoever finds it can only ask to be let in.")


def _join(program: Program, given: str, name: str | None) -> None:
    text = given
    if not given.lstrip().startswith("outreach-join:"):
        try:
            text = Path(given).read_bytes()[:100_000].decode("ascii", "replace")
        except OSError:
            raise Misuse("{file} cannot be read. Nothing was changed.", file=given) from None
    laptops.join(program, text, name)
    device, called = laptops.own(program)
    click.echo(f"This laptop is called {called} and shows {laptops.digits(device)}. It is not let in yet.")
    click.echo("Next: outreach export FILE, and take the file to the coordinator's laptop.")


def _decide(program: Program, action: str, what: str, name: str | None, yes: bool) -> None:
    if action == "accept":
        device = laptops.find(program, what, laptops.asking(program))
        if not yes and what.casefold() not in (laptops.digits(device), device[:8], device):
            _compare(what, laptops.digits(device))
        laptop = laptops.accept(program, device, name)
        click.echo(f"{laptop.name} is in: its sheets count. Export once more for it, so that it knows.")
    elif action == "count":
        device = laptops.find(program, what)
        odd = [
            one for each in waiting.waits(program) if (each.device, each.why) == (device, DAY) for one in each.sheets
        ]
        if not odd:
            raise NoOddDays(name=what)
        click.echo(f"Sheets of {what} that count from now on: {laptops.accept_sheets(program, odd):,}.")
        click.echo("Export for every other laptop, so that they know.")
    elif action == "turn-away":
        said = laptops.turn_away(program, what)
        click.echo(f"{said.name} is turned away. Sheets of it that wait: {said.waiting:,}.")
    elif action == "revoke":
        if not yes:
            click.echo("What counts of it stays. Nothing more of it will count, and it can open no later file.")
            raise NotConfirmed()
        said = laptops.revoke(program, what)
        click.echo(
            f"{said.name} is turned away after its sheet {said.after:,}. Sheets of it that wait: {said.waiting:,}."
        )
        click.echo("Export for every other laptop, so that they know.")
    else:
        laptop = laptops.make_coordinator(program, what)
        click.echo(f"{laptop.name} is a coordinator's laptop too. Export once more for it, so that it knows.")


def _compare(name: str, digits: str) -> None:
    """Have the two people compare before a name is believed. Raises NotCompared."""
    if not sys.stdin.isatty() or not click.confirm(f"Does {name} show {digits}?", err=True):
        raise NotCompared(name=name)
