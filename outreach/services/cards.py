"""Ordering cards: what there is, what is asked for, and the press that prints it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from outreach.content.printables import CardFolder, find_card, read_card_words
from outreach.core.cards import COPIES_MAX, Card, Copies, Form, LayoutDoesNotFitCard, NotACount, Order, Printable
from outreach.core.languages import Language, Languages, Wording
from outreach.core.layouts import Layout, sheets_needed
from outreach.core.printers import Printer, PrinterProfile
from outreach.core.refusal import N_, Refusal
from outreach.printing.job import Printed, PrintJob
from outreach.printing.press import Press, Progress, printing_refusal
from outreach.services.designs.face import design, needed, takes
from outreach.services.designs.given import checked
from outreach.services.layouts import layout_called
from outreach.services.printers import find_printer, turn_over
from outreach.services.program import Program

__all__ = [
    "Press",
    "PrintJob",
    "Progress",
    "Printed",
    "card_languages",
    "card_layouts",
    "card_list",
    "card_options",
    "layout_list",
    "new_press",
    "order",
    "print_job",
    "print_order",
    "printing_refusal",
    "prints_whole",
    "whole_languages",
]


class NothingToPrint(Refusal):
    sentence = N_("No cards were asked for. Type how many of at least one language. Nothing was printed.")


class NoCommonLayout(Refusal):
    sentence = N_("No paper or label stock fits {cards} together. Order them one after the other. Nothing was printed.")


def new_press() -> Press:
    """A press with its own worker process, started when the first card is printed."""
    return Press()


class PaperNotThere(Refusal):
    sentence = N_("The card {card} names the paper {layout}, and there is none of that name. Papers: {known}.")


class HeadingNotThere(Refusal):
    sentence = N_("The card {card} names {word} for its heading, and words.toml has no such word. Words: {known}.")


def why_not(program: Program, card: Card) -> Refusal | None:
    """Why a card cannot be asked for: it names words, steps or papers that are not there. None for one that can."""
    try:
        needed(program, card, program.source)
    except Refusal as refusal:
        return refusal
    if card.more_title and card.more_title not in read_card_words():
        return HeadingNotThere(card=card.id, word=card.more_title, known=", ".join(read_card_words()))
    missing = missing_papers(program, card)
    return missing[0] if len(missing) == len(card.layouts) else None


def missing_papers(program: Program, card: Card) -> list[PaperNotThere]:
    """Papers that a card names and that are not there. It still prints on those that are."""
    known = ", ".join(program.layouts)
    missing = [each for each in card.layouts if each not in program.layouts]
    return [PaperNotThere(card=card.id, layout=each, known=known) for each in missing]


def usable_cards(program: Program) -> list[CardFolder]:
    """The cards that can be asked for, by form, the most wanted first; a slip in one of the program's own never takes
    the others away.
    """
    usable = [each for each in program.cards.values() if why_not(program, each.card) is None]
    return sorted(usable, key=lambda each: (list(Form).index(each.card.form), each.card.place))


def _found(program: Program, card: str) -> CardFolder:
    """The card of that id; refuses with the list, or with what to mend in the program's own."""
    known = program.cards
    if card not in known and card in program.refused_cards:
        raise program.refused_cards[card]
    folder = find_card(known, card)
    if refusal := why_not(program, folder.card):
        raise refusal
    return folder


def card_list(program: Program, language: Language) -> list[tuple[Card, Wording]]:
    return [
        (each.card, program.wording(language, f"card.{each.card.id}.title", each.card.title))
        for each in usable_cards(program)
    ]


def card_layouts(program: Program, card: str) -> list[str]:
    """What a card can be printed on: the layouts it names, and the program's own whose labels are no smaller."""
    names = _found(program, card).card.layouts
    named = [program.layouts[each] for each in names if each in program.layouts]
    own = [each for each in program.layouts.values() if each.own and any(map(each.holds, named))]
    return [each.id for each in (*named, *own)]


def card_options(program: Program) -> dict[str, frozenset[str]]:
    """What each card asks for beside languages and copies, by its id."""
    return {each.card.id: takes(each.card) for each in usable_cards(program)}


def layout_list(program: Program) -> list[Layout]:
    return list(program.layouts.values())


