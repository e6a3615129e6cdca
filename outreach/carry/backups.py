"""A backup as it travels: a line that says what it is, how its key is wrapped, and the sealed database."""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outreach.carry.wrapping import NotAWrap, WrongWords, unwrap, unwrap_by_recovery
from outreach.core.refusal import N_, Refusal

MAGIC = b"OUTREACH-BACKUP/1\n"
_ANY = b"OUTREACH-BACKUP/"
_NONCE = 12
_HEAD_MOST = 64 * 1024
KEY = "ledger"
"""What the wrapped keys call the one that opens the database."""


class NotABackup(Refusal):
    sentence = N_("{file} is no backup of outreach. Nothing was changed.")


class BackupDamaged(Refusal):
    sentence = N_("{file} is damaged or not complete. It cannot be restored. Nothing was changed. Try another backup.")


class WrongWordsOfBackup(WrongWords):
    sentence = N_(
        "This does not open the backup. It opens with the words or numbers shown when it was made, "
        "or with the passphrase that laptop had that day. Nothing was changed."
    )


class BackupTooNew(Refusal):
    sentence = N_("{file} was made by a newer version of outreach. Install that version here. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Backup:
    """`wrapped` holds the key under words; `by_passphrase` says they are the passphrase of the laptop it is of."""

    wrapped: bytes
    by_passphrase: bool
    sealed: bytes = field(repr=False)
    head: bytes = field(repr=False)


def seal(database: bytes, key: bytes, wrapped: bytes, by_passphrase: bool) -> bytes:
    """The whole file. Nothing in it is readable but that it is a backup and how its key is wrapped."""
    head = _head(wrapped, by_passphrase)
    nonce = secrets.token_bytes(_NONCE)
    # The database is encrypted already where the engine can do it; sealed once more it is so everywhere,
    # and one bit that is not as it was written is noticed before any of it is believed.
    return head + nonce + AESGCM(_sealing(key)).encrypt(nonce, database, head)


def read(content: bytes, file: str) -> Backup:
    """The parts of a backup; `file` is what refusals call it. Raises NotABackup, BackupTooNew or BackupDamaged."""
    if not content.startswith(MAGIC):
        raise (BackupTooNew if content.startswith(_ANY) else NotABackup)(file=file)
    end = content.find(b"\n", len(MAGIC), _HEAD_MOST) + 1
    try:
        parts = json.loads(content[len(MAGIC) : end])
        wrapped, opens = b64decode(parts["keys"], validate=True), parts["opens"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BackupDamaged(file=file) from None
    if not end or len(content) < end + _NONCE:
        raise BackupDamaged(file=file)
    return Backup(wrapped, opens == "passphrase", content[end:], content[:end])


def open_with_words(backup: Backup, words: str, file: str) -> tuple[bytes, bytes]:
    """The database and its key, for who has the words. Raises WrongWordsOfBackup or BackupDamaged."""
    try:
        return _opened(backup, unwrap(backup.wrapped, words)[KEY], file)
    except WrongWords:
        raise WrongWordsOfBackup() from None
    except (NotAWrap, KeyError):
        raise BackupDamaged(file=file) from None


def open_with_recovery(backup: Backup, identity: str, file: str) -> tuple[bytes, bytes]:
    """The same, for who has the recovery key. Raises WrongRecoveryKey or BackupDamaged."""
    try:
        return _opened(backup, unwrap_by_recovery(backup.wrapped, identity)[KEY], file)
    except (NotAWrap, KeyError):
        raise BackupDamaged(file=file) from None


def _opened(backup: Backup, key: bytes, file: str) -> tuple[bytes, bytes]:
    nonce, sealed = backup.sealed[:_NONCE], backup.sealed[_NONCE:]
    try:
        return AESGCM(_sealing(key)).decrypt(nonce, sealed, backup.head), key
    except InvalidTag:
        raise BackupDamaged(file=file) from None


def _head(wrapped: bytes, by_passphrase: bool) -> bytes:
    parts = {"keys": b64encode(wrapped).decode("ascii"), "opens": "passphrase" if by_passphrase else "words"}
    return MAGIC + json.dumps(parts, sort_keys=True).encode("ascii") + b"\n"


def _sealing(key: bytes) -> bytes:
    """A key for this alone: the database's own is used by its engine in another way."""
    return hmac.digest(key, b"outreach: what seals a backup", "sha256")
