"""Bundles: what was written is read, and nothing else is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from outreach.carry import bundles, sealing
from outreach.carry.bundles import Bundle, BundleDamaged, BundleTooBig, BundleTooNew, NotABundle, Signed
from outreach.carry.keys import DeviceKey, coordinator_key, signing_key
from outreach.core.refusal import Refusal
from outreach.core.roll import ROLL, Coordinator, Edition, Hello, Laptop, Roll, message
from outreach.core.sheets import ClosedSheet, Kind, Movement, ServiceModel, SiteCode, sorted_lines

PROGRAM, OWN = "a1" * 16, "c3" * 16
SECRET, OTHER = b"\x01" * 32, b"\x02" * 32
KEY, OTHER_KEY, BOSS = signing_key(SECRET), signing_key(OTHER), coordinator_key(OTHER)
WHOM = [sealing.recipient(OTHER)]


def sheets_of(key: DeviceKey, many: int, site: str = "north") -> tuple[Signed, ...]:
    made, prev = [], None
    for seq in range(1, many + 1):
        sheet = ClosedSheet(
            program=PROGRAM,
            device=key.device,
            seq=seq,
            prev=prev,
            kind=Kind.TALLY,
            site=SiteCode(site),
            day=date(2026, 11, 22),
            model=ServiceModel.STREET,
            lines=sorted_lines({("cooker", Movement.GIVEN): seq}),
        )
        prev = sheet.id
        made.append(Signed(sheet.canonical(), key.sign(sheet.canonical())))
    return tuple(made)


def roll() -> Roll:
    return Roll(
        PROGRAM,
        3,
        (Coordinator(BOSS.public, WHOM[0], "Office"),),
        (Laptop(KEY.device, KEY.public, "Van 2", sealing.recipient(SECRET), OWN),),
    )


def edition() -> Edition:
    body = roll().canonical()
    return Edition(ROLL, 3, body, BOSS.public, BOSS.sign(message(ROLL, 3, body)))


def whole(many: int = 2) -> Bundle:
    sheets = sheets_of(KEY, many)
    return Bundle(
        program=PROGRAM,
        device=KEY.device,
        public=KEY.public,
        sheets=sheets,
        devices={KEY.device: KEY.public},
        last={KEY.device: (many, sheets[-1].id if sheets else "0" * 64)},
        folded=(("0" * 64, KEY.device, 7),),
        sites=(("north", "Nord 1", "mobile"),),
        editions=(edition(),),
        hello=Hello(KEY.device, KEY.public, "Van 2", sealing.recipient(SECRET), OWN),
    )


def read(sealed: bytes) -> Bundle:
    return bundles.read(sealed, OTHER, "van.tally")


def read_plain(text: bytes) -> Bundle:
    return bundles.read_plain(text, "van.tally")


def test_what_was_written_is_read() -> None:
    """Every part comes back as it was, and an empty bundle too."""
    empty = Bundle(PROGRAM, KEY.device, KEY.public)
    for bundle in (whole(), empty):
        assert read(bundles.write(bundle, KEY.sign, WHOM)) == bundle


def refused(take: Callable[..., object], *given: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        take(*given)
    assert "van.tally" in str(caught.value)
    return caught.value


def test_every_bit_and_every_cut_is_noticed() -> None:
    """A small bundle with any one bit turned, or cut off anywhere, sealed or opened, is refused with a sentence."""
    bundle = whole(1)
    sealed, opened = bundles.write(bundle, KEY.sign, WHOM), bundles.plaintext(bundle, KEY.sign)
    for good, take in ((sealed, read), (opened, read_plain)):
        assert take(good) == bundle  # the control
        for at in range(len(good)):
            refused(take, good[:at])
            flipped = good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :]
            refused(take, flipped)
        refused(take, good + b"\n")
        refused(take, good + good)


def test_what_is_too_new_or_no_bundle_is_told_apart() -> None:
    """A later format is named as one, so that it can be kept; other files are no bundles."""
    text = bundles.plaintext(whole(), KEY.sign)
    firsts = {b"OUTREACH-TALLY/2\n": BundleTooNew, b"OUTREACH-TALLY/01\n": NotABundle, b"x": NotABundle}
    for first, kind in firsts.items():
        sealed = sealing.seal(first + text.split(b"\n", 1)[1], WHOM)
        assert type(refused(read, sealed)) is kind
    for other in (b"", b"PK\x03\x04", text, b"\0" * 500):
        assert type(refused(read, other)) is NotABundle


def test_a_sheet_is_signed_by_its_own_laptop() -> None:
    """A genuine laptop that signs the bundle cannot put words into another's mouth."""
    theirs = sheets_of(OTHER_KEY, 1)
    keys = {KEY.device: KEY.public, OTHER_KEY.device: OTHER_KEY.public}
    good = Bundle(PROGRAM, KEY.device, KEY.public, theirs, keys)
    forged = dataclasses.replace(good, sheets=(Signed(theirs[0].body, KEY.sign(theirs[0].body)),))
    unnamed = dataclasses.replace(good, devices={})

    assert read(bundles.write(good, KEY.sign, WHOM)) == good
    for bad in (forged, unnamed):
        refused(read, bundles.write(bad, KEY.sign, WHOM))
    assert type(refused(read, bundles.write(good, OTHER_KEY.sign, WHOM))) is BundleDamaged


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    """A file of a gigabyte is refused by its size; one of the largest size is read."""
    huge, largest = tmp_path / "van.tally", tmp_path / "largest"
    with huge.open("wb") as file:
        file.truncate(2**30)
    with largest.open("wb") as file:
        file.truncate(bundles.SIZE_MAX)

    assert type(refused(lambda: bundles.load(huge))) is BundleTooBig
    assert len(bundles.load(largest)) == bundles.SIZE_MAX


def test_nothing_can_be_read_in_the_file() -> None:
    """The place's code stands in what is sealed, and nowhere in the file; twice exported, it differs."""
    first, second = (bundles.write(whole(9), KEY.sign, WHOM) for _ in range(2))

    assert first != second
    assert b"north" in bundles.plaintext(whole(9), KEY.sign)
    assert b"north" not in first and KEY.device.encode() not in first and b"OUTREACH" not in first
