"""The program's own sites and settings, kept in its ledger."""

from __future__ import annotations

from outreach.core.codes import parse_address
from outreach.core.refusal import N_, Misuse, Refusal
from outreach.core.sheets import PROGRAM_WIDE, ServiceModel, SiteCode
from outreach.services.program import Program
from outreach.store.sites import NotASiteName as NotASiteName
from outreach.store.sites import Site

ADDRESSES = ("program-address", "guide-address")
WHOLE_PROGRAM = N_("Whole program")
ON_PAGE = ("program-name", "program-phone", *ADDRESSES)
"""What a person may set. All may print on cards; none is about a participant."""


class UnknownSetting(Misuse):
    sentence = N_("There is no setting called {key}. Settings: {known}. Nothing was changed.")


class NotASite(Refusal):
    sentence = N_("{code} stands for the whole program. Give the site another code. Nothing was saved.")


class NameOfAnother(Refusal):
    sentence = N_("There is a site called {name} already: {code}. Give this one another name. Nothing was changed.")


class UnknownModel(Refusal):
    sentence = N_("{model} is not a service model. Use one of {known}. Nothing was saved.")


def check_key(key: str, beside: tuple[str, ...] = ()) -> None:
    """Refuse a setting that is neither here nor one of those `beside`."""
    if key not in (*ON_PAGE, *beside):
        raise UnknownSetting(key=key, known=", ".join((*ON_PAGE, *beside)))


def all_settings(program: Program) -> dict[str, str]:
    """Every setting a person may see; empty where none was made. Reads without making a ledger."""
    ledger = program.ledger_if_any()
    return {key: ledger.settings.get(key) if ledger else "" for key in ON_PAGE}


def on_cards(program: Program) -> dict[str, str]:
    """What cards say of the program. While it is locked, or damaged, as before, and blank where that is not known."""
    if not program.is_locked:
        try:
            program.said_on_cards = all_settings(program)
        except Refusal:
            if program.trouble is None:
                raise
    return program.said_on_cards or dict.fromkeys(ON_PAGE, "")


def left_out_of_cards(program: Program) -> bool:
    """Whether cards leave out what they would say of the program because it is locked."""
    return program.is_locked and program.said_on_cards is None


def needed_on_cards(program: Program) -> dict[str, str]:
    """As `on_cards`, for cards that are nothing without it. Raises Locked while it is not known."""
    return all_settings(program) if left_out_of_cards(program) else on_cards(program)


def change(program: Program, changes: dict[str, str]) -> None:
    """Set each key; all of them or, when one is refused, none."""
    for key in changes:
        check_key(key)
        if key in ADDRESSES:
            parse_address(changes[key])
    ledger = program.ledger()
    with ledger.together():
        for key, value in changes.items():
            ledger.settings.set(key, " ".join(value.split()))


def sites(program: Program) -> list[Site]:
    """Every site; a program that has not begun has one, called `outreach`."""
    ledger = program.ledger_if_any()
    return list(ledger.sites.all()) if ledger else [Site(SiteCode("outreach"), "", ServiceModel.STREET)]


def site_name(program: Program, code: str) -> str:
    """What the team calls a site; its code when it has no other name."""
    unknown = WHOLE_PROGRAM if code == PROGRAM_WIDE else code
    return next((each.name or each.code for each in sites(program) if each.code == code), unknown)


def parse_model(given: str) -> ServiceModel:
    """A service model by its word; refuses with the list."""
    try:
        return ServiceModel(given)
    except ValueError:
        raise UnknownModel(model=given, known=", ".join(each.value for each in ServiceModel)) from None


def add_site(program: Program, code: str, name: str, model: str) -> Site:
    """Add a place the program names itself."""
    if code.strip().lower() == PROGRAM_WIDE:
        raise NotASite(code=PROGRAM_WIDE)
    site = Site(SiteCode(code.strip().lower()), " ".join(name.split()), parse_model(model))
    program.ledger().sites.add(site)
    return site


def rename_site(program: Program, code: str, name: str) -> Site:
    """Call a site otherwise, also the one that is there from the start; with no name it is called by its code.

    Raises UnknownSite, NotASiteName or NameOfAnother.
    """
    name, ledger = " ".join(name.split()), program.ledger()
    with ledger.together():
        for each in sites(program):
            if each.code != code and name and name.casefold() in (each.name.casefold(), each.code):
                raise NameOfAnother(name=name, code=each.code)
        return ledger.sites.rename(code, name)
