"""The roll of a program: its coordinators and laptops, and the signed editions in which it travels."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from outreach.core import plainjson
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import SheetId

FORMAT = 1
NAME_MAX = 40
MOST = 300
"""Laptops and coordinators of one program."""

ROLL, SHARED = "roll", "shared"
KINDS = (ROLL, SHARED)
EDITION_MAX = 8 * 1024 * 1024

_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


class BadRoll(Refusal):
    """What should be a roll, a part of one, or an edition is none; the message says why."""

    sentence = N_("This list of laptops cannot be read: {why} Nothing was changed.")


def is_name(text: object) -> bool:
    """Whether `text` can be a laptop's name: one short line without anything invisible in it."""
    return isinstance(text, str) and 0 < len(text) <= NAME_MAX and text == " ".join(text.split()) and text.isprintable()


def device_of(public: bytes) -> str:
    """What sheets call the device of a public key: the first 128 bits of its SHA-256, as 32 hex digits."""
    return hashlib.sha256(public).hexdigest()[:32]


def _check(public: object, recipient: object, name: object) -> None:
    if not isinstance(public, bytes) or len(public) != 32:
        raise BadRoll(why="a key in it is none.")
    if not isinstance(recipient, str) or not _RECIPIENT.fullmatch(recipient):
        raise BadRoll(why="it names something to seal for that is no key.")
    if not is_name(name):
        raise BadRoll(why=f"a laptop's name is one line of at most {NAME_MAX} letters.")


def _check_program(program: object, may_be_empty: bool = False) -> None:
    fine = isinstance(program, str) and (_HEX32.fullmatch(program) or (may_be_empty and not program))
    if not fine:
        raise BadRoll(why="it does not say which program it is for.")


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Who may say who belongs to the program: a laptop's coordinator key, and what to seal for it.

    Whoever founded the roll stands for itself; every other one was made by the coordinator `by`, who signed
    `voucher`. So a laptop that missed that edition can follow the new coordinator's own.
    """

    public: bytes
    recipient: str
    name: str
    by: bytes = b""
    voucher: bytes = b""

    def __post_init__(self) -> None:
        _check(self.public, self.recipient, self.name)
        if (len(self.by), len(self.voucher)) not in ((0, 0), (32, 64)):
            raise BadRoll(why="it does not say who made a coordinator of it one.")


@dataclass(frozen=True, slots=True)
class Laptop:
    """A laptop of the program, named after the van or the desk. `device` is what its sheets call it.

    `program` is the id under which it made sheets before it joined; empty when it made none. With
    `revoked_after` its sheets beyond that number count no more. `coordinator` is the key that it would
    speak with if it were made one.
    """

    device: str
    public: bytes
    name: str
    recipient: str
    program: str = ""
    revoked_after: int | None = None
    coordinator: bytes = b""

    def __post_init__(self) -> None:
        _check(self.public, self.recipient, self.name)
        if not isinstance(self.coordinator, bytes) or len(self.coordinator) not in (0, 32):
            raise BadRoll(why="a key in it is none.")
        _check_program(self.program, may_be_empty=True)
        if self.device != device_of(self.public):
            raise BadRoll(why="a laptop in it is called by another laptop's key.")
        after = self.revoked_after
        if after is not None and (type(after) is not int or not 0 <= after <= plainjson.INT_MAX):
            raise BadRoll(why="it does not say from which sheet on a laptop counts no more.")


@dataclass(frozen=True, slots=True)
class Hello:
    """How a laptop that joined presents itself to the coordinator; `program` and `coordinator` as in Laptop."""

    device: str
    public: bytes
    name: str
    recipient: str
    program: str = ""
    coordinator: bytes = b""

    def __post_init__(self) -> None:
        Laptop(self.device, self.public, self.name, self.recipient, self.program, coordinator=self.coordinator)


@dataclass(frozen=True, slots=True)
class Roll:
    """Who belongs to a program; `number` grows with each change.

    `accepted` are sheets that count although their day is not plausible: a coordinator said so. `former` are
    no coordinators any more, and stand here for those whom they made one.
    """

    program: str
    number: int
    coordinators: tuple[Coordinator, ...]
    laptops: tuple[Laptop, ...]
    accepted: tuple[SheetId, ...] = ()
    former: tuple[Coordinator, ...] = ()

    def __post_init__(self) -> None:
        _check_program(self.program)
        _check_number(self.number)
        ever = (*self.coordinators, *self.former)
        if not self.coordinators or max(len(ever), len(self.laptops)) > MOST:
            raise BadRoll(why=f"a program has a coordinator, and at most {MOST} laptops.")
        if len({each.public for each in ever}) != len(ever):
            raise BadRoll(why="a coordinator stands in it twice.")
        if len({each.device for each in self.laptops}) != len(self.laptops):
            raise BadRoll(why="a laptop stands in it twice.")
        if not all(isinstance(each, str) and _HEX64.fullmatch(each) for each in self.accepted):
            raise BadRoll(why="it accepts a sheet by something that is not a sheet's id.")

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom to seal for: everyone who was not revoked."""
        here = [each.recipient for each in self.laptops if each.revoked_after is None]
        return tuple(sorted({*here, *(each.recipient for each in self.coordinators)}))

    def laptop(self, device: str) -> Laptop | None:
        """The laptop whose sheets call it `device`."""
        return next((each for each in self.laptops if each.device == device), None)

    def programs(self, device: str) -> frozenset[str]:
        """The program ids that sheets of this device may carry; none for a laptop that is not on the roll."""
        found = self.laptop(device)
        return frozenset({self.program, found.program} - {""}) if found else frozenset()

    def canonical(self) -> bytes:
        """The bytes that are signed: the same for the same roll, in whatever order it was put together."""
        return plainjson.write(
            {
                "format": FORMAT,
                "program": self.program,
                "number": self.number,
                "coordinators": _coordinator_rows(self.coordinators),
                "former": _coordinator_rows(self.former),
                "laptops": sorted((laptop_row(each) for each in self.laptops), key=lambda row: row["device"]),
                "accepted": sorted(set(self.accepted)),
            }
        )


