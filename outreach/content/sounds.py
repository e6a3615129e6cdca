"""Recorded steps on disk: one folder a language, one Opus file a step, and beside them the hash of what each says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.recordings import BYTES_MAX

ENDING = ".opus"
LIST = "sounds.toml"


def read_hashes(folder: Path) -> Mapping[str, str]:
    """From `sounds.toml`: the hash of the words that each recording speaks, by "topic.step". None without the file."""
    file = folder / LIST
    try:
        state = file.stat()
    except OSError:
        return {}
    return _hashes(file, (state.st_mtime_ns, state.st_size, state.st_ino))


@lru_cache(maxsize=64)
def _hashes(file: Path, _state: tuple[int, int, int]) -> Mapping[str, str]:
    """The list as it was in that state of the file, so that a page of forty steps reads it once."""
    found = {}
    for topic, steps in read_table(file).row.items():
        if not isinstance(steps, dict):
            raise Table({}, file, topic).bad("", "should be a table such as [topic.step].")
        for step, row in steps.items():
            where = f"{topic}.{step}"
            if not isinstance(row, dict):
                raise Table({}, file, where).bad("", "should be a table that holds `of`.")
            found[where] = Table(row, file, where).get("of", str)
    return found


def written_hashes(hashes: Mapping[str, str]) -> str:
    """`sounds.toml` as it is written."""
    head = "# What each recording says, as a hash of its words. Made by `outreach sounds add`; changed words void it.\n"
    return head + "".join(f'\n[{step}]\nof = "{of}"\n' for step, of in sorted(hashes.items()))


def may_play(file: Path) -> bool:
    """Whether this looks like an Opus file of a fit size, from its first bytes alone."""
    try:
        with file.open("rb") as stream:
            start = stream.read(64)
        return start[:4] == b"OggS" and start[28:36] == b"OpusHead" and file.stat().st_size <= BYTES_MAX
    except OSError:
        return False
