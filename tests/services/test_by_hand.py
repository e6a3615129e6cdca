"""Three packs over the demo year against numbers that someone worked out by hand, from the raw sheets alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.core.periods import parse_period
from outreach.home import Home
from outreach.services import demo, packs, releases
from outreach.services.program import Program

FOLDER = Path(__file__).parent / "by_hand"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
SHEETS = "20c8dfe8bb8bab5fa4d2f69a9c20c4d5d1899d4950197ee2c1ef74a814c0227f"
OF_THE_LAPTOP = ("program", "device", "prev")
"""What differs from one making of the demo to the next."""
NEW_YEAR = date(2026, 1, 1)
TYPED: dict[str, dict[str, str]] = {"unaids-needles-and-syringes": {"pwid": "1200"}}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo program with the sheets of 2025."""
    made = demo.make(Home(tmp_path_factory.mktemp("year") / "home"), 1, today=NEW_YEAR)
    yield Program(made.home)


def test_these_are_the_sheets_that_were_worked_out(year: Program) -> None:
    """The demo year holds what it held then: a change to the demo needs the numbers worked out again."""
    said = sorted(
        json.dumps({key: value for key, value in json.loads(body).items() if key not in ("program", "device", "prev")})
        for body, _ in year.ledger().signed()
    )

    assert len(said) == 440
    assert hashlib.sha256("\n".join(said).encode()).hexdigest() == SHEETS


@pytest.mark.parametrize("asked", EXPECTED)
def test_a_pack_says_what_was_worked_out_by_hand(year: Program, asked: str) -> None:
    """Every line in the funder's order: number, range, unit, parts, what stands beside a blank; blank where blank."""
    name, period, *rest = asked.split()
    site = next((each.partition("=")[2] for each in rest if each.startswith("site=")), "")
    pack = packs.find_pack(year, name)
    about = releases.About(parse_period(period), site, packs.typed_numbers(year, TYPED.get(name, {})))
    rows = releases.report_of(year, pack, about, NEW_YEAR).rows

    found = [_plain(row["line"], row["part"], row["value"], row["low"], row["high"], row["beside"]) for row in rows]
    expected = [
        _plain(
            row["line"], row["part"], row["value"], row["low"], row["high"], row["beside"] and row["beside"]["value"]
        )
        for row in EXPECTED[asked]
    ]
    assert found == expected
    assert [row["unit"] for row in rows if row["value"] is not None] == [
        row["unit"] for row in EXPECTED[asked] if row["value"] is not None
    ]


def _plain(*cells: Any) -> tuple[Any, ...]:
    return tuple(round(cell, 2) if isinstance(cell, float) else None if cell == "" else cell for cell in cells)
