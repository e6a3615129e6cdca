"""A department's desk: what it asks of the hub and what it notes there, each on a connection of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from outreach.core import hub_reports as core
from outreach.core.answers import Question, Told
from outreach.core.hub_reports import DUE_DAY, Received, Reporter, State
from outreach.core.languages import Language
from outreach.core.month_return import VISITS, changes, digits, from_canonical
from outreach.core.periods import Period, months_of, parse_month
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.reports import Report, visits
from outreach.core.suppression import to_plain
from outreach.services import hub_reports as reporting
from outreach.services.hub_reports import (
    Answer,
    Asked,
    MonthSum,
    NoSuchReturn,
    One,
    Overview,
    StateReader,
    Unmapped,
    Waiting,
)
from outreach.services.hub_returns import Department, department
from outreach.services.packs import indicators
from outreach.services.presenting import Presented, presented
from outreach.services.program import Program
from outreach.store.postgres.reporters import Reporters
from outreach.store.postgres.reviewing import Reviewing

_DUE = "due-day"


class PublishedBefore(Refusal):
    sentence = N_("This is marked as published already, with the same numbers. Nothing was added.")


class NothingSoCalled(NotThere):
    sentence = N_("Nothing that {program} calls {item} waits for a shared item, or no longer. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class _Hub:
    """A department's place on the hub, and its own record beside what came."""

    department: Department
    kept: Reviewing

    @property
    def programs(self) -> Reporters:
        return self.department.reporters

    def reporters(self) -> tuple[Reporter, ...]:
        """Every program, by its name."""
        found = [Reporter(each.code, each.name, each.region, each.since, each.expected) for each in self.programs.all()]
        return tuple(sorted(found, key=lambda each: (each.called, each.code)))

    def received(self, first: str, last: str) -> tuple[Received, ...]:
        """The returns that count of these months, with who saw them."""
        seen = self.kept.seen()
        return tuple(
            Received(each.id, each.program, each.month, each.edition, each.changed, seen.get(each.id, ()))
            for each in self.programs.counting(first, last)
            if each.id
        )


