"""What a page of a report is asked for by its address: days, a site, groupings, and numbers that were typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from flask import Response, request

from outreach.core.periods import Period, PeriodKind, latest_of, parse_period, period_of
from outreach.core.refusal import N_, Refusal
from outreach.core.tally import parse_day
from outreach.services import packs
from outreach.web.house import program
from outreach.web.staff import today

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class BothDays(Refusal):
    sentence = N_("Choose both days, the first and the last.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that a page offers: its name in an address, and its days."""

    name: str
    kind: PeriodKind
    first: date
    last: date


def asked_period(default: str) -> Period:
    """The days that the address asks for, by both ends or by a name; `default` where it asks for none."""
    asked = request.args
    if asked.get("from") or asked.get("to"):
        if not (asked.get("from") and asked.get("to")):
            raise BothDays()
        return Period(parse_day(asked["from"]), parse_day(asked["to"]))
    return parse_period(asked.get("period") or default)


def asked_for_days() -> bool:
    """Whether the address asks for any days at all."""
    asked = request.args
    return bool(asked.get("period") or (asked.get("from") and asked.get("to")))


def span_of(text: str) -> Period:
    """A period by its name, or by its two ends with two dots between them."""
    first, dots, last = text.partition("..")
    return Period(parse_day(first), parse_day(last)) if dots else parse_period(text)


def choices(kinds: dict[PeriodKind, int]) -> list[Choice]:
    """The latest periods of each kind, as many as given."""
    return [_choice(kind, each) for kind, many in kinds.items() for each in latest_of(kind, today(), many)]


def _choice(kind: PeriodKind, period: Period) -> Choice:
    return Choice(period.name, kind, period.first, period.last)


def beside(kind: PeriodKind, period: Period, over: bool) -> dict[str, Choice]:
    """Which periods of the kind are one step away: the one before, the next, and the present one.

    With `over` only those whose last day has gone by. Beside other days than a whole period there is the present only.
    """
    now, found = period_of(kind, today()), {}
    if kind.is_one(period):
        if period.first.year > 1:
            found["before"] = period_of(kind, period.first - timedelta(days=1))
        if period.last < now.first:
            found["next"] = period_of(kind, period.last + timedelta(days=1))
    if (period.first, period.last) != (now.first, now.last):
        found["now"] = now
    if found.get("next") == now:
        del found["next"]
    return {way: _choice(kind, each) for way, each in found.items() if each.last < today() or not over}


def asked_site() -> str | None:
    return request.values.get("site") or None


def asked_numbers() -> dict[str, int | Fraction]:
    """The numbers that ratios need, as far as they were typed."""
    return packs.typed_numbers(program(), request.values)


def saved(body: bytes | str, form: str, name: str, period: Period) -> Response:
    """A file to save, under a name that says no more than its days."""
    answer = Response(body, content_type=TYPES[form])
    days = f"{period.first.isoformat()}-{period.last.isoformat()}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.{form}"'
    return answer
