"""Setting a laptop up: the languages that stand first, the paper it prints on, several sites at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock

from outreach.content.setup import read_setup, setup_row
from outreach.content.writing import toml_table
from outreach.core.setup import Setup
from outreach.core.sheets import PROGRAM_WIDE
from outreach.core.supplies import Catalog, Item, Kit
from outreach.core.tallying import Standing, Tallying
from outreach.services import lineup, settings, tallying
from outreach.services.files import plain_name, read_if_changed, write_own
from outreach.services.layouts import layout_called
from outreach.services.program import Program
from outreach.store.sites import Site

KEYS = ("languages", "layout")
"""What `outreach settings` may change here, too."""
CODE_MAX = 40
_writing = Lock()


def is_offered(program: Program) -> bool:
    """Whether the first page offers to set up: a home nobody said anything of yet, that was not told to be quiet.

    Not where something is counted or was restored, nor where laptops count together: it is no first time there.
    """
    if program.setup != Setup() or program.home.setup.exists() or program.home.is_demo:
        return False
    ledger = program.ledger_if_any()
    if (ledger and ledger.count()) or not lineup.is_alone(program):
        return False
    return not any(settings.all_settings(program).values()) and not _has_sites(program)


def be_done(program: Program) -> None:
    """Offer it no more."""
    _change(program, lambda now: replace(now, done=True))


def choose_languages(program: Program, tags: Iterable[str], up: str = "") -> Setup:
    """Put languages first, as `Setup.carrying` does; refuses one that may not be chosen."""
    wanted = [program.languages.get(tag).tag for tag in tags]
    return _change(program, lambda now: replace(now, languages=now.carrying(wanted, up)))


def choose_layout(program: Program, layout: str) -> Setup:
    """Have a paper or label stock stand chosen, by its id or stock number; none when empty. Refuses an unknown one."""
    wanted = layout_called(program, layout).id if layout else ""
    return _change(program, lambda now: replace(now, layout=wanted))


def change(program: Program, key: str, value: str) -> None:
    """One of KEYS, as typed: language tags in the order wanted, or a layout."""
    if key == "layout":
        choose_layout(program, value.strip())
    else:
        wanted = tuple(program.languages.get(tag).tag for tag in value.replace(",", " ").split())
        _change(program, lambda now: replace(now, languages=tuple(dict.fromkeys(wanted))))


def told(program: Program) -> dict[str, str]:
    """KEYS and what they are now, as they are typed."""
    return {"languages": " ".join(program.setup.languages), "layout": program.setup.layout}


def _change(program: Program, change: Callable[[Setup], Setup]) -> Setup:
    """Read, change and write the home's file, one change at a time. A damaged one is not written over."""
    with _writing:
        made = change(read_if_changed(program.home.setup, read_setup))
        about = "How this laptop was set up."
        write_own(program.home, program.home.setup, about, [toml_table("", setup_row(made))])
        return made


# --- sites, several at once ---


def add_sites(program: Program, wanted: Iterable[tuple[str, str]]) -> tuple[Site, ...]:
    """Add places by (name, service model), each with a code made from its name; all of them or none.

    A name that is there already is left as it is, so that a form that is sent twice adds nothing.
    """
    named = [(" ".join(name.split()), settings.parse_model(model)) for name, model in wanted if name.strip()]
    if not named:
        return ()
    added: list[Site] = []
    with program.ledger().together():
        there = settings.sites(program)
        for name, model in named:
            if any(name.casefold() == (each.name or each.code).casefold() for each in (*there, *added)):
                continue
            code = code_for(name, [each.code for each in (*there, *added)])
            added.append(settings.add_site(program, code, name, model.value))
    return tuple(added)


def code_for(name: str, taken: Iterable[str]) -> str:
    """A code for a place's name that no other has: "Peña Lot" is pena-lot, or pena-lot-2; a name with no Latin letters
    is site, site-2.
    """
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = plain_name(latin)[:CODE_MAX].strip("-") or "site"
    used, found, number = {*taken, PROGRAM_WIDE}, code, 1
    while found in used:
        number += 1
        found = f"{code}-{number}"
    return found


# --- what is handed out ---


def hand_out(program: Program, seen: str, carried: set[str]) -> Tallying:
    """Save which things are carried, by code, on the page `seen` (an edition); how the others stand is kept.

    What is carried but not counted stays so, and so does everything beside things. Raises ChosenMeanwhile.
    """
    now, standing = tallying.choices(program), {}
    for code in codes(program.catalog):
        stands = now.stands(code)
        if code not in carried:
            standing[code] = Standing.NOT_CARRIED.value
        elif stands is Standing.NOT_CARRIED:
            standing[code] = Standing.COUNTED.value
        else:
            standing[code] = stands.value
    held = [each for _, _, events in tallying.all_events(program) for each in events]
    events = {each.code for each in held if now.counts(each)}
    return tallying.choose(program, seen, standing, events, set(now.monthly))


def codes(catalog: Catalog) -> list[str]:
    return [thing.code for thing in catalog.handed_out()]


def carried(program: Program) -> list[tuple[str, str, list[tuple[Item | Kit, bool]]]]:
    """Every group as (code, name, things), each thing with whether it is carried."""
    chosen = tallying.chosen_or_all(program)
    return [
        (group.code, group.name, [(each, chosen.stands(each.code) is not Standing.NOT_CARRIED) for each in things])
        for group, things in chosen.in_order(program.catalog)
    ]


# --- how far it is ---

STEPS = ("name", "sites", "languages", "supplies", "paper", "keeps")
"""In the order they are asked. Each saves by itself, and each may be left out."""


def untouched(program: Program) -> set[str]:
    """The steps of which nothing was said yet, so all is as it ships."""
    said = settings.all_settings(program)
    found = {
        "name": not (said["program-name"] or said["program-phone"]),
        "sites": not _has_sites(program),
        "languages": not program.setup.languages,
        "supplies": not program.home.tallying.exists(),
        "paper": not program.setup.layout,
    }
    return {step for step, as_shipped in found.items() if as_shipped}


def _has_sites(program: Program) -> bool:
    """Whether a site was added, or the first one called by a name."""
    there = settings.sites(program)
    return len(there) > 1 or any(each.name for each in there)
