"""The roll: who belongs to the program, in words that are the same for every laptop."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import Any

import pytest

from outreach.core import plainjson, roll
from outreach.core.roll import BadRoll, Coordinator, Edition, Hello, Laptop, Roll, newer
from outreach.core.sheets import SheetId

PROGRAM, OWN = "a1" * 16, "c3" * 16
WHOM = "age1" + "q" * 58


def laptop(number: int, **changes: Any) -> Laptop:
    public = bytes([number]) * 32
    said: dict[str, Any] = {"device": roll.device_of(public), "public": public, "name": f"Van {number}"}
    return Laptop(**(said | {"recipient": WHOM} | changes))


def coordinator(number: int, whom: str = WHOM) -> Coordinator:
    return Coordinator(bytes([100 + number]) * 32, whom, "Office")


def a_roll(**changes: Any) -> Roll:
    parts: dict[str, Any] = {
        "program": PROGRAM,
        "number": 3,
        "coordinators": (coordinator(1), coordinator(2)),
        "laptops": (laptop(1), laptop(2, program=OWN), laptop(3, revoked_after=7, recipient="age1" + "p" * 58)),
        "accepted": (SheetId("0" * 64),),
    }
    return Roll(**(parts | changes))


def test_a_roll_comes_back() -> None:
    """Read back it says the same, and the order in which it was put together makes no difference."""
    first = a_roll()
    again = a_roll(coordinators=first.coordinators[::-1], laptops=first.laptops[::-1])

    assert again.canonical() == first.canonical()
    assert roll.from_canonical(first.canonical()).canonical() == first.canonical()
    assert roll.from_canonical(first.canonical()).laptop(laptop(3).device).revoked_after == 7  # type: ignore[union-attr]


def test_who_is_sealed_for_and_under_which_program() -> None:
    """A lost laptop is sealed for no more; a laptop that joined keeps its earlier program's id; a stranger has none."""
    assert a_roll().recipients == (WHOM,)
    assert a_roll().programs(laptop(1).device) == {PROGRAM}
    assert a_roll().programs(laptop(2).device) == {PROGRAM, OWN}
    assert a_roll().programs("0" * 32) == frozenset()
    assert a_roll().laptop("0" * 32) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"program": ""},
        {"program": "a1" * 16 + "\n"},
        {"program": 7},
        {"number": 0},
        {"number": True},
        {"number": 2**63},
        {"coordinators": ()},
        {"coordinators": (coordinator(1), coordinator(1))},
        {"laptops": (laptop(1), laptop(1, name="Van 9"))},
        {"laptops": tuple(laptop(1) for _ in range(301))},
        {"accepted": ("0" * 63,)},
        {"accepted": (7,)},
    ],
)
def test_what_no_roll_says(changes: dict[str, Any]) -> None:
    """A program, an edition, a coordinator, and nobody twice."""
    with pytest.raises(BadRoll):
        a_roll(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "0" * 32},
        {"public": b"x"},
        {"public": "x"},
        {"recipient": ""},
        {"recipient": "age1" + "b" * 58},
        {"recipient": WHOM + "\n"},
        {"program": "x"},
        {"revoked_after": -1},
        {"revoked_after": True},
        *(
            {"name": name}
            for name in ("", " ", "a\n", "x" * 41, "\u202eVan", "Va\u200bn", "a\0", "a  b", " a", 7, None)
        ),
    ],
)
def test_what_no_laptop_is_called(changes: dict[str, Any]) -> None:
    """Keys that are keys, and a name that can be read and holds nothing invisible; for a hello too."""
    with pytest.raises(BadRoll):
        laptop(1, **changes)
    fine = dataclasses.asdict(laptop(1))
    del fine["revoked_after"]
    assert Hello(**fine).name == "Van 1"
    if "revoked_after" not in changes:
        with pytest.raises(BadRoll):
            Hello(**(fine | changes))


def test_other_bytes_are_no_roll() -> None:
    """Every cut, another order or spacing, another format, a key too many: refused, and never by another error."""
    body = a_roll().canonical()
    row = json.loads(body)
    bent = [body[:at] for at in range(len(body))]
    bent += [json.dumps(row).encode(), body + b"\n", b"[]", b"null", b'"x"', b"[" * 3000]
    bent += [plainjson.write(row | {"format": 2}), plainjson.write(row | {"more": 1})]
    for key, value in itertools.product(row, (None, 7, "x", [], [[]], [{}], {}, [7], ["x"], {"a": 1}, True)):
        changed = plainjson.write(row | {key: value})
        if (value != [] or key not in ("laptops", "accepted", "former")) and (key, value) != ("number", 7):
            bent.append(changed)
    for key, value in itertools.product(row["laptops"][2], (None, " x", [], {}, True)):
        bent.append(plainjson.write(row | {"laptops": [row["laptops"][2] | {key: value}]}))
    for each in bent:
        with pytest.raises(BadRoll):
            roll.from_canonical(each)


def test_of_two_editions_every_laptop_picks_the_same() -> None:
    """The higher number; of two with one number always the same one, whichever came first."""
    two, three = (Edition("roll", number, b"x", bytes(32), bytes(64)) for number in (2, 3))
    alike = [Edition("roll", 3, body, bytes([who]) * 32, bytes(64)) for body in (b"x", b"y", b"z") for who in (0, 1)]

    assert newer(two, three) == newer(three, two) == three
    for first, second, third in itertools.permutations([*alike, two], 3):
        assert newer(first, second) == newer(second, first)
        assert newer(newer(first, second), third) == newer(first, newer(second, third))


@pytest.mark.parametrize(
    "changes",
    [{"kind": "x"}, {"number": 0}, {"number": True}, {"signer": b""}, {"signature": b"x"}, {"body": bytes(9 << 20)}],
)
def test_what_no_edition_is(changes: dict[str, Any]) -> None:
    """Of a known kind, numbered, signed, and of a size that can be carried."""
    with pytest.raises(BadRoll):
        Edition(**({"kind": "roll", "number": 1, "body": b"", "signer": bytes(32), "signature": bytes(64)} | changes))


def test_what_is_signed_names_kind_and_number() -> None:
    """The same words under another number or kind are signed anew."""
    said = {roll.message(kind, number, b"1 x") for kind in roll.KINDS for number in (1, 11)}

    assert len(said) == 4
