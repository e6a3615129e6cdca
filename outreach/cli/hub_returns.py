"""A department's returns in a terminal: its key, its programs, the yes to a new one, shared codes, and tables."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import table, with_program
from outreach.cli.hub import address_of, database_option
from outreach.core.month_return import Change
from outreach.core.periods import parse_month
from outreach.core.refusal import N_, Misuse
from outreach.services import hub_returns
from outreach.services.hub_returns import TakenIn, department
from outreach.services.program import Program


def say_taken(program: Program, address: str, files: Sequence[tuple[str, bytes]]) -> int:
    """Take returns in and say what became of each; 1 when one was refused."""
    with department(program, address) as desk:
        found = desk.take_in(files, date.today())
    for each in found:
        click.echo(_said(each), err=each.refusal is not None)
    return int(any(each.refusal for each in found))


def _said(taken: TakenIn) -> str:
    if taken.refusal or taken.month_return is None or taken.took is None:
        return f"{taken.file}: {taken.refusal}"
    said, took = taken.month_return, taken.took
    line = (
        f"{taken.file}: {took.code or said.name or 'a program without a name'}, {said.month}, edition {said.edition}: "
    )
    if took.code is None:
        return f"{line}waits. Compare on the phone, then: outreach hub accept {taken.digits} --as CODE"
    if not took.is_new:
        return f"{line}here already."
    if not took.counts:
        return f"{line}kept; another edition counts."
    return line + (f"counts now. Numbers it changed: {took.changed}." if took.changed else "counts now.")


@click.command("key")
@with_program
def key_command(program: Program) -> None:
    """What programs write into returns.toml, so that only this computer opens their returns."""
    click.echo(f'department = "{hub_returns.key_of(program)}"')


@click.command("program")
@click.argument("code", required=False)
@click.option("--name", metavar="N", help="What it calls itself.")
@click.option("--region", metavar="R", help="Where a state report puts it.")
@click.option("--since", metavar="YYYY-MM", help="The first month that is expected.")
@click.option("--expects", type=click.Choice(["monthly", "nothing"]), help="Whether a month can be late.")
@database_option
@with_program
def program_command(
    program: Program,
    code: str | None,
    name: str | None,
    region: str | None,
    since: str | None,
    expects: str | None,
    database: str | None,
) -> None:
    """Add a program that reports, or change what is known of it; without CODE, list them."""
    with department(program, address_of(database)) as desk:
        if code:
            month = parse_month(since).name if since else None
            desk.describe(code, name, region, month, None if expects is None else expects == "monthly")
        rows = [
            {
                "code": each.code,
                "name": each.name,
                "region": each.region,
                "since": each.since,
                "expects": "monthly" if each.expected else "nothing",
            }
            for each in desk.reporters.all()
            if code in (None, each.code)
        ]
    click.echo(table(("code", "name", "region", "since", "expects"), rows))


@click.command("accept")
@click.argument("digits", metavar="DIGITS")
@click.option("--as", "code", required=True, metavar="CODE", help="The program; a new one is added.")
@click.option("--same", is_flag=True, help="It has reported before, under this code: a new key of the same program.")
@database_option
@with_program
def accept_command(program: Program, digits: str, code: str, same: bool, database: str | None) -> None:
    """Say yes to a program's key, once its DIGITS were compared on the phone."""
    with department(program, address_of(database)) as desk:
        waited = desk.accept(digits, code, same=same)
    click.echo(f"Returns of {code} that waited and are kept as its own now: {waited}.")


@click.command("map")
@click.argument("code")
@click.argument("pairs", metavar="[LOCAL=SHARED]...", nargs=-1)
@database_option
@with_program
def map_command(program: Program, code: str, pairs: tuple[str, ...], database: str | None) -> None:
    """Say once which shared item a program's own code stands for; without a pair, list what has none."""
    with department(program, address_of(database)) as desk:
        desk.must_know(code)
        with desk.returns.together():
            for pair in pairs:
                local, equals, shared = pair.partition("=")
                if not equals:
                    raise Misuse(N_("Write it as LOCAL=SHARED, such as nx-4=naloxone-nasal, not {given}."), given=pair)
                desk.share(code, local, shared)
        left = [(item, quantity) for program_, item, quantity in desk.apart() if program_ == code]
    for item, quantity in left:
        click.echo(f"{quantity:>12,}  {item}")
    if not left:
        click.echo("Everything has a shared item.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--program", "code", required=True, metavar="CODE", help="Whose totals these are.")
@click.option("--map", "mapped", type=click.Path(path_type=Path), metavar="M", help="A TOML file: column = meaning.")
@click.option("--dry-run", is_flag=True, help="Look it over and save nothing.")
@database_option
@with_program
def import_command(
    program: Program, file: Path, code: str, mapped: Path | None, dry_run: bool, database: str | None
) -> None:
    """Month totals of a program that sends no returns, from CSV or Excel: all of a table or nothing.

    Columns mean month, place, item, quantity, or a count such as given:CODE, visits:encounters, event:CODE. In the map
    a table [items] gives codes to what the file calls things. A later file of the same month is a later edition.
    """
    meanings, items = _map(mapped)
    with department(program, address_of(database)) as desk:
        found = desk.bring_in(file.name, file.read_bytes(), code, meanings, items, dry_run)
    for each in found:
        said = each.month_return
        what = f"edition {said.edition}" if each.is_new else f"edition {said.edition}, here already"
        click.echo(f"{said.month}: {what}, numbers: {len(said.totals)}, changed: {len(each.changed)}.")
        for change in each.changed[:10]:
            click.echo(f"  {_change(change)}")
    if dry_run:
        click.echo("Nothing was saved.")


def _change(change: Change) -> str:
    before, after = ("-" if n is None else f"{n:,}" for n in (change.before, change.after))
    return f"{change.place}, {change.way} {change.item}: {before}, now {after}"


def _map(file: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    if file is None:
        return {}, {}
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Misuse(N_("The map {file} cannot be read: {why}"), file=file, why=problem) from None
    items = told.pop("items", {})
    pairs = {str(head): str(meaning) for head, meaning in told.items()}
    return pairs, {str(name): str(code) for name, code in items.items()} if isinstance(items, dict) else {}
