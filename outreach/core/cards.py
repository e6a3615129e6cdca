"""Printed things: a card with its sides, an order of copies, and what makes one impossible to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from outreach.core.languages import LanguageTag
from outreach.core.layouts import Layout, Turn, slot_runs
from outreach.core.refusal import N_, Refusal
from outreach.core.topics import StepClass

COPIES_MAX = 100_000
QR_BYTES_MAX = 110
"""A code's text: short, and safe if a phone searches for it (design: at most 110 bytes)."""


class UnknownCard(Refusal):
    sentence = N_("There is no card called {card}. Cards: {known}. Nothing was printed.")


class LayoutDoesNotFitCard(Refusal):
    sentence = N_("The card {card} is not made for {layout}. It fits {known}. Nothing was printed.")


class NotACount(Refusal):
    sentence = N_("{given} copies cannot be printed. Ask for 1 to {most} copies. Nothing was printed.")


class CardDoesNotFit(Refusal):
    sentence = N_(
        "The card {card} in {language} does not fit on {layout}: even at {floor} pt, its smallest size, "
        'there is no room for "{words}". Shorten these words or choose a larger label. Nothing was printed.'
    )


class PrintRefused(Refusal):
    sentence = N_("The card {card} in {language} was not printed: {why}")


class PrintingNotPossible(Refusal):
    sentence = N_(
        "Printing needs Pango, which is not on this computer. {install} The guide and the counts work without it."
    )


class Form(StrEnum):
    """What kind of printed thing a card is; lists show them in this order."""

    CARD = "card"
    FOLD = "fold"
    BOOK = "book"
    HANDOUT = "handout"
    POSTER = "poster"
    LABEL = "label"
    SHEET = "sheet"


FORM_NAMES: Mapping[Form, str] = {
    Form.CARD: N_("Pocket card"),
    Form.FOLD: N_("Strip that folds"),
    Form.BOOK: N_("Small book"),
    Form.HANDOUT: N_("Handout"),
    Form.POSTER: N_("Poster"),
    Form.LABEL: N_("Label"),
    Form.SHEET: N_("Sheet for the team"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One folder of `printables/`: what it says, on how many sides, and what it can be printed on.

    `words` names where its words come from; `steps` then are step ids of `topic` for the front, in printed
    order, `signs` what to look for before them, and `more` what stands on another side or panel. A step of another
    topic is "naloxone.does". `signs` and `more` stand under the title of their first step's section; `more_title`, a
    key of words.toml, is another. `whole` asks for each step's whole text where there is a short one too.
    `handed_out` is false for what the team keeps, such as a label or a tally sheet: it is no stock.
    `place` is where it stands among those of its form. `lines` are words of its own by key. `template` names a shared
    drawing; empty when the card's folder has its own. A card without `qr` has no code.
    """

    id: str
    title: str
    layouts: tuple[str, ...]
    sides: tuple[str, ...] = ("front", "back")
    form: Form = Form.CARD
    place: int = 50
    words: str = "steps"
    template: str = ""
    topic: str = ""
    steps: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    more_title: str = ""
    signs: tuple[str, ...] = ()
    whole: bool = False
    handed_out: bool = True
    lines: Mapping[str, str] = field(default_factory=dict)
    qr: str = ""
    qr_says: str = ""
    level: StepClass = StepClass.S1

    def __post_init__(self) -> None:
        if len(self.qr.encode()) > QR_BYTES_MAX:
            raise ValueError(f"card {self.id}: the code's text is longer than {QR_BYTES_MAX} bytes")
        if bool(self.qr) != bool(self.qr_says):
            raise ValueError(f"card {self.id}: a code is always explained in words, qr goes with qr_says")
        if not self.layouts:
            raise ValueError(f"card {self.id} names no layout")
        if self.sides not in (("front",), ("front", "back")):
            raise ValueError(f"card {self.id}: sides are front, or front and back")

    def strings(self) -> Iterator[tuple[str, str]]:
        """The card's own translatable strings as (context, English)."""
        yield f"card.{self.id}.title", self.title
        for key, line in self.lines.items():
            yield f"card.{self.id}.{key}", line
        if self.qr:
            yield f"card.{self.id}.qr", self.qr
            yield f"card.{self.id}.qr-says", self.qr_says


@dataclass(frozen=True, slots=True)
class Printable:
    """One card in one language: what is drawn once, however many copies there are."""

    card: str
    language: LanguageTag


@dataclass(frozen=True, slots=True)
class Copies:
    printable: Printable
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= COPIES_MAX:
            raise NotACount(given=f"{self.count:,}", most=f"{COPIES_MAX:,}")


@dataclass(frozen=True, slots=True)
class Placed:
    """One card on one sheet: which one, and in which slot."""

    printable: Printable
    slot: int


@dataclass(frozen=True, slots=True)
class Order:
    """Copies of cards in one or more languages on one layout, after `skip` used slots.

    `turn` is how the printer turns the sheet for the backs; it changes nothing for cards with one side. `given`
    is what only some cards ask for, such as a state or a lot. `printer` names the one whose profile makes up for it.
    """

    copies: tuple[Copies, ...]
    layout: str
    skip: int = 0
    turn: Turn = Turn.LONG
    given: Mapping[str, str] = field(default_factory=dict)
    printer: str = ""

    @property
    def total(self) -> int:
        return sum(each.count for each in self.copies)

    @property
    def printables(self) -> tuple[Printable, ...]:
        """Each card and language once, in the order's order."""
        return tuple(dict.fromkeys(each.printable for each in self.copies))


def sheets_of(order: Order, layout: Layout) -> Iterator[tuple[Placed, ...]]:
    """Each sheet's cards: they follow one another without starting a new sheet, so none is wasted."""
    queue: Iterable[Printable] = (each.printable for each in order.copies for _ in range(each.count))
    printables = iter(queue)
    for run in slot_runs(order.total, layout, order.skip):
        yield tuple(Placed(next(printables), slot) for slot in run)
