"""What a program keeps under its keys: the ledger, the laptop's signing key, and the sheets that are open."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

from outreach.carry.keys import DeviceKey, signing_key, turned
from outreach.core.refusal import Refusal
from outreach.home import Home
from outreach.services import ballast, clearing_away, taking_over
from outreach.services.keyring import Keyring, Locked
from outreach.store.engine import lock_of
from outreach.store.refusals import Damaged, FromANewerVersion

# The ledger's own modules are imported when it is first opened: guide and cards do without.
if TYPE_CHECKING:
    from outreach.store.ledger import Ledger
    from outreach.store.open_sheets import OpenSheets


class Strongbox:
    """Made only when something is saved, never to read a page or print a card. Threads may share it."""

    def __init__(self, home: Home) -> None:
        clearing_away.finish(home)  # what a pulled plug left of one
        taking_over.finish(home)
        self.home = home
        self.keyring = Keyring(home)
        self.ask: Callable[[], str] | None = None
        """Asks who sits there for the words of the passphrase; None where that is nobody, or a page does."""
        # The ledger's own lock, so that who writes in it and asks for it again never waits in a circle.
        self._making = lock_of(home.ledger)
        self._ledger: tuple[object, Ledger] | None = None
        """With what the keyring had seen when it was opened."""

    def ledger(self) -> Ledger:
        """The ledger, made on the way if there is none yet. Raises Locked."""
        ledger = self._as_before()
        if ledger is None:
            with self._making:
                ledger = self._as_before() or self._opened()
        return ledger

    def _as_before(self) -> Ledger | None:
        """The open ledger, while nobody put another file in its place or changed the keys."""
        held = self._ledger
        # One whose file is gone stays open: a stick that was pulled out is no reason to begin a new one.
        same = held is not None and (held[0] == self.keyring.seen() or not self.home.ledger.exists())
        return held[1] if held and same else None

    def _opened(self) -> Ledger:
        from outreach.services import backups
        from outreach.store.closing import recover
        from outreach.store.ledger import open_ledger, open_to_read

        self._close()
        self._must_be_open()
        self.home.make()
        key = self.keyring.ledger_key()
        try:
            ledger = open_ledger(self.home.ledger, key)
        except (Damaged, FromANewerVersion) as why:
            ledger = open_to_read(self.home.ledger, key, backups.with_way_back(self.home, key, why))
        self._ledger = self.keyring.seen(), ledger
        if ledger.refuses is None:
            # Once for every opening: what a pulled plug left half closed is finished or taken back.
            recover(ledger, self.sheets())
            backups.sweep(self.home, key)
            ballast.keep(self.home)
            ledger.saved = self._keep_copy
        return ledger

    @property
    def trouble(self) -> Refusal | None:
        """Why the ledger can only be read, or not even that; None when all is well, or it is locked."""
        if self.is_locked:
            return None
        try:
            ledger = self.ledger_if_any()
        except Refusal as refusal:
            return refusal
        return ledger.refuses if ledger else None

    def copy_anew(self) -> None:
        """A copy of what is there now, and none that is older."""
        from outreach.services import backups

        backups.begin_anew(self.home, self.keyring.ledger_key(), date.today())

    def _keep_copy(self) -> None:
        """After something was saved: the copy of today, unless there is one. What was saved stays so without it."""
        from outreach.services import backups

        with suppress(Refusal, OSError):
            backups.keep(self.home, self.keyring.ledger_key(), date.today())
            ballast.keep(self.home)

    def ledger_if_any(self) -> Ledger | None:
        """The ledger when there is one; reading never makes it. Raises Locked."""
        self._must_be_open()
        return self.ledger() if self._ledger or self.home.ledger.exists() else None

    def _must_be_open(self) -> None:
        if self.is_locked:
            if self.ask is None:
                raise Locked()
            self.unlock(self.ask())

    @property
    def is_locked(self) -> bool:
        """Whether a passphrase is set and this process has not got the keys."""
        return self.keyring.is_locked

    def unlock(self, words: str) -> None:
        """Have the keys, for who has the words of the passphrase."""
        self.keyring.unlock(words)

    def lock(self) -> None:
        """Let go of the keys and the ledger; where there is no passphrase, both are back when next asked for."""
        with self._making:
            self.keyring.lock()
            self._close()

    @contextmanager
    def ledger_shut(self) -> Iterator[None]:
        """Nobody in this process has the ledger open inside; for who changes its key or its file."""
        with self._making:
            self._close()
            yield

    def _close(self) -> None:
        if self._ledger is not None:
            self._ledger[1].close()
            self._ledger = None

    def sheets(self) -> OpenSheets:
        """The open sheets of this home."""
        from outreach.store.open_sheets import OpenSheets

        return OpenSheets(self.home)

    def device(self) -> DeviceKey:
        """This laptop's signing key, made with its first sheet and known to the ledger from then on."""
        self._must_be_open()
        ledger = self.ledger()
        key = signing_key(turned(self.keyring.device_key(), ledger.settings.get("device-turn")))
        ledger.introduce(key.device, key.public)
        return key

    def program_id(self) -> str:
        """What sheets call the program: 32 hex digits that say nothing."""
        return self.ledger().settings.once("program-id", lambda: secrets.token_hex(16))
