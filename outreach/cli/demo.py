"""A believable year in a home of its own, to see pages with something in them."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.services import demo
from outreach.services.program import Program


@click.command("demo")
@click.option("--years", default=1, show_default=True, type=click.IntRange(1, 10))
@with_program
def demo_command(program: Program, years: int) -> None:
    """Make a demo home beside the real one. Every page and card of it says DEMO."""
    made = demo.make(program.home, years)
    click.echo(f"Made {made.sheets:,} sheets of a program that does not exist.")
    click.echo(f"Look at it with: outreach --home {made.home.path} serve")
