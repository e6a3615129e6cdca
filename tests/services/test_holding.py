"""What the laptop holds: read from the live files, what is unknown named, and nothing said of what was not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.core.sheets import Movement, ServiceModel, SiteCode
from outreach.home import Home
from outreach.services import held_words, holding, tally
from outreach.services.holding import Holdings, Who
from outreach.services.presenting import Reader
from outreach.services.program import Program
from outreach.store.engine import connect, writing

DAY = date(2026, 11, 20)
WORDS = "willow river lantern copper meadow saddle"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program with one closed sheet."""
    program = Program(Home(tmp_path / "home"))
    counts = {("cooker", Movement.GIVEN): 3}
    tally.record(program, tally.WholeSheet("outreach", DAY, None, counts, encounters=4), today=DAY)
    return program


def change(program: Program, statement: str) -> None:
    """Change the ledger as another version could."""
    key = program.home.ledger_key.read_bytes()
    connection = connect(program.home.ledger, key)
    with writing(connection):
        connection.execute(statement)
    connection.close()


def said(program: Program, found: Holdings) -> str:
    cells = [
        " ".join((each.text, *each.heads, *(cell for row in each.rows for cell in row)))
        for each in held_words.blocks(Reader(program, program.source), found)
    ]
    return "\n".join(cells)


def readers(found: Holdings) -> dict[str, Who]:
    return {each.kind.words.split(":")[0].split(",")[0]: each.who for each in found.piles}


def test_every_table_is_told_with_its_rows(program: Program) -> None:
    """The numbers are the file's own, and that no person is here is said because all of it is known."""
    found = holding.holdings(program)

    assert {each.name: each.rows for each in found.tables} | {"sheet": 1, "line": 1, "signed": 1, "device": 1} == {
        each.name: each.rows for each in found.tables
    }
    assert {each.name for each in found.tables} == set(holding.COLUMNS)
    assert (found.first, found.last, found.all_known) == (DAY, DAY, True)
    assert held_words.NOT_HELD in said(program, found)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TABLE visitor (name TEXT)", "visitor (name)"),
        ("ALTER TABLE sheet ADD COLUMN opened_at TEXT", "sheet.opened_at"),
        ("ALTER TABLE line ADD COLUMN who TEXT", "line.who"),
    ],
)
def test_what_is_unknown_in_the_ledger_is_named(program: Program, statement: str, named: str) -> None:
    """A table or a column that this version does not know is named, and nothing is said of what is not here."""
    change(program, statement)

    found = holding.holdings(program)

    assert not found.all_known
    assert named in said(program, found)
    assert held_words.NOT_HELD not in said(program, found) and held_words.CANNOT_SAY in said(program, found)


@pytest.mark.parametrize("name", ["names.txt", "open/notes.db", "keys/other.key", ".hidden", "topics.zip"])
def test_a_file_that_this_version_does_not_make_is_named(program: Program, name: str) -> None:
    """Wherever in the home it lies and whatever it is called."""
    (program.home.path / name).parent.mkdir(exist_ok=True)
    (program.home.path / name).write_text("?", encoding="utf-8")

    found = holding.holdings(program)

    assert found.unknown_files == (name,)
    assert name in said(program, found) and held_words.NOT_HELD not in said(program, found)


def test_with_a_passphrase_only_who_has_it_reads_the_ledger(program: Program) -> None:
    """Locked, the files are told by name and size and the ledger is not read; an open sheet can be read by anyone."""
    sheet = program.sheets().open(SiteCode("outreach"), DAY, ServiceModel.STREET)
    assert readers(holding.holdings(program))["The ledger"] is Who.ANYONE, "the control: without a passphrase"
    with program.ledger_shut():
        program.keyring.set(WORDS)
    program.lock()

    locked = holding.holdings(program)

    assert program.is_locked, "looking unlocks nothing"
    assert (locked.tables, locked.sites, locked.all_known) == ((), (), False)
    assert readers(locked)["The ledger"] is Who.WORDS
    assert readers(locked)["Both keys"] is Who.WORDS
    assert readers(locked)["Sheets that are open"] is Who.ANYONE
    assert [each.id for each in locked.open_sheets] == [sheet.id]
    told = said(program, locked)
    assert held_words.NOT_OPENED in told and held_words.BEHIND_WORDS in told and held_words.NOT_HELD not in told

    program.unlock(WORDS)
    assert {each.name for each in holding.holdings(program).tables} == set(holding.COLUMNS)


def test_a_damaged_ledger_is_said_and_the_files_are_still_told(program: Program) -> None:
    """What cannot be read is said with why, and nothing is said of what is not in it."""
    program.lock()
    content = bytearray(program.home.ledger.read_bytes())
    content[5000] ^= 1
    program.home.ledger.write_bytes(content)

    found = holding.holdings(Program(program.home))

    assert "damaged" in said(program, found) and held_words.NOT_HELD not in said(program, found)
    assert readers(found)["The ledger"] is Who.ANYONE


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """In a home where nothing was saved there is nothing, also afterwards."""
    program = Program(Home(tmp_path / "home"))

    found = holding.holdings(program)

    assert (found.piles, found.tables) == ((), ())
    assert held_words.NOTHING in said(program, found)
    assert not program.home.path.exists()
