"""The board to point at: the program's own items as pictures, a few words and the numbers, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.content.supplies import read_board
from outreach.content.topics import picture_svg
from outreach.core.languages import Language, Wording
from outreach.services.program import Program

HIGHEST = 20
_NOT_POINTED_AT = {"print"}
"""Groups that nobody asks for by pointing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing said in both languages. `second` is None where it would say the same again."""

    key: str
    first: Wording
    second: Wording | None
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """`words` holds the few phrases by key; `items` stand in the order of their groups, kits first."""

    first: Language
    second: Language | None
    words: dict[str, Pair]
    items: tuple[Pair, ...]


def board(program: Program, tag: str, other: str = "") -> Board:
    """The board in `tag` and `other` (English when left out; alone when that is the same). Refuses an unknown one."""
    first = program.languages.get(tag)
    second = program.languages.get(other) if other else program.source
    alone = second == first

    def pair(context: str, english: str, key: str, picture: str = "") -> Pair:
        said = program.wording(first, context, english)
        beside = None if alone else program.wording(second, context, english)
        same = beside is None or beside.text == said.text
        return Pair(key, said, None if same else beside, picture_svg(picture) if picture else "")

    groups = sorted(program.catalog.groups, key=lambda each: each.code != "kits")
    things = [thing for group in groups for thing in program.catalog.handed_out() if thing.group == group.code]
    items = tuple(
        pair(f"item.{thing.code}", thing.name, thing.code, thing.picture)
        for thing in things
        if thing.group not in _NOT_POINTED_AT
    )
    words = {key: pair(f"board.{key}", english, key) for key, english in read_board().items()}
    return Board(first, None if alone else second, words, items)
