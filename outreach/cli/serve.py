"""The pages, on this computer; the guide alone on its network when asked for."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.services.program import Program


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--lan", is_flag=True, help="Show the guide, and nothing else, to phones on this laptop's network.")
@click.option(
    "--lan-address",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    help="The same, at this address only; for a laptop on several networks.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
@with_program
def serve_command(program: Program, port: int, lan: bool, addresses: tuple[str, ...], no_browser: bool) -> None:
    """Open the pages in a browser on this computer; started twice, it opens the running ones."""
    from outreach.web.room import own_addresses
    from outreach.web.serving import serve

    program.ask = None  # the pages ask, and nobody is at the terminal any more
    shown = list(addresses) or (own_addresses() if lan else [])
    serve(program, port, browser=not no_browser, lan=shown)
