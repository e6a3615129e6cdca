"""Files a program keeps: written whole or not at all, and read again only once they have changed."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from outreach.core.refusal import N_, Refusal
from outreach.home import Home, sync_folder

T = TypeVar("T")
_read: dict[Path, tuple[Any, Any]] = {}


def read_if_changed(file: Path, read: Callable[[Path], T]) -> T:
    """What `read` makes of a file, kept until the file is another one; pages ask for it at every view."""
    try:
        seen = file.stat()
        stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    except OSError:
        stamp = None
    kept = _read.get(file)
    if kept is None or kept[0] != stamp:
        kept = _read[file] = (stamp, read(file))
    value: T = kept[1]
    return value


class CannotWrite(Refusal):
    sentence = N_("{file} could not be written: {why} Nothing was left half written.")


class ReadsBackWrong(Refusal):
    sentence = N_(
        "{file} does not read back as it was written. Do not trust this disk or stick; take another. "
        "What was there before is still there."
    )


_NO_ANSWER = "the stick or disk does not answer. Put it in again, or take another."
_WHY = {
    errno.ENOENT: "there is no folder {folder}. Make it first, or choose another.",
    errno.ENOTDIR: "{folder} is not a folder.",
    errno.EACCES: "this folder does not allow it. Choose another.",
    errno.EPERM: "this folder does not allow it. Choose another.",
    errno.EROFS: "this disk is read-only. Choose another.",
    errno.ENOSPC: "the disk is full. Free some space and try again.",
    errno.EFBIG: "the disk is full. Free some space and try again.",
    errno.EIO: _NO_ANSWER,
    errno.ENODEV: _NO_ANSWER,
    errno.ENXIO: _NO_ANSWER,
    errno.EISDIR: "it is a folder. Give it a file name.",
}


def write_whole(file: Path, content: bytes) -> None:
    """Write `content` beside its place and move it there, so a full disk or a pulled plug leaves the old file.

    When this returns the new one is on disk under its name: a legal hold, for one, has to stand after a power cut.
    """
    temporary = None
    try:
        if file.is_dir():
            raise OSError(errno.EISDIR, "is a directory")
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(file)
        _sync_names(file.parent)
    except OSError as problem:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CannotWrite(file=file, why=why(problem, file.parent)) from problem


def write_and_read_back(file: Path, content: bytes) -> None:
    """As `write_whole`, for a stick: read back from the stick and compared before it gets its name, and the name kept.

    For its owner only where the stick knows owners. Raises CannotWrite or ReadsBackWrong; what had that
    name before is still there then.
    """
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if read_from_disk(temporary) != content:
            raise ReadsBackWrong(file=file)
        temporary.replace(file)
        temporary = None
        _sync_names(file.parent)
        if read_from_disk(file) != content:
            raise ReadsBackWrong(file=file)
    except OSError as problem:
        raise CannotWrite(file=file, why=why(problem, file.parent)) from problem
    finally:
        if temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _sync_names(folder: Path) -> None:
    try:
        sync_folder(folder)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise
        os.sync()  # a stick's file system that cannot sync a folder by itself


def read_from_disk(file: Path) -> bytes:
    """What the disk holds, not what memory still remembers of it, where the system can be asked for that."""
    with file.open("rb") as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return stream.read()


def plain_name(called: str) -> str:
    """A name as every computer takes it in a file's: small letters, digits and hyphens; it may be empty."""
    return re.sub("[^a-z0-9]+", "-", called.lower()).strip("-")


def write_own(home: Home, file: Path, about: str, tables: Iterable[str]) -> None:
    """Write a TOML file of the program's own public data, with a line about it at its head."""
    home.make()
    file.parent.mkdir(exist_ok=True)
    head = f"# {about} Public: no secret and no person is in here.\n\n"
    write_whole(file, (head + "\n".join(tables)).encode("utf-8"))


def why(problem: OSError, folder: Path) -> str:
    """Why the disk said no, and what to do about it."""
    return _WHY.get(problem.errno or 0, f"the computer said: {problem.strerror}.").format(folder=folder)
