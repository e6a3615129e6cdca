"""A passphrase by command: set in a terminal or from files, asked for where it is needed, and a recovery key."""

from __future__ import annotations

import fcntl
import os
import re
import stat
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COMMAND, Shell

WORDS, OTHERS = "the van leaves at nine o'clock", "six other words to write down"
TALLY = ("tally", "--site", "northlot", "--day", "2026-11-22", "naloxone-nasal=3")


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    file.write_text(f"{WORDS}\n", encoding="utf-8")
    return file


@pytest.fixture
def others(tmp_path: Path) -> Path:
    file = tmp_path / "others.txt"
    file.write_text(OTHERS, encoding="utf-8")
    return file


@pytest.fixture
def counted(outreach: Shell) -> Shell:
    """A home in which something was counted."""
    for command in (("sites", "add", "northlot"), TALLY):
        assert outreach(*command).code == 0
    return outreach


def said(shell: Shell, *arguments: str | Path) -> str:
    ran = shell(*arguments, stdin=subprocess.DEVNULL)
    assert ran.code == 0, ran.err
    return ran.out


def refused(shell: Shell, *arguments: str | Path) -> str:
    ran = shell(*arguments, stdin=subprocess.DEVNULL)
    assert ran.code == 1, (ran.out, ran.err)
    return ran.err


def in_clear(home: Path, *words: bytes) -> int:
    """How many of these words stand in some file of the home, or in its name."""
    content = b"".join(path.name.encode() + path.read_bytes() for path in home.rglob("*") if path.is_file())
    return sum(word in content for word in words)


def test_from_files_without_a_terminal(counted: Shell, words: Path, others: Path) -> None:
    """Set, needed, changed and removed; a command that needs the ledger says how to give the words."""
    assert "no passphrase" in said(counted, "passphrase")
    plain = (counted.home / "keys" / "ledger.key").read_bytes(), (counted.home / "keys" / "device.key").read_bytes()
    assert in_clear(counted.home, *plain) == 2  # the control
    before = said(counted, "passphrase", "set", "--words-file", words)
    assert "stock entries saved here: 1." in before and "Guide and cards still work" in before
    assert in_clear(counted.home, *plain, b"northlot", b"2026-11-22", b"naloxone-nasal") == 0

    locked = refused(counted, "report", "totals", "--period", "2026-Q4")
    assert "--words-file" in locked and "Traceback" not in locked
    assert "not the words" in refused(counted, "--words-file", others, "sites")
    assert "naloxone-nasal" in said(counted, "report", "totals", "--period", "2026-Q4", "--words-file", words)
    assert "what to do" in said(counted, "guide", "overdose-response")  # the guide asks for nothing

    assert "--new-words-file" in refused(counted, "passphrase", "change", "--words-file", words)
    said(counted, "passphrase", "change", "--words-file", words, "--new-words-file", others)
    assert "not the words" in refused(counted, "--words-file", words, "sites")
    assert "northlot" in said(counted, "--words-file", others, "sites")
    said(counted, "passphrase", "remove", "--words-file", others)
    assert "northlot" in said(counted, "sites")


def test_what_cannot_be_is_refused(counted: Shell, words: Path, others: Path, tmp_path: Path) -> None:
    """Too short, set twice, nothing to change, no such file: a sentence each, and the home is as before."""
    short = tmp_path / "short.txt"
    short.write_text("secret", encoding="utf-8")
    assert "at least 18 letters" in refused(counted, "passphrase", "set", "--words-file", short)
    for command in ("change", "remove"):
        assert "no passphrase" in refused(counted, "passphrase", command, "--words-file", words)
    assert "no passphrase" in refused(counted, "lock")
    assert "northlot" in said(counted, "sites")  # still without
    said(counted, "passphrase", "set", "--words-file", words)
    assert "already" in refused(counted, "passphrase", "set", "--new-words-file", others)
    assert "not running" in said(counted, "lock")
    missing = counted("--words-file", tmp_path / "nothing", "sites")
    assert (missing.code, "cannot be read" in missing.err) == (2, True)


