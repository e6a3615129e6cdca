"""The program's own: its sites and its settings."""

from __future__ import annotations

import click

from outreach.cli.asking import form_option, show, with_program
from outreach.core.refusal import Misuse
from outreach.services import settings, setup
from outreach.services.program import Program


@click.command("sites")
@click.argument("action", required=False, type=click.Choice(["add", "rename"]))
@click.argument("code", required=False)
@click.option("--name", default="", help="What the team calls it. A place of the program, never a person's address.")
@click.option("--model", default="street", show_default=True, help="fixed, mobile, street, mail, vending or peer.")
@form_option
@with_program
def sites_command(program: Program, action: str | None, code: str | None, name: str, model: str, form: str) -> None:
    """List sites; add one: `outreach sites add north --name "North lot"`; or call one otherwise:
    `outreach sites rename outreach --name "Main lot"`. Its code stays.
    """
    if action and not code:
        raise Misuse(f"Give the site's code, such as `outreach sites {action} north`.")
    if action == "rename":
        if not name.strip():
            raise Misuse('Give the name, such as --name "North lot". Nothing was changed.')
        renamed = settings.rename_site(program, code or "", name)
        click.echo(f"The site {renamed.code} is now called {renamed.name or renamed.code}.")
        return
    if action == "add":
        added = settings.add_site(program, code, name, model)
        click.echo(f"Added the site {added.code}.")
        return
    rows = [{"site": each.code, "name": each.name, "model": each.model.value} for each in settings.sites(program)]
    show(form, ("site", "name", "model"), rows)


@click.command("settings")
@click.argument("key", required=False)
@click.argument("value", required=False)
@form_option
@with_program
def settings_command(program: Program, key: str | None, value: str | None, form: str) -> None:
    """Show settings, or change one: `outreach settings program-phone 555-0100`.

    `languages` are the ones that stand first wherever one is chosen, such as "es ht"; `layout` is the paper or label
    stock that you print on.
    """
    if key is not None:
        settings.check_key(key, setup.KEYS)
    if key is not None and value is not None:
        if key in setup.KEYS:
            setup.change(program, key, value)
        else:
            settings.change(program, {key: value})
        click.echo(f"{key} is now {value or 'empty'}.")
        return
    found = setup.told(program) if key in setup.KEYS else settings.all_settings(program)
    if key is None:
        found |= setup.told(program)
    else:
        found = {key: found[key]}
    show(form, ("setting", "value"), [{"setting": name, "value": each} for name, each in found.items()])
