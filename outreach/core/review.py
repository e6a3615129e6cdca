"""Who checked which words: a role, a group and a day, over an edition that any changed word makes another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from outreach.core.refusal import N_, Refusal


class Role(Enum):
    """Drafters write; checkers and native readers are speakers; clinicians answer for what is said."""

    DRAFTER = "drafter"
    CHECKER = "checker"
    NATIVE = "native"
    CLINICIAN = "clinician"


class NoGroup(Refusal):
    sentence = N_(
        "Say which group this is from, such as a clinic or a community group. A name is optional. Nothing was saved."
    )


class NotYet(Refusal):
    sentence = N_("{day} is still to come. Give the day it was signed. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Signature:
    """A role and a group are enough; a name is there only when its owner chose to sign with it."""

    role: Role
    group: str
    day: date
    name: str = ""

    def may_be(self, other: Signature) -> bool:
        """Whether both could be one person: of one group, and nothing tells them apart."""
        ours, theirs = _folded(self.name), _folded(other.name)
        return _folded(self.group) == _folded(other.group) and (ours == theirs or not ours or not theirs)

    def words(self) -> str:
        who = f"{self.name}, {self.group}" if self.name else self.group
        return f"{self.role.value}, {who}, {self.day.isoformat()}"


def sign(role: Role, group: str, day: date, today: date, name: str = "") -> Signature:
    """A signature as it was given; refuses one without a group or from a day to come."""
    group, name = " ".join(group.split()), " ".join(name.split())
    if not group:
        raise NoGroup()
    if day > today:
        raise NotYet(day=day.isoformat())
    return Signature(role, group, day, name)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def edition(words: Iterable[tuple[str, ...]]) -> str:
    """What a set of words is called on paper: 12 hex digits in threes of four, another for any changed letter."""
    told = json.dumps([list(each) for each in words], ensure_ascii=True, separators=(",", ":"))
    digits = hashlib.sha256(told.encode("ascii")).hexdigest()[:12]
    return "-".join(digits[i : i + 4] for i in range(0, 12, 4))


def latest(signatures: Iterable[Signature | None]) -> Signature | None:
    """The last of them; None when one is missing: the whole was then not signed."""
    found = list(signatures)
    if not found or any(each is None for each in found):
        return None
    return max((each for each in found if each), key=lambda each: each.day)
