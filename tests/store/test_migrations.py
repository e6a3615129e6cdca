"""What the files can hold at all, and how a file of another version is met."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from outreach.core.sheets import ServiceModel, SiteCode
from outreach.home import Home
from outreach.store.engine import Connection, connect, writing
from outreach.store.ledger import Ledger, open_ledger
from outreach.store.migrations import STEPS
from outreach.store.open_sheets import OpenSheets
from outreach.store.refusals import FromANewerVersion

# Every column there is. A new one is argued for here: what does it say about a person, and when?
LEDGER = {
    "setting": ["key", "value"],
    "site": ["code", "name", "model"],
    "device": ["id", "public_key"],
    "sheet": [
        "id", "device", "seq", "prev", "program", "kind", "site", "day", "model", "corrects",
        "encounters", "others", "quarter_hours", "act", "sessions",
    ],
    "signed": ["sheet", "body", "signature"],
    "line": ["sheet", "item", "movement", "lot", "funder", "quantity"],
    "event": ["sheet", "event", "quantity"],
    "lot": ["sheet", "item", "lot", "expires"],
    "tombstone": ["sheet", "fold", "device", "seq"],
    "release": ["id", "pack", "first", "last", "day", "body"],
    "edition": ["kind", "number", "body", "signer", "signature"],
    "waiting": ["sheet", "device", "seq", "why", "body", "signature"],
    "hello": ["device", "public", "name", "recipient", "program", "coordinator"],
    "kept": ["id", "body"],
    "elsewhere": ["device", "code", "name", "model", "same"],
    "last": ["device", "seq", "sheet"],
    "_sqlite_migrations": ["id", "migration_set", "name", "applied_at"],
}  # fmt: skip
VERSION_1_KEY = bytes(range(32))
VERSION_1 = {("outreach", "cooker", "given"): 75, ("outreach", "naloxone-nasal", "given"): 12}
OPEN_SHEET = {
    "about": ["site", "day", "model"],
    "cell": ["counter", "quantity"],
    "tab": ["token", "n", "nonce"],
    "closing": ["sheet"],
}


def columns(connection: Connection) -> dict[str, list[str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables}


def shapes(connection: Connection) -> dict[str, tuple[int, int]]:
    """Of each table: is it WITHOUT ROWID, is it STRICT."""
    return {row[1]: (row[4], row[5]) for row in connection.execute("PRAGMA table_list") if row[0] == "main"}


def test_the_ledger_has_these_columns_and_no_other(ledger: Ledger, home: Home, key: bytes) -> None:
    """Nothing about a person, no time of day and no free text has a place in the ledger."""
    connection = connect(home.ledger, key)

    assert columns(connection) == LEDGER
    connection.close()


def test_an_open_sheet_has_these_columns_and_no_other(home: Home, open_sheets: OpenSheets) -> None:
    """An open sheet keeps counters and one row for each tab; no row, order or time of a tap."""
    sheet = open_sheets.open(SiteCode("outreach"), date(2026, 11, 22), ServiceModel.STREET)
    connection = connect(home.open_sheets / f"{sheet.id}.db", (home.keys / f"open-{sheet.id}.key").read_bytes())

    assert columns(connection) == OPEN_SHEET
    assert {table: shapes(connection)[table] for table in OPEN_SHEET} == dict.fromkeys(OPEN_SHEET, (1, 1))
    connection.close()


def test_no_row_has_a_hidden_number(ledger: Ledger, home: Home, key: bytes) -> None:
    """Every table is STRICT and WITHOUT ROWID, and nothing counts upward by itself."""
    connection = connect(home.ledger, key)
    ours = [table for table in LEDGER if not table.startswith("_")]

    assert {table: shapes(connection)[table] for table in ours} == dict.fromkeys(ours, (1, 1))
    assert shapes(connection)["_sqlite_migrations"] == (0, 0), "the control: this one is not ours and is neither"
    assert "sqlite_sequence" not in shapes(connection)
    connection.close()


def test_taking_a_step_keeps_no_clock_time(ledger: Ledger, home: Home, key: bytes) -> None:
    """The library's table of steps, which would keep when each was taken, holds an empty text instead."""
    connection = connect(home.ledger, key)
    rows = connection.execute("SELECT migration_set, name, applied_at FROM _sqlite_migrations").fetchall()

    assert rows == [("ledger", name, "") for name, _ in STEPS]
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    connection.close()


def test_a_fresh_ledger_is_empty_but_for_one_site(ledger: Ledger) -> None:
    """A ledger begins with the site `outreach`, with no name, and with nothing counted."""
    assert [(site.code, site.name, site.model) for site in ledger.sites.all()] == [
        ("outreach", "", ServiceModel.STREET)
    ]
    assert (ledger.count(), list(ledger.sheets()), ledger.settings.get("program-name")) == (0, [], "")


