"""Seals: a file that only the laptops of a program can open, and the key each of them opens it with."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

import pyrage
from pyrage import x25519

from outreach.core.refusal import N_, Refusal

MAGIC = b"age-encryption.org/v1\n"
HEADER_MAX = 64 * 1024
"""Room for some six hundred laptops. pyrage reads a header anew for every byte that it waits for: one of this length
takes it two seconds, and one as long as a bundle would take it hours."""

_HEADER_END = re.compile(rb"\n--- [A-Za-z0-9+/]{43}\n")
_LABEL = b"outreach: what is sealed for this laptop"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class SealedForOthers(Refusal):
    sentence = N_(
        "The file {file} is sealed for other laptops than this one, or it was changed on the way. Nothing was added. "
        "Ask for a file saved after this laptop was let in."
    )


class SealDamaged(Refusal):
    sentence = N_("The file {file} is damaged: it was changed or cut off on the way. Nothing was added. Copy it again.")


class NobodyToSealFor(Refusal):
    sentence = N_("There is no laptop to seal this file for. Nothing was written.")


def recipient(secret: bytes) -> str:
    """The public half of a laptop's age key, for others to seal with; `secret` is the laptop's own 32 bytes."""
    return str(_identity(secret).to_public())


def seal(content: bytes, recipients: Iterable[str]) -> bytes:
    """`content` sealed for everyone named; the same content never looks the same twice."""
    try:
        keys = [x25519.Recipient.from_str(each) for each in recipients]
    except (pyrage.RecipientError, ValueError):
        keys = []
    if not keys:
        raise NobodyToSealFor()
    return pyrage.encrypt(content, keys)


def unseal(content: bytes, secret: bytes, file: str) -> bytes:
    """What was sealed for the laptop of this secret; `file` is what the sentence calls it.

    Raises SealedForOthers or SealDamaged.
    """
    first = content.find(b"\n--- ", 0, HEADER_MAX)
    if first < 0 or not _HEADER_END.match(content, first):
        raise SealDamaged(file=file)
    try:
        return pyrage.decrypt(content, [_identity(secret)])
    except (pyrage.DecryptError, ValueError, OSError) as problem:
        if "matching keys" in str(problem).lower():
            raise SealedForOthers(file=file) from None
        raise SealDamaged(file=file) from None


def _identity(secret: bytes) -> x25519.Identity:
    return x25519.Identity.from_str(_identity_text(hmac.digest(secret, _LABEL, "sha256")))


def _identity_text(key: bytes) -> str:
    """32 bytes as age writes a secret key: in bech32 (BIP 173), in capitals."""
    name = "age-secret-key-"
    bits = int.from_bytes(key, "big") << 4  # 256 bits fill 52 letters but for the last four bits
    values = [bits >> 5 * place & 31 for place in range(51, -1, -1)]
    spread = [ord(letter) >> 5 for letter in name] + [0] + [ord(letter) & 31 for letter in name]
    check = _checksum([*spread, *values, *[0] * 6]) ^ 1
    values += [check >> 5 * place & 31 for place in range(5, -1, -1)]
    return (name + "1" + "".join(_LETTERS[each] for each in values)).upper()


def _checksum(values: Iterable[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(_GENERATOR):
            state ^= part if top >> place & 1 else 0
    return state
