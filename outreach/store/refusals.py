"""What can go wrong with a file on disk, as sentences for the person at the table."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from outreach.core.refusal import N_, NoRoom, OutOfStep, Refusal


class DiskFull(NoRoom):
    sentence = N_(
        "The disk is full. This was not saved; what was saved before is safe. Free some space, then try again."
    )


class CannotWrite(Refusal):
    sentence = N_("{file} cannot be written. Nothing was saved. Check that its folder is there and may be written to.")


class Damaged(Refusal):
    sentence = N_(
        "{file} is damaged. Nothing was changed or deleted. "
        "Put a copy of it back, or move this file aside to start a new one."
    )


class WrongKey(Refusal):
    sentence = N_(
        "The key that opens {file} is missing, or the key here belongs to another file. Nothing was changed or "
        "deleted. Put the right key file back."
    )


class MadeByAnotherEngine(Refusal):
    sentence = N_(
        "{file} cannot be opened here: this computer and the one that made it are not both able to encrypt counts. "
        "Nothing was changed. Use it on the computer that made it."
    )


class FromANewerVersion(Refusal):
    sentence = N_(
        "{file} was last used by a newer version of outreach. Nothing was changed. "
        "Install that version here, or a later one."
    )


class LedgerBusy(Refusal):
    sentence = N_("Another outreach window or command is saving just now. Nothing was saved. Try again in a moment.")


class SheetClosed(OutOfStep):
    sentence = N_(
        "This sheet is closed. What was counted on it before is saved, once; this was not added. "
        "Start a new sheet for it."
    )


# SQLite's result codes; the low byte is the kind, the rest says what exactly.
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _AUTH = 3, 5, 6, 8, 10, 11, 13, 14, 23
NOT_A_DATABASE = 26
# The names of tables and columns lie in the file like everything else, and a changed bit makes another name of one.
_ERROR = 1
_OTHER_NAME = re.compile(r"no such (column|table): |table \S+ has no column named ")
_UNREADABLE = {_IOERR | n << 8 for n in (1, 2, 33)}  # READ, SHORT_READ, CORRUPTFS


def refusal_for(error: Exception, path: Path) -> Refusal | None:
    """The sentence for an engine's or the system's error about `path`; None when it is no trouble of the disk."""
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DiskFull()
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR):
            return CannotWrite(file=str(path))
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Python itself reads text, and gives no code: where nothing is encrypted a changed bit can be no letter.
        return Damaged(file=str(path)) if "Could not decode to UTF-8" in str(error) else None
    kind = code & 0xFF
    if kind == _ERROR and _OTHER_NAME.match(str(error)):
        return Damaged(file=str(path))
    if kind in (_CORRUPT, NOT_A_DATABASE) or code in _UNREADABLE:
        return Damaged(file=str(path))
    # A disk that fills up, or a quota, often shows as "disk I/O error" while writing.
    if kind in (_FULL, _IOERR):
        return DiskFull()
    if kind in (_BUSY, _LOCKED):
        return LedgerBusy()
    if kind in (_PERM, _READONLY, _CANTOPEN, _AUTH):
        return CannotWrite(file=str(path))
    return None
