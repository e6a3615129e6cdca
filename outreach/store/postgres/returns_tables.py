"""The tables of a department: who reports to it, every return that came, and what the ones that count add up to."""

from __future__ import annotations

from outreach.store.postgres.roles import DEPARTMENT, PROGRAM, guarded

_CODE = 'TEXT COLLATE "C"'
# A program's role writes its own rows: what a page cannot show as a month or a kind of count cannot be put there.
_MONTH = f"{_CODE} CHECK (month ~ '^20[0-9][0-9]-(0[1-9]|1[0-2])$')"
_WAY = f"""{_CODE} CHECK (way IN (
    'given', 'returned', 'received', 'discarded', 'adjusted', 'moved', 'kits', 'event', 'visits'
))"""

# The owner is the role that may send for a program: the program's own, or the department's where it has none. It is
# part of every key, and a number of another program's cannot be put under one's own name: the pair has to be there.
_OWNED = "owner NAME NOT NULL DEFAULT current_user"
_REPORTER = "FOREIGN KEY (owner, code) REFERENCES reporter (owner, code) ON UPDATE CASCADE"

_TABLES = (
    # A program that reports, by the code the department gave it. `since` is its first month, such as "2026-07".
    f"""
    CREATE TABLE reporter (
        {_OWNED},
        code {_CODE} NOT NULL UNIQUE,
        name TEXT NOT NULL,
        region TEXT NOT NULL,
        since {_CODE} NOT NULL,
        expected BOOLEAN NOT NULL,
        PRIMARY KEY (owner, code)
    )
    """,
    # The keys whose returns count, each after someone compared its digits. `program` is what its returns call it.
    f"""
    CREATE TABLE reporter_key (
        {_OWNED},
        code {_CODE} NOT NULL,
        program {_CODE} NOT NULL,
        public BYTEA NOT NULL,
        PRIMARY KEY (owner, program, public),
        {_REPORTER}
    )
    """,
    # A program's own code of an item or event, and the shared one that it stands for.
    f"""
    CREATE TABLE shared_code (
        {_OWNED},
        code {_CODE} NOT NULL,
        local {_CODE} NOT NULL,
        shared {_CODE} NOT NULL,
        PRIMARY KEY (owner, code, local),
        {_REPORTER}
    )
    """,
    # Every return that ever came, word for word. Without a code it waits for a yes; without a key it is from a table.
    f"""
    CREATE TABLE month_return (
        {_OWNED},
        id {_CODE} NOT NULL CHECK (length(id) = 64),
        code {_CODE},
        program {_CODE} NOT NULL,
        month {_MONTH} NOT NULL,
        edition BIGINT NOT NULL,
        public BYTEA,
        signature BYTEA,
        body {_CODE} NOT NULL,
        CHECK (code IS NOT NULL OR public IS NOT NULL),
        PRIMARY KEY (owner, id),
        {_REPORTER}
    )
    """,
    "CREATE INDEX month_return_order ON month_return (code, month, edition, id)",
    "CREATE INDEX month_return_waiting ON month_return (program) WHERE code IS NULL",
    # Which return counts of a program and month, and in how many numbers it differs from the one before.
    f"""
    CREATE TABLE month_counts (
        {_OWNED},
        code {_CODE} NOT NULL,
        month {_MONTH} NOT NULL,
        id {_CODE} NOT NULL,
        edition BIGINT NOT NULL,
        changed BIGINT NOT NULL,
        PRIMARY KEY (owner, code, month),
        UNIQUE (code, month),
        {_REPORTER}
    )
    """,
    # What the returns that count say, by place; and the same without places, which is all that a state report reads.
    f"""
    CREATE TABLE month_total (
        {_OWNED},
        code {_CODE} NOT NULL,
        month {_MONTH} NOT NULL,
        place {_CODE} NOT NULL,
        way {_WAY} NOT NULL,
        item {_CODE} NOT NULL,
        quantity BIGINT NOT NULL,
        PRIMARY KEY (owner, code, month, place, way, item),
        {_REPORTER}
    )
    """,
    f"""
    CREATE TABLE month_rollup (
        {_OWNED},
        month {_MONTH} NOT NULL,
        code {_CODE} NOT NULL,
        way {_WAY} NOT NULL,
        item {_CODE} NOT NULL,
        quantity BIGINT NOT NULL,
        PRIMARY KEY (owner, code, month, way, item),
        {_REPORTER}
    )
    """,
    "CREATE INDEX month_rollup_month ON month_rollup (month)",
)

TABLES = {
    "reporter": "SELECT",
    "reporter_key": "SELECT",
    "shared_code": "SELECT",
    "month_return": "SELECT, INSERT",
    "month_counts": "SELECT, INSERT, UPDATE, DELETE",
    "month_total": "SELECT, INSERT, DELETE",
    "month_rollup": "SELECT, INSERT, DELETE",
}
"""Each with what a program's own role may do to its own rows. A department's may do everything to all of them."""


def _guarded(table: str, may: str) -> tuple[str, ...]:
    return (
        *guarded(table),
        f"CREATE POLICY department ON {table} TO {DEPARTMENT} USING (true) WITH CHECK (true)",
        f"GRANT {may} ON {table} TO {PROGRAM}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {DEPARTMENT}",
    )


RETURNS: tuple[str, ...] = (*_TABLES, *(each for table, may in TABLES.items() for each in _guarded(table, may)))
