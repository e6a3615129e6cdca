"""What a request reaches for: the program this server serves, its press, and the last few orders printed."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from outreach.services.print_work import PrintWork
from outreach.services.program import Program

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

    def begin(self, job: PrintJob) -> str:
        """Begin an order and remember it under a name that says nothing; the oldest one goes, stopped if it has to."""
        name = secrets.token_hex(8)
        self._kept[name] = PrintWork(self.press, job)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)[1].stop()
        return name

    def find(self, name: str) -> PrintWork | None:
        return self._kept.get(name)


def program() -> Program:
    """The program of the running app."""
    return program_of(current_app)


def program_of(app: Flask) -> Program:
    return cast(Program, app.extensions["outreach"])


def files_app(way: str) -> Flask:
    """The guide as it is put into files ("file" for a topic, "book" for all), made when the first one is asked for."""
    return cast(Callable[[str], Flask], current_app.extensions["outreach-files"])(way)


def prints() -> Prints:
    return cast(Prints, current_app.extensions["outreach-prints"])


def forget_faces() -> None:
    """Draw the cards on the wall anew: their words, or what they are called, are others now."""
    if "outreach-prints" in current_app.extensions:
        prints().faces.clear()
