"""The order form of the print page: what was typed, the cards put aside before, and what goes together with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from outreach.core.cards import LayoutDoesNotFitCard
from outreach.core.layouts import SkipTooFar
from outreach.core.refusal import N_, Refusal
from outreach.core.tally import NotAQuantity, TooMany, parse_quantity
from outreach.services import cards
from outreach.services.designs.labels import WhichKit
from outreach.services.designs.law import NoState
from outreach.services.program import Program

GIVEN, COPIES = "given-", "copies-"
"""What the names of the fields begin with that only some cards ask for, and of those for how many in a language."""


FIELDS: dict[type[Refusal], str] = {
    cards.NothingToPrint: "copies",
    LayoutDoesNotFitCard: "layout",
    SkipTooFar: "skip",
    NoState: "given-state",
    WhichKit: "given-kit",
}
"""Which field a refusal of an order is about."""
MENDED_HERE = (*FIELDS, NotAQuantity, TooMany)


class NotALine(Refusal):
    sentence = N_("This order has a line that cannot be read: {line}. Begin the order again. Nothing was printed.")


@dataclass(frozen=True, slots=True)
class Line:
    """Copies of one card in one language, put aside for the same sheets."""

    card: str
    tag: str
    count: int

    def __str__(self) -> str:
        return f"{self.card}:{self.tag}:{self.count}"


def lines_of(texts: Iterable[str]) -> list[Line]:
    """Lines as they stand in a form or an address, each "card:language:copies"."""
    found = []
    for text in texts:
        card, _, rest = text.partition(":")
        tag, _, count = rest.partition(":")
        if not (card and tag and count):
            raise NotALine(line=text)
        found.append(Line(card, tag, parse_quantity(count)))
    return found


def typed_lines(program: Program, form: Mapping[str, str]) -> list[Line]:
    """The card that is chosen now, a line for each language with a number; zero and blank ask for nothing."""
    card = form.get("card", "")
    found = []
    for row in cards.card_languages(program).rows:
        typed = form.get(f"{COPIES}{row.tag}", "").strip()
        count = parse_quantity(typed) if typed else 0
        if count:
            found.append(Line(card, row.tag, count))
    return found


def tongues_in(form: Mapping[str, str]) -> set[str]:
    """The languages that have something typed beside them."""
    return {key.removeprefix(COPIES) for key, value in form.items() if key.startswith(COPIES) and value.strip()}


def copies_of(lines: Iterable[Line]) -> dict[tuple[str, str], int]:
    """What an order takes: the same card and language twice are added up."""
    copies: dict[tuple[str, str], int] = {}
    for line in lines:
        copies[line.card, line.tag] = copies.get((line.card, line.tag), 0) + line.count
    return copies


def given_in(form: MultiDict[str, str]) -> dict[str, str]:
    """What only some cards ask for, where something was typed."""
    return {
        key.removeprefix(GIVEN): value.strip() for key, value in form.items() if key.startswith(GIVEN) and value.strip()
    }


def as_typed(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The fields that were filled in, as the form's address takes them: it then opens as it was."""
    named = ("card", "layout", "line", "skip", "turn", "printer")
    every = form.to_dict(flat=False).items()
    return {key: values for key, values in every if key in named or key.startswith((GIVEN, COPIES))}


def fitting_layouts(program: Program, lines: Iterable[Line]) -> list[str]:
    """The ids of the layouts that every card put aside is made for; all of them while there is none."""
    fitting = list(program.layouts)
    for line in lines:
        made_for = cards.card_layouts(program, line.card)
        fitting = [each for each in fitting if each in made_for]
    return fitting
