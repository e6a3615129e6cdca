"""What has to be known, and looked over by someone, before a state's law goes onto paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from outreach.core.laws import Dated, Help, Selling, StateLaw, Strips, Supervision
from outreach.core.periods import within_a_year, year_from
from outreach.core.phones import TooLong
from outreach.core.refusal import N_, Refusal, Words
from outreach.core.review import edition

BY_MAX = 60
"""Characters of who checked: it stands on the card."""


class LawNotPrinted(Refusal):
    """Why the law of a state stays off paper; `values` names the `state`."""


class NotKnown(LawNotPrinted):
    sentence = N_(
        "The law in {state} does not go on paper yet: nobody has looked up {what}. Ask a lawyer or legal aid. "
        "Until then show the page on a screen, which says so. Nothing was printed or changed."
    )


class NotChecked(LawNotPrinted):
    sentence = N_(
        "The law in {state} is printed once someone has checked it. Ask a lawyer or legal aid, then enter who and "
        "when: `outreach law check {state} --by GROUP --day DAY`. Nothing was printed."
    )
    on_pages = N_(
        "The law in {state} is printed once someone has checked it. Ask a lawyer or legal aid, then enter who and "
        "when. Nothing was printed."
    )


class CheckedLongAgo(LawNotPrinted):
    sentence = N_(
        "{by} checked the law in {state} on {day}. A check holds for 12 months. Have it checked again, then enter who "
        "and when. Nothing was printed or changed."
    )


class RowChanged(LawNotPrinted):
    sentence = N_(
        "{by} checked the law in {state} on {day}, and what is known of it has changed since. Have it checked again, "
        "then enter who and when. Nothing was printed."
    )


class NobodySaid(Refusal):
    sentence = N_("Say who checked it: a role and a group, such as a lawyer of a legal aid office. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class LawCheck:
    """That someone read a state's row as it then was. A role and a group are enough; a name only by choice."""

    by: str
    day: date
    row: str
    name: str = ""

    def __post_init__(self) -> None:
        if not self.by:
            raise NobodySaid()
        for text in (self.by, self.name):
            if len(text) > BY_MAX:
                raise TooLong(text=text, most=BY_MAX)

    @property
    def last_day(self) -> date:
        """The last day on which it lets the row onto paper, unless the row changes before."""
        return year_from(self.day)

    def holds(self, law: StateLaw, today: date) -> bool:
        return self.row == row_edition(law) and within_a_year(self.day, today)


def row_edition(law: StateLaw) -> str:
    """What a row is called: another name as soon as a cell, a day or a source of it changes."""
    return edition((each.name, _plain(getattr(law, each.name))) for each in fields(law))


def _plain(value: object) -> str:
    if isinstance(value, frozenset):
        return ";".join(sorted(each.value for each in value))
    if isinstance(value, Dated):
        return "|".join((value.as_of, value.source, value.statute))
    return str(getattr(value, "value", value))


def not_known(law: StateLaw) -> tuple[str, ...]:
    """What nobody has looked up about a state's law, in words; a row with any of it stays off paper."""
    return tuple(_not_known(law))


def _not_known(law: StateLaw) -> Iterator[str]:
    if Help.CHECK in law.possession:
        yield N_("having a small amount")
    if Help.CHECK in law.supplies:
        yield N_("supplies (paraphernalia)")
    if law.selling is Selling.CHECK:
        yield N_("selling and sharing")
    if law.supervision is Supervision.CHECK:
        yield N_("probation and parole")
    if law.strips is Strips.CHECK:
        yield N_("test strips")
    for what, origin in (
        (N_("when the row on the 911 law was written down"), law.law_source),
        (N_("when the row on selling was written down"), law.selling_source),
        (N_("when the row on strips was written down"), law.strips_source),
    ):
        if not origin.as_of:
            yield what


def refuse_unknown(law: StateLaw) -> None:
    """Refuse a row that nobody has looked up to the end, naming what to check."""
    missing = not_known(law)
    if missing:
        raise NotKnown(state=law.state, what=Words(missing))


def holding(law: StateLaw, check: LawCheck | None, today: date) -> LawCheck:
    """The check that lets a row onto paper; refuses without one, and with one that does not hold any more."""
    refuse_unknown(law)
    if check is None:
        raise NotChecked(state=law.state)
    about = {"state": law.state, "by": check.by, "day": check.day.isoformat()}
    if check.row != row_edition(law):
        raise RowChanged(**about)
    if not within_a_year(check.day, today):
        raise CheckedLongAgo(**about)
    return check
