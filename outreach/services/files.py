"""Writing a file that someone asked for: whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from outreach.core.refusal import N_, Refusal


class CannotWrite(Refusal):
    sentence = N_("{file} could not be written: {why} Nothing was left half written.")


_WHY = {
    errno.ENOENT: "there is no folder {folder}. Make it first, or choose another.",
    errno.ENOTDIR: "{folder} is not a folder.",
    errno.EACCES: "this folder does not allow it. Choose another.",
    errno.EPERM: "this folder does not allow it. Choose another.",
    errno.EROFS: "this disk is read-only. Choose another.",
    errno.ENOSPC: "the disk is full. Free some space and try again.",
    errno.EFBIG: "the disk is full. Free some space and try again.",
    errno.EISDIR: "it is a folder. Give it a file name.",
}


def write_whole(file: Path, content: bytes) -> None:
    """Write `content` beside its place and move it there, so a full disk or a pulled plug leaves the old file."""
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
    except OSError as problem:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CannotWrite(file=file, why=why(problem, file.parent)) from problem


def why(problem: OSError, folder: Path) -> str:
    """Why the disk said no, and what to do about it."""
    return _WHY.get(problem.errno or 0, f"the computer said: {problem.strerror}.").format(folder=folder)
