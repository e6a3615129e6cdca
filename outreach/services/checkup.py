"""Looking a laptop over: what is wrong, what is still to do, what is fine, each with what to do about it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from outreach.content.topics import read_facts
from outreach.core.refusal import Refusal
from outreach.printing.press import printing_refusal
from outreach.services import backups, ballast, own, sounds, words
from outreach.services.keyring import Locked
from outreach.services.program import Program
from outreach.services.reminders import ASKS, CLEAR, FOLD, HOLD, SAID, reminders
from outreach.services.signing import check_signatures
from outreach.store.copies import look_into
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
        ("keeping", _keeping),
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
    _keys(program, found)
    try:
        ledger = program.ledger_if_any()
    except Locked:
        found.to_do.append(
            "The ledger is locked, so it was not read through. To have it read: outreach --words-file FILE check."
        )
        return
    if ledger is None:
        found.fine.append("Nothing has been counted yet; there is no ledger.")
        return
    if ledger.refuses is not None:
        found.wrong.append(f"ledger: {ledger.refuses}")
    else:
        sheets = ledger.verify()
        check_signatures(program)
        found.fine.append(f"The ledger opens and is whole: {sheets:,} sheets.")
    _copies(program, found)


def _copies(program: Program, found: Findings) -> None:
    home, key = program.home, program.keyring.ledger_key()
    daily = backups.daily(home)
    for each in daily:
        try:
            look_into(each, key)
        except Refusal as refusal:
            found.wrong.append(f"backups: {refusal} Delete it; the next closed sheet makes a new one.")
    if daily:
        found.fine.append(
            f"Copies of the ledger on this laptop: {len(daily)}, the newest of {backups.day_of(daily[0])}."
        )
    else:
        found.to_do.append("There is no copy of the ledger on this laptop. The next closed sheet makes one.")
    for each in backups.put_aside(home):
        found.to_do.append(
            f"{each} was put aside by a restore and holds what was here then, single days too. "
            "Delete it when nobody misses anything."
        )
    if ballast.is_kept(home):
        found.fine.append("A megabyte is kept free for closing a sheet when the disk is full.")
    else:
        found.to_do.append(
            "The megabyte that is kept for closing a sheet on a full disk is used up. Free some space on this disk; "
            "it is made again by itself."
        )


def _keys(program: Program, found: Findings) -> None:
    if program.keyring.has_passphrase:
        found.fine.append("What was counted is locked with a passphrase; this laptop does not have its key.")
        if program.keyring.has_recovery:
            found.fine.append("A recovery key opens it, too.")
        else:
            found.to_do.append(
                "There is no recovery key: if the words of the passphrase are forgotten, nobody can open what was "
                "counted. Make one: outreach passphrase recovery-key -o FILE."
            )
    elif not program.home.ledger.exists():
        return
    elif ENCRYPTED:
        found.to_do.append(
            "The ledger is encrypted, but its key lies beside it: whoever takes this laptop can read the counts. "
            "Set a passphrase (outreach passphrase set), and turn on this computer's own disk encryption."
        )
    else:
        found.to_do.append(
            "The ledger is not encrypted here (no sqlcipher3 for this computer). "
            "Turn on this computer's own disk encryption."
        )


def _keeping(program: Program, found: Findings) -> None:
    do = {FOLD: " Look it over: outreach fold", CLEAR: " Then: outreach clear --yes", ASKS: " Look: outreach laptops"}
    with suppress(Locked):  # said with the ledger
        for each in reminders(program, date.today()):
            (found.fine if each == HOLD else found.to_do).append(SAID[each] + do.get(each, ""))
