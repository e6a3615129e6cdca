"""Cards and layouts from `printables/` and from the home's own folder of the same shape."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
from outreach.core.cards import Card, UnknownCard
from outreach.core.layouts import Layout, UnknownLayout, length
from outreach.home import Home
from outreach.shipped import PRINTABLES


@dataclass(frozen=True, slots=True)
class CardFolder:
    """A card and the folder that its template and style lie in."""

    card: Card
    folder: Path


def read_layouts(home: Home) -> dict[str, Layout]:
    """Every layout by id, shipped first."""
    found: dict[str, Layout] = {}
    for file in (PRINTABLES / "layouts.toml", home.path / "printables" / "layouts.toml"):
        if not file.exists():
            continue
        for key, row in read_table(file).row.items():
            if key in found:
                raise BadContent(file=file.name, key=key, why="there is already a layout of that name.")
            found[key] = _layout(key, Table(row, file, key))
    return found


def _layout(key: str, table: Table) -> Layout:
    table.only(("name", "paper", "columns", "rows", "label", "origin", "pitch", "die_cut", "equivalents", "lopsided"))

    def make() -> Layout:
        label, origin, pitch = (
            tuple(length(text) for text in table.texts(each)) for each in ("label", "origin", "pitch")
        )
        if not len(label) == len(origin) == len(pitch) == 2:
            raise ValueError("label, origin and pitch each need two lengths")
        return Layout(
            id=key,
            name=table.get("name", str),
            paper=table.get("paper", str),
            columns=table.get("columns", int),
            rows=table.get("rows", int),
            label=(label[0], label[1]),
            origin=(origin[0], origin[1]),
            pitch=(pitch[0], pitch[1]),
            die_cut=table.get("die_cut", bool, True),
            equivalents=table.texts("equivalents", ()),
            lopsided=table.get("lopsided", str, ""),
        )

    return table.build(make)


def find_layout(layouts: dict[str, Layout], layout: str) -> Layout:
    """The layout of that id or of an equivalent stock number; refuses with the list."""
    if layout in layouts:
        return layouts[layout]
    wanted = layout.lower().removeprefix("avery-").removeprefix("avery ")
    for each in layouts.values():
        if wanted in (each.id.lower().removeprefix("avery-"), *(same.lower() for same in each.equivalents)):
            return each
    raise UnknownLayout(layout=layout, known=", ".join(layouts))


def read_cards(home: Home) -> dict[str, CardFolder]:
    """Every card folder by id."""
    found: dict[str, CardFolder] = {}
    for file in (*sorted(PRINTABLES.glob("*/card.toml")), *sorted((home.path / "printables").glob("*/card.toml"))):
        card = _card(read_table(file))
        if card.id in found or card.id != file.parent.name:
            raise BadContent(
                file=f"{file.parent.name}/card.toml", key="id", why="should be the folder's own name, once."
            )
        found[card.id] = CardFolder(card, file.parent)
    return found


def _card(table: Table) -> Card:
    table.only(("id", "title", "topic", "steps", "how_to", "qr", "qr_says", "layouts", "sides"))
    return table.build(
        lambda: Card(
            id=table.get("id", str),
            title=table.get("title", str),
            topic=table.get("topic", str),
            steps=table.texts("steps"),
            how_to=table.texts("how_to", ()),
            qr=table.get("qr", str),
            qr_says=table.get("qr_says", str),
            layouts=table.texts("layouts"),
            sides=table.texts("sides", ("front", "back")),
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
