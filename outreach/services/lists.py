"""What there is, as plain rows: cards, layouts, languages, items."""

from __future__ import annotations

from typing import Any

from outreach.core.languages import Language, ReviewState
from outreach.core.supplies import Kit
from outreach.services import tallying
from outreach.services.cards import prints_whole, usable_cards
from outreach.services.designs.face import takes
from outreach.services.program import Program

Row = dict[str, Any]


def cards(program: Program) -> list[Row]:
    return [
        {
            "card": each.card.id,
            "title": each.card.title,
            "form": each.card.form.value,
            "layouts": ", ".join(each.card.layouts),
            "sides": len(each.card.sides),
            "takes": sorted(takes(each.card)),
        }
        for each in usable_cards(program)
    ]


def layouts(program: Program) -> list[Row]:
    return [
        {
            "layout": each.id,
            "name": each.name,
            "paper": each.paper,
            "places": each.slots,
            "label": f"{float(each.label[0]):.1f} x {float(each.label[1]):.1f} mm",
        }
        for each in program.layouts.values()
    ]


def languages(program: Program) -> list[Row]:
    """Every known language with its share of content strings translated and reviewed, counted, not claimed."""
    return [_language(program, row) for row in program.known_languages]


def _language(program: Program, row: Language) -> Row:
    said = [program.wording(row, context, english) for context, english, _ in program.strings()]
    there = [each for each in said if row.is_source or each.is_translation]
    return {
        "language": row.tag,
        "name": row.name,
        "english": row.english,
        "translated": f"{len(there)} of {len(said)}",
        "reviewed": f"{sum(each.state is ReviewState.REVIEWED for each in there)} of {len(said)}",
        "usable": _usable(program, row, len(there)),
    }


def _usable(program: Program, row: Language, there: int) -> str:
    """What a language can be used for today."""
    guide, cards_too = row.tag in program.languages, prints_whole(program, row)
    if guide or cards_too:
        return "guide and cards" if guide and cards_too else "guide only" if guide else "cards only"
    if row.prepared:
        return "prepared, no words yet" if not there else "prepared, too few words yet"
    return "no words yet" if not there else "too few words yet"


def items(program: Program) -> list[Row]:
    rows: list[Row] = []
    chosen = tallying.choices(program)
    for thing in program.catalog.handed_out():
        parts = thing.recipes[-1].parts if isinstance(thing, Kit) else {}
        rows.append(
            {
                "item": thing.code,
                "name": thing.name,
                "unit": thing.unit,
                "group": thing.group,
                "here": chosen.stands(thing.code).value,
                "holds": ", ".join(f"{n} {part}" for part, n in parts.items()),
            }
        )
    return rows
