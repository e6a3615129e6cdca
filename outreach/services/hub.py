"""A program whose ledger is on PostgreSQL instead of this computer's own file."""

from __future__ import annotations

import secrets

from outreach.home import Home
from outreach.services.program import Program
from outreach.store.ledger import Ledger
from outreach.store.postgres import founding
from outreach.store.postgres.founding import Founded
from outreach.store.postgres.opening import open_ledger_at


class HubProgram(Program):
    """As any program: to those it exchanges bundles with, one more laptop, whose keys and texts are in `home`.

    Nothing of the ledger is in the home: no file, no copies; the server keeps those.
    """

    def __init__(self, home: Home, address: str) -> None:
        super().__init__(home)
        self.address = address

    def _as_before(self) -> Ledger | None:
        return self._ledger[1] if self._ledger else None

    def _opened(self) -> Ledger:
        ledger = open_ledger_at(self.address)
        self._ledger = None, ledger
        return ledger

    def ledger_if_any(self) -> Ledger | None:
        """The ledger, which is there for every role; what protects it is the server's to ask."""
        return self.ledger()


def found(
    address: str, programs: tuple[str, ...] = (), departments: tuple[str, ...] = (), *, with_passwords: bool = True
) -> Founded:
    """Make the database at `address` a hub, with a role for each of these; a new role has a password of its own."""
    return founding.found(address, programs, departments, lambda: secrets.token_urlsafe(18) if with_passwords else "")
