"""Seals: the key of a laptop, and who can open what."""

from __future__ import annotations

import secrets
import time

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from outreach.carry import sealing
from outreach.carry.keys import coordinator_key, signing_key, verify
from outreach.core.roll import MOST

MINE, THEIRS = b"\x01" * 32, b"\x02" * 32


@given(st.binary(min_size=32, max_size=32))
def test_a_secret_is_written_as_age_writes_it(key: bytes) -> None:
    """age's own reader takes the text, checksum and all, and writes the very same."""
    text = sealing._identity_text(key)

    assert str(x25519.Identity.from_str(text)) == text


def test_a_changed_letter_of_a_secret_is_noticed() -> None:
    """The control: the reader refuses a text whose checksum is wrong."""
    text = sealing._identity_text(MINE)
    with pytest.raises(pyrage.IdentityError):
        x25519.Identity.from_str(text[:-1] + ("Q" if text[-1] != "Q" else "P"))


def test_the_keys_of_a_laptop_are_final() -> None:
    """The same secret gives the same keys in every version, and three that differ."""
    assert sealing.recipient(MINE) == "age1g6jtjea6uwx2x8a3lg28cu7ek3nqx3gvmxv6aew3xdkk8v3axptsc87dtu"
    assert coordinator_key(MINE).public.hex() == "0ffe96b1982ee0ca198065623747b7c63e04ea775990ad6a9a49a736d041b429"
    assert coordinator_key(MINE).device != signing_key(MINE).device
    assert verify(coordinator_key(MINE).public, b"x", coordinator_key(MINE).sign(b"x"))


def test_each_recipient_opens_and_nobody_else() -> None:
    """Sealed for two, opened by both; a third is told that it is for others."""
    sealed = sealing.seal(b"north", [sealing.recipient(MINE), sealing.recipient(THEIRS)])

    assert sealing.unseal(sealed, MINE, "x") == sealing.unseal(sealed, THEIRS, "x") == b"north"
    with pytest.raises(sealing.SealedForOthers, match="x.tally"):
        sealing.unseal(sealed, b"\x03" * 32, "x.tally")


def test_sealed_twice_is_never_the_same() -> None:
    """The same content looks different each time, and none of it can be read."""
    content = b"north-van " * 40
    first, second = (sealing.seal(content, [sealing.recipient(MINE)]) for _ in range(2))

    assert first != second
    assert b"north-van" in content
    assert b"north-van" not in first + second


def test_any_other_bytes_are_refused() -> None:
    """Nothing, rubbish, and a text that only begins like a seal: a sentence, never another error."""
    for content in (b"", b"x", sealing.MAGIC, sealing.MAGIC * 9, secrets.token_bytes(500), b"\xff" * 99):
        with pytest.raises((sealing.SealDamaged, sealing.SealedForOthers)):
            sealing.unseal(content, MINE, "x")


def test_a_header_without_end_is_not_waited_for() -> None:
    """A file whose header is one endless line once kept the reader busy for hours; it is refused at once."""
    sealed = sealing.seal(b"north", [sealing.recipient(MINE)])
    for at in range(len(sealing.MAGIC), sealed.index(b"\n--- ") + 60, 7):
        began = time.process_time()
        with pytest.raises((sealing.SealDamaged, sealing.SealedForOthers)):
            sealing.unseal(sealed[:at] + b"A" * 1_000_000 + sealed[at:], MINE, "x")
        assert time.process_time() - began < 1


def test_the_largest_program_can_open_its_files() -> None:
    """As many as a roll can name, each a coordinator elsewhere as well: the header stays within what is read."""
    whom = [sealing.recipient(number.to_bytes(32, "big")) for number in range(2 * MOST)]

    assert sealing.seal(b"north", whom).index(b"\n--- ") < sealing.HEADER_MAX
    with pytest.raises(sealing.SealDamaged):  # the control: more than that is not read
        sealing.unseal(sealing.seal(b"north", whom + whom), MINE, "x")


@pytest.mark.parametrize("whom", [(), ("",), ("age1",), ("x",), ("age1" + "q" * 58,)])
def test_a_seal_needs_somebody(whom: tuple[str, ...]) -> None:
    """A seal that nobody could open is not made."""
    with pytest.raises(sealing.NobodyToSealFor):
        sealing.seal(b"x", whom)
