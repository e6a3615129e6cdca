"""What has to be there before a participation card is printed: a state, its statute, and counsel's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from outreach.core.languages import SOURCE, LanguageTag
from outreach.core.laws import StateCode
from outreach.core.phones import TooLong
from outreach.core.refusal import N_, Refusal

WORDING_MAX, STATUTE_MAX, BY_MAX = 700, 120, 60
_TO_FILL_IN = re.compile(r"_{2,}|\.{4,}|\u2026{2,}|\[ *\]|\{[^}]*\}|<[^>]*>")


class NoStatute(Refusal):
    sentence = N_(
        "Give the statute as it is cited, with its number, such as N.C. Gen. Stat. 90-113.27. Nothing was saved."
    )


class NoWording(Refusal):
    sentence = N_("There are no words in {file}. Put counsel's wording into it as plain text. Nothing was saved.")


class PlaceToFillIn(Refusal):
    sentence = N_(
        'The wording has a place to fill in ("{what}"). This card carries no name, no number and no code, so that '
        "nobody can be looked up by it. Ask counsel for words without one. Nothing was saved."
    )


class WhoseWording(Refusal):
    sentence = N_("Say whose wording it is: a role and a group, such as counsel of the program. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Participation:
    """Counsel's wording for one state, printed as it was given and only in the language it was given in."""

    state: StateCode
    statute: str
    wording: str
    by: str
    day: date
    language: LanguageTag = SOURCE

    def __post_init__(self) -> None:
        if not any(c.isdigit() for c in self.statute):
            raise NoStatute()
        if not self.by:
            raise WhoseWording()
        for text, most in ((self.statute, STATUTE_MAX), (self.by, BY_MAX), (self.wording, WORDING_MAX)):
            if len(text) > most:
                raise TooLong(text=text if len(text) <= STATUTE_MAX else f"{text[:40]}...", most=most)
        found = _TO_FILL_IN.search(self.wording)
        if found:
            raise PlaceToFillIn(what=found[0])

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(" ".join(each.split()) for each in re.split(r"\n\s*\n", self.wording) if each.strip())
