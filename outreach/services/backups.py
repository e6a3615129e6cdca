"""The copies of the ledger that this laptop keeps by itself: one a day, the last three, under the ledger's own key."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Kind
from outreach.home import Home, make_folder
from outreach.store import copies
from outreach.store.copies import Holdings, look_into
from outreach.store.engine import ENCRYPTED, key_salt
from outreach.store.files import UNFINISHED, forget_time
from outreach.store.refusals import Damaged

KEPT = 3
END = ".ledger"
INCOMING = ".incoming"
"""Ends the name of a backup that was opened and not restored yet."""
_DAILY = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){re.escape(END)}")
_REKEYING = "under-another-key"
"""There while the ledger's key is changed: copies under the old one go, whatever is cut off."""


def daily(home: Home) -> list[Path]:
    """The copies of each day, the newest first."""
    return sorted((each for each in home.backups.glob(f"*{END}") if _DAILY.fullmatch(each.name)), reverse=True)


def day_of(file: Path) -> date | None:
    """The day a copy was made; None for what was here before a backup was restored."""
    found = _DAILY.fullmatch(file.name)
    with suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None
    return None


def keep(home: Home, key: bytes, today: date) -> None:
    """Copy the ledger unless that was done today; the oldest copy goes. Raises what `copies.copy` raises."""
    to = home.backups / f"{today.isoformat()}{END}"
    if to.exists():
        return
    make_folder(home.backups)
    clear(home, UNFINISHED)
    clear(home, INCOMING)
    copies.copy(home.ledger, key, to, key)
    forget_time(to, today)
    for old in daily(home)[KEPT:]:
        if old != to:  # on a clock that went back, the new one looks like the oldest
            copies.forget(old)


def begin_anew(home: Home, key: bytes, today: date) -> None:
    """A fresh copy, and none that is older: days that were folded into months are in no copy either."""
    for old in daily(home):
        copies.forget(old)
    keep(home, key, today)


def newest_good(home: Home, key: bytes) -> tuple[Path, Holdings] | None:
    """The newest copy of which every page can be read, and what it holds."""
    for each in daily(home):
        with suppress(Refusal):
            return each, look_into(each, key)
    return None


class LedgerDamaged(Damaged):
    sentence = N_(
        "{file} is damaged. Nothing was changed or deleted, and nothing is saved until a backup is restored. "
        "The newest good one on this laptop: {backup}, sheets: {sheets}. "
        "Settings, Backups, or type `outreach restore {path}`."
    )


class DamagedWithoutBackup(Damaged):
    sentence = N_(
        "{file} is damaged. Nothing was changed or deleted, and nothing is saved until a backup is restored. "
        "There is no good one on this laptop. From a stick: Settings, Backups, or type `outreach restore FILE`."
    )


def with_way_back(home: Home, key: bytes, why: Refusal) -> Refusal:
    """What a ledger that cannot be used says, with the newest good copy when it is damaged."""
    if not isinstance(why, Damaged):
        return why
    found = newest_good(home, key)
    if found is None:
        return DamagedWithoutBackup(file=home.ledger)
    return LedgerDamaged(
        file=home.ledger, backup=day_of(found[0]), sheets=found[1].kinds.get(Kind.TALLY, 0), path=found[0]
    )


def place_for(home: Home, what: str, today: date) -> Path:
    """A free name in the folder of copies for `what` is put aside."""
    make_folder(home.backups)
    return free_name(home.backups, what, today, END)


def free_name(folder: Path, what: str, today: date, end: str) -> Path:
    """A name in `folder` that is not taken, and says what it is and the day."""
    names = (f"{what}-{today.isoformat()}{n}{end}" for n in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in (folder / name for name in names) if not path.exists())


def put_aside(home: Home) -> list[Path]:
    """What was here before a backup was restored, and ledgers that could not be opened any more."""
    return sorted(each for each in home.backups.glob(f"*{END}") if not _DAILY.fullmatch(each.name))


# --- the ledger under another key: a copy that the old one opens would be a door left open ---


def before_rekey(home: Home) -> None:
    """Say that the key is about to change, for `sweep` to know should all be cut off here."""
    if home.backups.is_dir():
        (home.backups / _REKEYING).touch(mode=0o600)


def after_rekey(home: Home, old: bytes, new: bytes) -> None:
    """Put every copy under the new key too; one that cannot be is destroyed."""
    for each in (*daily(home), *put_aside(home)):
        made = day_of(each)
        try:
            copies.copy(each, old, each, new)
        except Refusal:
            copies.forget(each)
        else:
            if made:
                forget_time(each, made)
    sweep(home, new)


def sweep(home: Home, key: bytes) -> None:
    """Remove the copies that a change of the key was cut off before: the key that opens them is no longer used."""
    mark = home.backups / _REKEYING
    if not mark.exists():
        return
    for each in (*daily(home), *put_aside(home)):
        with suppress(OSError):
            with each.open("rb") as file:
                own = file.read(16) == key_salt(key)
            if ENCRYPTED and not own:
                copies.forget(each)
    with suppress(OSError):
        mark.unlink()


def clear(home: Home, end: str) -> None:
    """Remove what was left half made, or looked at and neither restored nor dropped."""
    for left in home.backups.glob(f"*{end}*"):
        with suppress(OSError):
            left.unlink()
