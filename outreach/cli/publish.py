"""The guide as a static site: a folder to put on any host."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.asking import table, with_program
from outreach.services.folders import check_folder, write_folder
from outreach.services.program import Program


@click.command("publish")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--address", required=True, metavar="URL", help="Where people will find it: https://example.org/guide/")
@click.option("--language", "languages", multiple=True, metavar="TAG", help="Only these; may be given more than once.")
@click.option("--noindex", is_flag=True, help="Ask search engines to leave it out.")
@with_program
def publish_command(program: Program, folder: Path, address: str, languages: tuple[str, ...], noindex: bool) -> None:
    """Write the guide into DIR as a site that works without a network once visited.

    DIR is new, empty, or an earlier publication, which is brought up to date. Nothing is sent anywhere:
    copy DIR to your host.
    """
    from outreach.web.publishing import LISTING, make_site

    check_folder(folder, LISTING)
    site = make_site(program, address, languages, index=not noindex, said=lambda words: click.echo(words, err=True))
    write_folder(folder, site.files, LISTING)
    rows = [
        {
            "language": each.language.tag,
            "pages": each.pages,
            "first_visit_KB": round(each.raw / 1000),
            "KB_gzipped": round(each.packed / 1000),
        }
        for each in site.visits
    ]
    click.echo(table(list(rows[0]), rows))
    click.echo(f"Wrote {folder}: {len(site.files):,} files for {address}. Copy it to your host.")
