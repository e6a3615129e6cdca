"""How a database becomes a hub: its tables, and a role for every program and department that comes to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from outreach.core.refusal import N_, Refusal
from outreach.store.engine import writing
from outreach.store.postgres.connection import SCHEMA, Served
from outreach.store.postgres.roles import DEPARTMENT, PROGRAM
from outreach.store.postgres.steps import HUB_STEPS, known_steps, ledger_tables, statements
from outreach.store.refusals import FromANewerVersion

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,47}")


class NotARoleName(Refusal):
    sentence = N_("{role} cannot be a role's name. Use small letters, digits and hyphens. Nothing was changed.")


class RoleIsAnothers(Refusal):
    sentence = N_("There is a role called {role} already, which is for something else. Nothing was changed.")


class NotUnicode(Refusal):
    sentence = N_(
        "The database {file} does not keep every script. Make one with the encoding UTF8. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Founded:
    """What was done: steps that were new, and the roles that were made, each with its password if it has one."""

    steps: tuple[str, ...]
    roles: dict[str, str]


def found(
    address: str,
    programs: tuple[str, ...] = (),
    departments: tuple[str, ...] = (),
    password: Callable[[], str] = str,
) -> Founded:
    """Make the database at `address` a hub of this version, with these roles. What is there stays as it is.

    `password` makes one for a new role; an empty one is none, for servers that know people by themselves.
    """
    for role in (*programs, *departments):
        if not _NAME.fullmatch(role) or role.startswith(("pg_", "outreach_")):
            raise NotARoleName(role=role)
    connection = Served(address)
    try:
        with writing(connection):  # one transaction: half a hub is none
            steps = _take_steps(connection)
            made: dict[str, str] = {}
            for group, names in ((PROGRAM, programs), (DEPARTMENT, departments)):
                for role in names:
                    if _make_role(connection, role, group, words := password()):
                        made[role] = words
        return Founded(steps, made)
    finally:
        connection.close()


def _take_steps(connection: Served) -> tuple[str, ...]:
    execute = connection.execute
    # Two who do this at once: the second waits, and finds it done.
    execute("SELECT pg_advisory_xact_lock(hashtextextended('outreach: steps of the hub', 0))")
    if execute("SHOW server_encoding").fetchone() != ("UTF8",):
        raise NotUnicode(file=connection.path)
    execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for group in (PROGRAM, DEPARTMENT):
        if not execute("SELECT 1 FROM pg_roles WHERE rolname = ?", (group,)).fetchone():
            execute(f"CREATE ROLE {group}")
        execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {group}")
    execute('CREATE TABLE IF NOT EXISTS step (name TEXT COLLATE "C" PRIMARY KEY)')
    execute(f"GRANT SELECT ON step TO {PROGRAM}, {DEPARTMENT}")
    done = {name for (name,) in execute("SELECT name FROM step").fetchall()}
    if done - set(known_steps()):
        raise FromANewerVersion(file=connection.path)
    missing = [name for name in known_steps() if name not in done]
    if missing:
        there: dict[str, set[str]] = {}
        for table, column in execute(connection.columns).fetchall():
            there.setdefault(table, set()).add(column)
        for statement in statements(ledger_tables(), there):
            execute(statement)
    for name, more in HUB_STEPS:
        if name in missing:
            for statement in more:
                execute(statement)
    connection.executemany("INSERT INTO step (name) VALUES (?)", [(name,) for name in missing])
    return tuple(missing)


def _make_role(connection: Served, role: str, group: str, words: str) -> bool:
    """Whether the role is new. One that is there has to be of this kind, and bound by the same rules."""
    held = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR NOT pg_has_role(rolname, ?, 'member') FROM pg_roles WHERE rolname = ?",
        (group, role),
    ).fetchone()
    if held is not None:
        if held[0]:
            raise RoleIsAnothers(role=role)
        return False
    from psycopg import sql

    raw = connection.connect()
    statement = sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(sql.Identifier(role), sql.Identifier(group))
    if words:
        # Turned here into what the server keeps, so that the words stand in no log of its statements.
        kept = raw.pgconn.encrypt_password(words.encode(), role.encode(), b"scram-sha-256").decode()
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(kept))
    raw.execute(statement)
    return True
