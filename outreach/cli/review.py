"""Packets to sign, and the signatures that came back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.languages import Language
from outreach.core.refusal import N_, Misuse
from outreach.core.review import Role, sign
from outreach.services import review_packets, reviewing
from outreach.services.files import write_whole
from outreach.services.program import Program

_COLUMNS = ("topic", "language", "edition", "speaker", "clinician", "state")


@click.command("review")
@click.argument("what", required=False, metavar="[TOPIC|TAG]")
@click.option("--packet", metavar="TOPIC", help="The topic of a packet; its English is for a clinician.")
@click.option("--topic", metavar="TOPIC", help="With a language: the topic.")
@click.option("--out", metavar="FILE.html", type=Path, help="Write a packet to print and sign.")
@click.option("--role", type=click.Choice([Role.NATIVE.value, Role.CLINICIAN.value]), help="Who signed.")
@click.option("--group", default="", help="Which group they are from.")
@click.option("--name", default="", help="Their name, if they wish to give it.")
@click.option("--edition", metavar="HASH", help="The edition on the paper that was signed.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day it was signed; today if left out.")
@form_option
@with_program
def review_command(
    program: Program,
    what: str | None,
    packet: str | None,
    topic: str | None,
    out: Path | None,
    role: str | None,
    group: str,
    name: str,
    edition: str | None,
    day: datetime | None,
    form: str,
) -> None:
    """Packets to sign, and what was signed; without anything, where every topic stands."""
    if what is None and packet is None:
        show(form, _COLUMNS, reviewing.standing_rows(program))
        return
    found, language = _asked(program, what, packet or topic)
    if out:
        write_whole(out, review_packets.packet(program, found, language))
        edition = reviewing.edition_of(program, found, language)
        click.echo(f"Saved the packet for {found} ({language.tag}), edition {edition}: {out}")
        return
    if role is None or edition is None:
        raise Misuse(N_("Say --out FILE.html for a packet, or --role, --group and --edition for one that was signed."))
    signature = sign(Role(role), group, day.date() if day else date.today(), date.today(), name)
    reviewing.sign_topic(program, found, language, edition, signature)
    click.echo(f"{found} ({language.tag}) is signed: {signature.words()}.")
    click.echo("Pages that are open show it after the next start. Any change of a word voids it.")


def _asked(program: Program, what: str | None, topic: str | None) -> tuple[str, Language]:
    """A topic and a language from what was typed: a topic alone is its English."""
    if what is not None and what not in program.topics:
        language = program.any_language(what)
        if topic is None:
            raise Misuse(N_("Say which topic: --topic TOPIC."))
        return topic, language
    return what or topic or "", program.source
