"""What is wrong, apart from what is still to do."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.services import checkup
from outreach.services.program import Program


@click.command("check")
@with_program
def check_command(program: Program) -> int:
    """Look this laptop over. Exits with 1 when something is wrong; things still to do do not count."""
    found = checkup.look_over(program)
    for title, sentences in (("wrong", found.wrong), ("to do", found.to_do), ("fine", found.fine)):
        for sentence in sentences:
            click.echo(f"{title:<6} {sentence}")
    return 1 if found.wrong else 0
