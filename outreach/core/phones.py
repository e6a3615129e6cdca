"""Phone lines a program may offer, and the rule that none is shown before someone has called it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from outreach.core.languages import SOURCE, LanguageTag
from outreach.core.periods import within_a_year
from outreach.core.refusal import N_, Refusal

_NUMBER = re.compile(r"\+?[0-9(][0-9 ().\-/]*[0-9]")
NAME_MAX, NUMBER_MAX, HOURS_MAX, FOR_MAX, NOTE_MAX = 60, 24, 60, 160, 200
"""Characters of what a program types about a line, and of the note under the list of topics."""


class NotANumber(Refusal):
    sentence = N_("{number} is not a phone number. Type 3 to 15 digits, such as 555-0142. Nothing was saved.")


class TooLong(Refusal):
    sentence = N_("{text} is too long: at most {most} letters fit. Nothing was saved.")


class NoName(Refusal):
    sentence = N_("Give the line a name. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Called:
    """That someone called `number` on `day` and it was what it should be."""

    day: date
    number: str

    def holds(self, number: str, today: date) -> bool:
        """Whether the call still counts: the same number, less than 12 months ago, and not on a day to come."""
        return self.number == number and within_a_year(self.day, today)


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A line: what it is called, its number as people write it, what it is for, and where it belongs.

    `language` is what `use` and `hours` are written in; `own` lines come from the program itself.
    """

    id: str
    name: str
    number: str
    use: str
    hours: str = ""
    tongues: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    language: LanguageTag = SOURCE
    own: bool = False

    def __post_init__(self) -> None:
        if not self.name:
            raise NoName()
        digits = sum(c.isdigit() for c in self.number)
        if not _NUMBER.fullmatch(self.number) or not self.number.isascii() or not 3 <= digits <= 15:
            raise NotANumber(number=self.number or "-")
        limits = ((self.name, NAME_MAX), (self.number, NUMBER_MAX), (self.hours, HOURS_MAX), (self.use, FOR_MAX))
        for text, most in limits if self.own else ():
            if len(text) > most:
                raise TooLong(text=text, most=most)

    @property
    def dial(self) -> str:
        """What a phone dials: digits, with the + where there is one."""
        return "+" * self.number.startswith("+") + "".join(c for c in self.number if c.isdigit())


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands at the foot of the list of topics: the program's hours and one short note."""

    hours: str = ""
    note: str = ""
    language: LanguageTag = SOURCE

    def __post_init__(self) -> None:
        for text, most in ((self.hours, HOURS_MAX), (self.note, NOTE_MAX)):
            if len(text) > most:
                raise TooLong(text=text, most=most)
