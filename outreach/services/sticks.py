"""Sticks: the ones this computer has now, what lies on one, and the places that people type."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from outreach.core.refusal import N_, Refusal

EXAMPLE = {"win32": "E:\\", "darwin": "/Volumes/STICK"}.get(sys.platform, "/media/stick")
"""What the place of a stick looks like on this computer."""


class NoPlace(Refusal):
    sentence = N_("Choose a stick, or type a folder. Nothing was written.")


class NoSuchPlace(Refusal):
    sentence = N_("There is no {place} on this computer. Nothing was changed.")


class NameTaken(Refusal):
    sentence = N_("{file} is there already. Choose another name. Nothing was written.")


def sticks() -> list[Path]:
    """Folders of sticks and cards that this computer has now, as far as it says where they are."""
    return sorted(dict.fromkeys(each for each in _mounted() if os.access(each, os.W_OK)))


def files_on_sticks(end: str) -> list[Path]:
    """Files at the top of those folders whose names end so, by their names."""
    found: list[Path] = []
    for stick in sticks():
        with suppress(OSError):
            # Some computers leave a hidden "._name" beside each file that they write.
            found += (each for each in stick.glob(f"*{end}") if not each.name.startswith(".") and each.is_file())
    return sorted(found, key=lambda each: (each.name, each))


def is_on_stick(file: Path, known: Iterable[Path]) -> bool:
    """Whether it lies on one of them: what was written to another place is lost with the laptop."""
    at = file.resolve()
    return any(at.is_relative_to(stick.resolve()) for stick in known)


def typed_place(typed: str) -> Path:
    """The file or folder that someone typed on a page, where nobody sees which folder the program runs in.

    Raises NoSuchPlace for what does not say where it is from the top, or is in no folder that is there:
    `E:` would otherwise become a file of that name beside the program.
    """
    try:
        place = Path(typed).expanduser()
        if place.is_absolute() and "\0" not in typed and (place.exists() or place.parent.is_dir()):
            return place
    except (OSError, RuntimeError, ValueError):  # a name no computer has; a user nobody knows
        pass
    raise NoSuchPlace(place=typed)


def _mounted() -> Iterator[Path]:
    if sys.platform == "win32":
        yield from (Path(f"{letter}:\\") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ" if Path(f"{letter}:\\").is_dir())
        return
    roots = [Path("/Volumes")] if sys.platform == "darwin" else [Path("/media"), Path("/run/media"), Path("/mnt")]
    for root in roots:
        with suppress(OSError):
            for each in root.iterdir():
                inside = [each] if each.is_mount() else [*each.iterdir()] if each.is_dir() else []
                yield from (one for one in inside if one.is_mount())
