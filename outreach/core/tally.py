"""A sheet while it is open: counters, exactly-once taps, and what may be asked before something odd is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction

from outreach.core.refusal import N_, Implausible, OutOfStep, Refusal, Words
from outreach.core.sheets import QUANTITY_MAX, Line, Movement, ServiceModel, SiteCode, sorted_lines

QUANTITY_ASKS = 100_000
HOURS_ASK = 24
FIRST_PLAUSIBLE_DAY = date(2020, 1, 1)

ENCOUNTERS, OTHERS, QUARTER_HOURS, GRAMS = "encounters", "others", "quarter-hours", "grams-returned"
"""Counters that are neither items nor events. They cannot clash: those have a colon."""

PLAIN = (ENCOUNTERS, OTHERS, QUARTER_HOURS, GRAMS)
EVENT = "event"
"""What stands before the colon of an event's counter, where an item's has its movement."""

PEOPLE = (ENCOUNTERS, OTHERS)

FEW_VISITS = 3
"""Fewer on one sheet could point to someone: who was there knows whose they are."""


class UnknownSite(Refusal):
    sentence = N_(
        "There is no site called {code}. Sites: {known}. Add one with `outreach sites add {code}`. Nothing was saved."
    )
    on_pages = N_("There is no site called {code}. Sites: {known}. Add one in Settings. Nothing was saved.")


class NotAQuantity(Refusal):
    sentence = N_("{given} is not a whole number of 0 or more. Type the number again. Nothing was saved.")


class NoQuantity(NotAQuantity):
    sentence = N_("There is no number. Type how many. Nothing was saved.")


class TooMany(Refusal):
    sentence = N_("{given} is too many: the most is {most}. Type the number again. Nothing was saved.")

    def __init__(self, given: str) -> None:
        super().__init__(given=given, most=f"{QUANTITY_MAX:,}")


class BelowZero(Refusal):
    sentence = N_("The count is already 0. Nothing was changed.")


class OddQuantity(Implausible):
    sentence = N_("{quantity} of {item} is more than most programs hand out in a year. Nothing was saved.")


class OddHours(Implausible):
    sentence = N_("{hours} hours are more than a day has. Nothing was saved.")


class OddDay(Implausible):
    sentence = N_("{day} is before 2020. Nothing was saved.")


class DayToCome(OddDay):
    sentence = N_("{day} is after tomorrow. Nothing was saved.")


class NotADay(Refusal):
    sentence = N_("{given} is not a day. Write it as year-month-day, such as 2026-11-22. Nothing was saved.")


class NoDay(NotADay):
    sentence = N_("Choose a day. Nothing was saved.")


class OpenAlready(Implausible):
    sentence = N_("A sheet for {site} on {day} is open already. Go on with that one, unless this is another session.")


class EmptySheet(Refusal):
    sentence = N_("There is nothing on this sheet to close. Count something first, or put the sheet away.")


class SameSheetAgain(Refusal):
    sentence = N_(
        "A sheet with the same counts for {site} on {day} is already saved. Nothing was added. "
        "If it was a second session, give --again."
    )


class AnotherTabCounted(OutOfStep):
    sentence = N_("This tab lost step with the saved sheet. Nothing was counted twice. Load the page again.")


def item_counter(item: str, movement: Movement = Movement.GIVEN) -> str:
    """The name of an item's counter on an open sheet, such as "given:cooker"."""
    return f"{movement.value}:{item}"


def event_counter(event: str) -> str:
    """The name of an event's counter on an open sheet, such as "event:reversal"."""
    return f"{EVENT}:{event}"


@dataclass(frozen=True, slots=True)
class Tap:
    """One touch on an open sheet: add `change` to a counter, or set it to `exactly`.

    `token` names the browser tab, `n` counts its taps from 1, `nonce` marks this very touch, so a
    repeat of a touch that was already applied is known for what it is. `blank` takes back the touch that
    began a counter: at 0 it is blank again, as it was, and not a reported 0.
    """

    token: bytes
    n: int
    nonce: bytes
    counter: str
    change: int = 0
    exactly: int | None = None
    blank: bool = False


class Applied(Enum):
    """What became of a tap: counted now, or counted before and only answered again."""

    NOW = "now"
    BEFORE = "before"


