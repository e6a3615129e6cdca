"""Files of a home replaced together: all of them, or none, wherever the power is cut."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from outreach.home import Home, make_folder, sync_folder
from outreach.services.files import CannotWrite, why, write_whole

NEW, ASIDE = "new", "aside"


def stage(home: Home, files: Mapping[str, bytes]) -> Home:
    """The files as a home of their own, to be looked through before anything is replaced."""
    with suppress(FileNotFoundError):
        shutil.rmtree(home.taking)
    staged = Home(home.taking / NEW)
    make_folder(staged.path)
    _write(staged.path, files)
    return staged


def drop(home: Home) -> None:
    """Forget what was staged."""
    shutil.rmtree(home.taking, ignore_errors=True)


def replace(home: Home, paths: Iterable[str], gone: Iterable[str], aside: Mapping[str, bytes], number: int) -> Path:
    """Put the staged files of these paths in place and take the `gone` ones away; what goes aside is kept first.

    The folder that keeps it is the answer; it is not made for nothing.

    cut before the plan has its name    nothing was changed
    after it                            the next start finishes: `finish`
    """
    kept = next(
        folder
        for folder in (home.replaced / f"{number}{end}" for end in ("", *(f"-{n}" for n in range(2, 10_000))))
        if not folder.exists()
    )
    _write(home.taking / ASIDE, aside)
    moves = [[f"{ASIDE}/{path}", (kept / path).relative_to(home.path).as_posix()] for path in aside]
    moves += [[f"{NEW}/{path}", path] for path in paths]
    write_whole(home.taking_plan, json.dumps({"moves": moves, "gone": list(gone), "edition": number}).encode())
    finish(home)
    return kept


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        make_folder((folder / path).parent)
        write_whole(folder / path, content)


def finish(home: Home) -> None:
    """Do what is left of a plan; nothing where there is none. Safe to do twice at once."""
    try:
        plan = json.loads(home.taking_plan.read_bytes())
    except FileNotFoundError:
        return
    try:
        for source, target in plan["moves"]:
            place = home.path / target
            make_folder(place.parent)
            with suppress(FileNotFoundError):  # done before the cut, or by another process
                (home.taking / source).replace(place)
            sync_folder(place.parent)
        for path in plan["gone"]:
            (home.path / path).unlink(missing_ok=True)
            with suppress(OSError):  # a card's folder goes with its last file
                (home.path / path).parent.rmdir()
        write_whole(home.edition, f"{plan['edition']}\n".encode())
        home.taking_plan.unlink(missing_ok=True)
        sync_folder(home.taking)
    except OSError as problem:
        raise CannotWrite(file=home.path, why=why(problem, home.path)) from problem
    drop(home)
