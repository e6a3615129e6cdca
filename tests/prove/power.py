"""What a disk may hold after a power cut, from the system calls that a recorded server made; run as a child process.

    python -P power.py TRACE HOME ACTIONS CUTS SEED FIRST STEP

TRACE is strace's record of a server on HOME, ACTIONS what one client asked of it, in order. The disk is played back
call by call. At CUTS places in it the power goes: of what was written to a file since its last sync, each sector of
512 bytes is there or not, by lot; of the names made in a folder since its last sync, the first few are. The home that
is left is opened by the installed program. Every STEP-th cut is made, beginning with number FIRST; prints the sums as
JSON. CUTS of 0 only compares the disk as played back to the end with HOME.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512
CALL = re.compile(r"^(\d+)\s+(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
ANSWER = re.compile(rb"HTTP/1\.1 (\d+)")
PLACE = re.compile(rb"Location: \S*/tally/(?:closed/([0-9a-f]{64})|([0-9a-f]{32}))\r")


@dataclass(eq=False)
class File:
    """What is on the disk for certain, what was written since, and what a reader sees while there is power."""

    certain: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    seen: bytearray = field(default_factory=bytearray)

    def write(self, at: int, data: bytes) -> None:
        self.since.append((at, data))
        _put(self.seen, at, data)

    def cut_to(self, size: int) -> None:
        self.since.append((size, None))
        _resize(self.seen, size)

    def sync(self) -> None:
        self.certain, self.since = bytes(self.seen), []

    def left(self, draw: random.Random, kept: float) -> bytes:
        """What a power cut leaves: each sector of each write with the chance `kept`, each change of size too."""
        found = bytearray(self.certain)
        for at, data in self.since:
            if data is None:
                if draw.random() < kept:
                    _resize(found, at)
                continue
            while data:
                size = SECTOR - at % SECTOR
                part, data = data[:size], data[size:]
                if draw.random() < kept:
                    # What lies between the old end and this sector was never written: whatever the disk had there.
                    if at > len(found):
                        found += draw.randbytes(at - len(found))
                    _put(found, at, part)
                at += len(part)
        return bytes(found)


def _put(content: bytearray, at: int, data: bytes) -> None:
    _resize(content, max(len(content), at))
    content[at : at + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))


class Disk:
    """Files under `root` by name; a folder is the name None stands for."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.seen: dict[str, File | None] = {}
        self.certain: dict[str, File | None] = {}
        self.since: list[tuple[str, File | None, str | None]] = []
        """Changes of names that were not synced: a name, what it now stands for, and the name that went for it."""
        self.calls = 0

    def name(self, path: str, file: File | None, instead_of: str | None = None) -> None:
        self._change("+" + path, file, instead_of)

    def unname(self, path: str) -> None:
        self._change("-" + path, None, None)

    def _change(self, what: str, file: File | None, instead_of: str | None) -> None:
        self.since.append((what, file, instead_of))
        _apply(self.seen, what, file, instead_of)

    def sync_folder(self, folder: str) -> None:
        waiting = []
        for change in self.since:
            if _folder(change[0][1:]) == folder:
                _apply(self.certain, *change)
            else:
                waiting.append(change)
        self.since = waiting

    def left(self, draw: random.Random) -> dict[str, bytes | None]:
        """A disk after a power cut: folders stand by themselves, the changes of names in one keep their order."""
        kept = draw.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        names = dict(self.certain)
        by_folder: dict[str, list[Any]] = {}
        for change in self.since:
            by_folder.setdefault(_folder(change[0][1:]), []).append(change)
        for changes in by_folder.values():
            for change in changes[: draw.randint(0, len(changes))]:
                _apply(names, *change)
        # A folder that is gone takes along what is in it.
        held = {path: file for path, file in names.items() if all(up in names for up in _above(path, self.root))}
        found: dict[File, bytes] = {file: file.left(draw, kept) for file in held.values() if file is not None}
        return {path: None if file is None else found[file] for path, file in held.items()}


def _apply(names: dict[str, File | None], what: str, file: File | None, instead_of: str | None) -> None:
    if what[0] == "-":
        names.pop(what[1:], None)
    else:
        names[what[1:]] = file
    if instead_of is not None:
        names.pop(instead_of, None)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _above(path: str, root: str) -> Iterator[str]:
    while (path := _folder(path)) != root:
        yield path


