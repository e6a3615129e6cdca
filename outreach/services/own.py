"""Looking over what a program added itself: phone lines, alerts, topics, and what has gone stale in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from outreach.content.alerts import read_phrasebook
from outreach.core.refusal import Refusal
from outreach.services import alerts, law_checks, participation, phones
from outreach.services.program import Program


def wrong(program: Program, today: date) -> Iterator[str]:
    """Files of the home that cannot be used, each with what to mend; nothing in them is shown until then."""
    yield from (f"topics/{refusal}" for _, refusal in sorted(_refused(program).items()))
    try:
        phones.states(program, today)
    except Refusal as refusal:
        yield f"Phone lines are not shown: {refusal}"
    try:
        law_checks.checks(program)
    except Refusal as refusal:
        yield f"No law is printed: {refusal}"
    try:
        participation.entered(program)
    except Refusal as refusal:
        yield f"The participation card is not printed: {refusal}"
    try:
        book = read_phrasebook()
        for each in alerts.all_alerts(program):
            if not {*each.effects} <= {*book.effects} or not {*each.todos} <= {*book.todos}:
                yield f"Alerts are not shown: alert {each.number} in alerts.toml names a phrase that is not there."
    except Refusal as refusal:
        yield f"Alerts are not shown: {refusal}"


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
