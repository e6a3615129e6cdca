"""A home's keys under a passphrase: wrapped and unwrapped, for the words and for the coordinator's recovery key."""

from __future__ import annotations

import binascii
import json
import re
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pyrage
from pyrage import x25519

from outreach.core.refusal import N_, Refusal

FORMAT = 1

# RFC 9106's second choice: what a laptop with little memory can spare, a tenth of a second on most.
MEMORY_KIB, ITERATIONS, LANES = 64 * 1024, 3, 4

# What a file may ask for. It is not believed further: one that was tampered with could ask for all memory there is.
_MOST = {"memory_kib": 1024 * 1024, "iterations": 64, "lanes": 16}
_SPACE_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


class WrongWords(Refusal):
    sentence = N_("These are not the words of the passphrase. Nothing was changed. You can try as often as you like.")


class WrongRecoveryKey(Refusal):
    sentence = N_("This recovery key does not belong to the passphrase of this laptop. Nothing was changed.")


class NotAWrap(Refusal):
    sentence = N_("The file with the wrapped keys is damaged. Nothing was changed or deleted. Put a copy of it back.")


@dataclass(frozen=True, slots=True)
class RecoveryPair:
    """`secret` is for the coordinator's safe, `recipient` for the laptops: it wraps and cannot unwrap."""

    secret: str
    recipient: str


def recovery_pair() -> RecoveryPair:
    """A new key pair of the kind that age uses."""
    identity = x25519.Identity.generate()
    return RecoveryPair(str(identity), str(identity.to_public()))


def recipient_of(identity: str) -> str:
    """The public half of a recovery key. Raises WrongRecoveryKey for what is none."""
    return str(_identity(identity).to_public())


def tidy(words: str) -> str:
    """The words as they count: however they were spaced, capitalized, accented or, for digits, written."""
    # Accents go: a keyboard in an emergency is not always one's own. Each other letter keeps its marks.
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not "\u0300" <= c <= "\u036f")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    plain = "".join(str(unicodedata.decimal(c, c)) for c in folded)
    return _SPACE_BETWEEN_HAN.sub("", " ".join(plain.split()))


def wrap(secrets_: Mapping[str, bytes], words: str, recovery: str | None = None) -> bytes:
    """The named secrets in one file that the words open, and the owner of the `recovery` recipient if there is one.

    Raises WrongRecoveryKey when `recovery` is no recipient.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    inside = json.dumps({name: secret.hex() for name, secret in secrets_.items()}, sort_keys=True).encode("ascii")
    head: dict[str, Any] = {
        "format": FORMAT,
        "kdf": {
            "name": "argon2id",
            "memory_kib": MEMORY_KIB,
            "iterations": ITERATIONS,
            "lanes": LANES,
            "salt": _text(secrets.token_bytes(16)),
        },
        "nonce": _text(secrets.token_bytes(12)),
        "recipient": recovery,
    }
    cipher = AESGCM(_key_from(head["kdf"], words))
    sealed = {"sealed": _text(cipher.encrypt(_bytes(head["nonce"]), inside, _bound(head)))}
    if recovery is not None:
        sealed["recovery"] = _text(pyrage.encrypt(inside, [_recipient(recovery)]))
    return json.dumps(head | sealed, indent=1).encode("ascii")


def unwrap(blob: bytes, words: str) -> dict[str, bytes]:
    """The secrets, for who has the words. Raises WrongWords or NotAWrap."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    parts = _parts(blob)
    try:
        cipher = AESGCM(_key_from(parts["kdf"], words))
        inside = cipher.decrypt(_bytes(parts["nonce"]), _bytes(parts["sealed"]), _bound(parts))
    except InvalidTag:
        raise WrongWords() from None
    except (KeyError, TypeError, ValueError):
        raise NotAWrap() from None
    return _secrets(inside)


def unwrap_by_recovery(blob: bytes, identity: str) -> dict[str, bytes]:
    """The secrets, for who has the recovery key. Raises WrongRecoveryKey or NotAWrap."""
    sealed = _parts(blob).get("recovery")
    if not isinstance(sealed, str):
        raise WrongRecoveryKey()
    try:
        inside = pyrage.decrypt(_bytes(sealed), [_identity(identity)])
    except (pyrage.DecryptError, ValueError):
        raise WrongRecoveryKey() from None
    return _secrets(inside)


def recipient_in(blob: bytes) -> str | None:
    """Whose recovery key opens the file besides the words; None when nobody's does. Raises NotAWrap."""
    recipient = _parts(blob).get("recipient")
    return recipient if isinstance(recipient, str) else None


# Two threads that stretch words at once wait for one another for ever: OpenSSL shares its own threads among them.
_one_at_a_time = Lock()


def _key_from(kdf: Mapping[str, Any], words: str) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = {name: kdf[name] for name in _MOST}
    if kdf["name"] != "argon2id" or not all(type(n) is int and 1 <= n <= _MOST[name] for name, n in cost.items()):
        raise NotAWrap()
    derive = Argon2id(
        salt=_bytes(kdf["salt"]),
        length=32,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory_kib"],
    )
    with _one_at_a_time:
        return derive.derive(tidy(words).encode("utf-8", "surrogatepass"))


def _bound(head: Mapping[str, Any]) -> bytes:
    """What nobody may change without the words: how they are stretched, and who else may open."""
    return json.dumps([head["format"], head["kdf"], head["recipient"]], sort_keys=True).encode("ascii")


def _parts(blob: bytes) -> dict[str, Any]:
    try:
        parts = json.loads(blob)
    except (ValueError, RecursionError):
        raise NotAWrap() from None
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise NotAWrap()
    return parts


def _secrets(inside: bytes) -> dict[str, bytes]:
    try:
        return {name: bytes.fromhex(secret) for name, secret in json.loads(inside).items()}
    except (AttributeError, TypeError, ValueError):
        raise NotAWrap() from None


def _identity(text: str) -> x25519.Identity:
    """The recovery key in a text that may have comment lines, as age's own tool writes it."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    try:
        return x25519.Identity.from_str("".join(lines))
    except (pyrage.IdentityError, ValueError):
        raise WrongRecoveryKey() from None


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, ValueError):
        raise WrongRecoveryKey() from None


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, AttributeError):
        raise NotAWrap() from None
