"""Cards from `printables/` and from the home's own folder of the same shape."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
from outreach.core.cards import Card, UnknownCard
from outreach.core.topics import StepClass
from outreach.home import Home
from outreach.shipped import PRINTABLES

TEMPLATES = PRINTABLES / "templates"


@dataclass(frozen=True, slots=True)
class CardFolder:
    """A card and the folder that its template and style lie in: its own, or a shared one."""

    card: Card
    folder: Path


def read_cards(home: Home) -> dict[str, CardFolder]:
    """Every card folder by id."""
    found: dict[str, CardFolder] = {}
    for file in (*sorted(PRINTABLES.glob("*/card.toml")), *sorted((home.path / "printables").glob("*/card.toml"))):
        card = _card(read_table(file))
        if card.id in found or card.id != file.parent.name:
            raise BadContent(
                file=f"{file.parent.name}/card.toml", key="id", why="should be the folder's own name, once."
            )
        folder = TEMPLATES / card.template if card.template else file.parent
        if not (folder / "card.html").is_file():
            raise BadContent(
                file=f"{file.parent.name}/card.toml", key="template", why=f"there is no {folder.name}/card.html."
            )
        found[card.id] = CardFolder(card, folder)
    return found


def _card(table: Table) -> Card:
    table.only({each.name for each in fields(Card)} - {"level"} | {"class"})
    lines = table.row.get("lines", {})
    return table.build(
        lambda: Card(
            id=table.get("id", str),
            title=table.get("title", str),
            layouts=table.texts("layouts"),
            sides=table.texts("sides", ("front", "back")),
            words=table.get("words", str, "steps"),
            template=table.get("template", str, ""),
            topic=table.get("topic", str, ""),
            steps=table.texts("steps", ()),
            more=table.texts("more", ()),
            more_title=table.get("more_title", str, ""),
            signs=table.texts("signs", ()),
            whole=table.get("whole", bool, False),
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


def read_card_words() -> dict[str, str]:
    """Words that any card may print, by key (`printables/words.toml`)."""
    top = read_table(PRINTABLES / "words.toml")
    return {key: top.get(key, str) for key in top.row}
