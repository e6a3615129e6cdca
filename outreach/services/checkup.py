"""Looking a laptop over: what is wrong, what is still to do, what is fine, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from outreach.core.languages import ReviewState
from outreach.core.refusal import Refusal
from outreach.printing.press import printing_refusal
from outreach.services.cards import prints_whole
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
    for name, look in (("content", _content), ("languages", _languages), ("printing", _printing), ("ledger", _ledger)):
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


def _languages(program: Program, found: Findings) -> None:
    for row in program.known_languages:
        if row.prepared:
            if not prints_whole(program, row):
                found.fine.append(f"{row.english}: prepared. Cards are offered once speakers have written its words.")
            continue
        if row.tag not in program.languages:
            found.to_do.append(f"{row.english}: emergency words are missing, so it is not offered yet.")
            continue
        said = [program.wording(row, context, english) for context, english, _ in program.strings()]
        drafts = sum(each.state is ReviewState.DRAFT for each in said)
        if drafts:
            who = "a clinician" if row.is_source else "a speaker and a clinician"
            found.to_do.append(f"{row.english}: {drafts} of {len(said)} texts are drafts; ask {who} to check them.")


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
