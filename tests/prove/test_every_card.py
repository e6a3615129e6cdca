"""Every card in every language that has all its words, on every layout it names: what a program may order, prints."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from outreach.core.refusal import Refusal
from outreach.printing.press import Press

PRESSES = 2


def test_every_card_prints_in_every_language_on_every_layout(deck: Any) -> None:
    """Nothing is refused: no line from the drawing library, every word in its frame, every code right.

    The press looks at each sheet for that before it hands it over; here, that it has drawn what was asked.
    """
    wanted = [(card, language) for card in deck.program.cards for language in deck.languages(card)]
    assert {card for card, _ in wanted} == set(deck.program.cards), "every card has a language, English at least"

    def share(n: int) -> list[str]:
        with Press() as press:
            return [wrong for card, language in wanted[n::PRESSES] for wrong in faults(deck, press, card, language)]

    with ThreadPoolExecutor(PRESSES) as pool:
        found = [wrong for each in pool.map(share, range(PRESSES)) for wrong in each]

    assert found == []


def faults(deck: Any, press: Press, card: str, language: str) -> Iterator[str]:
    """Labels of one size follow one another: the worker still knows what it drew for the one before."""
    stocks = [deck.program.layouts[each] for each in deck.layouts(card)]
    for stock in sorted(stocks, key=lambda each: each.label):
        about = f"{card}, {language}, {stock.id}"
        try:
            printed = deck.print(press, card, language, stock.id)
        except Refusal as refusal:
            yield f"{about}: {refusal}"
            continue
        (faces,), (sizes,) = printed.faces_png.values(), printed.text_sizes.values()
        if tuple(faces) != deck.program.cards[card].card.sides or printed.sheets != 1:
            yield f"{about}: drew {tuple(faces)} on {printed.sheets} sheets"
        yield from (f"{about}: {side} in {size} pt" for side, size in sizes.items() if size < 6.5)