def test_a_recovery_key_for_the_safe(counted: Shell, words: Path, others: Path, tmp_path: Path) -> None:
    """Made once, told to the laptop by its recipient only, and good for new words when the old are forgotten."""
    file = tmp_path / "recovery.txt"
    made = said(counted, "passphrase", "recovery-key", "-o", file)
    found = re.search(r"age1[0-9a-z]+", made)
    assert found and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Choose another name" in refused(counted, "passphrase", "recovery-key", "-o", file)
    secret = next(line for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-"))
    assert secret not in made

    said(counted, "passphrase", "set", "--words-file", words, "--recovery", found[0])
    assert "recovery key opens" in said(counted, "passphrase")
    assert in_clear(counted.home, secret.encode()) == 0 and in_clear(counted.home, found[0].encode()) == 1
    assert "does not belong" in refused(
        counted, "passphrase", "recover", "--recovery-key", words, "--new-words-file", others
    )
    said(counted, "passphrase", "recover", "--recovery-key", file, "--new-words-file", others)
    assert "northlot" in said(counted, "--words-file", others, "sites")
    assert "recovery key opens" in said(counted, "passphrase")


def test_check_says_what_the_key_means(counted: Shell, words: Path) -> None:
    """Beside the ledger: to do. With a passphrase: fine, and what a recovery key would do; without words, not read."""

    def keys(*options: str | Path) -> dict[str, str]:
        found = counted.json(*options, "check", "--format", "json")
        return {name: " ".join(found[name]) for name in ("wrong", "to_do", "fine")}

    before = keys()
    assert "its key lies beside it" in before["to_do"] and "passphrase set" in before["to_do"]
    said(counted, "passphrase", "set", "--words-file", words)
    locked, read = keys(), keys("--words-file", words)
    for each in (locked, read):
        assert "locked with a passphrase" in each["fine"] and "no recovery key" in each["to_do"]
        assert "beside it" not in each["to_do"] and "ledger" not in each["wrong"]
    assert "was not read through" in locked["to_do"] and "is whole: 1 sheets" in read["fine"]


def test_a_server_started_before_locks(counted: Shell, serve: Callable[..., Any], client: Any, words: Path) -> None:
    """A passphrase set by command while pages run: they are locked from then on, and nothing is called damaged."""
    pages = client(serve()).enter()
    assert "northlot" in pages.get("/staff/en/reports/totals?from=2026-11-01&to=2026-11-30&by=site").text
    said(counted, "passphrase", "set", "--words-file", words)

    answer = pages.get("/staff/en/reports/totals?from=2026-11-01&to=2026-11-30&by=site")
    assert answer.status == 423
    assert "northlot" not in answer.text and "damaged" not in answer.text
    assert pages.get("/en/overdose-response").status == 200


def test_a_command_locks_the_pages_that_run(
    counted: Shell, serve: Callable[..., Any], client: Any, words: Path
) -> None:
    """Started with the words in a file they are open, until the command."""
    said(counted, "passphrase", "set", "--words-file", words)
    pages = client(serve(options=("--words-file", str(words)))).enter()
    assert pages.get("/staff/en/reports/totals").status == 200

    assert said(counted, "lock") == "Locked.\n"
    assert pages.get("/staff/en/reports/totals").status == 423


def test_words_in_a_terminal_are_proposed_and_never_shown(counted: Shell, words: Path) -> None:
    """Six words are proposed and typed twice, hidden; later a command asks for them, hidden too."""
    seen = typing(counted, ["passphrase", "set"], [("your own", None), ("Once more", None)])
    proposed = re.search(r"Proposed: ((?:\w+ ?){6})", seen)
    assert proposed and "The passphrase is set." in seen
    assert seen.count(proposed[1].split()[0]) == 1, "what was typed is shown"

    words.write_text(proposed[1].strip(), encoding="utf-8")
    assert "northlot" in said(counted, "sites", "--words-file", words)
    seen = typing(counted, ["sites"], [("Passphrase", proposed[1].upper())])
    assert "northlot" in seen and proposed[1].split()[0].upper() not in seen


def typing(shell: Shell, arguments: list[str], answers: list[tuple[str, str | None]]) -> str:
    """Run a command in a terminal and answer its questions; None types what it proposed. All that was on screen."""
    master, slave = os.openpty()

    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [COMMAND, "--home", shell.home, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=own_terminal,
    )
    os.close(slave)
    seen, until = "", time.monotonic() + 120
    waiting = list(answers)
    while time.monotonic() < until:
        try:
            seen += os.read(master, 4096).decode("utf-8", "replace")
        except OSError:  # the other end is closed: it is done
            break
        if waiting and f"{waiting[0][0]}: " in seen:
            _, answer = waiting.pop(0)
            if answer is None:
                answer = re.findall(r"Proposed: (.*?)\r?\n", seen)[0]
            os.write(master, f"{answer}\n".encode())
    os.close(master)
    assert process.wait(timeout=60) == 0, seen
    return seen
