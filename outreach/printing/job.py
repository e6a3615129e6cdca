"""What is handed to the press and what comes back, as values that survive JSON without losing a fraction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from outreach.core.cards import Copies, Order, Printable
from outreach.core.languages import LanguageTag
from outreach.core.layouts import Layout, Turn, sheets_needed
from outreach.core.printers import PrinterProfile


@dataclass(frozen=True, slots=True)
class Design:
    """One card's words in one language, ready for its template; `folder` holds card.html and card.css.

    `scripts` name rows of `fonts.toml`, in the order to try them; one that leads comes first all the same.
    `context` holds only text, numbers, lists and mappings. `qr_text` is what the code says, or empty for no code.
    """

    printable: Printable
    folder: Path
    sides: tuple[str, ...]
    direction: str
    scripts: tuple[str, ...]
    context: Mapping[str, Any]
    qr_text: str = ""

    def __post_init__(self) -> None:
        if self.direction not in ("ltr", "rtl"):
            raise ValueError(f"{self.printable.language}: a direction is ltr or rtl")
        if not self.scripts:
            raise ValueError(f"{self.printable.language}: a design names at least one script")

    @property
    def card(self) -> str:
        return self.printable.card

    @property
    def language(self) -> LanguageTag:
        return self.printable.language


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One order with everything that the press needs to print it."""

    layout: Layout
    order: Order
    designs: Mapping[Printable, Design]
    printer: PrinterProfile = field(default_factory=PrinterProfile)

    def __post_init__(self) -> None:
        if self.order.layout != self.layout.id:
            raise ValueError("an order is printed on its own layout")
        missing = set(self.order.printables) - set(self.designs)
        if missing:
            raise ValueError(f"no design for {missing}")
        sheets_needed(self.order.total, self.layout, self.order.skip)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides of a sheet: a back as soon as one card has one."""
        two = any("back" in self.designs[each].sides for each in self.order.printables)
        return ("front", "back") if two else ("front",)

    @property
    def cards(self) -> tuple[str, ...]:
        """Each card once, in the order's order."""
        return tuple(dict.fromkeys(each.card for each in self.order.printables))

    @property
    def languages(self) -> tuple[LanguageTag, ...]:
        """Each language once, in the order's order."""
        return tuple(dict.fromkeys(each.language for each in self.order.printables))

    def faces(self) -> Iterator[tuple[Design, str]]:
        """Every side that has to be drawn, once."""
        for each in self.order.printables:
            for side in self.designs[each].sides:
                yield self.designs[each], side

    def to_json(self) -> bytes:
        told = {name: asdict(getattr(self, name)) for name in ("layout", "order", "printer")}
        told["designs"] = [asdict(each) for each in self.designs.values()]
        return json.dumps(told, default=str, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes) -> PrintJob:
        return cls.from_data(json.loads(data))

    @classmethod
    def from_data(cls, read: Mapping[str, Any]) -> PrintJob:
        """What `to_json` wrote, read as JSON."""
        order = read["order"]
        copies = tuple(Copies(Printable(**each["printable"]), each["count"]) for each in order["copies"])
        designs = [_design(each) for each in read["designs"]]
        return cls(
            layout=layout_of(read["layout"]),
            order=Order(**order | {"copies": copies, "turn": Turn(order["turn"])}),
            designs={each.printable: each for each in designs},
            printer=profile_of(read["printer"]),
        )


def layout_of(read: dict[str, Any]) -> Layout:
    """A layout as it was before it became JSON."""
    lengths = {key: tuple(map(Fraction, read[key])) for key in ("label", "origin", "pitch")}
    return Layout(**read | lengths | {"equivalents": tuple(read["equivalents"])})


def profile_of(read: dict[str, str]) -> PrinterProfile:
    """A printer's profile as it was before it became JSON."""
    return PrinterProfile(**{key: Fraction(each) for key, each in read.items()})


def _design(read: dict[str, Any]) -> Design:
    own = {
        "printable": Printable(**read["printable"]),
        "folder": Path(read["folder"]),
        "sides": tuple(read["sides"]),
        "scripts": tuple(read["scripts"]),
    }
    return Design(**read | own)


@dataclass(frozen=True, slots=True)
class Printed:
    """The whole order as one PDF, pictures of the first sheet by side, and how many sheets of paper it takes.

    By card and language, and then by side, `faces_png` shows each card alone and upright, as it was proved,
    and `text_sizes` says how small the words became, in points.
    """

    pdf: bytes
    preview_png: Mapping[str, bytes]
    sheets: int
    faces_png: Mapping[Printable, Mapping[str, bytes]] = field(default_factory=dict)
    text_sizes: Mapping[Printable, Mapping[str, float]] = field(default_factory=dict)
