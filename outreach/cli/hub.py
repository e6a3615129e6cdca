"""The `outreach hub` group: what a database on PostgreSQL is asked for, and where it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from outreach.cli.asking import with_program
from outreach.cli.late import LateCommands
from outreach.core.refusal import N_, Misuse
from outreach.services.hub import HubProgram
from outreach.services.program import Program

HUB_COMMANDS = {
    "init": "hub_init",
    "join": "hub_ledger",
    "merge": "hub_ledger",
    "export": "hub_ledger",
    "report": "hub_ledger",
    "key": "hub_returns",
    "program": "hub_returns",
    "accept": "hub_returns",
    "map": "hub_returns",
    "import": "hub_returns",
    "serve": "hub_serve",
}
"""Each with its module, as in `outreach.cli.entry`."""


def address_of(database: str | None) -> str:
    """Where the hub is: as the command says, else OUTREACH_HUB."""
    address = database or os.environ.get("OUTREACH_HUB")
    if not address:
        raise Misuse(N_("Say where the hub's database is: --database, or OUTREACH_HUB."))
    return address


database_option = click.option(
    "--database", metavar="URL", help="The hub: postgresql://ROLE@HOST/NAME (or OUTREACH_HUB)."
)


def with_hub(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the Program whose ledger is on the hub; its keys and its own texts are this home's."""

    @database_option
    @with_program
    @wraps(command)
    def asked(program: Program, /, *args: Any, database: str | None, **kwargs: Any) -> Any:
        served = HubProgram(program.home, address_of(database))
        served.ask, served.keyring = program.ask, program.keyring
        try:
            return command(served, *args, **kwargs)
        finally:
            served.lock()  # lets the server have its connection back

    return asked


@click.group(cls=LateCommands, late=HUB_COMMANDS)
def hub_command() -> None:
    """Many programs' returns, or one program's ledger, in a database on PostgreSQL."""
