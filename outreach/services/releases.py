"""Reports marked as sent: frozen as they were, compared with what counts now, and public ones made safe first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from outreach.core.month_return import RETURN
from outreach.core.packs import Pack, Release, work_out
from outreach.core.periods import Period, kind_of
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.reports import Report
from outreach.core.sheets import PROGRAM_WIDE
from outreach.core.suppression import to_plain
from outreach.services import settings
from outreach.services.packs import as_report, question, row_of
from outreach.services.program import Program
from outreach.services.releasing import Ground, Safe, made_safe, told_in
from outreach.store.releases import Release as Sent

Typed = Mapping[str, int | Fraction]


class NotAPublicPeriod(Refusal):
    sentence = N_(
        "A public release is for a whole month, quarter or year that is over, and for all sites. {period} is not. "
        "Nothing was released."
    )


class NoSuchRelease(NotThere):
    sentence = N_("There is no release {release}. Nothing was changed.")


class SentBefore(Refusal):
    sentence = N_("This is marked as sent already, on {day}, with the same numbers. Nothing was added.")


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about: its days, one site or all, numbers that were typed, and one funder's money or all."""

    period: Period
    site: str = ""
    typed: Typed = field(default_factory=dict)
    funder: str = ""

    def for_all(self) -> bool:
        """Whether it is about the whole program, as a public release has to be."""
        return not self.site and not self.funder


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is another one now than when it was sent."""

    line: str
    part: str
    unit: str
    then: int | float | None
    now: int | float | None


def contract_report(program: Program, pack: Pack, about: About) -> Report:
    """The pack's numbers as they are, for those whom a contract gives them to."""
    period = about.period
    asked = question(program, period, about.site or None, about.typed, funder=about.funder)
    return as_report(pack, period, map(row_of, work_out(pack, asked)))


def public_report(program: Program, pack: Pack, about: About, today: date) -> Safe:
    """The pack's numbers with people and events hidden where there are few of them, now or beside earlier releases."""
    period = about.period
    if kind_of(period) is None or period.last >= today or not about.for_all():
        raise NotAPublicPeriod(period=period)
    asked = question(program, period, None, about.typed)
    seen = {row.site for row in asked.counted.visits} | {row.site for row in asked.counted.events}
    sites = sorted((seen - {PROGRAM_WIDE}) | {each.code for each in settings.sites(program)})
    return made_safe(pack, asked, Ground(sites, told_in(sent.body for sent in sent_before(program))))


def report_of(program: Program, pack: Pack, about: About, today: date) -> Report:
    """The pack's report as its funder gets it: numbers as they are under a contract, made safe for the public."""
    if pack.release is Release.PUBLIC:
        return public_report(program, pack, about, today).report
    return contract_report(program, pack, about)


def mark_sent(program: Program, pack: Pack, about: About, today: date) -> Sent:
    """Freeze the report as it is now. A public one is made safe beside all that was released before it."""
    ledger, period = program.ledger(), about.period
    with ledger.together():  # two public releases at once would not know of one another
        body: dict[str, Any] = {"site": about.site, "funder": about.funder}
        body["typed"] = {key: str(value) for key, value in about.typed.items()}
        if pack.release is Release.PUBLIC:
            safe = public_report(program, pack, about, today)
            report = safe.report
            body |= {"threshold": pack.threshold, "told": {key: to_plain(each) for key, each in safe.told.items()}}
        else:
            report = contract_report(program, pack, about)
        body |= {"title": pack.title, "release": pack.release.value, "columns": list(report.columns)}
        body |= {"period": [period.first.isoformat(), period.last.isoformat()], "rows": [dict(r) for r in report.rows]}
        text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        for before in ledger.releases.all(pack.id):
            if before.body == text:
                raise SentBefore(day=before.day)
        return ledger.releases.add(pack.id, period, today, text)


def sent_before(program: Program, pack: str | None = None) -> tuple[Sent, ...]:
    """Every release, or those of one pack, in the order of sending. Returns to a department are of no pack."""
    ledger = program.ledger_if_any()
    return tuple(each for each in ledger.releases.all(pack) if each.pack != RETURN) if ledger else ()


def find_release(program: Program, release: str) -> Sent:
    """The release of that id."""
    ledger = program.ledger_if_any()
    found = ledger.releases.get(release) if ledger else None
    if found is None:
        raise NoSuchRelease(release=release)
    return found


def take_back(program: Program, release: str) -> None:
    """Forget a release that was marked and never sent. What the public really saw has to stay: later ones need it."""
    if not program.ledger().releases.take_back(release):
        raise NoSuchRelease(release=release)


def as_sent(sent: Sent) -> Report:
    """The report as it was sent."""
    body = json.loads(sent.body)
    return Report(sent.pack, sent.period, tuple(body["columns"]), tuple(body["rows"]))


def changes(program: Program, sent: Sent, pack: Pack) -> tuple[Change, ...]:
    """What would be another number if the same report were sent now. Hidden numbers are not compared."""
    body = json.loads(sent.body)
    typed = {key: Fraction(value) for key, value in body["typed"].items()}
    now = contract_report(program, pack, About(sent.period, body["site"], typed, body["funder"]))
    return tuple(_changes(as_sent(sent), now, hidden=body["release"] == Release.PUBLIC.value))


def _changes(then: Report, now: Report, hidden: bool) -> Iterator[Change]:
    def by_line(report: Report) -> dict[tuple[str, str, str, str], int | float | None]:
        return {(row["section"], row["line"], row["part"], row["unit"]): row["value"] for row in report.rows}

    before, after = by_line(then), by_line(now)
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old != new and not (hidden and old is None):
            yield Change(key[1], key[2], key[3], old, new)