def laptop_row(each: Laptop | Hello) -> dict[str, Any]:
    """A laptop as it stands in what is signed."""
    row: dict[str, Any] = {
        "device": each.device,
        "public": each.public.hex(),
        "name": each.name,
        "recipient": each.recipient,
        "program": each.program,
    }
    if each.coordinator:
        row["coordinator"] = each.coordinator.hex()
    if isinstance(each, Laptop) and each.revoked_after is not None:
        row["revoked_after"] = each.revoked_after
    return row


def read_laptop_row(row: dict[str, Any]) -> dict[str, Any]:
    """What `laptop_row` wrote, as Laptop and Hello take it; a key that is no hexadecimal text is a ValueError."""
    return {**row, **{name: bytes.fromhex(row.get(name, "")) for name in ("public", "coordinator")}}


def _coordinator_rows(coordinators: Iterable[Coordinator]) -> list[dict[str, str]]:
    rows = [
        {"public": each.public.hex(), "recipient": each.recipient, "name": each.name}
        | ({"by": each.by.hex(), "voucher": each.voucher.hex()} if each.by else {})
        for each in coordinators
    ]
    return sorted(rows, key=lambda row: row["public"])


def _read_coordinators(rows: list[dict[str, str]]) -> tuple[Coordinator, ...]:
    keys = ("public", "by", "voucher")
    return tuple(Coordinator(**{**row, **{key: bytes.fromhex(row.get(key, "")) for key in keys}}) for row in rows)  # type: ignore[arg-type]


def from_canonical(body: bytes) -> Roll:
    """Read a roll back; raises BadRoll unless writing it again gives the very same bytes."""
    try:
        row = plainjson.read(body)
        if row["format"] != FORMAT:
            raise BadRoll(why=f"its format is {row['format']!r}; this version reads {FORMAT}.")
        roll = Roll(
            program=row["program"],
            number=row["number"],
            coordinators=_read_coordinators(row["coordinators"]),
            laptops=tuple(Laptop(**read_laptop_row(each)) for each in row["laptops"]),
            accepted=tuple(row["accepted"]),
            former=_read_coordinators(row["former"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadRoll(why="it is not in the form of a roll.") from problem
    if roll.canonical() != body:
        raise BadRoll(why="it is not in its canonical form.")
    return roll


def _check_number(number: object) -> None:
    if type(number) is not int or not 1 <= number <= plainjson.INT_MAX:
        raise BadRoll(why="it does not say which edition it is.")


@dataclass(frozen=True, slots=True)
class Edition:
    """A signed state of the roll, or of what the program shares; a higher `number` takes its place.

    `signer` is a coordinator's public key. Whether the signature is good is for the workshop that knows
    keys to say, and whether the signer may sign, for the roll.
    """

    kind: str
    number: int
    body: bytes
    signer: bytes
    signature: bytes

    def __post_init__(self) -> None:
        _check_number(self.number)
        if self.kind not in KINDS or len(self.body) > EDITION_MAX:
            raise BadRoll(why="it is of a kind or size that is not known here.")
        if len(self.signer) != 32 or len(self.signature) != 64:
            raise BadRoll(why="it is not signed.")

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return message(self.kind, self.number, self.body)


def message(kind: str, number: int, body: bytes) -> bytes:
    """What a coordinator signs for an edition: never mistaken for a sheet or a bundle."""
    return b"OUTREACH-EDITION/1 %s %d\n" % (kind.encode("ascii"), number) + body


def vouching(program: str, public: bytes) -> bytes:
    """What a coordinator signs to make another one."""
    return b"OUTREACH-COORDINATOR/1 %s " % program.encode("ascii") + public


def newer(a: Edition, b: Edition) -> Edition:
    """Which of two editions of one kind counts. Every laptop picks the same, even of two with the same number."""
    return max(a, b, key=lambda each: (each.number, hashlib.sha256(each.body).digest(), each.signer, each.signature))