class Desk:
    """The hub at `database`, as the department's role there; items and words are those of `program`."""

    def __init__(self, program: Program, database: str) -> None:
        self.program, self.database = program, database

    @contextmanager
    def _opened(self) -> Iterator[_Hub]:
        with department(self.program, self.database) as opened:
            yield _Hub(opened, Reviewing(opened.connection))

    def names(self) -> dict[str, str]:
        """Programs' names by their codes."""
        with self._opened() as hub:
            return {each.code: each.called for each in hub.reporters()}

    def overview(self, today: date, how_many: int, asked: Period | None = None) -> Overview:
        """How programs stand with the last months that are over, and what waits for someone.

        What no shared item is named for is that of these months and of those that are asked for: all that was ever
        kept would take longer with every year.
        """
        months = core.months_before(today, how_many)
        shown = {*months, f"{today:%Y-%m}", *(months_of(asked) if asked else ())}
        with self._opened() as hub:
            day = _due_day(hub)
            received = hub.received(months[0], months[-1])
            standings = core.standings(hub.reporters(), received, months, today, day)
            apart = hub.department.apart(min(shown), max(shown))
            return Overview(standings, day, tuple(_waiting(hub)), tuple(Unmapped(*each) for each in apart))

    # --- what all add up to ---

    def answer(self, asked: Asked, today: date) -> Answer:
        """A state report."""
        with self._opened() as hub:
            return self._answer(hub, asked, today)[0]

    def _answer(self, hub: _Hub, asked: Asked, today: date) -> tuple[Answer, Mapping[str, Any]]:
        period = core.whole_months(asked.period)
        months = months_of(period)
        reporters = hub.reporters()
        known = hub.department.shared()
        sums = (
            MonthSum(each.program, each.month, each.way, each.shared or each.item, each.quantity)
            for each in hub.programs.sums(months[0], months[-1])
        )
        # What no shared item is named for may be something else in every program: it is listed, and in no total.
        kept = [each for each in sums if each.way == VISITS or each.item in known]
        counted = reporting.counted(self.program, period, kept)
        regions = {each.code: each.region for each in reporters}
        ways, by = core.groupings(regions), (asked.by,) if asked.by else ()
        seen = visits(counted.visits, period, by, ways)
        missing = _missing(hub, reporters, months, today)
        if not asked.pack and not asked.public:
            return Answer("Totals", core.totals(counted, by, ways), seen, missing), {}
        question = Question(indicators(self.program), counted, Told(asked.typed))
        pack = reporting.pack_of(self.program, asked)
        typed = pack.typed(question.indicators)
        if not asked.public:
            report = reporting.told_report(pack, asked, question, regions)
            return Answer(pack.title, report, seen, missing, typed), {}
        safe = reporting.public_report(pack, asked, question, hub.kept.published(), regions, today)
        told = {measure: to_plain(rows) for measure, rows in safe.told.items()}
        return Answer(pack.title, safe.report, seen, missing, typed), told

    def presented(self, language: Language, answer: Answer, report: Report) -> tuple[StateReader, Presented]:
        """A report of an answer in a reader's words, for files that have some."""
        reader = StateReader(self.program, language, names=self.names())
        return reader, presented(reader, report, reader.say(answer.title), answer.notes(reader.say))

    def release(self, asked: Asked, today: date) -> Answer:
        """Work a public report out and keep what it tells, so that later ones are made safe beside it."""
        asked = replace(asked, public=True)
        with self._opened() as hub, hub.kept.publishing():
            answer, told = self._answer(hub, asked, today)
            rows = [dict(row) for row in answer.report.rows]
            body = {"title": answer.title, "by": asked.by, "threshold": asked.threshold, "told": told, "rows": rows}
            body["columns"] = list(answer.report.columns)
            text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
            if not hub.kept.publish(asked.pack or reporting.EVERY, asked.period, today, text):
                raise PublishedBefore()
            return answer

    # --- one return, and what is noted ---

    def one(self, id_: str) -> One:
        """A return as it came, beside the edition before."""
        with self._opened() as hub:
            slot = hub.programs.slot_of(id_)
            if slot is None:
                raise NoSuchReturn(id=id_[:12])
            kept = hub.programs.editions(*slot)
            at = next(i for i, each in enumerate(kept) if each.id == id_)
            totals = from_canonical(kept[at].body).totals
            changed = changes(from_canonical(kept[at - 1].body).totals, totals) if at else ()
            received = Received(id_, *slot, kept[at].edition, len(changed), hub.kept.seen().get(id_, ()))
            return One(received, totals, changed, counts=at == len(kept) - 1)

    def accept(self, digits_read: str, code: str, region: str = "", same: bool = False) -> None:
        """A yes to the program whose digits were read out, under a code of the department's, new or not."""
        with self._opened() as hub:
            hub.department.accept(digits_read, code, region or None, same)

    def map_item(self, program: str, item: str, shared: str) -> None:
        """What a program's own code, which has none, stands for from now on and for every month before.

        Only what waits for it: a form that was sent twice, or made by hand, does not change what was said before.
        """
        with self._opened() as hub, hub.department.returns.together():
            hub.department.must_know(program)
            if (program, item) not in {(each[0], each[1]) for each in hub.department.apart()}:
                raise NothingSoCalled(program=program, item=item)
            hub.department.share(program, item, shared)

    def see(self, returns: Iterable[str], role: str, today: date) -> None:
        """Note that a role has looked these over today."""
        core.role(role)
        with self._opened() as hub:
            hub.kept.see(returns, role, today)

    def set_due(self, given: str) -> None:
        """The day of the next month by which returns are expected."""
        day = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 0
        with self._opened() as hub:
            hub.kept.set(_DUE, str(core.due_day(day)))


def _due_day(hub: _Hub) -> int:
    return int(hub.kept.setting(_DUE) or DUE_DAY)


def _missing(hub: _Hub, reporters: tuple[Reporter, ...], months: tuple[str, ...], today: date) -> int:
    """Returns that are expected of these months, as far as they are over, and not here."""
    received = hub.received(months[0], months[-1])
    over = [month for month in months if parse_month(month).last < today]
    cells = core.standings(reporters, received, over, today, _due_day(hub)).cells.values()
    return sum(each.state in (State.LATE, State.OPEN) for each in cells)


def _waiting(hub: _Hub) -> Iterator[Waiting]:
    """Programs that wait, one for each key."""
    keys = hub.department.returns.keys()
    known = {program for program, _ in keys}
    for program, public, name, months in hub.department.returns.waiting():
        yield Waiting(program, name or "", digits(public), months, changed=program in known)
