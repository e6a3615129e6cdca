"""The passphrase of a home: words proposed, set, changed, removed or recovered, and what forgetting them loses."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from outreach.carry.wrapping import recipient_of, recovery_pair, tidy
from outreach.content.word_lists import read_word_list
from outreach.core.passphrases import check_long_enough, proposal
from outreach.core.refusal import N_, Refusal
from outreach.services.files import CannotWrite, why
from outreach.services.keyring import PassphraseThere
from outreach.services.program import Program

_RECOVERY_FILE = """\
# Recovery key for a passphrase of the outreach program. Keep this in the office safe, printed or on a stick, and never
# on the laptop: whoever has it opens every laptop that was told of it.
# To use it: outreach passphrase recover --recovery-key THIS-FILE
{secret}
"""


class NotTheSame(Refusal):
    sentence = N_("The words were not the same twice. Nothing was changed.")


class Forgotten(Refusal):
    sentence = N_(
        "If the passphrase is forgotten and there is no recovery key, nobody can open what was counted on this laptop, "
        "nor its backups."
    )


class SheetsBehind(Refusal):
    sentence = N_("Sheets, corrections and stock entries saved here: {sheets}.")


class StillThere(Refusal):
    sentence = N_("Guide and cards still work, and what another laptop took in from this one is safe there.")


def propose(language: str) -> str:
    """Six words of a language, by its tag, or six groups of digits where it has no list. Kept nowhere."""
    return proposal(read_word_list(language), secrets.randbelow)


def proposes_numbers(language: str) -> bool:
    """Whether what is proposed in this language is no words, for want of a list."""
    return not read_word_list(language)


def forgetting(program: Program) -> tuple[Refusal, ...]:
    """What is lost with the words and what is not, in sentences: before they are set, and where they are asked for."""
    if program.is_locked:
        return Forgotten(), StillThere()
    ledger = program.ledger_if_any()
    return Forgotten(), SheetsBehind(sheets=ledger.count() if ledger else 0), StillThere()


def check_words(words: str) -> None:
    """Raises TooShort."""
    check_long_enough(tidy(words))


def same(words: str, others: str) -> bool:
    """Whether both open the same, however they were typed."""
    return tidy(words) == tidy(others)


def set_passphrase(program: Program, words: str, recovery: str | None = None) -> None:
    """Lock the ledger with these words from now on, and unlock it here; `recovery` is a recovery key's recipient.

    Raises TooShort, PassphraseThere, NothingToEncrypt, WrongRecoveryKey, and what opening the ledger does.
    """
    check_words(words)
    if program.keyring.has_passphrase:
        raise PassphraseThere()
    program.ledger()
    with program.ledger_shut():
        program.keyring.set(words, recovery)


def change_passphrase(program: Program, words: str, new: str, recovery: str | None = None) -> None:
    """Other words. A recovery key that was there stays unless another is given. Raises what unlocking does, too."""
    check_words(new)
    with program.ledger_shut():
        program.keyring.rewrap(program.keyring.by_words(words), new, recovery)


def recover(program: Program, recovery_key: str, new: str) -> None:
    """New words, for who has the recovery key. Raises TooShort, WrongRecoveryKey or NoPassphrase."""
    check_words(new)
    with program.ledger_shut():
        program.keyring.rewrap(program.keyring.by_recovery(recovery_key), new, recipient_of(recovery_key))


def remove_passphrase(program: Program, words: str) -> None:
    """The keys lie beside the database again. Raises what unlocking does."""
    with program.ledger_shut():
        program.keyring.remove(words)


def recovery_key() -> tuple[str, str]:
    """A new recovery key: the text of its file, for the coordinator's safe, and its recipient, for the laptops."""
    pair = recovery_pair()
    return _RECOVERY_FILE.format(secret=pair.secret), pair.recipient


def write_recovery_key(file: Path) -> str:
    """Write a new recovery key to a file that must not be there yet, for its owner only; its recipient."""
    text, recipient = recovery_key()
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as stream:
            stream.write(text)
    except FileExistsError:
        raise CannotWrite(file=file, why="there is a file of that name. Choose another name.") from None
    except OSError as problem:
        raise CannotWrite(file=file, why=why(problem, file.parent)) from problem
    return recipient
