"""What an order says beside card and language: each option checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from outreach.content.laws import find_state
from outreach.core.cards import Card
from outreach.core.labels import ask_about_expiry, parse_lot, parse_month
from outreach.core.refusal import N_, Refusal
from outreach.services.designs.coding import HOTSPOT, TAKES, parse_kind
from outreach.services.designs.face import takes
from outreach.services.program import Program


class NotAskedFor(Refusal):
    sentence = N_("The card {card} prints nothing about {what}. Leave --{option} out. Nothing was printed.")


def checked(
    program: Program, cards: list[Card], given: Mapping[str, str], today: date, sure: bool = False
) -> dict[str, str]:
    """The options as cards print them. Refuses one that no card takes or that cannot be; asks about an odd one."""
    taken = frozenset[str]().union(*(takes(card) for card in cards))
    if taken >= TAKES:
        taken |= HOTSPOT
    found = {}
    for option, what in given.items():
        found[option] = _plain(program, option, what)
        if option not in taken:
            raise NotAskedFor(card=", ".join(card.id for card in cards), what=what, option=option)
    if "expires" in found and not sure:
        ask_about_expiry(found["expires"], today)
    return found


def _plain(program: Program, option: str, what: str) -> str:
    if option == "state":
        return find_state(what)
    if option == "code":
        return parse_kind(what)
    if option == "lot":
        return parse_lot(what)
    if option == "expires":
        return parse_month(what)
    if option == "kit":
        return program.catalog.get(what).code
    return what
