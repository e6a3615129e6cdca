"""How a program's ledger on PostgreSQL is opened."""

from __future__ import annotations

from outreach.core.sheets import ServiceModel
from outreach.store.engine import reading, writing
from outreach.store.ledger import Ledger
from outreach.store.postgres.connection import Served
from outreach.store.postgres.refusals import HubBehind
from outreach.store.postgres.steps import known_steps
from outreach.store.refusals import FromANewerVersion

_FIRST_SITE = "INSERT INTO site (code, name, model) VALUES ('outreach', '', ?) ON CONFLICT DO NOTHING"


def served(address: str) -> Served:
    """A connection to the hub at `address`, whose steps are those of this version.

    Raises HubAway, NotLetIn, NoHubYet, HubBehind or FromANewerVersion.
    """
    connection = Served(address)
    try:
        check_steps(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def check_steps(connection: Served) -> None:
    """Raise HubBehind or FromANewerVersion where the hub's steps are not this version's."""
    with reading(connection):
        done = {name for (name,) in connection.execute("SELECT name FROM step").fetchall()}
    if done - set(known_steps()):
        raise FromANewerVersion(file=connection.path)
    if set(known_steps()) - done:
        raise HubBehind(file=connection.path)


def open_ledger_at(address: str) -> Ledger:
    """The ledger that the role in `address` has on the hub there. Raises what `served` raises."""
    connection = served(address)
    try:
        with reading(connection):
            begun = connection.execute("SELECT 1 FROM site LIMIT 1").fetchone()
        if not begun:
            with writing(connection):
                connection.execute(_FIRST_SITE, (ServiceModel.STREET.value,))
    except BaseException:
        connection.close()
        raise
    return Ledger(connection)