def tap_outcome(last_n: int, last_nonce: bytes, tap: Tap) -> Applied:
    """Whether `tap` follows the last one of its tab, repeats it, or has lost step (refused)."""
    if tap.n == last_n + 1:
        return Applied.NOW
    if tap.n == last_n and tap.nonce == last_nonce:
        return Applied.BEFORE
    raise AnotherTabCounted()


def after_tap(now: int | None, tap: Tap) -> int | None:
    """The counter's value after a tap, None for blank; never below 0 and never beyond what a sheet holds."""
    value = tap.exactly if tap.exactly is not None else (now or 0) + tap.change
    if value < 0:
        raise BelowZero()
    if value > QUANTITY_MAX:
        raise TooMany(given=f"{value:,}")
    return None if tap.blank and value == 0 else value


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """One session as it is being counted: where, which day, and the counters so far.

    A counter that was never touched is absent: not reported, which is not zero.
    """

    id: str
    site: SiteCode
    day: date
    model: ServiceModel
    counters: Mapping[str, int] = field(default_factory=dict)

    def lines(self) -> tuple[Line, ...]:
        counts: dict[tuple[str, Movement], int] = {}
        for name, quantity in self.counters.items():
            movement, colon, item = name.partition(":")
            if colon and movement != EVENT:
                counts[item, Movement(movement)] = quantity
        return sorted_lines(counts)

    def events(self) -> dict[str, int]:
        before = f"{EVENT}:"
        return {name.removeprefix(before): n for name, n in self.counters.items() if name.startswith(before)}

    @property
    def few_visits(self) -> bool:
        """Whether visits were counted, and so few that the sheet is better joined to another one of its day."""
        return self.counters.get(ENCOUNTERS, FEW_VISITS) < FEW_VISITS

    @property
    def handed_out(self) -> int:
        """Things given so far, kits counted as one each; only to tell open sheets apart."""
        given = f"{Movement.GIVEN.value}:"
        return sum(quantity for name, quantity in self.counters.items() if name.startswith(given))

    @property
    def hours(self) -> Fraction | None:
        quarters = self.counters.get(QUARTER_HOURS)
        return None if quarters is None else Fraction(quarters, 4)


def whole_number(given: str) -> int | None:
    """A whole number of 0 or more; ASCII digits only, since paper and screen show those.

    A comma parts thousands. Anywhere else it may be the decimal point of who typed it: 2,5 is not 25.
    """
    text = given.strip()
    return int(text.replace(",", "")) if re.fullmatch(r"[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5}", text) else None


def parse_quantity(given: str) -> int:
    """A whole number of 0 or more, thousands parted by commas or not."""
    if not given.strip():
        raise NoQuantity()
    value = whole_number(given)
    if value is None:
        raise NotAQuantity(given=given)
    if value > QUANTITY_MAX:
        raise TooMany(given=f"{value:,}")
    return value


def parse_hours(given: str) -> Fraction:
    """Hours in quarters: 3, 3.5, 3.25; a comma is taken for the point."""
    text = given.strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(?:\.(?:0|00|25|5|50|75))?", text):
        raise Refusal(N_("{given} is not a number of hours in quarters, such as 3.25. Nothing was saved."), given=given)
    return Fraction(text)


def parse_day(given: str) -> date:
    """A calendar day written year-month-day; nothing looser (`20261122` and week dates are refused)."""
    if not given.strip():
        raise NoDay()
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given.strip()):
        raise NotADay(given=given)
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise NotADay(given=given) from None


def ask_about_day(day: date, today: date) -> None:
    """Ask before a day that a session hardly has; clocks are wrong and typing slips."""
    if day < FIRST_PLAUSIBLE_DAY:
        raise OddDay(day=day)
    if day > today + timedelta(days=1):
        raise DayToCome(day=day)


def ask_about_hours(hours: Fraction) -> None:
    """Ask before a session longer than its day."""
    if hours > HOURS_ASK:
        raise OddHours(hours=f"{float(hours):g}")


def ask_about_quantity(item: str | Words, quantity: int) -> None:
    """Ask before a quantity that one session hardly has."""
    if quantity > QUANTITY_ASKS:
        raise OddQuantity(item=item, quantity=f"{quantity:,}")