def card_languages(program: Program, card: str | None = None) -> Languages:
    """The languages that a card, or any card, may be asked for in: the guide's, and those with all of its words.

    A language may have its emergency card before it has a guide.
    """
    folders = usable_cards(program) if card is None else [_found(program, card)]
    return Languages(
        tuple(
            row
            for row in program.known_languages
            if row.tag in program.languages or any(_whole(program, each, row) for each in folders)
        )
    ).with_first(program.setup.languages)


def card_language(program: Program, card: str, tag: str) -> Language:
    """One of a card's languages by its name, or a refusal with the list of them.

    Every word of the card decides at once; whether a guide is there takes the catalogs of all languages to say.
    """
    known = Languages(program.known_languages)
    if tag in known and _whole(program, _found(program, card), known.get(tag)):
        return known.get(tag)
    return card_languages(program, card).get(tag)


def whole_languages(program: Program, card: str) -> Languages:
    """The languages that have every word of a card."""
    folder = _found(program, card)
    return Languages(tuple(row for row in card_languages(program, card).rows if _whole(program, folder, row)))


def prints_whole(program: Program, language: Language) -> bool:
    """Whether any card can be printed in this language without a word of it missing."""
    return any(_whole(program, each, language) for each in usable_cards(program))


def _whole(program: Program, folder: CardFolder, language: Language) -> bool:
    return program.says_all(language, needed(program, folder.card, language))


def order(
    program: Program,
    copies: Mapping[tuple[str, str], int],
    layout: str | None = None,
    skip: int = 0,
    given: Mapping[str, str] | None = None,
    sure: bool = False,
    today: date | None = None,
    turn: str = "",
    printer: str = "",
) -> Order:
    """An order checked from end to end before anything is rendered.

    `copies` by card and language tag; `layout` by id or stock number, by default what this laptop prints on, or
    the first that every card fits; `given` what only some cards ask for, such as a state. Asks about an odd one
    unless `sure`. `printer` says how a sheet is turned over and which paper comes first, unless `turn` and `layout`
    say otherwise.
    """
    machine = find_printer(program, printer) if printer else Printer("none")
    if not copies:
        raise NothingToPrint()
    cards = {card: _found(program, card).card for card, _ in copies}
    stock = _layout_for(program, list(cards.values()), layout, machine.paper)
    asides = checked(program, list(cards.values()), given or {}, today or date.today(), sure)
    wanted: dict[Printable, int] = {}
    for (card, tag), count in copies.items():
        printable = Printable(card, card_language(program, card, tag).tag)
        wanted[printable] = wanted.get(printable, 0) + count
    edge = turn_over(turn) if turn else machine.turn
    filled = tuple(Copies(each, count) for each, count in wanted.items())
    asked = Order(filled, stock.id, skip, edge, asides, printer)
    if asked.total > COPIES_MAX:
        raise NotACount(given=f"{asked.total:,}", most=f"{COPIES_MAX:,}")
    sheets_needed(asked.total, stock, skip)
    return asked


def _layout_for(program: Program, cards: list[Card], layout: str | None, paper: str) -> Layout:
    if layout:
        stock = layout_called(program, layout)
        for card in cards:
            if stock.id not in (fitting := card_layouts(program, card.id)):
                raise LayoutDoesNotFitCard(card=card.id, layout=stock.id, known=", ".join(fitting))
        return stock
    there = [each for each in cards[0].layouts if each in program.layouts]
    common = [each for each in there if all(each in card.layouts for card in cards)]
    if not common:
        raise NoCommonLayout(cards=", ".join(card.id for card in cards))
    found = [program.layouts[each] for each in common]
    on_paper = [each for each in found if each.paper == paper] or found
    return next((each for each in on_paper if each.id == program.setup.layout), on_paper[0])


def print_order(
    program: Program, press: Press, asked: Order, progress: Progress | None = None, today: date | None = None
) -> Printed:
    """Render, prove and repeat. Refuses, with nothing handed over, when any card is not right."""
    return press.print(print_job(program, asked, today), progress)


def print_job(program: Program, asked: Order, today: date | None = None) -> PrintJob:
    """Everything the press needs, made up for the printer. Refuses when a word is missing, or a card has a reason."""
    designs = {}
    for each in asked.printables:
        language = card_language(program, each.card, each.language)
        designs[each] = design(program, _found(program, each.card), language, asked.given, today)
    profile = find_printer(program, asked.printer).profile if asked.printer else PrinterProfile()
    return PrintJob(program.layouts[asked.layout], asked, designs, profile)
