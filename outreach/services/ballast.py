"""A megabyte kept for the day the disk is full, so that the open sheet can still be closed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from outreach.core.refusal import NoRoom
from outreach.home import Home

T = TypeVar("T")

SIZE = 1 << 20
_ROOM = 16 * SIZE
"""What must be free before it is made again: else it would fill the disk that it was freed for."""


def keep(home: Home) -> None:
    """Make it unless it is there or there is little room."""
    with suppress(OSError):
        if home.ballast.exists() or shutil.disk_usage(home.path).free < _ROOM:
            return
        rough = home.ballast.with_name(f"{home.ballast.name}.new")
        try:
            with rough.open("wb") as file:
                file.write(secrets.token_bytes(SIZE))  # not zeros: a file of those may take no room
                file.flush()
                os.fsync(file.fileno())
            rough.replace(home.ballast)
        finally:
            rough.unlink(missing_ok=True)


def with_room(home: Home, act: Callable[[], T]) -> T:
    """Do `act`; when the disk is full, let go of the megabyte and do it again. `act` refuses whole or not at all."""
    try:
        return act()
    except NoRoom:
        if not _let_go(home):
            raise
        return act()


def _let_go(home: Home) -> bool:
    try:
        home.ballast.unlink()
    except OSError:
        return False
    return True


def is_kept(home: Home) -> bool:
    return home.ballast.exists()
