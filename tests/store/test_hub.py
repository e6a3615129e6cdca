"""A hub's database: made once, grown by who runs it, and answered for in sentences."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

import pytest

from outreach.core.sheets import ClosedSheet
from outreach.store.engine import writing
from outreach.store.postgres.connection import Served
from outreach.store.postgres.founding import NotARoleName, RoleIsAnothers, found
from outreach.store.postgres.opening import open_ledger_at
from outreach.store.postgres.refusals import HubAway, HubBehind, NoHubYet, NotAHubAddress, NotForThisRole, NotLetIn
from outreach.store.postgres.steps import known_steps, ledger_tables
from outreach.store.refusals import FromANewerVersion

Make = Callable[..., ClosedSheet]


@pytest.fixture
def fresh(cluster: Any) -> Any:
    """A database of its own, and a name for roles that no other test has."""
    name = f"h{secrets.token_hex(6)}"
    cluster.database(name)
    return cluster, name


def test_founding_twice_changes_nothing(fresh: Any, sheet: Make) -> None:
    """The second time no step is taken, no role made, and what was saved is there."""
    cluster, name = fresh
    address = cluster.address(database=name)
    first = found(address, (name,), password=lambda: "willow river lantern")
    assert first.steps == tuple(known_steps()) and first.roles == {name: "willow river lantern"}
    ledger = open_ledger_at(cluster.address(name, name))
    ledger.add(sheet(), bytes(64))
    ledger.close()

    again = found(address, (name,), password=lambda: "other words")
    assert (again.steps, again.roles) == ((), {})
    ledger = open_ledger_at(cluster.address(name, name))
    assert ledger.count() == ledger.verify() == 1
    ledger.close()
    ((kept,),) = cluster.ask(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{name}'", database=name)
    assert kept.startswith("SCRAM-SHA-256$")


def test_an_older_hub_grows_and_keeps_what_it_has(fresh: Any, sheet: Make) -> None:
    """Until who runs it says so a newer program refuses; then the table and the column that were missing are there."""
    cluster, name = fresh
    address = cluster.address(database=name)
    found(address, (name,))
    ledger = open_ledger_at(cluster.address(name, name))
    ledger.add(sheet(), bytes(64))
    ledger.close()
    for statement in (
        "DROP TABLE outreach.waiting",
        "ALTER TABLE outreach.sheet DROP COLUMN sessions",
        "DELETE FROM outreach.step WHERE name IN ('ledger: carrying', 'ledger: folding')",
    ):
        cluster.ask(statement, database=name)
    with pytest.raises(HubBehind):
        open_ledger_at(cluster.address(name, name))

    assert set(found(address).steps) == {"ledger: carrying", "ledger: folding"}
    ledger = open_ledger_at(cluster.address(name, name))
    assert ledger.verify() == 1 and ledger.exchange.waiting() == ()
    ledger.close()


def test_a_newer_hub_is_left_alone(fresh: Any) -> None:
    """One with a step that this version does not know is neither opened nor changed."""
    cluster, name = fresh
    found(cluster.address(database=name), (name,))
    cluster.ask("INSERT INTO outreach.step VALUES ('ledger: more')", database=name)
    for begins in (lambda: open_ledger_at(cluster.address(name, name)), lambda: found(cluster.address(database=name))):
        with pytest.raises(FromANewerVersion):
            begins()


def test_every_table_has_an_owner_in_its_key_and_is_guarded(fresh: Any) -> None:
    """No table of a ledger can hold a row that is nobody's, or one that others see."""
    cluster, name = fresh
    found(cluster.address(database=name))
    guarded = dict(
        cluster.ask(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'outreach'::regnamespace AND relkind = 'r'",
            database=name,
        )
    )
    keys = cluster.ask(
        "SELECT conrelid::regclass::text, array_agg(attname::text) FROM pg_constraint "
        "JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'p' GROUP BY 1",
        database=name,
    )
    owned = {table.removeprefix("outreach.") for table, columns in keys if "owner" in columns}
    names = {table.name for table in ledger_tables()}
    assert len(names) > 12 and names <= owned
    assert all(guarded[each] for each in names)
    assert not guarded["step"], "the control: what the hub itself is made of is everyone's to read"


def test_what_is_wrong_is_said(fresh: Any) -> None:
    """Each way in which a hub cannot be used has a sentence; none names a password."""
    cluster, name = fresh
    found(cluster.address(database=name), departments=(f"{name}-state",))
    wrong = {
        cluster.address("nobody-here", name).replace("@", ":sesame@"): NotLetIn,
        cluster.address(database="not-there"): NotLetIn,
        cluster.address(database="postgres"): NoHubYet,
        cluster.address(f"{name}-state", name): NotForThisRole,
        "postgresql://van:sesame@/hub?host=/not-there": HubAway,
        "what is this": NotAHubAddress,
    }
    for address, refusal in wrong.items():
        with pytest.raises(refusal) as said:
            open_ledger_at(address)
        assert "sesame" not in str(said.value)


def test_a_server_that_was_away_is_found_again(fresh: Any, sheet: Make) -> None:
    """An open ledger refuses while the server is away, and goes on when it is back; nothing is half saved."""
    cluster, name = fresh
    found(cluster.address(database=name), (name,))
    ledger = open_ledger_at(cluster.address(name, name))
    with pytest.raises(HubAway), ledger.together():
        ledger.add(sheet(), bytes(64))
        cluster.crash()
        ledger.add(sheet(seq=2), bytes(64))
    with pytest.raises(HubAway):
        ledger.count()
    cluster.start()
    assert ledger.count() == 0
    assert ledger.add(sheet(), bytes(64)) and ledger.count() == 1
    ledger.close()


@pytest.mark.parametrize("role", ["Van", "van 2", "", "1van", "outreach_program", "pg_monitor", 'v"; DROP TABLE x'])
def test_a_name_that_is_no_role_is_refused(fresh: Any, role: str) -> None:
    """Small letters, digits and hyphens, and no name that means something already."""
    cluster, name = fresh
    with pytest.raises(NotARoleName):
        found(cluster.address(database=name), (role,))


def test_the_one_who_runs_it_is_no_program(fresh: Any) -> None:
    """A role that is there and bound by no rule is not made a program's."""
    cluster, name = fresh
    with pytest.raises(RoleIsAnothers):
        found(cluster.address(database=name), ("postgres",))
    assert cluster.ask("SELECT to_regclass('outreach.sheet')", database=name) == [(None,)]


def test_what_is_larger_than_the_system_takes_at_once_is_saved(fresh: Any) -> None:
    """Eight MiB in one transaction, more than any socket holds: answered, and there word for word."""
    cluster, name = fresh
    cluster.ask("CREATE TABLE public.large (n INTEGER PRIMARY KEY, content BYTEA)", database=name)
    connection, content, changed = Served(cluster.address(database=name)), secrets.token_bytes(2**22), []

    def save() -> None:
        with writing(connection):
            for n in (1, 2, 2):
                asked = connection.execute(
                    "INSERT INTO public.large VALUES (?, ?) ON CONFLICT DO NOTHING", (n, content)
                )
                changed.append(asked.rowcount)

    saving = threading.Thread(target=save, daemon=True)
    saving.start()
    saving.join(timeout=60)
    assert not saving.is_alive(), "it waits for an answer to what it has not sent"
    connection.close()
    assert changed == [1, 1, 0]
    assert cluster.ask("SELECT n, content FROM public.large", database=name) == [(1, content), (2, content)]
