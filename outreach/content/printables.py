"""Cards from `printables/` and from the home's own folder of the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
from outreach.core.cards import Card, Form, UnknownCard
from outreach.core.topics import StepClass
from outreach.home import Home
from outreach.shipped import PRINTABLES

TEMPLATES = PRINTABLES / "templates"


@dataclass(frozen=True, slots=True)
class CardFolder:
    """A card and the folder that its template and style lie in: its own, or a shared one."""

    card: Card
    folder: Path


def read_cards(home: Home, refused: dict[str, BadContent] | None = None) -> dict[str, CardFolder]:
    """Every card folder by id.

    With `refused`, a folder of the home that cannot be used is named there and left out, so that a slip in one card
    never takes the others away; without it the first such folder raises.
    """
    found: dict[str, CardFolder] = {}
    for file in sorted(PRINTABLES.glob("*/card.toml")):
        _add(found, file)
    for file in sorted(home.cards.glob("*/card.toml")):
        try:
            _add(found, file)
        except BadContent as problem:
            if refused is None:
                raise
            refused[file.parent.name] = problem
    return found


def _add(found: dict[str, CardFolder], file: Path) -> None:
    top = read_table(file)
    card = _card(top)
    if card.id in found or card.id != file.parent.name:
        raise top.bad("id", "should be the folder's own name, and no other card's.")
    folder = TEMPLATES / card.template if card.template else file.parent
    if not (folder / "card.html").is_file():
        raise top.bad("template", f"there is no {folder.name}/card.html.")
    found[card.id] = CardFolder(card, folder)


def _card(table: Table) -> Card:
    table.only({each.name for each in fields(Card)} - {"level"} | {"class"})
    lines = table.row.get("lines", {})
    return table.build(
        lambda: Card(
            id=table.get("id", str),
            title=table.get("title", str),
            layouts=table.texts("layouts"),
            sides=table.texts("sides", ("front", "back")),
            form=Form(table.get("form", str, "card")),
            place=table.get("place", int, 50),
            words=table.get("words", str, "steps"),
            template=table.get("template", str, ""),
            topic=table.get("topic", str, ""),
            steps=table.texts("steps", ()),
            more=table.texts("more", ()),
            more_title=table.get("more_title", str, ""),
            signs=table.texts("signs", ()),
            whole=table.get("whole", bool, False),
            handed_out=table.get("handed_out", bool, True),
            lines={key: Table(lines, table.file, "lines").get(key, str) for key in lines},
            qr=table.get("qr", str, ""),
            qr_says=table.get("qr_says", str, ""),
            level=StepClass(table.get("class", str, "S1")),
        )
    )


def find_card(cards: dict[str, CardFolder], card: str) -> CardFolder:
    """The card of that id; refuses with the list."""
    if card not in cards:
        raise UnknownCard(card=card, known=", ".join(cards))
    return cards[card]


@cache
def read_card_words() -> Mapping[str, str]:
    """Words that any card may print, by key (`printables/words.toml`)."""
    top = read_table(PRINTABLES / "words.toml")
    return {key: top.get(key, str) for key in top.row}
