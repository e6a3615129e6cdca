"""Invitations: one line of text with which a laptop joins a program, in a file, as a QR code, or pasted."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from outreach.carry.keys import DeviceKey, verify
from outreach.core import plainjson
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import BadRoll, Coordinator, is_name

PREFIX = "outreach-join:"
FORMAT = 1
TEXT_MAX = 4096
_HEX32 = re.compile(r"[0-9a-f]{32}")
_MESSAGE = b"OUTREACH-JOIN/1\n"


class NotAnInvitation(Refusal):
    sentence = N_(
        "This is not an invitation, or a part of it is missing. Nothing was changed. "
        "Ask the coordinator for the file or the code again."
    )


class InvitationTooNew(Refusal):
    sentence = N_("This invitation comes from a newer version. Update this laptop first. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which program, what the laptop is to be called, and who says so; `name` is never a person's."""

    program: str
    name: str
    coordinators: tuple[Coordinator, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.program, str) or not _HEX32.fullmatch(self.program) or not is_name(self.name):
            raise NotAnInvitation()
        if not self.coordinators:
            raise NotAnInvitation()


def write(invitation: Invitation, key: DeviceKey) -> str:
    """The invitation as a line of text, signed with a coordinator's key."""
    body = plainjson.write(
        [
            invitation.program,
            invitation.name,
            [[each.public.hex(), each.recipient, each.name] for each in invitation.coordinators],
        ]
    )
    return f"{PREFIX}{FORMAT}:{_text(body)}:{_text(key.sign(_MESSAGE + body))}"


def read(text: str) -> Invitation:
    """The invitation that a text holds, however it was wrapped on its way. Raises NotAnInvitation, InvitationTooNew.

    That a coordinator whom it names signed it shows that it is whole, not that the coordinator is whom one thinks.
    """
    line = "".join(text[: 2 * TEXT_MAX].split())
    parts = line.removeprefix(PREFIX).split(":")
    if not line.startswith(PREFIX) or len(line) > TEXT_MAX or not re.fullmatch(r"[1-9][0-9]{0,3}", parts[0]):
        raise NotAnInvitation()
    if int(parts[0]) > FORMAT:
        raise InvitationTooNew()
    try:
        _, body, signature = parts
        said = plainjson.read_canonical(_bytes(body))
        program, name, coordinators = said
        invitation = Invitation(
            program,
            name,
            tuple(Coordinator(bytes.fromhex(public), whom, called) for public, whom, called in coordinators),
        )
        signed = _bytes(signature)
    except (ValueError, TypeError, AttributeError, BadRoll) as problem:
        raise NotAnInvitation() from problem
    if not any(verify(each.public, _MESSAGE + _bytes(body), signed) for each in invitation.coordinators):
        raise NotAnInvitation()
    return invitation


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    """Base64 as `_text` writes it, and in no other way: a changed letter is never read over."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as problem:
        raise ValueError("not base64") from problem
    if _text(raw) != text:
        raise ValueError("not as it was written")
    return raw
