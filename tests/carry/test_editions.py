"""Editions: who may sign one, told from the roll alone and from whom a laptop trusted before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.carry import editions, sealing
from outreach.carry.keys import coordinator_key, signing_key
from outreach.core.roll import ROLL, BadRoll, Coordinator, Edition, Laptop, Roll, from_canonical

PROGRAM = "a1" * 16
SECRETS = [bytes([n]) * 32 for n in range(1, 5)]
FIRST, SECOND, THIRD, STRANGER = (coordinator_key(secret) for secret in SECRETS)


def laptop(n: int) -> Laptop:
    key = signing_key(SECRETS[n])
    speaks = coordinator_key(SECRETS[n]).public
    return Laptop(key.device, key.public, f"Van {n}", sealing.recipient(SECRETS[n]), coordinator=speaks)


FOUNDER = Coordinator(FIRST.public, sealing.recipient(SECRETS[0]), "Office")
MADE = editions.vouch(PROGRAM, laptop(1), FIRST)
MADE_BY_MADE = editions.vouch(PROGRAM, laptop(2), SECOND)


def roll(*coordinators: Coordinator, former: tuple[Coordinator, ...] = ()) -> Roll:
    return Roll(PROGRAM, 3, coordinators, (laptop(1), laptop(2)), former=former)


def test_a_roll_with_second_coordinators_is_read_back() -> None:
    """Vouchers, keys to speak with and former coordinators are part of what is signed."""
    whole = roll(MADE, MADE_BY_MADE, former=(FOUNDER,))

    assert from_canonical(whole.canonical()) == Roll(
        whole.program,
        whole.number,
        tuple(sorted(whole.coordinators, key=lambda each: each.public)),
        tuple(sorted(whole.laptops, key=lambda each: each.device)),
        former=whole.former,
    )
    with pytest.raises(BadRoll):
        roll(FOUNDER, former=(FOUNDER,))
    with pytest.raises(BadRoll):
        replace(MADE, voucher=b"")


def test_who_was_vouched_for_may_sign_step_by_step() -> None:
    """A laptop that trusts the founder follows the second and the third, and no stranger and no forged voucher."""
    trusted = {FIRST.public}
    whole = roll(MADE, MADE_BY_MADE, former=(FOUNDER,))

    assert editions.may_sign(whole, THIRD.public, trusted)
    assert editions.may_sign(whole, SECOND.public, trusted)
    assert not editions.may_sign(whole, FIRST.public, trusted), "no coordinator any more"
    assert not editions.may_sign(whole, STRANGER.public, trusted)
    assert not editions.may_sign(whole, SECOND.public, {STRANGER.public})
    forged = replace(MADE, voucher=THIRD.sign(b"anything"))
    assert not editions.may_sign(roll(forged, former=(FOUNDER,)), SECOND.public, trusted)
    own_voucher = replace(MADE, by=SECOND.public, voucher=SECOND.sign(b"anything"))
    assert not editions.may_sign(roll(own_voucher), SECOND.public, trusted), "nor one that vouches for itself"


def test_who_was_taken_off_makes_no_coordinators() -> None:
    """Who is known to be a coordinator no more signs nothing, and makes nobody one; whom it made before stays one."""
    trusted, never = {SECOND.public}, {FIRST.public}
    again = editions.vouch(PROGRAM, laptop(2), FIRST)

    assert not editions.may_sign(roll(FOUNDER, MADE), FIRST.public, trusted, never)
    assert not editions.may_sign(roll(FOUNDER, MADE, again), THIRD.public, trusted, never)
    assert editions.may_sign(roll(MADE, former=(FOUNDER,)), SECOND.public, trusted, never)


def test_a_signature_is_of_kind_number_and_words() -> None:
    """Nothing of an edition can be changed under its signature."""
    edition = editions.sign(ROLL, 3, roll(FOUNDER).canonical(), FIRST)
    others = (Edition("shared", 3, edition.body, edition.signer, edition.signature),)
    others += (replace(edition, number=4), replace(edition, body=edition.body + b" "))
    others += (replace(edition, signer=SECOND.public),)

    assert editions.is_signed(edition)
    assert not any(editions.is_signed(each) for each in others)
