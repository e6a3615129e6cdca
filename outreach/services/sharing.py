"""What all laptops of a program have alike: a coordinator's settings, sites and public files, given and taken."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.carry import editions
from outreach.content.writing import toml_table
from outreach.core import shared as states
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import SHARED, Edition, newer
from outreach.core.shared import BadShared, Shared
from outreach.core.sheets import ServiceModel, SiteCode
from outreach.services import rolls, settings, shared_files, taking_over
from outreach.services.program import Program
from outreach.services.rolls import OtherList, Taken, UnknownSigner, roll
from outreach.store.sites import Site

_SETTINGS = "settings.toml"


class NotShared(Refusal):
    """Said, not raised: what is counted is carried all the same."""

    sentence = N_("What this program shares was not brought up to date: {why}")


class LeftOut(Refusal):
    """Said, not raised."""

    sentence = N_("These files do not travel, because they are too large or their names are not plain: {files}.")


class BroughtUp(Refusal):
    """Said, not raised."""

    sentence = N_("Texts, settings and lists are now as the coordinator has them.")


class PutAside(Refusal):
    """Said, not raised."""

    sentence = N_("What this laptop had changed by itself is kept in the folder {folder}: {files}.")


def publish(program: Program) -> tuple[Refusal, ...]:
    """On a coordinator's laptop: sign what is shared anew if something differs; what to say about it."""
    try:
        shared_files.check(program.home)
        files, behind = shared_files.found(program.home)
    except Refusal as refusal:
        return (NotShared(why=refusal),)
    now = roll(program)
    if now is None or not rolls.is_coordinator(program):
        raise rolls.NotCoordinator()
    ledger = program.ledger()
    sites = tuple((site.code, site.name, site.model.value) for site in ledger.sites.all())
    left_out = tuple(path for path in behind if states.may_travel(path))
    made = Shared(program.program_id(), settings.all_settings(program), sites, files, left_out).canonical()
    with ledger.together():
        held = ledger.exchange.edition(SHARED)
        by = {each.public for each in now.coordinators}
        if held and held.body == made and held.signer in by:
            return ()
        _put(program, editions.sign(SHARED, held.number + 1 if held else 1, made, rolls.voice(program)))
    return (LeftOut(files=", ".join(behind)),) if behind else ()


def _put(program: Program, edition: Edition) -> None:
    exchange = program.ledger().exchange
    exchange.drop_edition(SHARED)  # one that a former coordinator signed may have a higher number
    exchange.put_edition(edition)


def take(program: Program, edition: Edition) -> Taken:
    """Have everything that is shared here be as this edition says, if a coordinator signed it and it is newer.

    All of it or none: every file is read through first. What this laptop had changed itself since the last
    edition is kept in `replaced/`. Raises UnknownSigner, OtherList, BadShared or CannotShare.
    """
    now, ledger = roll(program), program.ledger()
    held = ledger.exchange.edition(SHARED)
    by = {each.public for each in now.coordinators} if now else set()
    trusts_held = held is not None and held.signer in by
    if held == edition or (held and trusts_held and newer(held, edition) == held):
        return Taken()
    if edition.signer not in by or not editions.is_signed(edition):
        if trusts_held:  # of a coordinator who is none any more, on an old stick
            return Taken()
        raise UnknownSigner()
    new = states.from_canonical(edition.body)
    if new.program != program.program_id():
        raise OtherList()
    sites = _sites(new)
    last = states.from_canonical(held.body) if held else Shared(new.program)
    kept = _take_files(program, new, last, edition.number)
    with ledger.together():
        there, before = {site.code: site.name for site in ledger.sites.all()}, _site_names(last)
        for site in sites:
            if site.code not in there:
                ledger.sites.add(site)
            # A site that no coordinator gave a name keeps the one that it was given here.
            elif site.name or there[site.code] == before.get(site.code):
                ledger.sites.rename(site.code, site.name)
        for key, value in new.settings.items():
            if key in settings.ON_PAGE:
                ledger.settings.set(key, value)
        _put(program, edition)
    program.freshen()
    return Taken(True, (BroughtUp(), *kept))


def _sites(new: Shared) -> list[Site]:
    try:
        return [Site(SiteCode(code), name, ServiceModel(model)) for code, name, model in new.sites]
    except (Refusal, ValueError) as problem:
        raise BadShared(why="a site in it is none.") from problem


def _take_files(program: Program, new: Shared, last: Shared, number: int) -> tuple[Refusal, ...]:
    """Put the files in place; what to say of those that went aside."""
    home = program.home
    home.make()
    here, _ = shared_files.found(home)
    here = {path: content for path, content in here.items() if path not in new.left_out}
    aside = {
        path: content for path, content in here.items() if content not in (new.files.get(path), last.files.get(path))
    }
    changed = _changed_settings(program, new, last)
    called = _changed_sites(program, new, last)
    if changed or called:
        tables = [toml_table(head, rows) for head, rows in (("[settings]", changed), ("[sites]", called)) if rows]
        aside[_SETTINGS] = "\n".join(tables).encode("utf-8")
    writes = [path for path, content in new.files.items() if here.get(path) != content]
    gone = [path for path in here if path not in new.files]
    try:
        shared_files.check(taking_over.stage(home, new.files))
        if not (writes or gone or aside):
            return ()
        folder = taking_over.replace(home, writes, gone, aside, number)
    finally:
        if not home.taking_plan.exists():
            taking_over.drop(home)
    names = [path for path in aside if path != _SETTINGS] + sorted(changed) + sorted(called.values())
    return (PutAside(folder=folder, files=", ".join(names)),) if names else ()


def _changed_settings(program: Program, new: Shared, last: Shared) -> Mapping[str, str]:
    """What this laptop said in settings that become others; what it never changed itself is not kept."""
    return {
        key: value
        for key, value in settings.all_settings(program).items()
        if value and value not in (new.settings.get(key, value), last.settings.get(key))
    }


def _changed_sites(program: Program, new: Shared, last: Shared) -> Mapping[str, str]:
    """What this laptop called sites, by code, that a coordinator now calls otherwise."""
    now, before = _site_names(new), _site_names(last)
    return {
        site.code: site.name
        for site in settings.sites(program)
        if site.name and now.get(site.code) and site.name not in (now[site.code], before.get(site.code))
    }


def _site_names(shared: Shared) -> dict[str, str]:
    return {code: name for code, name, _ in shared.sites}
