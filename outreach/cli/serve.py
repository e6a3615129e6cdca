"""The pages, on this computer only."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.services.program import Program


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
@with_program
def serve_command(program: Program, port: int, no_browser: bool) -> None:
    """Open the pages in a browser on this computer; started twice, it opens the running ones."""
    from outreach.web.serving import serve

    serve(program, port, browser=not no_browser)
