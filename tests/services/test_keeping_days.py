"""How long single days are kept: what a fold keeps and leaves, the program's own rule, and the hold that stops it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.core.particulars import WEIGHED
from outreach.core.sheets import ClosedSheet, Kind, Movement
from outreach.home import Home
from outreach.services import backups, folding, tally, weighing
from outreach.services.program import Program
from outreach.services.safety import set_safety
from outreach.services.signing import Origin, save_next
from outreach.store import copies

TODAY = date(2026, 11, 20)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(Home(tmp_path / "home"))


def session(program: Program, day: date, events: dict[str, int] | None = None) -> ClosedSheet:
    counts = {("cooker", Movement.GIVEN): day.day}
    whole = tally.WholeSheet("outreach", day, None, counts, encounters=4, events=events or {})
    return tally.record(program, whole, today=day, again=True)


def weigh(program: Program, day: date, hundred: int) -> None:
    weighing.set_weighing(program, "300", (str(hundred),) * 3, day, TODAY)


def kinds(program: Program) -> list[str]:
    return sorted(each.kind.value for each in program.ledger().sheets())


def test_a_fold_keeps_how_returns_were_weighed_and_their_range(program: Program) -> None:
    """The low, middle and high numbers are added up, and each weighing they rest on is said once."""
    for day, hundred in ((3, 850), (4, 850), (5, 900)):
        weigh(program, date(2026, 5, 1), hundred)
        counts = {"returned-weighed": 10, "returned-weighed-low": 8, "returned-weighed-high": 13}
        session(program, date(2026, 5, day), counts)
    session(program, date(2026, 5, 6))

    folding.fold(program, date(2026, 6, 1), TODAY)

    (found,) = program.ledger().sheets()
    (copy,) = backups.daily(program.home)
    assert copies.look_into(copy, program.home.ledger_key.read_bytes()).sheets == 1, "nor are the days in a copy"
    assert found.kind is Kind.FOLD
    assert found.events == {"returned-weighed": 30, "returned-weighed-low": 24, "returned-weighed-high": 39}
    assert [each["per100"] for each in found.x[WEIGHED]] == [[550] * 3, [600] * 3]


def test_what_a_later_version_wrote_beside_the_lines_stays_unfolded(program: Program) -> None:
    """A fold would drop what it cannot add up: such a sheet stays, with its corrections, and the plan says so."""

    def later(origin: Origin) -> ClosedSheet:
        mine = session(program, date(2026, 5, 3))
        return ClosedSheet(
            **origin | {"seq": mine.seq + 1, "prev": mine.id},
            kind=Kind.TALLY,
            site=mine.site,
            day=mine.day,
            model=mine.model,
            lines=mine.lines,
            x={"seals": {"green": 2}},
        )

    session(program, date(2026, 4, 7))
    save_next(program, later)

    found = folding.fold(program, date(2026, 6, 1), TODAY)

    assert (found.replaced, found.left) == (1, 2), "the control: the other month was folded"
    assert kinds(program) == ["fold", "tally", "tally"]


def test_a_hold_stops_folding_and_stops_asking(program: Program) -> None:
    """Under a legal hold nothing is folded and nothing is due; the control is the same ledger after it."""
    session(program, date(2026, 4, 7))
    set_safety(program, keep_days_months=3, legal_hold=True)

    assert folding.due(program, TODAY) is None
    with pytest.raises(folding.HoldStands):
        folding.fold(program, date(2026, 6, 1), TODAY)
    assert kinds(program) == ["tally"]

    set_safety(program, legal_hold=False)
    due = folding.due(program, TODAY)
    assert due is not None and due.replaced == 1
    folding.fold(program, date(2026, 6, 1), TODAY)
    assert kinds(program) == ["fold"]


def test_a_hold_in_a_damaged_file_stops_folding_too(program: Program) -> None:
    """A file that cannot be read may hold a hold: nothing is folded until it is mended."""
    session(program, date(2026, 4, 7))
    program.home.safety.write_text("legal_hold = maybe", encoding="utf-8")

    with pytest.raises(Exception, match=r"safety\.toml"):
        folding.fold(program, date(2026, 6, 1), TODAY)
    assert kinds(program) == ["tally"]


@pytest.mark.parametrize(
    ("months", "today", "first"),
    [
        (1, date(2026, 11, 20), date(2026, 10, 1)),
        (12, date(2026, 11, 30), date(2025, 11, 1)),
        (11, date(2026, 12, 1), date(2026, 1, 1)),
        (12, date(2026, 12, 1), date(2025, 12, 1)),
    ],
)
def test_the_rule_keeps_so_many_whole_months(program: Program, months: int, today: date, first: date) -> None:
    """This month and so many whole ones before it are kept by days; what is older is due."""
    set_safety(program, keep_days_months=months)

    assert folding.kept_from(program, today) == first


def test_nothing_is_due_without_a_rule_or_once_it_was_done(program: Program) -> None:
    """As it ships, days are kept for good; what was folded is not asked for again."""
    session(program, date(2026, 4, 7))
    assert folding.due(program, TODAY) is None

    set_safety(program, keep_days_months=3)
    assert folding.due(program, TODAY) is not None
    folding.fold(program, date(2026, 8, 1), TODAY)
    assert folding.due(program, TODAY) is None
