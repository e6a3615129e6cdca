"""The press of the running app, the last few orders it printed, and the cards drawn for the wall."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import current_app

from outreach.services.print_work import PrintWork

if TYPE_CHECKING:
    from outreach.services.cards import Press, PrintJob

KEPT = 6
"""Orders kept in memory to open, save and look at; nothing of them is written to disk."""


@dataclass
class Prints:
    """The press of this server, and the orders it makes or made last."""

    press: Press
    faces: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)
    """Pictures of the cards on the wall, by card and language and then by side."""
    drawing: Lock = field(default_factory=Lock)
    """Held while one of them is drawn; the press draws one after the other anyway."""
    _kept: OrderedDict[str, PrintWork] = field(default_factory=OrderedDict)
    _edition: object = None

    def begin(self, job: PrintJob) -> str:
        """Begin an order and remember it under a name that says nothing; the oldest one goes, stopped if it has to."""
        name = secrets.token_hex(8)
        self._kept[name] = PrintWork(self.press, job)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)[1].stop()
        return name

    def find(self, name: str) -> PrintWork | None:
        return self._kept.get(name)

    def keep_faces_of(self, edition: object) -> None:
        """Draw the cards on the wall anew once what they say came with another edition of the program's content."""
        if edition != self._edition:
            self._edition = edition
            self.faces.clear()


def prints() -> Prints:
    return cast(Prints, current_app.extensions["outreach-prints"])
