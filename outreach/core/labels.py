"""What may stand on a label beside the words: a lot and an expiry month, and nothing that could be about a person."""

from __future__ import annotations

import re
from datetime import date

from outreach.core.refusal import N_, Implausible, Refusal

LOT_MAX = 20
_LOT = re.compile(r"(?=.*[0-9])(?!.*[A-Za-z]{5})[A-Za-z0-9.-]{1,20}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEARS_AHEAD = 10


class NotALot(Refusal):
    sentence = N_(
        "{given} is not printed as a lot. A lot is at most 20 letters, digits, dots and hyphens, with a digit and no "
        "word in it, so that no name gets onto a label. Nothing was printed."
    )


class NotAMonth(Refusal):
    sentence = N_("{given} is not a month. Write it as year-month, such as 2027-03. Nothing was printed.")


class Expired(Implausible):
    sentence = N_("{month} is over. A label with it says that what is inside has expired. Nothing was printed.")


class FarAhead(Implausible):
    sentence = N_("{month} is more than 10 years ahead. Nothing was printed.")


def parse_lot(given: str) -> str:
    """A lot as the box shows it; refuses what could be a word or a name."""
    if not _LOT.fullmatch(given.strip()):
        raise NotALot(given=given)
    return given.strip()


def parse_month(given: str) -> str:
    """An expiry month written year-month."""
    found = _MONTH.fullmatch(given.strip())
    if not found or found[1] == "0000":
        raise NotAMonth(given=given)
    return given.strip()


def ask_about_expiry(month: str, today: date) -> None:
    """Ask before a label says that its kit has expired already, or that it keeps for longer than anything does."""
    if month < f"{today:%Y-%m}":
        raise Expired(month=month)
    if int(month[:4]) > today.year + _YEARS_AHEAD:
        raise FarAhead(month=month)
