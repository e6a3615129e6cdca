"""The installed command in a process of its own that was forked, so that it need not read the program in again.

Its arguments, environment, folder, input and output are a command's, and so is its end. What a start itself does, and
what it costs, is asked of the command that pip made.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

if TYPE_CHECKING:
    from outreach.services.program import Program


def fits(env: dict[str, str], others: object = None) -> bool:
    """Whether a fork would be the same: it cannot take on what Python reads at its own start."""
    read_at_start = ("PYTHON", "LC_", "LANG")
    changed = [name for name, value in env.items() if os.environ.get(name) != value]
    return sys.platform == "linux" and not others and not any(name.startswith(read_at_start) for name in changed)


class Forked:
    """A running command, with as much of `subprocess.Popen` as the tests use."""

    def __init__(self, words: list[str], env: dict[str, str], cwd: Path | None, files: list[IO[Any]]) -> None:
        told, tells = os.pipe()
        self._told, self.returncode = os.fdopen(told), None
        with tempfile.TemporaryFile() as asked:
            asked.write(json.dumps([words, env, str(cwd or Path.cwd())]).encode())
            asked.seek(0)
            socket.send_fds(_way_in(), [b"."], [asked.fileno(), *(each.fileno() for each in files), tells])
        os.close(tells)
        begun = self._told.readline()
        assert begun, "the program could not be read in; why stands above"
        self.pid = int(begun)
        self.stdout = self.stderr = None

    @classmethod
    def piped(cls, words: list[str], env: dict[str, str]) -> Forked:
        """One whose output and errors are read as they come."""
        pipes = [os.pipe(), os.pipe()]
        with Path(os.devnull).open("rb") as nothing, os.fdopen(pipes[0][1]) as out, os.fdopen(pipes[1][1]) as err:
            forked = cls(words, env, None, [nothing, out, err])
        forked.stdout, forked.stderr = (os.fdopen(end, encoding="utf-8") for end, _ in pipes)
        return forked

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = 600) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("outreach", timeout or 0)
            with self._told:
                self.returncode = int(self._told.read())
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        self.wait(timeout)
        return self.stdout.read(), self.stderr.read()


@functools.cache
def _way_in() -> socket.socket:
    ours, theirs = socket.socketpair()
    atexit.register(ours.close)
    with theirs:
        command = [sys.executable, "-P", __file__, str(theirs.fileno())]
        subprocess.Popen(command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL)
    return ours


class Pages(BytecodeCache):
    """The templates that were compiled before the fork, each as its source is."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


def _read_in() -> None:
    """All of the program, and the words that ship: what every command would read from disk, and read alike."""
    import outreach

    for module in pkgutil.walk_packages(outreach.__path__, "outreach."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from outreach.i18n.catalogs import INTERFACE, translations

    for row in _nobodys().staff_languages.rows:
        translations(row.catalog, INTERFACE)
    from outreach.web.frame import make_guide_app

    Flask.jinja_options = {"bytecode_cache": Pages()}
    pages = make_guide_app(_nobodys()).jinja_env
    for each in pages.list_templates():
        pages.get_template(each)
    gc.freeze()


def _nobodys() -> Program:
    from outreach.home import Home
    from outreach.services.program import Program

    return Program(Home(Path("/nonexistent")))


@functools.cache
def _look_over() -> None:
    """What `outreach check` finds about the words that ship takes seconds, and is the same for all who ask."""
    from outreach.services import words

    words.complaints(_nobodys())
    gc.freeze()


def _next_of(asked: socket.socket) -> list[str]:
    """Fork for each command that is asked for. Only the fork that is one comes back, with its words."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        dot, files, *_ = socket.recv_fds(asked, 1, 5)
        if not dot:
            os._exit(0)
        with os.fdopen(files.pop(0)) as told:
            words, env, folder = json.load(told)
        if "check" in words:
            _look_over()
        if os.fork() == 0:
            # This one stays beside the command and tells how it ended.
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if (command := os.fork()) == 0:
                break
            os.write(files[3], b"%d\n" % command)
            for each in (0, 1, 2, *files[:3]):
                os.close(each)
            os.write(files[3], b"%d" % os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
            os._exit(0)
        for each in files:
            os.close(each)
    asked.close()
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.closerange(3, max(files) + 1)
    # Made for these files: a stream remembers of the one before whether it can be wound back.
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: PTH123, SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: PTH123, SIM115
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    tempfile.tempdir = None
    return list(words)


if __name__ == "__main__":
    from outreach.cli import main

    _read_in()
    main(_next_of(socket.socket(fileno=int(sys.argv[1]))))
