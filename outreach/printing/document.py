"""A report, a letter or a wall poster as plain blocks, for the press to set on paper."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

PAPERS = ("letter", "a4")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, from top to bottom.

    kind      what it is
    title     the document's own heading
    heading   a heading inside it
    lead      the sentence that is read first
    text      a paragraph
    note      a small one, such as how a number is counted; on a screen folded under `heads` where it has one
    caption   what stands right over a chart or a table
    table     `heads` over `rows`; columns whose number is in `numbers` are figures; lines of a cell after its
              first are small under it
    chart     `svg`, drawn for paper; `text` says in words what it shows
    big       one large figure `text` with the words of `rows[0]` under it, for a wall

    `lang` is the language of its text when that is not the document's.
    """

    kind: str
    text: str = ""
    lang: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in one language on pages of one paper. `mark` stands at the head of each page, such as DEMO."""

    title: str
    language: str
    direction: str
    scripts: tuple[str, ...]
    blocks: tuple[Block, ...]
    paper: str = "letter"
    mark: str = ""

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise ValueError(f"a document is on {' or '.join(PAPERS)}")

    def to_json(self) -> bytes:
        return json.dumps({"document": asdict(self)}, ensure_ascii=False).encode()

    @classmethod
    def from_data(cls, read: dict[str, Any]) -> Document:
        """What `to_json` wrote, read as JSON."""
        blocks = tuple(_block(each) for each in read["blocks"])
        return cls(**read | {"scripts": tuple(read["scripts"]), "blocks": blocks})


def _block(read: dict[str, Any]) -> Block:
    rows: Iterable[Iterable[str]] = read["rows"]
    own = {"heads": tuple(read["heads"]), "rows": tuple(map(tuple, rows)), "numbers": tuple(read["numbers"])}
    return Block(**read | own)
