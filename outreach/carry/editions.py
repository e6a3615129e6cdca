"""Editions as coordinators sign them: the roll and what a program shares, and who may sign one."""

from __future__ import annotations

from collections.abc import Collection

from outreach.carry.keys import DeviceKey, verify
from outreach.core.roll import Coordinator, Edition, Laptop, Roll, message, vouching


def sign(kind: str, number: int, body: bytes, key: DeviceKey) -> Edition:
    """The edition of that number, signed with a coordinator's key."""
    return Edition(kind, number, body, key.public, key.sign(message(kind, number, body)))


def is_signed(edition: Edition) -> bool:
    """Whether its signer signed it; whether that one may is another question."""
    return verify(edition.signer, edition.message, edition.signature)


def vouch(program: str, laptop: Laptop, key: DeviceKey) -> Coordinator:
    """The laptop as one more coordinator, made so by the coordinator of `key`."""
    voucher = key.sign(vouching(program, laptop.coordinator))
    return Coordinator(laptop.coordinator, laptop.recipient, laptop.name, key.public, voucher)


def may_sign(roll: Roll, signer: bytes, trusted: Collection[bytes], never: Collection[bytes] = ()) -> bool:
    """Whether `signer` may sign this roll: trusted, or made a coordinator by one who is, over however many steps.

    `never` are those known to be coordinators no more: whom they make one now is none.
    """
    made = {each.public: each for each in (*roll.coordinators, *roll.former)}
    if signer not in {each.public for each in roll.coordinators}:
        return False
    passed: set[bytes] = set()
    while signer not in trusted:
        each = made.get(signer)
        if each is None or not each.by or signer in passed or signer in never:
            return False
        if not verify(each.by, vouching(roll.program, signer), each.voucher):
            return False
        passed.add(signer)
        signer = each.by
    return True
