"""The few words that a program tells about itself; nothing else can be kept here."""

from __future__ import annotations

from collections.abc import Callable

from outreach.core.refusal import N_, Refusal
from outreach.store.engine import Connection, reading, writing

SETTINGS: dict[str, int] = {
    "program-id": 32,
    "device-turn": 32,
    "carried-away": 64,
    "program-name": 80,
    "program-phone": 40,
    "program-address": 160,
    "guide-address": 160,
    "laptop-name": 40,
    "program-before": 32,
    "invitation": 4096,
}
"""Every key there is and the letters its value may have. About the program, never about a person."""


class UnknownSetting(Refusal):
    sentence = N_("There is no setting called {key}. Settings: {known}. Nothing was saved.")


class NotASetting(Refusal):
    sentence = N_("{key} is one line of at most {most} letters. Nothing was saved.")


class Settings:
    """The ledger's settings. One that was never set, or was set to nothing, is the empty text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str:
        """The value of `key`; raises UnknownSetting."""
        _known(key)
        with reading(self._connection):
            row = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def all(self) -> dict[str, str]:
        """Every setting and its value, in the order of SETTINGS."""
        return {key: self.get(key) for key in SETTINGS}

    def set(self, key: str, value: str) -> None:
        """Keep `value`, without the spaces around it; raises UnknownSetting or NotASetting."""
        _known(key)
        value = value.strip()
        if len(value) > SETTINGS[key] or (value and not value.isprintable()):
            raise NotASetting(key=key, most=SETTINGS[key])
        with writing(self._connection):
            row = (value, key)
            if not self._connection.execute("UPDATE setting SET value = ? WHERE key = ?", row).rowcount:
                self._connection.execute("INSERT INTO setting (value, key) VALUES (?, ?)", row)

    def once(self, key: str, make: Callable[[], str]) -> str:
        """The value of `key`, made and kept if there is none; of two commands that come at once, one makes it."""
        with writing(self._connection):
            if not self.get(key):
                self.set(key, make())
            return self.get(key)


def _known(key: str) -> None:
    if key not in SETTINGS:
        raise UnknownSetting(key=key, known=", ".join(SETTINGS))
