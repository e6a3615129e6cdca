"""The blank tally sheet: what the program hands out in its own order, with room for marks, counts and their sums."""

from __future__ import annotations

from outreach.core.cards import Card
from outreach.services.designs.asking import Answer, Asked, Source, Strings, pair, refuse_missing, stands_alone
from outreach.services.program import Program
from outreach.services.tallying import groups


def answer(asked: Asked) -> Answer:
    """`words` by key and `groups` with their `things`. The sum of a column checks what is typed in later.

    An item without a translation, such as one of the program's own, is named as the program names it.
    """
    told = {key: asked.line(key) for key in asked.card.lines}
    refuse_missing(asked, told)
    alone = stands_alone(asked, told.values())
    rows = groups(asked.program)
    context = {
        "words": {
            key: pair(asked, f"card.{asked.card.id}.{key}", english, alone) for key, english in asked.card.lines.items()
        },
        "heading": pair(asked, f"card.{asked.card.id}.title", asked.card.title, alone),
        "groups": [
            {
                **pair(asked, f"group.{group.code}", group.name, alone),
                "things": [
                    {**pair(asked, f"item.{each.code}", each.name, alone), "back": bool(each.back)}
                    for each in group.things
                ],
            }
            for group in rows
        ],
        "rows": sum(1 + len(group.things) for group in rows),
    }
    return Answer(context, list(told.values()))


def needed(program: Program, card: Card) -> Strings:
    return []


SOURCE = Source(answer, needed)
