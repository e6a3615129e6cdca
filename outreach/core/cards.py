"""Printed things: a card with its sides, an order of copies, and what makes one impossible to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from outreach.core.languages import LanguageTag
from outreach.core.layouts import Layout, Turn, slot_runs
from outreach.core.refusal import N_, Refusal

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


@dataclass(frozen=True, slots=True)
class Card:
    """One folder of `printables/`. `steps` are step ids of `topic`, in printed order."""

    id: str
    title: str
    topic: str
    steps: tuple[str, ...]
    how_to: tuple[str, ...]
    qr: str
    qr_says: str
    layouts: tuple[str, ...]
    sides: tuple[str, ...] = ("front", "back")

    def __post_init__(self) -> None:
        if len(self.qr.encode()) > QR_BYTES_MAX:
            raise ValueError(f"card {self.id}: the code's text is longer than {QR_BYTES_MAX} bytes")

    def strings(self) -> Iterator[tuple[str, str]]:
        """The card's own translatable strings as (context, English)."""
        yield f"card.{self.id}.title", self.title
        yield f"card.{self.id}.qr", self.qr
        yield f"card.{self.id}.qr-says", self.qr_says


@dataclass(frozen=True, slots=True)
class Copies:
    language: LanguageTag
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= COPIES_MAX:
            raise NotACount(given=f"{self.count:,}", most=f"{COPIES_MAX:,}")


@dataclass(frozen=True, slots=True)
class Placed:
    """One card on one sheet: which language, and in which slot."""

    language: LanguageTag
    slot: int


@dataclass(frozen=True, slots=True)
class Order:
    """Copies of one card in one or more languages on one layout, after `skip` used slots.

    `turn` is how the printer turns the sheet for the backs; it changes nothing for a card with one side.
    """

    card: str
    copies: tuple[Copies, ...]
    layout: str
    skip: int = 0
    turn: Turn = Turn.LONG

    @property
    def total(self) -> int:
        return sum(each.count for each in self.copies)


def sheets_of(order: Order, layout: Layout) -> Iterator[tuple[Placed, ...]]:
    """Each sheet's cards: languages follow one another without starting a new sheet, so none is wasted."""
    queue: Iterable[LanguageTag] = (each.language for each in order.copies for _ in range(each.count))
    languages = iter(queue)
    for run in slot_runs(order.total, layout, order.skip):
        yield tuple(Placed(next(languages), slot) for slot in run)
