"""What a request reaches for: the program this server serves, and the guide as it is put into files."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from outreach.services.program import Program


def program() -> Program:
    """The program of the running app."""
    return program_of(current_app)


def program_of(app: Flask) -> Program:
    return cast(Program, app.extensions["outreach"])


def files_app(way: str) -> Flask:
    """The guide as it is put into files ("file" for a topic, "book" for all), made when the first one is asked for."""
    return cast(Callable[[str], Flask], current_app.extensions["outreach-files"])(way)
