"""Words for translators."""

from __future__ import annotations

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Misuse
from outreach.services import translations
from outreach.services.program import Program


@click.command("translate")
@click.option("--refresh", is_flag=True, help="Bring locales/*.pot and every .po up to date with the sources.")
@with_program
def translate_command(program: Program, refresh: bool) -> None:
    """Bring the catalogs up to date after words or pages changed (in a checkout)."""
    if not refresh:
        raise Misuse(N_("Say what to do: --refresh brings the catalogs up to date."))
    changed = translations.refresh(program)
    click.echo("\n".join(f"changed {file}" for file in changed) or "Every catalog is up to date.")
