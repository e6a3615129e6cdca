"""Labels for kits and naloxone: what is inside on this day, and the lot and the month of expiry that were given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from outreach.content.topics import find_topic
from outreach.core.cards import Card
from outreach.core.refusal import N_, Refusal
from outreach.core.supplies import Catalog, Item, ItemCode, Kit
from outreach.services import settings
from outreach.services.designs.asking import (
    Answer,
    Asked,
    Context,
    Source,
    Strings,
    pair,
    refuse_missing,
    stands_alone,
)
from outreach.services.program import Program

USUAL = "naloxone-nasal"
"""What a naloxone label is for when the order does not say."""


class WhichKit(Refusal):
    sentence = N_("Say which kit or item the label is for, one of {known}. Nothing was printed.")


class NoProgramName(Refusal):
    sentence = N_(
        "A label with the program's name was asked for, and the program has none yet. Type one in Settings, or leave "
        "--named out. Nothing was printed."
    )


def kit_label(asked: Asked) -> Answer:
    """`name`, `parts` by today's recipe, and what labels share."""
    catalog = asked.program.catalog
    kits = {kit.code: kit for kit in catalog.kits}
    kit = kits.get(ItemCode(asked.given.get("kit", "")))
    if kit is None:
        raise WhichKit(known=_listed(kits))
    parts = kit.recipe_on(asked.today).parts
    return _label(asked, kit, [(catalog.get(code), count) for code, count in parts.items()])


def naloxone_label(asked: Asked) -> Answer:
    """The same for one product, with the topic's words on what to do when all there is has expired."""
    catalog = asked.program.catalog
    holding = [thing for thing in catalog.handed_out() if _doses(catalog, thing, asked.today)]
    thing = next((each for each in holding if each.code == asked.given.get("kit", USUAL)), None)
    if thing is None:
        raise WhichKit(known=_listed(each.code for each in holding))
    return _label(asked, thing, [])


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _doses(catalog: Catalog, thing: Item | Kit, day: date) -> bool:
    if isinstance(thing, Item):
        return thing.doses > 0
    return any(_doses(catalog, catalog.get(part), day) for part in catalog.parts(thing.code, 1, day))


def _label(asked: Asked, thing: Item | Kit, parts: list[tuple[Item | Kit, int]]) -> Answer:
    """An item without a translation, such as one of the program's own, is named as the program names it."""
    named = asked.given.get("named") and settings.needed_on_cards(asked.program)["program-name"]
    if asked.given.get("named") and not named:
        raise NoProgramName()
    told = {key: asked.line(key) for key in asked.card.lines}
    notes = _notes(asked.program, asked.card)
    told |= {context: asked.wording(context, english) for context, english in notes}
    refuse_missing(asked, told)
    names = [asked.wording(f"item.{each.code}", each.name) for each in (thing, *(part for part, _ in parts))]
    alone = stands_alone(asked, [*told.values(), *names])

    def item(each: Item | Kit) -> Context:
        return pair(asked, f"item.{each.code}", each.name, alone)

    context = {
        "name": item(thing),
        "parts": [{"count": count, **item(each)} for each, count in parts],
        "words": {
            key: pair(asked, f"card.{asked.card.id}.{key}", english, alone) for key, english in asked.card.lines.items()
        },
        "notes": [pair(asked, *each, alone) for each in notes],
        "lot": asked.given.get("lot", ""),
        "expires": asked.given.get("expires", ""),
        "program": named or "",
        "phones": [],
    }
    return Answer(context, [*told.values(), *names])


def _notes(program: Program, card: Card) -> Strings:
    """The card's steps of a topic, if it has any."""
    if not card.steps:
        return []
    topic = find_topic(program.topics, card.topic)
    return [(f"{card.topic}.{step}", topic.step(step).text) for step in card.steps]


TAKES = frozenset({"kit", "lot", "expires", "named"})
KIT, NALOXONE = Source(kit_label, _notes, TAKES), Source(naloxone_label, _notes, TAKES)
