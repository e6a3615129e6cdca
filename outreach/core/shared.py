"""What a program shares between its laptops: settings, sites and public files, as a coordinator signs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.core import plainjson
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import EDITION_MAX

FORMAT = 1
FILES_MAX = EDITION_MAX - 512 * 1024
"""Bytes of all files together; the rest is for what stands before them."""

_NAME = r"[a-z0-9][a-z0-9_-]{0,59}"
_TAG = r"[A-Za-z][A-Za-z0-9_-]{0,30}"
_TRAVELS = re.compile(
    r"(supplies|events|tally|phones|alerts|funders|stock|weighing|returns|law-checks|participation|review)\.toml"
    rf"|(topics|packs)/{_NAME}\.toml"
    rf"|printables/(layouts\.toml|{_NAME}/{_NAME}\.(toml|html|css|svg|png|jpg|jpeg|webp|woff2|ttf))"
    rf"|locales/{_TAG}/(review\.toml|LC_MESSAGES/(guidance|interface)\.po)"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that mean a device to Windows, whatever stands behind the dot."""


class BadShared(Refusal):
    sentence = N_("What a coordinator shares could not be taken: {why} Nothing of it was changed here.")


def may_travel(path: str) -> bool:
    """Whether a file of a home, by its path in it, is one of those that are shared: nothing else is ever written."""
    return bool(_TRAVELS.fullmatch(path)) and not any(
        _RESERVED.fullmatch(part.partition(".")[0]) for part in path.split("/")
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """One state of it. `files` by path; `left_out` were too large to travel and stay what they are elsewhere."""

    program: str
    settings: Mapping[str, str] = field(default_factory=dict)
    sites: tuple[tuple[str, str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        paths = [*self.files, *self.left_out]
        for path in paths:
            if not isinstance(path, str) or not may_travel(path):
                raise BadShared(why=f"it holds {str(path)[:80]!r}, which is no file that is shared.")
        if len({path.casefold() for path in paths}) != len(paths):
            raise BadShared(why="two of its files have names that differ only in capitals.")
        if sum(map(len, self.files.values())) > FILES_MAX:
            raise BadShared(why="it is too large.")
        texts = [*self.settings, *self.settings.values(), *(text for site in self.sites for text in site)]
        if not all(isinstance(text, str) and (not text or text.isprintable()) for text in texts):
            raise BadShared(why="a setting or a site in it is none.")

    def canonical(self) -> bytes:
        """The bytes that are signed: what is there in one line, and then every file as it is."""
        head = {
            "format": FORMAT,
            "program": self.program,
            "settings": dict(self.settings),
            "sites": sorted(map(list, self.sites)),
            "files": [[path, len(content)] for path, content in sorted(self.files.items())],
            "left_out": sorted(self.left_out),
        }
        return b"\n".join([plainjson.write(head), b"".join(content for _, content in sorted(self.files.items()))])


def from_canonical(body: bytes) -> Shared:
    """Read it back. Raises BadShared."""
    first, _, rest = body.partition(b"\n")
    try:
        head = plainjson.read_canonical(first)
        if head["format"] != FORMAT:
            raise BadShared(why="it comes from a newer version. Update this laptop.")
        files, at = {}, 0
        for path, size in head["files"]:
            if type(size) is not int or size < 0 or path in files:
                raise BadShared(why="it is not in its form.")
            files[path] = rest[at : at + size]
            at += size
        sites = tuple((code, name, model) for code, name, model in head["sites"])
        shared = Shared(head["program"], head["settings"], sites, files, tuple(head["left_out"]))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadShared(why="it is not in its form.") from problem
    if shared.canonical() != body:
        raise BadShared(why="it is not in its form.")
    return shared
