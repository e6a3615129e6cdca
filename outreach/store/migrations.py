"""The ledger's tables and how they grow: new columns and tables are steps at the end, old steps never change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from outreach.store.engine import Connection, connect_in_memory, writing
from outreach.store.inventory import columns
from outreach.store.refusals import Damaged, FromANewerVersion

if TYPE_CHECKING:
    from sqlite_utils import Database

SET = "ledger"
_TABLE = "_sqlite_migrations"

# Every table is keyed by codes or hashes and WITHOUT ROWID: a hidden row number would keep the order
# in which things were written. STRICT: a plain column takes '12abc' for a number. No clock time, no
# counter that the engine raises, no free text about people; a test pins every column.
_SHEETS_AND_LINES = (
    """
    CREATE TABLE setting (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE site (
        code TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        model TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # A device's id is a hash of its public key, which cannot be had from a signature. Without it,
    # nobody could check the sheets of a laptop that was lost or restored.
    """
    CREATE TABLE device (
        id TEXT PRIMARY KEY,
        public_key BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # What a sheet says, spread out for questions. `site` points to no row of `site`: sheets carried from
    # another laptop name sites that this one does not have, and they count.
    """
    CREATE TABLE sheet (
        id TEXT PRIMARY KEY CHECK (length(id) = 64),
        device TEXT NOT NULL,
        seq INTEGER NOT NULL,
        prev TEXT,
        program TEXT NOT NULL,
        kind TEXT NOT NULL,
        site TEXT NOT NULL,
        day TEXT NOT NULL,
        model TEXT,
        corrects TEXT,
        encounters INTEGER,
        others INTEGER,
        quarter_hours INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE line (
        sheet TEXT NOT NULL REFERENCES sheet (id),
        item TEXT NOT NULL,
        movement TEXT NOT NULL,
        lot TEXT NOT NULL,
        funder TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        PRIMARY KEY (sheet, item, movement, lot, funder)
    ) STRICT, WITHOUT ROWID
    """,
    # What was signed, word for word. Apart from `sheet`: in one row with it most bodies would spill into a
    # page of their own (measured: twice the file), and every question would read past all of them.
    """
    CREATE TABLE signed (
        sheet TEXT PRIMARY KEY REFERENCES sheet (id),
        body TEXT NOT NULL,
        signature BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Not UNIQUE: a laptop restored from a backup may number its next sheets as it did before. Both
    # are true counts, so both are kept, as a fork that `outreach check` can show.
    "CREATE INDEX sheet_order ON sheet (device, seq)",
    "CREATE INDEX sheet_day ON sheet (day, site)",
    "INSERT INTO site (code, name, model) VALUES ('outreach', '', 'street')",
)


def _sheets_and_lines(database: Database) -> None:
    for statement in _SHEETS_AND_LINES:  # not executescript: it would commit first
        database.execute(statement)


_EVENTS_AND_STOCK = (
    # What a stock sheet did: kits made up are no loss, and a count says how far the book was off.
    "ALTER TABLE sheet ADD COLUMN act TEXT",
    # Events of a session or a month, by code: numbers of them, never who.
    """
    CREATE TABLE event (
        sheet TEXT NOT NULL REFERENCES sheet (id),
        event TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        PRIMARY KEY (sheet, event)
    ) STRICT, WITHOUT ROWID
    """,
    # The last day printed on a box. By sheet, because two receipts may say two days of one lot.
    """
    CREATE TABLE lot (
        sheet TEXT NOT NULL REFERENCES sheet (id),
        item TEXT NOT NULL,
        lot TEXT NOT NULL,
        expires TEXT NOT NULL,
        PRIMARY KEY (sheet, item, lot)
    ) STRICT, WITHOUT ROWID
    """,
    # What was sent to a funder or to the public, word for word as it was then. `day` is the day it was marked.
    """
    CREATE TABLE release (
        id TEXT PRIMARY KEY CHECK (length(id) = 64),
        pack TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        day TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def _events_and_stock(database: Database) -> None:
    for statement in _EVENTS_AND_STOCK:
        database.execute(statement)


_FOLDING = (
    # How many sessions a fold stands for.
    "ALTER TABLE sheet ADD COLUMN sessions INTEGER",
    # Sheets that a fold took the place of: known by their ids alone, so that an old stick brings none of them back.
    # `device` and `seq` are what is needed to number the laptop's next sheet; none of one that never was here.
    """
    CREATE TABLE tombstone (
        sheet TEXT PRIMARY KEY CHECK (length(sheet) = 64),
        fold TEXT NOT NULL,
        device TEXT,
        seq INTEGER
    ) STRICT, WITHOUT ROWID
    """,
)


def _folding(database: Database) -> None:
    for statement in _FOLDING:
        database.execute(statement)


_CARRYING = (
    # The list of laptops and what the program shares, as a coordinator signed them; one of each kind, the newest.
    """
    CREATE TABLE edition (
        kind TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        body BLOB NOT NULL,
        signer BLOB NOT NULL,
        signature BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Sheets that are known and do not count, and why. Apart from `sheet`: no sum ever reads past them.
    """
    CREATE TABLE waiting (
        sheet TEXT PRIMARY KEY CHECK (length(sheet) = 64),
        device TEXT NOT NULL,
        seq INTEGER NOT NULL,
        why TEXT NOT NULL,
        body TEXT NOT NULL,
        signature BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # How laptops presented themselves that joined and were not let in yet: named after a van, never after a person.
    """
    CREATE TABLE hello (
        device TEXT PRIMARY KEY,
        public BLOB NOT NULL,
        name TEXT NOT NULL,
        recipient TEXT NOT NULL,
        program TEXT NOT NULL,
        coordinator BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Bundles of a version that knows more, sealed as they came.
    """
    CREATE TABLE kept (
        id TEXT PRIMARY KEY CHECK (length(id) = 64),
        body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Places that another laptop named by itself. `same` once someone said that it is the place it is here.
    """
    CREATE TABLE elsewhere (
        device TEXT NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        same INTEGER NOT NULL,
        PRIMARY KEY (device, code)
    ) STRICT, WITHOUT ROWID
    """,
    # The furthest that another laptop is known to have got, so that sheets that did not come yet are missed.
    """
    CREATE TABLE last (
        device TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        sheet TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def _carrying(database: Database) -> None:
    for statement in _CARRYING:
        database.execute(statement)


STEPS: tuple[tuple[str, Callable[[Database], None]], ...] = (
    ("sheets-and-lines", _sheets_and_lines),
    ("events-and-stock", _events_and_stock),
    ("folding", _folding),
    ("carrying", _carrying),
)


def check_version(connection: Connection) -> bool:
    """Whether steps are missing; raises FromANewerVersion, and Damaged for a file with no step at all.

    Only reads. The file's number (`user_version`) and the names of its steps must both be known:
    the number is what versions to come agree on, the names tell two branches of development apart.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise FromANewerVersion(file=str(connection.path))
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_TABLE,)).fetchone() is None:
        raise Damaged(file=str(connection.path))
    rows = connection.execute(f"SELECT name FROM {_TABLE} WHERE migration_set = ?", (SET,))  # noqa: S608
    done, known = {name for (name,) in rows}, {name for name, _ in STEPS}
    if done - known:
        raise FromANewerVersion(file=str(connection.path))
    return done != known


def has_known_columns(connection: Connection) -> bool:
    """Whether every table and column of this version is there, however many more there are. Only reads."""
    with closing(connect_in_memory()) as model:
        migrate(model)
        known = columns(model)
    held = columns(connection)
    return all(set(names) <= set(held.get(table, ())) for table, names in known.items() if table != _TABLE)


def migrate(connection: Connection) -> None:
    """Take the missing steps, all in one transaction: switched off half-way, none was taken."""
    from sqlite_utils import Database, Migrations  # 0.2 s, and needed once for each home and version

    class Steps(Migrations):
        def _record_applied(self, db: Database, name: str) -> None:
            """As the original, except that it keeps no clock time, and numbers the file."""
            number = [step for step, _ in STEPS].index(name) + 1
            db.execute(
                f"INSERT INTO {_TABLE} (migration_set, name, applied_at) VALUES (?, ?, '')",  # noqa: S608
                (self.name, name),
            )
            db.execute(f"PRAGMA user_version = {number}")

    steps = Steps(SET)
    for name, step in STEPS:
        steps(name=name)(step)
    with writing(connection):
        steps.apply(Database(connection))
