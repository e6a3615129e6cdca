"""Writing a whole folder of files that someone asked for: complete or not at all, and nothing of theirs is touched."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

from outreach.core.refusal import N_, Refusal
from outreach.services.files import CannotWrite, ReadsBackWrong, read_from_disk, why

Files = Mapping[str, bytes]
"""Contents by path with forward slashes, below the folder. Later ones are put in place later."""


PART = ".outreach-part-"
"""What a folder in the making is called; one that a pulled plug left inside the folder is swept away next time."""


class NotOurFolder(Refusal):
    sentence = N_(
        "{folder} already holds {name}, which outreach did not make. Choose an empty folder. Nothing was written."
    )


def write_folder(
    folder: Path, files: Files, listing: str, *, beside_others: bool = False, said: Callable[[str], None] | None = None
) -> None:
    """Put `files` into `folder`, and their names into the file `listing`, by which a later run knows its own.

    All is written and read back beside its place first; only then is each file moved there, and what an
    earlier run made and this one did not is taken away. A folder with anything else in it is refused;
    with `beside_others` only names that would be written over are.
    """
    said = said or (lambda _: None)
    earlier = _earlier(folder, listing)
    check_folder(folder, listing, files, beside_others=beside_others)
    files = {**files, listing: _listed(files)}
    existed = folder.is_dir()
    temporary: Path | None = None
    try:
        for left in folder.glob(f"{PART}*"):
            shutil.rmtree(left, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix=PART, dir=folder if existed else folder.parent))
        _write(temporary, files, said)
        said("Reading it back.")
        _compare(temporary, files)
        if existed:
            _move(temporary, folder, files, listing, earlier)
        else:
            temporary.chmod(0o777 & ~_umask())
            temporary.rename(folder)
            temporary = None
        _settle({folder.parent, folder, *((folder / name).parent for name in files)})
    except OSError as problem:
        raise CannotWrite(file=folder, why=why(problem, folder.parent)) from problem
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


def _earlier(folder: Path, listing: str) -> set[str] | None:
    """What an earlier run made here; None when there was none."""
    try:
        named = json.loads((folder / listing).read_text(encoding="utf-8"))["files"]
        return {name for name in named if not {"..", ""} & set(name.split("/"))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _listed(files: Iterable[str]) -> bytes:
    return (json.dumps({"made_by": "outreach", "files": sorted(files)}, indent=1) + "\n").encode()


def check_folder(folder: Path, listing: str, files: Iterable[str] = (), *, beside_others: bool = False) -> None:
    """Refuse at once what `write_folder` would refuse after a minute's work."""
    earlier = _earlier(folder, listing)
    if folder.exists() and not folder.is_dir():
        raise CannotWrite(file=folder, why="it is a file. Give the name of a folder.")
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise CannotWrite(file=folder, why=why(FileNotFoundError(errno.ENOENT, ""), folder.parent))
        return
    if earlier is None and not beside_others:
        for each in folder.iterdir():
            if not each.name.startswith(PART):
                raise NotOurFolder(folder=folder, name=each.name)
    ours = {*(earlier or ()), listing} if earlier is not None else set()
    for name in (*files, listing):
        taken = folder / name
        if name not in ours and (taken.exists() or any((folder / each).is_file() for each in _above(name))):
            raise NotOurFolder(folder=folder, name=name)


def _above(name: str) -> list[str]:
    return [str(each) for each in PurePosixPath(name).parents if str(each) != "."]


def _write(temporary: Path, files: Files, said: Callable[[str], None]) -> None:
    for name, content in files.items():
        file = temporary / name
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True)
            if file.parent != temporary:
                said(f"Writing {file.parent.relative_to(temporary)}.")
        with file.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())


def _compare(temporary: Path, files: Files) -> None:
    for name, content in files.items():
        if read_from_disk(temporary / name) != content:
            raise ReadsBackWrong(file=name)


def _move(temporary: Path, folder: Path, files: Files, listing: str, earlier: set[str] | None) -> None:
    """Each file into its place; a pulled plug leaves whole files only, all of which the listing knows."""
    gone = (earlier or set()) - set(files)
    (folder / listing).parent.mkdir(parents=True, exist_ok=True)
    (temporary / ".listing").write_bytes(_listed({*files, *gone} - {listing}))
    (temporary / ".listing").replace(folder / listing)
    for name in files:
        if name != listing:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).replace(folder / name)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
        for above in _above(name):
            with contextlib.suppress(OSError):
                (folder / above).rmdir()  # only an empty one goes
    (temporary / listing).replace(folder / listing)


def _settle(folders: Iterable[Path]) -> None:
    """Ask the disk to keep the new names too, where it can be asked."""
    for folder in folders:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
