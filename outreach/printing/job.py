"""What is handed to the press and what comes back, as values that survive JSON without losing a fraction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from outreach.core.cards import Card, Copies, Order
from outreach.core.languages import LanguageTag
from outreach.core.layouts import Layout, Turn, sheets_needed
from outreach.core.printers import PrinterProfile

SAFE_EDGE = Fraction(3)
"""Millimetres inside a label's edge that stay white: cutters and die-cut stock are never exact."""


@dataclass(frozen=True, slots=True)
class Design:
    """One card's words in one language, ready for its template.

    `scripts` name rows of `fonts.toml`, in the order to try them; one that leads comes first all the same.
    `context` holds only text, numbers, lists and mappings. `qr_text` is what the code says, or empty for no code.
    """

    language: LanguageTag
    direction: str
    scripts: tuple[str, ...]
    context: Mapping[str, Any]
    qr_text: str = ""

    def __post_init__(self) -> None:
        if self.direction not in ("ltr", "rtl"):
            raise ValueError(f"{self.language}: a direction is ltr or rtl")
        if not self.scripts:
            raise ValueError(f"{self.language}: a design names at least one script")


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One order with everything that the press needs to print it; `folder` holds card.html and card.css."""

    card: Card
    folder: Path
    layout: Layout
    order: Order
    designs: Mapping[LanguageTag, Design]
    printer: PrinterProfile = field(default_factory=PrinterProfile)

    def __post_init__(self) -> None:
        if self.order.card != self.card.id or self.order.layout != self.layout.id:
            raise ValueError("an order is printed with its own card and layout")
        missing = {each.language for each in self.order.copies} - set(self.designs)
        if missing:
            raise ValueError(f"no design for {', '.join(sorted(missing))}")
        sheets_needed(self.order.total, self.layout, self.order.skip)

    @property
    def languages(self) -> tuple[LanguageTag, ...]:
        """Each language once, in the order's order."""
        return tuple(dict.fromkeys(each.language for each in self.order.copies))

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), default=str, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes) -> PrintJob:
        read: dict[str, dict[str, Any]] = json.loads(data)
        layout, order = read["layout"], read["order"]
        card: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in read["card"].items()}
        for key in ("label", "origin", "pitch"):
            layout[key] = tuple(map(Fraction, layout[key]))
        copies = tuple(Copies(**each) for each in order["copies"])
        return cls(
            card=Card(**card),
            folder=Path(str(read["folder"])),
            layout=Layout(**layout | {"equivalents": tuple(layout["equivalents"])}),
            order=Order(**order | {"copies": copies, "turn": Turn(order["turn"])}),
            designs={
                tag: Design(**design | {"scripts": tuple(design["scripts"])}) for tag, design in read["designs"].items()
            },
            printer=PrinterProfile(**{key: Fraction(each) for key, each in read["printer"].items()}),
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """The whole order as one PDF, pictures of the first sheet by side, and how many sheets of paper it takes.

    By language and side, `faces_png` shows each card alone and upright, as it was proved, and
    `text_sizes` says how small the words became, in points.
    """

    pdf: bytes
    preview_png: Mapping[str, bytes]
    sheets: int
    faces_png: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    text_sizes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
