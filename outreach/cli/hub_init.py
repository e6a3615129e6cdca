"""Making a hub of a database, in a terminal of who runs it."""

from __future__ import annotations

import click

from outreach.cli.hub import address_of, database_option
from outreach.services import hub


@click.command("init")
@database_option
@click.option("--program", "programs", multiple=True, metavar="NAME", help="A program's role; once for each.")
@click.option("--department", "departments", multiple=True, metavar="NAME", help="A role that reads returns only.")
@click.option("--no-password", is_flag=True, help="For a server that knows people by themselves (peer, certificates).")
def init_command(
    database: str | None, programs: tuple[str, ...], departments: tuple[str, ...], no_password: bool
) -> None:
    """Make the database a hub of this version, and the roles of those who use it.

    Give an address that may make tables and roles. What is there already stays as it is.
    """
    done = hub.found(address_of(database), programs, departments, with_passwords=not no_password)
    click.echo("This database is a hub now." if done.steps else "This database is a hub of this version.")
    for role, password in done.roles.items():
        click.echo(f"Made the role {role}." + (f" Its password, said only now: {password}" if password else ""))
