"""A return as a file: read as it was written, and refused when a single bit of it is another."""

from __future__ import annotations

import random

import pytest

from outreach.carry import month_returns, sealing
from outreach.carry.keys import coordinator_key
from outreach.carry.month_returns import NotAReturn, ReturnDamaged, ReturnTooBig, ReturnTooNew
from outreach.core.month_return import By, MonthReturn, Total
from outreach.core.refusal import Refusal

DEPARTMENT, OTHER = b"\x03" * 32, b"\x04" * 32
KEY = coordinator_key(b"\x01" * 32)
SIGNED = month_returns.sign(
    MonthReturn("a1" * 16, "North Bay", "2026-07", By.SITE, 1, (Total("north", "given", "cooker", 30),)), KEY
)


def test_plain_and_sealed_read_back() -> None:
    """Both forms hold the same signed return, and only the department opens the sealed one."""
    closed = month_returns.sealed(SIGNED, sealing.recipient(DEPARTMENT))
    for content in (SIGNED.content, closed):
        assert month_returns.read(content, DEPARTMENT, "a.return") == SIGNED
    assert b"cooker" in SIGNED.content and b"cooker" not in closed
    with pytest.raises(sealing.SealedForOthers):
        month_returns.read(closed, OTHER, "a.return")


def test_every_bit_and_every_cut_is_noticed() -> None:
    """A flipped bit or a missing end is refused with a sentence, in the open file and in the sealed one."""
    closed = month_returns.sealed(SIGNED, sealing.recipient(DEPARTMENT))
    draw = random.Random(7)  # noqa: S311
    some = [(at, 1 << draw.randrange(8)) for at in draw.sample(range(len(closed)), 200)]
    flips = [(at, 1 << bit) for at in range(len(SIGNED.content)) for bit in range(8)]
    for content, bits in ((SIGNED.content, flips), (closed, some)):
        for at, bit in bits:
            bent = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
            with pytest.raises(Refusal, match=r"Nothing was (saved|added)\."):
                month_returns.read(bent, DEPARTMENT, "a.return")
        for end in range(0, len(content), 1 if content is SIGNED.content else 7):
            with pytest.raises(Refusal):
                month_returns.read(content[:end], DEPARTMENT, "a.return")


def test_what_is_no_return_says_so() -> None:
    """Another file, a newer form, one that is too large, one signed by another key, each with its own sentence."""
    body = SIGNED.month_return.canonical()
    other = coordinator_key(OTHER)
    for content, why in [
        (b"", NotAReturn),
        (b"OUTREACH-TALLY/1\n", NotAReturn),
        (SIGNED.content.replace(b"RETURN/1", b"RETURN/01"), NotAReturn),
        (SIGNED.content.replace(b"RETURN/1", b"RETURN/2"), ReturnTooNew),
        (SIGNED.content + b"\n", ReturnDamaged),
        (SIGNED.content.replace(KEY.public.hex().encode(), other.public.hex().encode()), ReturnDamaged),
        (SIGNED.content.replace(b"30]", b"31]"), ReturnDamaged),
        (bytes(9 * 1024 * 1024), ReturnTooBig),
        (b"OUTREACH-RETURN/1\n" + body + b"\n", ReturnDamaged),
    ]:
        with pytest.raises(why):
            month_returns.read(content, DEPARTMENT, "a.return")


def test_a_genuine_key_that_signs_nonsense_is_refused() -> None:
    """What is signed rightly is looked at as hard as what is not."""
    body = SIGNED.month_return.canonical()
    draw = random.Random(8)  # noqa: S311
    read = 0
    for _ in range(3000):
        at, end = sorted(draw.randrange(len(body) + 1) for _ in range(2))
        bent = (
            body[:at] + draw.choice([b"", b"-", b"9" * 30, b"[" * 50, b'"', bytes([draw.randrange(256)])]) + body[end:]
        )
        head = b"OUTREACH-RETURN/1\n"
        content = head + bent + b"\n" + f"{KEY.public.hex()} {KEY.sign(head + bent).hex()}\n".encode()
        try:
            found = month_returns.read(content, DEPARTMENT, "a.return")
        except Refusal as refusal:
            assert str(refusal).endswith(".")
        else:
            read += 1
            assert found.month_return.canonical() == bent
    assert read > 0, "some of what was drawn has to be right for the rest to say anything"
