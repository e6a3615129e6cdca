"""Looking over what a program added itself: topics, lines, alerts, cards, papers, printers, and what has gone stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

from outreach.content.alerts import read_phrasebook
from outreach.content.reading import BadContent
from outreach.core.refusal import Refusal
from outreach.services import (
    alerts,
    cards,
    funders,
    law_checks,
    layouts,
    packs,
    participation,
    phones,
    printers,
    shelves,
    tallying,
    weighing,
)
from outreach.services.program import Program


def wrong(program: Program, today: date) -> Iterator[str]:
    """Files of the home that cannot be used, each with what to mend; nothing in them is shown until then."""
    yield from (f"topics/{refusal}" for _, refusal in sorted(_refused(program).items()))
    looks: dict[str, Callable[[], object]] = {
        "Phone lines are not shown": lambda: phones.states(program, today),
        "No law is printed": lambda: law_checks.checks(program),
        "The participation card is not printed": lambda: participation.entered(program),
        "Label stock of your own is not offered": lambda: layouts.own_layouts(program),
        "Everything is offered to count": lambda: tallying.choices(program),
        "Nobody's money is followed": lambda: funders.funders(program),
        "No level is watched": lambda: shelves.levels(program),
        "Nothing can be weighed": lambda: weighing.scales(program),
        "The cards make up for no printer": lambda: printers.printers(program),
    }
    for lost, look in looks.items():
        try:
            look()
        except Refusal as refusal:
            yield f"{lost}: {refusal}"
    yield from _cards(program)
    refused: dict[str, BadContent] = {}
    packs.packs(program, refused)
    yield from (f"packs/{refusal}" for _, refusal in sorted(refused.items()))
    try:
        book = read_phrasebook()
        for each in alerts.all_alerts(program):
            if not {*each.effects} <= {*book.effects} or not {*each.todos} <= {*book.todos}:
                yield f"Alerts are not shown: alert {each.number} in alerts.toml names a phrase that is not there."
    except Refusal as refusal:
        yield f"Alerts are not shown: {refusal}"


def _cards(program: Program) -> Iterator[str]:
    """Card folders that cannot be used, and what the others name that is not there."""
    known = [folder.card for folder in program.cards.values()]
    yield from (f"printables/{name}/{refusal}" for name, refusal in sorted(program.refused_cards.items()))
    for card in known:
        unusable = cards.why_not(program, card)
        for refusal in [unusable] if unusable else cards.missing_papers(program, card):
            yield f"printables/{card.id}/card.toml: {refusal}"


def _refused(program: Program) -> dict[str, Refusal]:
    return {**program.refused_topics} if program.topics else {}


def to_do(program: Program, today: date) -> Iterator[str]:
    """Lines to call, and words that were made from others than stand there now."""
    try:
        for each in phones.states(program, today):
            if not each.shown:
                when = f"It was called on {each.called.isoformat()}; call again" if each.called else "Call it"
                yield (
                    f"Phone line {each.line.name}, {each.line.number}, is not shown. {when}, then: "
                    f"outreach phones called {each.line.id}"
                )
    except Refusal:
        pass
    yield from _laws(program, today)
    for topic in program.topics.values():
        for step, changed in topic.forks.items():
            if changed:
                yield f"{topic.id}, {step}: the shipped words changed since the program wrote its own. Compare them."
        for context, own in topic.own.items():
            for tag in own.stale:
                yield f"{context}: the {tag} words were made from others and are not shown. Say them again."


def _laws(program: Program, today: date) -> Iterator[str]:
    with suppress(Refusal):
        for each in law_checks.listed(program, today):
            if not each.holds:
                yield (
                    f"The law in {each.law.name} is not printed: its check of {each.check.day.isoformat()} is over 12 "
                    f"months old, or the row changed since. Have it checked again, then: "
                    f"outreach law check {each.law.state}"
                )
