"""The board to point at on paper: the program's own items as pictures, a few words and the numbers."""

from __future__ import annotations

from outreach.content.supplies import read_board
from outreach.core.cards import Card
from outreach.core.refusal import N_, Refusal
from outreach.services.board import HIGHEST, Pair, board
from outreach.services.designs.asking import Answer, Asked, Context, Source, Strings, refuse_missing, said
from outreach.services.program import Program

MOST = 70
"""Items on one sheet: with more, each picture would be smaller than a fingertip."""


class TooManyItems(Refusal):
    sentence = N_(
        "There are {count} things to point at, and one sheet holds {most} at most. Use the board on a screen, which "
        "holds them all. Nothing was printed."
    )


def answer(asked: Asked) -> Answer:
    """`words` by key and `items`, each in the card's language as `first` and in English as `second`.

    An item without a translation, such as one of the program's own, is named as the program names it.
    """
    shown = board(asked.program, asked.language.tag)
    if len(shown.items) > MOST:
        raise TooManyItems(count=len(shown.items), most=MOST)
    refuse_missing(asked, {key: each.first for key, each in shown.words.items()})
    pairs = [*shown.words.values(), *shown.items]
    context = {
        "words": {key: _both(each) for key, each in shown.words.items()},
        "items": [_both(each) for each in shown.items],
        "numbers": list(range(1, HIGHEST + 1)),
    }
    return Answer(context, [each.first for each in pairs])


def _both(each: Pair) -> Context:
    return {"first": said(each.first), "second": said(each.second) if each.second else None, "picture": each.svg}


def needed(program: Program, card: Card) -> Strings:
    return [(f"board.{key}", english) for key, english in read_board().items()]


SOURCE = Source(answer, needed)
