"""What is installed against what was released: every file, every version, the database engine. Needs no network."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from outreach.services.checkup import Findings
from outreach.shipped import LOCK, PACKAGE
from outreach.store.engine import ENCRYPTED
from outreach.store.trying import SETTINGS, try_engine

_NAMED = 5
"""How many files are named of many; the number says the rest."""


def look_over() -> Findings:
    """Hold what lies on this disk against the lists that came with it. Writes only a temporary file."""
    found = Findings()
    _own_files(found)
    _packages(found)
    _engine(found)
    return found


def locked() -> dict[str, str]:
    """The version of each package that was tested."""
    pinned = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)
    return dict(pinned.findall(LOCK.read_text(encoding="utf-8")))


def _own_files(found: Findings) -> None:
    own = _installed("outreach")
    if own is None or not _is_that(own):
        found.to_do.append(
            "outreach runs from a folder of sources here: there is no list of its files to compare. "
            "Install it with ./start or with pip."
        )
        return
    bad, seen = list(_changed(own)), {_place(own, file) for file in own.files or ()}
    more = sorted(
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*")
        if file.is_file() and file.suffix != ".pyc" and file.resolve() not in seen
    )
    if bad:
        found.wrong.append(f"Not as they were installed: {_some(bad)}. To put that right, {once_more()}")
    if more:
        found.wrong.append(f"Not from outreach, but in its folder: {_some(more)}. Take out what you did not put there.")
    if not bad and not more:
        found.fine.append(f"All {_listed(own):,} files of outreach {own.version} are as they were installed.")


def once_more(prefix: Path = Path(sys.prefix)) -> str:
    """How this very installation is put right: each way of installing leaves its Python somewhere else."""
    if prefix.name == ".venv":
        return "delete the folder .venv and run ./start."
    if prefix.name == "python" and (prefix.parent / "install").is_file():
        return f"take the folder {prefix.parent.name} anew from the package that you have it from."
    if prefix.name == "python":
        return "run `sh install` once more in the folder that it was installed from."
    return f"install it with pip into {prefix} once more."


def _packages(found: Findings) -> None:
    others, files = [], 0
    for name, version in locked().items():
        package = _installed(name)
        if package is None:
            continue  # for another system, for a hub, or for building only
        if package.version != version:
            others.append(f"{name} {package.version} (tested: {version})")
        bad = list(_changed(package))
        files += _listed(package)
        if bad:
            found.wrong.append(f"{name} is not as it was installed: {_some(bad)}. To put that right, {once_more()}")
    if others:
        found.to_do.append(
            f"Other versions than those that were tested: {', '.join(others)}. To have the tested ones, {once_more()}"
        )
    if not others:
        found.fine.append(f"The packages here are the versions that were tested ({files:,} files looked at).")


def _engine(found: Findings) -> None:
    try:
        tried = try_engine()
    except RuntimeError as fault:
        found.wrong.append(f"The database engine cannot be relied on: {fault}. To put that right, {once_more()}")
        return
    named = f"SQLite {tried.version}" + (f", SQLCipher {tried.cipher}" if tried.cipher else "")
    if tried.may_damage:
        found.wrong.append(f"{named} with a WAL journal can damage the ledger. To put that right, {once_more()}")
    if ENCRYPTED and not tried.hidden:
        found.wrong.append(f"{named} does not encrypt what it writes. To put that right, {once_more()}")
    if not tried.may_damage and (tried.hidden or not ENCRYPTED):
        found.fine.append(f"{named}, journal {tried.journal}: takes all {SETTINGS} settings of the ledger.")


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _is_that(own: Distribution) -> bool:
    """Whether the list is of the very files that run, and not of another copy."""
    return _place(own, "outreach/__init__.py") == (PACKAGE / "__init__.py").resolve()


def _place(package: Distribution, file: object) -> Path:
    return Path(str(package.locate_file(str(file)))).resolve()


def _listed(package: Distribution) -> int:
    return sum(file.hash is not None for file in package.files or ())


def _changed(package: Distribution) -> Iterator[str]:
    """Files that are gone or hold other bytes than the package's own list says."""
    for file in package.files or ():
        if file.hash is None:
            continue  # the list itself, and what Python compiles
        place = _place(package, file)
        if not place.is_file():
            yield f"{file} (gone)"
            continue
        digest = hashlib.new(file.hash.mode, place.read_bytes()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            yield str(file)


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
