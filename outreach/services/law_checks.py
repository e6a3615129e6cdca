"""Who looked over the law of which state: entered, listed, and asked for before it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from outreach.content.law_checks import read_law_checks
from outreach.content.laws import find_law, read_laws
from outreach.content.writing import toml_table
from outreach.core.law_checks import CheckedLongAgo, LawCheck, holding, refuse_unknown, row_edition
from outreach.core.laws import StateCode, StateLaw
from outreach.core.periods import within_a_year
from outreach.core.review import NotYet
from outreach.services.files import read_if_changed, write_whole
from outreach.services.phones import tidy
from outreach.services.program import Program

_writing = Lock()


@dataclass(frozen=True, slots=True)
class Checked:
    """A state's check and whether the law may be printed because of it today."""

    law: StateLaw
    check: LawCheck
    holds: bool


def checks(program: Program) -> Mapping[StateCode, LawCheck]:
    """Every check by state; refused when the home's file cannot be read."""
    return read_if_changed(program.home.law_checks, read_law_checks)


def listed(program: Program, today: date) -> list[Checked]:
    """The checks that were entered, in the order of the states' names."""
    laws = read_laws()
    found = [Checked(laws[state], each, each.holds(laws[state], today)) for state, each in checks(program).items()]
    return sorted(found, key=lambda each: each.law.name)


def standing(program: Program, state: str, today: date) -> Checked | None:
    """How a state's check stands today; None when nobody has entered one."""
    law = find_law(state)
    check = checks(program).get(law.state)
    return Checked(law, check, check.holds(law, today)) if check else None


def printable(program: Program, law: StateLaw, today: date) -> LawCheck:
    """The check that lets this law onto paper today; refuses without one."""
    return holding(law, checks(program).get(law.state), today)


def enter(program: Program, state: str, by: str, day: date, today: date, name: str = "") -> StateLaw:
    """Keep that `by` checked a state's row on `day`. Refuses a day to come or long ago, and a row with open ends."""
    law = find_law(state)
    refuse_unknown(law)
    check = LawCheck(tidy(by), day, row_edition(law), tidy(name))
    if day > today:
        raise NotYet(day=day.isoformat())
    if not within_a_year(day, today):
        raise CheckedLongAgo(state=law.state, by=check.by, day=day.isoformat())
    with _writing:
        kept = {**checks(program), law.state: check}
        program.home.make()
        write_whole(program.home.law_checks, _as_toml(kept).encode("utf-8"))
    return law


def _as_toml(kept: Mapping[StateCode, LawCheck]) -> str:
    tables = [
        toml_table(f"[{state}]", {"by": each.by, "day": each.day, "row": each.row, "name": each.name})
        for state, each in sorted(kept.items())
    ]
    return "# Who checked the law of which state before it was printed, and which row.\n\n" + "\n".join(tables)
