"""A sample of what ./start prove prints whole: every card, every language and every layout at least once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest

from outreach.core.cards import Card
from outreach.core.languages import LINE_MAY_END
from outreach.printing.press import Press
from outreach.printing.proof import picture


def sample(deck: Any) -> Iterator[tuple[str, str, str]]:
    """Cards one after another, each with a language and a layout that none before it had, as long as there are such.

    Then the languages and layouts that are left.
    """
    languages, layouts = set[str](), set[str]()
    waiting = list(deck.program.cards)
    while waiting:
        card = waiting.pop(0)
        pairs = [(tag, layout) for tag in reversed(deck.languages(card)) for layout in deck.layouts(card)]
        tag, layout = max(pairs, key=lambda pair: (pair[0] not in languages) + (pair[1] not in layouts))
        yield card, tag, layout
        languages.add(tag)
        layouts.add(layout)
        if not waiting:
            waiting = [
                each
                for each in deck.program.cards
                if set(deck.languages(each)) - languages or set(deck.layouts(each)) - layouts
            ][:1]


@pytest.mark.proof
def test_a_sample_of_every_card_prints(deck: Any) -> None:
    """Each prints, with all its sides, and a second look at its sheet finds its code and no other."""
    met: list[set[str]] = [set(), set(), set()]
    with Press() as press:
        for chosen in sample(deck):
            printed = deck.print(press, *chosen)
            (faces,) = printed.faces_png.values()
            card: Card = deck.program.cards[chosen[0]].card
            assert tuple(faces) == card.sides, chosen
            assert codes(printed.pdf) == said_by_code(deck, card, chosen[1]), chosen
            for seen, each in zip(met, chosen, strict=True):
                seen.add(each)

    cards = deck.program.cards
    assert met[0] == set(cards)
    assert met[1] == {tag for card in cards for tag in deck.languages(card)}
    assert met[2] == {layout for card in cards for layout in deck.layouts(card)}


def said_by_code(deck: Any, card: Card, tag: str) -> set[str]:
    if not card.qr:
        return set()
    language = deck.program.any_language(tag)
    wording = deck.program.wording(language, f"card.{card.id}.qr", card.qr)
    return {wording.text.replace(LINE_MAY_END, "")}


def codes(pdf: bytes) -> set[str]:
    """What the codes on all pages say, seen whole and finer than the press looks at each card."""
    with pypdfium2.PdfDocument(pdf) as document:
        return {code.decode() for page in document for code in picture(page, 200).codes()}
