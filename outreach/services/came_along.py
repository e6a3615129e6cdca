"""What a backup holds besides counts: supply alerts, own texts, lists and cards, as they travel between laptops."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from outreach.core import shared as states
from outreach.core.alerts import showing
from outreach.core.refusal import Refusal
from outreach.core.shared import Shared
from outreach.services import alerts, shared_files, taking_over
from outreach.services.program import Program

FILES = "backup-files"
"""What the copy in a backup calls them. No ledger in use has it: it is taken out before a copy takes a place."""
ALERTS = "alerts.toml"


@dataclass(frozen=True, slots=True)
class Along:
    """What became of the files of a backup, by their paths in the home.

    `stayed` were here already and say something else; `missed` could not be used, and `why` says it. `alerts` show now.
    """

    brought: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    why: Refusal | None = None
    alerts: int = 0


def packed(program: Program) -> str:
    """The files of this home, for a backup; the empty text where they cannot be read: the counts go all the same."""
    try:
        files, _ = shared_files.found(program.home)
        return b64encode(Shared("", files=files).canonical()).decode("ascii")
    except (Refusal, OSError):
        return ""


def unpacked(text: str) -> Mapping[str, bytes] | None:
    """The files by path; None for a backup without them, as versions before made it."""
    try:
        return states.from_canonical(b64decode(text, validate=True)).files if text else None
    except (Refusal, ValueError):
        return None


def bring(program: Program, files: Mapping[str, bytes], today: date) -> Along:
    """Put the files of a backup into this home, all of them or none. What is here already stays as it is."""
    home = program.home
    here, _ = shared_files.found(home)
    new = {path: content for path, content in files.items() if not (home.path / path).exists()}
    stayed = tuple(path for path, content in files.items() if path not in new and here.get(path) != content)
    if not new:
        return Along(stayed=stayed)
    try:
        shared_files.check(taking_over.stage(home, {**new, **here}))
        taking_over.replace(home, sorted(new), (), {}, 0)
    except Refusal as refusal:
        return Along((), stayed, tuple(sorted(new)), refusal)
    finally:
        if not home.taking_plan.exists():
            taking_over.drop(home)
    program.freshen()
    up = len(showing(alerts.all_alerts(program), today)) if ALERTS in new else 0
    return Along(tuple(sorted(new)), stayed, alerts=up)
