"""A program's ledger on a hub, in a terminal."""

from __future__ import annotations

from typing import Any

import click

from outreach.cli.hub import with_hub
from outreach.cli.reports import report_options, show_report
from outreach.services.hub import HubProgram


@click.command("report")
@report_options
@with_hub
def report_command(program: HubProgram, **asked: Any) -> None:
    """As `outreach report`, from the ledger that this role has on the hub."""
    show_report(program, **asked)
