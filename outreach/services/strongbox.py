"""What a program keeps under its keys: the ledger, the laptop's signing key, and the sheets that are open."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from outreach.carry.keys import DeviceKey, signing_key
from outreach.home import Home
from outreach.services import clearing_away
from outreach.services.keyring import Keyring, Locked
from outreach.store.closing import recover
from outreach.store.engine import lock_of
from outreach.store.ledger import Ledger, open_ledger
from outreach.store.open_sheets import OpenSheets


class Strongbox:
    """Made only when something is saved, never to read a page or print a card. Threads may share it."""

    def __init__(self, home: Home) -> None:
        clearing_away.finish(home)  # what a pulled plug left of one
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
        self._close()
        self._must_be_open()
        self.home.make()
        ledger = open_ledger(self.home.ledger, self.keyring.ledger_key())
        self._ledger = self.keyring.seen(), ledger
        # Once for every opening: what a pulled plug left half closed is finished or taken back.
        recover(ledger, self.sheets())
        return ledger

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
        return OpenSheets(self.home)

    def device(self) -> DeviceKey:
        """This laptop's signing key, made with its first sheet and known to the ledger from then on."""
        self._must_be_open()
        key = signing_key(self.keyring.device_key())
        self.ledger().introduce(key.device, key.public)
        return key

    def program_id(self) -> str:
        """What sheets call the program: 32 hex digits that say nothing."""
        return self.ledger().settings.once("program-id", lambda: secrets.token_hex(16))
