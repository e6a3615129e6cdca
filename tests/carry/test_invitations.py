"""Invitations: one line that is whole or nothing."""

from __future__ import annotations

import pytest

from outreach.carry import invitations, sealing
from outreach.carry.invitations import Invitation, InvitationTooNew, NotAnInvitation
from outreach.carry.keys import coordinator_key, signing_key
from outreach.core.roll import Coordinator

SECRET = b"\x01" * 32
BOSS = coordinator_key(SECRET)
INVITED = Invitation("a1" * 16, "Van 2", (Coordinator(BOSS.public, sealing.recipient(SECRET), "Büro"),))


def test_an_invitation_comes_back_however_it_was_wrapped() -> None:
    """One line, short enough for a code; mail may break it, and a file may end with a line feed."""
    text = invitations.write(INVITED, BOSS)
    wrapped = "\r\n".join(text[at : at + 60] for at in range(0, len(text), 60)) + "\n"

    assert invitations.read(text) == invitations.read("  " + wrapped) == INVITED
    assert text.startswith("outreach-join:1:") and "\n" not in text and len(text) < 700


def test_a_bent_invitation_is_none() -> None:
    """Any letter changed, any part missing, another's signature: one sentence."""
    text = invitations.write(INVITED, BOSS)
    start = len("outreach-join:")
    bent = [text[:at] for at in range(len(text))]
    bent += [text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :] for at in range(len(text))]
    bent += [text + "A", text + ":", text.upper(), "", "hello", text[:start] + "٣" + text[start + 1 :]]
    bent += [invitations.write(INVITED, signing_key(b"\x05" * 32))]
    for each in bent:
        with pytest.raises(NotAnInvitation):
            invitations.read(each)
    with pytest.raises(InvitationTooNew):
        invitations.read(text.replace(":1:", ":2:", 1))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "x" * 41, " Van", "\0"])
def test_a_laptop_has_a_name_one_can_read(name: str) -> None:
    """No invisible letters, no lines, nothing endless."""
    with pytest.raises(NotAnInvitation):
        Invitation(INVITED.program, name, INVITED.coordinators)