class Playback:
    """Plays a record of system calls onto a Disk; `answered` counts the answers that the client acts on."""

    def __init__(self, trace: Path, root: str) -> None:
        self.trace, self.disk = trace, Disk(root)
        self.answered = 0
        self.handles: dict[int, tuple[str, File | None]] = {}
        self.places: dict[int, int] = {}

    def steps(self) -> Iterator[None]:
        """After each call that could change what a power cut leaves."""
        begun: dict[str, tuple[str, str]] = {}
        with self.trace.open(encoding="ascii") as lines:
            for line in lines:
                found = CALL.match(line)
                if not found:
                    continue
                process, resumed, name, rest = found.groups()
                if "<unfinished ...>" in rest:
                    # Data may reach the disk from here on; a sync is not done until it has come back.
                    begun[process] = (name or resumed, rest.partition("<unfinished ...>")[0])
                    continue
                if resumed:
                    name, start = begun.pop(process)
                    rest = start + rest
                arguments, _, result = rest.rpartition(" = ")
                if result.startswith(("-1", "?")):
                    continue
                strings = [bytes.fromhex(each.replace("\\x", "")) for each in STRING.findall(arguments)]
                if self._play(name, arguments, strings, int(result.split()[0], 0)):
                    yield

    def _play(self, name: str, arguments: str, strings: list[bytes], result: int) -> bool:
        paths = [each.decode("utf-8", "replace") for each in strings] if name not in DATA else []
        if name == "openat":
            return self._open(paths[0], arguments, result)
        if name in ("rename", "link", "linkat", "renameat", "renameat2"):
            if not self._is_ours(paths[1]):
                return False
            self.disk.name(paths[1], self.disk.seen[paths[0]], paths[0] if name.startswith("rename") else None)
            return True
        if name in ("unlink", "unlinkat", "rmdir"):
            if self._is_ours(paths[0]):
                self.disk.unname(paths[0])
                return True
            return False
        if name in ("mkdir", "mkdirat"):
            if self._is_ours(paths[0]):
                self.disk.name(paths[0], None)
                return True
            return False
        handle = int(re.match(r"\d+", arguments)[0])  # type: ignore[index]
        if name == "sendto":
            answer = strings[0]
            told = ANSWER.match(answer)
            if told and (PLACE.search(answer) or b"application/json" in answer):
                self.answered += 1
                return True
            return False
        if name == "close":
            self.handles.pop(handle, None)
            return False
        if handle not in self.handles:
            return False
        path, file = self.handles[handle]
        if name in ("fsync", "fdatasync"):
            if file is None:
                self.disk.sync_folder(path)
            else:
                file.sync()
            return True
        assert file is not None, (name, path)
        if name == "pwrite64":
            file.write(int(arguments.rpartition(", ")[2].rstrip(") ")), strings[0][:result])
        elif name == "write":
            at = self.places.get(handle, 0)
            file.write(at, strings[0][:result])
            self.places[handle] = at + result
        elif name == "lseek":
            self.places[handle] = result
            return False
        elif name == "ftruncate":
            file.cut_to(int(arguments.rpartition(", ")[2].rstrip(") ")))
        else:
            raise AssertionError(f"{name} on {path} is not played back")
        return True

    def _open(self, path: str, arguments: str, handle: int) -> bool:
        self.handles.pop(handle, None)
        if path == self.disk.root:
            self.handles[handle] = (path, None)
        if not self._is_ours(path):
            return False
        self.places[handle] = 0
        new = path not in self.disk.seen
        if new:
            assert "O_CREAT" in arguments, f"{path} was there before the record began"
            self.disk.name(path, File())
        file = self.disk.seen[path]
        self.handles[handle] = (path, file)
        if "O_TRUNC" in arguments and file is not None and not new:
            file.cut_to(0)
        return new or "O_TRUNC" in arguments

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self.disk.root + "/") and not path.endswith("-shm")


DATA = {"write", "pwrite64", "sendto"}


class Story:
    """What the client asked in order, and what the home must hold after the first few of it."""

    def __init__(self, actions: list[dict[str, Any]]) -> None:
        self.actions = actions

    def after(self, n: int) -> tuple[dict[str, dict[str, int]], set[str]]:
        """The counters of each open sheet, and the closed sheets, after `n` actions."""
        sheets: dict[str, dict[str, int]] = {}
        closed: set[str] = set()
        for each in self.actions[:n]:
            if each["do"] == "open":
                sheets[each["sheet"]] = {}
            elif each["do"] == "tap":
                counters = sheets[each["sheet"]]
                counters[each["counter"]] = counters.get(each["counter"], 0) + 1
            else:
                del sheets[each["sheet"]]
                closed.add(each["closed"])
        return sheets, closed


