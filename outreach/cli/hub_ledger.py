"""A program's ledger on a hub, in a terminal: to the program's laptops it is one more of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from outreach.cli import exchange
from outreach.cli.hub import with_hub
from outreach.cli.hub_reports import show_state, state_options
from outreach.cli.hub_returns import say_taken
from outreach.cli.reports import report_options, show_report
from outreach.services import hub_returns, laptops
from outreach.services.hub import HubProgram
from outreach.services.program import Program


@click.command("join")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_hub
def join_command(program: HubProgram, file: Path) -> None:
    """Join a program with an invitation's file. Export then, so that its coordinator can let the hub in."""
    laptops.join(program, file.read_text(encoding="utf-8", errors="replace"))
    device, called = laptops.own(program)
    click.echo(f"This hub is called {called} and shows {laptops.digits(device)}. It is not let in yet.")
    click.echo("Next: outreach hub export FILE, and take the file to the coordinator's laptop.")


@click.command("merge")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_hub
def merge_command(program: HubProgram, files: tuple[Path, ...]) -> int:
    """Take month returns in, or files of a program's laptops: in any order, and as often as you like."""
    returns, bundles = hub_returns.parted(program, files)
    refused = say_taken(program, program.address, returns) if returns else 0
    return refused | (exchange.merge(program, bundles) if bundles else 0)


@click.command("export")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@with_hub
def export_command(program: HubProgram, file: Path) -> None:
    """Put all that the ledger on the hub knows into FILE, or into a folder, for the program's laptops."""
    exchange.export(program, file)


@click.command("report")
@report_options
@state_options
@with_hub
def report_command(
    program: HubProgram, state: bool, public: bool, threshold: str, published: bool, **asked: Any
) -> None:
    """As `outreach report`, from the ledger that this role has on the hub.

    With --state of all programs' month returns, as the department: totals, visits, or standing (who has reported);
    --by is then program, region, month, quarter or year.
    """
    if not state:
        show_report(program, **asked)
        return
    # Words and items are this computer's; a department has no ledger on the hub that could be asked.
    own = Program(program.home)
    show_state(own, program.address, public=public, threshold=threshold, published=published, **asked)
