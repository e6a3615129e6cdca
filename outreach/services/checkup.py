"""Looking a laptop over: what is wrong, what is still to do, what is fine, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from outreach.content.topics import read_facts
from outreach.core.refusal import Refusal
from outreach.printing.press import printing_refusal
from outreach.services import own, sounds, words
from outreach.services.program import Program
from outreach.store.engine import ENCRYPTED


@dataclass
class Findings:
    wrong: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)


def look_over(program: Program) -> Findings:
    """Check content, languages, printing and the ledger. Writes nothing."""
    found = Findings()
    for name, look in (
        ("content", _content),
        ("own", _own),
        ("words", _words),
        ("sounds", _sounds),
        ("printing", _printing),
        ("ledger", _ledger),
    ):
        try:
            look(program, found)
        except Refusal as refusal:
            found.wrong.append(f"{name}: {refusal}")
    return found


def _content(program: Program, found: Findings) -> None:
    steps = sum(1 for topic in program.topics.values() for _ in topic.steps())
    things = sum(1 for _ in program.catalog.handed_out())
    found.fine.append(
        f"{len(program.topics)} topics with {steps} steps; {things} items and kits; {len(program.cards)} cards."
    )
    facts = read_facts()
    cited = set(program.cited())
    for fact in sorted(set(facts) - cited):
        found.wrong.append(f"facts.toml: nothing rests on {fact}. Take it out, or name it in a step.")
    if set(facts) <= cited:
        found.fine.append(f"All {len(facts)} facts are there and cited; every step rests on one or more.")


def _own(program: Program, found: Findings) -> None:
    found.wrong += own.wrong(program, date.today())
    found.to_do += own.to_do(program, date.today())


def _words(program: Program, found: Findings) -> None:
    wrong, to_do, fine = words.look_over(program)
    found.wrong += wrong
    found.to_do += to_do
    found.fine += fine


def _sounds(program: Program, found: Findings) -> None:
    found.to_do += [str(refusal) for refusal in sounds.unheard(program)]
    recorded = sum(each.state is sounds.State.RECORDED for each in sounds.slots(program))
    if recorded:
        found.fine.append(f"Recorded steps that can be heard: {recorded}.")


def _printing(program: Program, found: Findings) -> None:
    refused = printing_refusal()
    if refused:
        found.to_do.append(str(refused))
    else:
        found.fine.append("Cards can be printed.")


def _ledger(program: Program, found: Findings) -> None:
    ledger = program.ledger_if_any()
    if ledger is None:
        found.fine.append("Nothing has been counted yet; there is no ledger.")
        return
    found.fine.append(f"The ledger opens and is whole: {ledger.verify():,} sheets.")
    if ENCRYPTED:
        found.to_do.append(
            "The ledger is encrypted, but its key lies beside it: whoever takes this laptop can read the counts. "
            "Turn on this computer's own disk encryption."
        )
    else:
        found.to_do.append(
            "The ledger is not encrypted here (no sqlcipher3 for this computer). "
            "Turn on this computer's own disk encryption."
        )
