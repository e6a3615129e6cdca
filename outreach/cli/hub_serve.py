"""A department's page over its programs' returns, on this computer."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.cli.hub import address_of, database_option
from outreach.services.program import Program


@click.command("serve")
@database_option
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
@with_program
def serve_command(program: Program, database: str | None, port: int, no_browser: bool) -> None:
    """Open the department's page in a browser on this computer; give the address with the department's role."""
    from outreach.web.hub_serving import serve_hub

    serve_hub(program, address_of(database), port, browser=not no_browser)