def look(home: Path, story: Story, answered: int) -> str:
    """Open a home that a power cut left, with the installed program: "fine", or what is wrong with it."""
    from outreach.core.refusal import Refusal
    from outreach.core.tally import AnotherTabCounted, Applied, Tap
    from outreach.home import Home
    from outreach.services.program import Program

    if not home.exists():
        return "fine" if answered == 0 else "lost"
    token = home / "token"
    if token.exists() and len(token.read_bytes()) != 43:
        return "token torn"
    program = Program(Home(home))
    try:
        ledger, sheets = program.ledger(), program.sheets()
        try:
            ledger.verify()
            found = {sheet.id: dict(sheet.counters) for sheet in sheets.all()}, {each.id for each in ledger.sheets()}
            if sheets.unreadable():
                return "unreadable"
            if found == story.after(answered) and answered < len(story.actions):
                pass
            elif found not in (story.after(answered), story.after(answered + 1)):
                return "lost" if _is_missing(story.after(answered), found) else "torn"
            # The page repeats what it got no answer to, and it counts once; so does what was answered already.
            for n in (answered - 1, answered):
                act = story.actions[n] if 0 <= n < len(story.actions) else {"do": ""}
                overtaken = n < answered and found != story.after(answered)
                if act["do"] != "tap" or act["sheet"] not in found[0] or overtaken:
                    continue
                touch = Tap(bytes.fromhex(act["tab"]), act["n"], bytes.fromhex(act["nonce"]), act["counter"], 1)
                if n == answered and act["n"] == 1:
                    with suppress(AnotherTabCounted):  # the cut came before the page had its tab
                        sheets.tap(act["sheet"], touch)
                    continue
                outcome, _ = sheets.tap(act["sheet"], touch)
                counters = dict(sheets.read(act["sheet"]).counters)
                if n < answered and outcome is not Applied.BEFORE:
                    return "counted twice"
                if counters != story.after(max(n + 1, answered))[0][act["sheet"]] and n == answered:
                    return "counted twice"
        finally:
            ledger.close()
    except Refusal as refusal:
        return f"unreadable: {type(refusal).__name__} {refusal}"
    return "fine"


def _is_missing(expected: Any, found: Any) -> bool:
    """Whether a closed sheet is not there, or a counter of an open one is behind."""
    (sheets, closed), (has, has_closed) = expected, found
    behind = (
        has.get(sheet, {}).get(counter, 0) < n for sheet, counters in sheets.items() for counter, n in counters.items()
    )
    return not closed <= has_closed or any(behind)


def main() -> None:
    trace, home, actions, cuts, seed, first, step = sys.argv[1:]
    home_path, story = Path(home), Story(json.loads(Path(actions).read_text(encoding="utf-8")))
    play = Playback(Path(trace), str(home_path.parent))
    positions = sum(1 for _ in play.steps())
    disk = play.disk
    there = {str(path): path.read_bytes() for path in home_path.rglob("*") if path.is_file()}
    same = {p: bytes(f.seen) for p, f in disk.seen.items() if f is not None} == {
        path: content for path, content in there.items() if not path.endswith("-shm")
    }
    if play.answered != len(story.actions) or not same:
        raise SystemExit(f"the record is not what happened: {play.answered} answers of {len(story.actions)}, {same=}")
    wanted = Counter(n * positions // int(cuts) for n in range(int(first), int(cuts), int(step)))
    sums: Counter[str] = Counter()
    acknowledged = 0
    play = Playback(Path(trace), str(home_path.parent))
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for position, _ in enumerate(play.steps()):
            for nth in range(wanted[position]):
                draw = random.Random(f"{seed} {position} {nth} {first}")
                left = Path(folder) / "left"
                shutil.rmtree(left, ignore_errors=True)
                left.mkdir()
                for path, content in sorted(play.disk.left(draw).items()):
                    to = left / Path(path).relative_to(home_path.parent)
                    if content is None:
                        to.mkdir(exist_ok=True)
                    else:
                        to.write_bytes(content)
                sums[look(left / home_path.name, story, play.answered)] += 1
                acknowledged += play.answered
    print(json.dumps({"positions": positions, "acknowledged": acknowledged, "sums": sums}))


if __name__ == "__main__":
    main()
