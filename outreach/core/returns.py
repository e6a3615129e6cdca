"""Used syringes that came back and were not counted one by one: worked out from a weight or from full containers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import QUANTITY_MAX
from outreach.core.tally import whole_number

HOW_MANY = 100
"""Syringes in each of the program's own three weighings (reporting B5)."""
WEIGHINGS = 3
GRAMS_MAX = 200_000
WEIGHED, CONTAINER, TOLD = "returned-weighed", "returned-container", "returned-told"
"""The events that hold each way of knowing; the first two have a low and a high one beside them."""


class NotGrams(Refusal):
    sentence = N_("{given} is not a weight in whole grams from 1 to {most}, such as 1250. Type it again.")

    def __init__(self, given: str) -> None:
        super().__init__(given=given.strip() or '""', most=f"{GRAMS_MAX:,}")


class LighterThanEmpty(Refusal):
    sentence = N_(
        "{grams} g is no more than the empty container weighs ({tare} g). Weigh it again. Nothing was counted."
    )


class NotAWeighing(Refusal):
    sentence = N_(
        "Each container with {count} syringes must weigh more than the empty one. Weigh them again. Nothing was saved."
    )


class NotAContainer(Refusal):
    sentence = N_("A full container holds at least {fewest} and at most {most}: that cannot be. Nothing was saved.")


class TooManyBack(Refusal):
    sentence = N_("{quantity} syringes are more than a sheet can hold. Type it again. Nothing was counted.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Syringes that came back: the likely number, and between which two numbers it lies."""

    low: int
    middle: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.middle <= self.high:
            raise ValueError("an estimate goes from low over middle to high")
        if self.high > QUANTITY_MAX:
            raise TooManyBack(quantity=f"{self.high:,}")

    def events(self, event: str) -> dict[str, int]:
        """The three counts as a sheet holds them."""
        return {event: self.middle, f"{event}-low": self.low, f"{event}-high": self.high}


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a program's own containers weigh, in grams: empty, and three times with 100 of its own mix in it.

    There is no default: no weight of a syringe is known that would hold for every program.
    """

    tare: int
    with_hundred: tuple[int, ...]
    day: date

    def __post_init__(self) -> None:
        if len(self.with_hundred) != WEIGHINGS:
            raise ValueError(f"a weighing is {WEIGHINGS} weights")
        if self.tare <= 0 or any(each <= self.tare for each in self.with_hundred):
            raise NotAWeighing(count=HOW_MANY)

    @property
    def per_hundred(self) -> tuple[int, ...]:
        """What 100 syringes alone weighed, each time."""
        return tuple(each - self.tare for each in self.with_hundred)

    def estimate(self, gross: int) -> Estimate:
        """How many syringes a closed container of `gross` grams holds; the heaviest weighing gives the fewest."""
        net = gross - self.tare
        if net <= 0:
            raise LighterThanEmpty(grams=f"{gross:,}", tare=f"{self.tare:,}")
        weights = self.per_hundred
        mean = Fraction(sum(weights), len(weights))
        low, middle, high = (_whole(net * HOW_MANY / Fraction(each)) for each in (max(weights), mean, min(weights)))
        return Estimate(low, middle, high)

    def said(self) -> dict[str, Any]:
        """How it was weighed, as it stands beside a sheet's lines."""
        return {"per100": list(self.per_hundred), "tare": self.tare, "since": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class Container:
    """A size of container and the fewest and most syringes a full one holds, by the program's own experience."""

    name: str
    fewest: int
    most: int

    def __post_init__(self) -> None:
        if not 0 < self.fewest <= self.most <= QUANTITY_MAX:
            raise NotAContainer(fewest=self.fewest, most=self.most)

    def estimate(self, full: int) -> Estimate:
        """How many syringes `full` full ones hold."""
        return Estimate(self.fewest * full, _whole(Fraction((self.fewest + self.most) * full, 2)), self.most * full)


@dataclass(frozen=True, slots=True)
class Scales:
    """The program's own weighing, if there is one, and its containers by name."""

    weighing: Weighing | None = None
    containers: Mapping[str, Container] | None = None

    @property
    def by_name(self) -> Mapping[str, Container]:
        return self.containers or {}


def parse_grams(given: str) -> int:
    """A weight in whole grams, thousands parted by commas or not."""
    grams = whole_number(given)
    if grams is None or not 0 < grams <= GRAMS_MAX:
        raise NotGrams(given=given)
    return grams


def how_known(events: Mapping[str, int]) -> tuple[str, ...]:
    """Which ways of knowing these events rest on, besides counting one by one."""
    return tuple(event for event in (WEIGHED, CONTAINER, TOLD) if events.get(event))


def _whole(number: Fraction) -> int:
    """The nearest whole number, halves upward; fractions do not drift the way floating point does."""
    return (number + Fraction(1, 2)).__floor__()
