"""The law that may help a person who calls 911, a dated row a state, and which lines such a row may say.

A line is named by its id in `shipped/law-lines.toml`. Nothing here promises anything: what a row does not
know becomes "check locally", and a row that is only a defense in court never names help with an arrest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from outreach.core.refusal import N_, NotThere
from outreach.core.topics import FactId, StepClass

StateCode = NewType("StateCode", str)
LineId = NewType("LineId", str)


class UnknownState(NotThere):
    sentence = N_("There is no state {state} here. Use two letters: {known}. Nothing was changed.")


class Help(Enum):
    """What a law may help with. The last two stand alone: no help at all, and nobody has looked it up."""

    ARREST = "arrest"
    CHARGE = "charge"
    PROSECUTION = "prosecution"
    PROCEDURAL = "procedural"
    DEFENSE = "affirmative_defense"
    NONE = "none"
    CHECK = "check"


class Selling(Enum):
    """What the law text says about selling and sharing."""

    NO = "no"
    SHARING = "sharing"
    SHARING_NO_PROFIT = "sharing_no_profit"
    NO_SALE_FOR_GAIN = "no_sale_for_gain"
    TO_OVERDOSE_VICTIM_ONLY = "to_overdose_victim_only"
    CASUAL_EXCHANGE = "casual_exchange"
    ANY_DRUG_OFFENSE = "any_drug_offence"
    CHECK = "check"


class Supervision(Enum):
    """Whether the law reaches a person on probation or parole."""

    YES = "yes"
    NO = "no"
    CHECK = "check"


class Strips(Enum):
    """How the state's rules on drug equipment treat a fentanyl test strip."""

    LEGAL_EXEMPT = "legal_exempt"
    NOT_BANNED = "not_banned"
    NOT_EXEMPT = "not_exempt"
    CHECK = "check"


_AS_OF = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """Where a statement about a law comes from. `as_of` is a day, a month or a year in ISO form, or empty."""

    as_of: str
    source: str
    statute: str = ""

    def __post_init__(self) -> None:
        if self.as_of and not _AS_OF.fullmatch(self.as_of):
            raise ValueError(f"{self.as_of!r} is not a day, month or year such as 2023-01-31, 2023-01 or 2023")
        if not self.source:
            raise ValueError("a source is missing")


@dataclass(frozen=True, slots=True)
class StateLaw:
    """One state's row. `possession` is a small amount of a drug, `supplies` its pipes and syringes."""

    state: StateCode
    name: str
    possession: frozenset[Help]
    supplies: frozenset[Help]
    selling: Selling
    supervision: Supervision
    strips: Strips
    law_source: Dated
    selling_source: Dated
    strips_source: Dated

    def __post_init__(self) -> None:
        for cell in (self.possession, self.supplies):
            alone = cell & {Help.DEFENSE, Help.NONE, Help.CHECK}
            if not cell or (alone and len(cell) > 1):
                raise ValueError("affirmative_defense, none and check stand alone")

    @property
    def is_weak(self) -> bool:
        """True where the law works, or partly works, only later in court: no line then names help with an arrest."""
        return bool(self.possession & {Help.DEFENSE, Help.PROCEDURAL})


@dataclass(frozen=True, slots=True)
class LawLine:
    """One line that a row may say, or a word around the lines, which names no fact."""

    id: LineId
    text: str
    facts: tuple[FactId, ...]
    level: StepClass


FIRST, AS_OF, CHECK_LOCALLY = LineId("call-first"), LineId("as-of"), LineId("check-locally")
CARD_EVERYWHERE = LineId("card-everywhere")
CHOOSE, STATE, STATUTE = LineId("choose-state"), LineId("state-label"), LineId("statute-label")


def may_cover(law: StateLaw) -> tuple[LineId, ...]:
    """Lines on what the law may help with; the first one says so plainly where it is little."""
    return tuple(LineId(each) for each in (*_possession(law), *_supplies(law), *_supervision(law, True)))


def may_not_cover(law: StateLaw) -> tuple[LineId, ...]:
    """Lines on what the row leaves out; what no state's law is sure to cover stands in the topic."""
    return tuple(LineId(each) for each in (*_left_open(law), *_selling(law), *_supervision(law, False)))


def strip_lines(law: StateLaw) -> tuple[LineId, ...]:
    """The line on test strips."""
    said = {
        Strips.LEGAL_EXEMPT: "strips-exempt",
        Strips.NOT_BANNED: "strips-not-banned",
        Strips.NOT_EXEMPT: "strips-not-exempt",
        Strips.CHECK: "strips-check",
    }
    return (LineId(said[law.strips]), *([CHECK_LOCALLY] if law.strips is Strips.CHECK else []))


def _possession(law: StateLaw) -> Iterator[str]:
    helps = law.possession
    if helps == {Help.DEFENSE}:
        yield "possession-defense"
    elif helps == {Help.PROCEDURAL}:
        yield "possession-procedural"
    elif helps <= {Help.NONE, Help.CHECK}:
        yield "possession-none"
        if Help.CHECK in helps:
            yield CHECK_LOCALLY
    else:
        yield "help-title"
        if Help.ARREST in helps and not law.is_weak:
            yield "possession-arrest"
        if Help.CHARGE in helps:
            yield "possession-charge"
        if Help.PROSECUTION in helps:
            yield "possession-prosecution"
        if Help.PROCEDURAL in helps:
            yield "possession-procedural-too"


def _supplies(law: StateLaw) -> Iterator[str]:
    if not law.supplies & {Help.NONE, Help.CHECK}:
        yield "supplies-covered"


def _supervision(law: StateLaw, may: bool) -> Iterator[str]:
    if may == (law.supervision is Supervision.YES):
        yield f"supervision-{law.supervision.value}"
        if law.supervision is Supervision.CHECK:
            yield CHECK_LOCALLY


def _left_open(law: StateLaw) -> Iterator[str]:
    if not law.possession <= {Help.DEFENSE, Help.NONE, Help.CHECK} and law.possession != {Help.PROCEDURAL}:
        if Help.ARREST not in law.possession or law.is_weak:
            yield "no-arrest"
        if Help.CHARGE not in law.possession:
            yield "no-charge"
    if Help.NONE in law.supplies:
        yield "supplies-none"
    elif Help.CHECK in law.supplies:
        yield from ("supplies-unclear", CHECK_LOCALLY)


def _selling(law: StateLaw) -> Iterator[str]:
    if law.selling is Selling.NO:
        yield "selling-no"
    elif law.selling is Selling.CHECK:
        yield from ("selling-check", CHECK_LOCALLY)
    else:
        # The other values are short notes about long law texts: none of them says that anything is allowed.
        yield "selling-any-drug-offense" if law.selling is Selling.ANY_DRUG_OFFENSE else "selling-sharing"
        yield "selling-do-not-count"