@pytest.mark.parametrize(
    "change",
    [
        f"PRAGMA user_version = {len(STEPS) + 1}",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', 'folds', '')",
    ],
)
def test_a_newer_file_is_left_alone(ledger: Ledger, home: Home, key: bytes, change: str) -> None:
    """A ledger that a newer version has changed is refused with a sentence and not touched."""
    ledger.close()
    newer = connect(home.ledger, key)
    with writing(newer):
        newer.execute(change)
    newer.close()
    before = home.ledger.read_bytes()

    with pytest.raises(FromANewerVersion, match="newer version"):
        open_ledger(home.ledger, key)
    assert home.ledger.read_bytes() == before


def test_a_step_that_is_missing_is_taken(
    ledger: Ledger, home: Home, key: bytes, monkeypatch: pytest.MonkeyPatch, sheet: Callable[..., object]
) -> None:
    """An older file gets the new steps when it is opened and keeps what it holds; a failing step changes nothing."""
    ledger.add(sheet(), bytes(64))  # type: ignore[arg-type]
    ledger.close()
    before, before_count = home.ledger.read_bytes(), len(STEPS)

    def good(database: object) -> None:
        database.execute("CREATE TABLE extra (a TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")  # type: ignore[attr-defined]

    def bad(database: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("outreach.store.migrations.STEPS", (*STEPS, ("extra", good), ("bad", bad)))
    with pytest.raises(ZeroDivisionError):
        open_ledger(home.ledger, key)
    assert home.ledger.read_bytes() == before

    monkeypatch.setattr("outreach.store.migrations.STEPS", (*STEPS, ("extra", good)))
    open_ledger(home.ledger, key).close()
    connection = connect(home.ledger, key)
    assert columns(connection) == LEDGER | {"extra": ["a"]}
    assert connection.execute("PRAGMA user_version").fetchone() == (before_count + 1,)
    assert connection.execute("SELECT applied_at FROM _sqlite_migrations").fetchall() == [("",)] * (before_count + 1)
    connection.close()
    again = open_ledger(home.ledger, key)
    assert again.count() == 1
    again.close()


def test_a_ledger_of_the_first_version_opens_with_its_totals(home: Home) -> None:
    """A file that the first version wrote opens here, adds up as it did there, and takes what is new."""
    home.make()
    shutil.copy(Path(__file__).with_name("version-1.ledger"), home.ledger)
    ledger = open_ledger(home.ledger, VERSION_1_KEY)

    assert ledger.verify() == 3
    assert {(s.site, s.item, s.movement.value): s.quantity for s in ledger.sums.lines(grain="all")} == VERSION_1
    assert [(v.sessions, v.encounters) for v in ledger.sums.visits(grain="all")] == [(2, 18)]
    assert ledger.sums.events() == ()
    ledger.close()


def test_the_slow_library_is_loaded_only_to_take_steps(run: Callable[..., str]) -> None:
    """sqlite_utils, which takes 0.2 s to load, is loaded to make a ledger and not to open one."""
    code = "open_ledger(home.ledger, KEY).close()\nprint('sqlite_utils' in sys.modules)"

    assert run(code).strip() == "True"
    assert run(code).strip() == "False"


def test_a_making_that_is_cut_off_leaves_no_ledger(run: Callable[..., str], home: Home, key: bytes) -> None:
    """Switched off while the ledger is being made, the next start makes it and clears up what was left."""
    run(
        """
from outreach.store.files import create
from outreach.store.migrations import migrate
def build(connection):
    migrate(connection)
    sys.stdout.flush()
    os._exit(0)
home.make()
create(home.ledger, KEY, build)
"""
    )
    assert any(path.name.endswith(".new") for path in home.path.iterdir())
    assert not home.ledger.exists()

    open_ledger(home.ledger, key).close()
    assert {path.name for path in home.path.iterdir()} <= {"outreach.db", "outreach.db-journal"}


def test_a_making_that_is_cut_off_while_it_gets_its_name(ledger: Ledger, home: Home, key: bytes) -> None:
    """Switched off when the finished file has both its names, the next start takes the first one away."""
    ledger.settings.set("program-name", "River")
    ledger.close()
    os.link(home.ledger, home.path / "outreach.db.0123456789abcdef.new")

    again = open_ledger(home.ledger, key)
    assert again.settings.get("program-name") == "River"
    again.close()
    assert {path.name for path in home.path.iterdir()} <= {"outreach.db", "outreach.db-journal"}
