"""Words for translators: packets out, packets back in, and the catalogs brought up to date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from outreach.cli.asking import with_program
from outreach.core.refusal import N_, Misuse
from outreach.core.review import Role, sign
from outreach.services import taking_in, translating, translations
from outreach.services.files import write_whole
from outreach.services.program import Program


@click.command("translate")
@click.argument("tag", required=False, metavar="[TAG]")
@click.option("--out", metavar="FILE", type=Path, help="Write a packet: FILE.html, FILE.csv, or both into a folder.")
@click.option("--first", type=click.IntRange(1), metavar="N", help="Only the N most needed; 40 take half an hour.")
@click.option("--in", "back", metavar="FILE", type=Path, help="Take a packet back (.csv or .po).")
@click.option("--role", type=click.Choice([Role.DRAFTER.value, Role.CHECKER.value]), help="Who filled it in.")
@click.option("--group", default="", help="Which group they are from.")
@click.option("--name", default="", help="Their name, if they wish to give it.")
@click.option("--refresh", is_flag=True, help="Bring locales/*.pot and every .po up to date (in a checkout).")
@with_program
def translate_command(
    program: Program,
    tag: str | None,
    out: Path | None,
    first: int | None,
    back: Path | None,
    role: str | None,
    group: str,
    name: str,
    refresh: bool,
) -> int:
    """Words out to a translator, and back in.

    The one who checks words is never the one who wrote them.
    """
    if refresh:
        changed = translations.refresh(program)
        click.echo("\n".join(f"changed {file}" for file in changed) or "Every catalog is up to date.")
        return 0
    if tag is None or (out is None) == (back is None):
        raise Misuse(N_("Say which language, and --out FILE or --in FILE. --refresh brings the catalogs up to date."))
    if out:
        return _out(program, tag, out, first)
    if role is None:
        raise Misuse(N_("Say who filled it in: --role drafter or --role checker, and --group."))
    return _back(program, tag, back or Path(), Role(role), group, name)


def _out(program: Program, tag: str, out: Path, first: int | None) -> int:
    language = translating.other_language(program, tag)
    rows = translating.asked(program, language, first)
    kind = out.suffix.lower()
    page, sheet = translating.as_page(rows, language), translating.as_csv(rows)
    if kind in (".html", ".htm", ".csv"):
        files = [(out, sheet if kind == ".csv" else page)]
    else:
        out.mkdir(parents=True, exist_ok=True)
        files = [(out / f"words-{language.tag}.html", page), (out / f"words-{language.tag}.csv", sheet)]
    for file, content in files:
        write_whole(file, content)
        click.echo(f"Saved {len(rows)} texts: {file}")
    return 0


def _back(program: Program, tag: str, file: Path, role: Role, group: str, name: str) -> int:
    language = translating.other_language(program, tag)
    today = date.today()
    taken = taking_in.take_in(program, language, file, sign(role, group, today, today, name))
    for each in taken.refused:
        click.echo(f"refused {each}", err=True)
    click.echo(
        f"{language.english}: {len(taken.saved)} new, {len(taken.checked)} checked, {len(taken.refused)} refused."
    )
    if taken.saved:
        click.echo("New words are drafts until another speaker checks them.")
    if taken.refused:
        click.echo("What was refused keeps the words it had.")
    if taken.saved or taken.checked:
        click.echo("Pages that are open show it after the next start.")
    return 1 if taken.refused else 0
