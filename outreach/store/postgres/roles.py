"""The kinds of roles that come to a hub, and what a program's own may see of a table: its own rows."""

from __future__ import annotations

PROGRAM, DEPARTMENT = "outreach_program", "outreach_department"
"""A program keeps and sees its own rows; a department reads what programs send it."""


def guarded(table: str) -> tuple[str, ...]:
    """What has each program's role see and change rows of its own only, by whatever question it asks."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own ON {table} TO {PROGRAM} USING (owner = current_user) WITH CHECK (owner = current_user)",
    )
