"""A return as a file: one signed month, sealed to the department where its key is known, else readable by anyone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach.carry.keys import DeviceKey, verify
from outreach.carry.sealing import MAGIC, seal, unseal
from outreach.core.month_return import MonthReturn, from_canonical
from outreach.core.refusal import N_, Refusal

FORMAT = 1
MOST_BYTES = 8 * 1024 * 1024
_HEAD = b"OUTREACH-RETURN/%d\n" % FORMAT
_HEADS = re.compile(rb"OUTREACH-RETURN/([1-9][0-9]{0,3})\n")
_LAST = re.compile(rb"([0-9a-f]{64}) ([0-9a-f]{128})")


class NotAReturn(Refusal):
    sentence = N_("The file {file} is not a return. Nothing was saved.")


class ReturnDamaged(Refusal):
    sentence = N_("The file {file} is damaged: it was changed or cut off on the way. Nothing was saved. Copy it again.")


class ReturnTooNew(Refusal):
    sentence = N_("The file {file} comes from a newer version. Update outreach here first. Nothing was saved.")


class ReturnTooBig(Refusal):
    sentence = N_("The file {file} is larger than a return can be. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class SignedReturn:
    """A return whose signature is that of `public`; whose key that is, is for the department to say."""

    month_return: MonthReturn
    public: bytes
    signature: bytes

    @property
    def content(self) -> bytes:
        """The file, readable by anyone."""
        last = f"{self.public.hex()} {self.signature.hex()}\n".encode("ascii")
        return _HEAD + self.month_return.canonical() + b"\n" + last


def sign(month_return: MonthReturn, key: DeviceKey) -> SignedReturn:
    """The return as its program says it."""
    return SignedReturn(month_return, key.public, key.sign(_HEAD + month_return.canonical()))


def is_signed(body: bytes, public: bytes, signature: bytes) -> bool:
    """Whether whose key this is signed these words of a return."""
    return verify(public, _HEAD + body, signature)


def sealed(signed: SignedReturn, recipient: str) -> bytes:
    """The file that only the department of this recipient can open."""
    return seal(signed.content, [recipient])


def is_return(content: bytes) -> bool:
    """Whether an opened file says that it is a return, of whichever version."""
    return _HEADS.match(content) is not None


def read(content: bytes, secret: bytes, file: str) -> SignedReturn:
    """The return in a file, opened with the department's secret where it is sealed.

    Raises NotAReturn, ReturnDamaged, ReturnTooNew, ReturnTooBig, BadReturn, SealedForOthers or SealDamaged.
    """
    if len(content) > MOST_BYTES:
        raise ReturnTooBig(file=file)
    if content.startswith(MAGIC):
        content = unseal(content, secret, file)
    head = _HEADS.match(content)
    if head is None:
        raise NotAReturn(file=file)
    if int(head[1]) > FORMAT:
        raise ReturnTooNew(file=file)
    parts = content.split(b"\n")
    last = _LAST.fullmatch(parts[2]) if len(parts) == 4 and not parts[3] else None
    if last is None:
        raise ReturnDamaged(file=file)
    public, signature = (bytes.fromhex(each.decode("ascii")) for each in last.groups())
    if not is_signed(parts[1], public, signature):
        raise ReturnDamaged(file=file)
    return SignedReturn(from_canonical(parts[1]), public, signature)
