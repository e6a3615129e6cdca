"""`./start` on machines that lack things, shown with a made-up checkout and stand-ins for Python, apt-get and sudo."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="start is for systems with a POSIX shell")

# What `start` uses of the system, besides the shell itself.
TOOLS = ["cat", "cksum", "cp", "dirname", "find", "grep", "mkdir", "mv", "rm", "rmdir", "sed", "sort", "tail", "tee"]

# Each stand-in writes down how it was called. A file in the machine's folder `lacks/` takes an ability away from it.
PYTHON = """#!/bin/sh
lacks=@machine@/lacks
case "$*" in
    *ensurepip*) [ ! -e "$lacks/venv" ] ;;
    *%d*) echo python3.13-venv ;;
    *version_info*) [ ! -e "$lacks/new-python" ] ;;
    *tomllib*) echo hatchling ;;
    *ctypes*pango*) [ ! -e "$lacks/pango" ] ;;
    *ctypes*atomic*) [ ! -e "$lacks/atomic" ] ;;
    *ctypes*) exit 1 ;;
    *sys.argv*) echo "$3 3.13.0" ;;
    -V) echo Python 3.9.2 ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && cp @machine@/outreach "$3/bin/outreach" ;;
    *pip*install*)
        echo "pip $*" >>@machine@/calls
        [ ! -e "$lacks/power" ] || { kill -9 "$(cat .venv/busy)"; exit 1; }
        echo "Collecting flask>=3.1"
        [ ! -e "$lacks/network" ] || { echo "ERROR: No matching distribution found for flask"; exit 1; }
        ;;
    *"-m pytest"*) echo "pytest in $(pwd): $*" ;;
esac
"""
OUTREACH = """#!/bin/sh
echo "outreach $*"
echo "LANG is $LANG"
"""
APT_GET = """#!/bin/sh
[ -e @machine@/said-before ] || cp @machine@/said @machine@/said-before
echo "apt-get $*" >>@machine@/calls
[ "$1" != install ] || rm -f @machine@/lacks/venv @machine@/lacks/pango @machine@/lacks/atomic
"""
SUDO = """#!/bin/sh
echo "sudo $*" >>@machine@/calls
"$@"
"""


@dataclass
class Machine:
    """A computer of its own: its programs, a checkout whose path has a space, and what it was asked to do."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checkout = self.folder / "the van" / "outreach"
        (self.checkout / "outreach" / "shipped").mkdir(parents=True)
        shutil.copy(ROOT / "start", self.checkout)
        for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "outreach/__init__.py"):
            (self.checkout / name).write_text("words\n")
        (self.folder / "lacks").mkdir()
        (self.folder / "bin").mkdir()
        self.program("python3.13", PYTHON)
        self.program("apt-get", APT_GET)
        self.program("apt-cache", "#!/bin/sh\n")
        self.program("sudo", SUDO)
        self.program("id", "#!/bin/sh\necho 0\n")
        self.program("chromium", "#!/bin/sh\n")
        self.program("strace", "#!/bin/sh\n")
        self.program("debootstrap", "#!/bin/sh\n")
        self.program("pg_ctl", "#!/bin/sh\n")
        for name in ("python3.12", "python3.11", "python3"):
            self.program(name, "#!/bin/sh\nexit 127\n")
        (self.folder / "outreach").write_text(OUTREACH)
        (self.folder / "outreach").chmod(0o755)

    def program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text.replace("@machine@", str(self.folder)))
        path.chmod(0o755)

    def has_only(self, *tools: str) -> None:
        """Of the system these and the stand-ins, and nothing else that happens to be installed here."""
        for name in tools:
            (self.folder / "bin" / name).symlink_to(shutil.which(name) or name)
        self.env["PATH"] = str(self.folder / "bin")

    def lacks(self, *things: str) -> None:
        for each in things:
            (self.folder / "lacks" / each).touch()

    def mends(self, thing: str) -> None:
        (self.folder / "lacks" / thing).unlink()

    def start(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        (self.folder / "calls").write_text("")
        env = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.folder)} | self.env
        said = self.folder / "said"
        with said.open("w") as err:
            ran = subprocess.run(
                [self.checkout / "start", *words],
                cwd=cwd or self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                timeout=30,
            )
        ran.stderr = said.read_text()
        return ran

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def installs(self) -> int:
        """How often pip was asked to put the checkout in."""
        return sum("--no-build-isolation" in call for call in self.calls)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_start_is_plain_shell() -> None:
    """The shell of a small Debian reads it, and it is executable."""
    assert subprocess.run(["/bin/sh", "-n", ROOT / "start"], capture_output=True).stderr == b""
    if dash := shutil.which("dash"):
        assert subprocess.run([dash, "-n", ROOT / "start"], capture_output=True).stderr == b""
    assert (ROOT / "start").read_text("ascii").startswith("#!/bin/sh\n")
    assert os.access(ROOT / "start", os.X_OK)


def test_ci_can_be_run() -> None:
    """`.ci/run` is executable and bash reads it."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], capture_output=True).stderr == b""


def test_first_start_says_what_it_installs_and_then_does(machine: Machine) -> None:
    """What is missing is named before anything is asked of apt-get; then the list is renewed, and outreach runs."""
    machine.lacks("venv", "pango")
    ran = machine.start("guide", "--language", "es")

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "outreach guide --language es"
    said_before = (machine.folder / "said-before").read_text()
    for each in ("python3.13-venv", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", ".venv", "network"):
        assert each in said_before
    asked = [call.split()[1] for call in machine.calls if call.startswith("apt-get")]
    assert asked == ["update", "install", "install"]
    assert not any(call.startswith("sudo") for call in machine.calls), "root needs no sudo"


def test_sudo_is_announced(machine: Machine) -> None:
    """A person who is not root reads that sudo may ask, and only sudo calls apt-get."""
    machine.lacks("pango")
    machine.program("id", "#!/bin/sh\necho 1000\n")
    ran = machine.start("items")

    assert ran.returncode == 0, ran.stderr
    assert "sudo may ask for your password" in ran.stderr
    assert [call.split()[:2] for call in machine.calls if "sudo" in call] == [["sudo", "apt-get"], ["sudo", "env"]]


def test_second_start_installs_nothing(machine: Machine) -> None:
    """With everything there, nothing is asked of pip or apt-get and nothing is said, with or without a network."""
    assert machine.start().stdout.splitlines()[0] == "outreach serve"
    machine.lacks("network", "venv")
    ran = machine.start("--help")

    assert (ran.returncode, ran.stdout.splitlines()[0], ran.stderr) == (0, "outreach --help", "")
    assert machine.calls == []


def test_what_is_not_missing_is_not_asked_for(machine: Machine) -> None:
    """On a computer with everything but outreach, apt-get is left alone."""
    assert machine.start("items").returncode == 0
    assert [call for call in machine.calls if call.startswith("apt-get")] == []
    assert machine.installs == 1


def test_words_go_where_they_were_typed(machine: Machine) -> None:
    """Arguments with spaces arrive whole, the folder stays the caller's, and a missing LANG becomes UTF-8."""
    machine.start("items")
    (machine.checkout / ".venv" / "bin" / "outreach").write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$LANG"; pwd\n')
    (machine.folder / "desk").mkdir()
    ran = machine.start("print", "-o", "my cards.pdf", cwd=machine.folder / "desk")

    assert ran.stdout.splitlines()[:3] == ["print", "-o", "my cards.pdf"]
    assert "UTF-8" in ran.stdout.splitlines()[3]
    assert ran.stdout.splitlines()[4] == str((machine.folder / "desk").resolve())


def test_a_lock_file_is_held_to(machine: Machine) -> None:
    """Where a lock file lies, only what it holds the hash of is installed; a hub and the tests have their own."""
    locks = {
        "items": "outreach/shipped/requirements.lock",
        "hub": "outreach/shipped/requirements-hub.lock",
        "test": ".ci/requirements-test.lock",
    }
    for word, lock in locks.items():
        assert machine.start(word).returncode == 0
        assert not any("--require-hashes" in call for call in machine.calls), "the control: no lock, no hashes"
        (machine.checkout / lock).parent.mkdir(exist_ok=True)
        (machine.checkout / lock).write_text("flask==3.1 --hash=sha256:0\n")

        assert machine.start(word).returncode == 0, "a new lock counts as a change"
        packages, own = (call for call in machine.calls if "install" in call)
        assert packages.endswith(f"--no-deps --require-hashes -r {lock}")
        assert own.endswith("--no-build-isolation --no-deps .")


def test_a_changed_checkout_installs_again(machine: Machine) -> None:
    """A file with other bytes counts although its time is old; a removed one counts too."""
    machine.start("items")
    changed = machine.checkout / "outreach" / "__init__.py"
    changed.write_text("other words\n")
    os.utime(changed, (0, 0))
    ran = machine.start("items")
    assert (ran.returncode, machine.installs) == (0, 1)
    assert "changed" in ran.stderr

    (machine.checkout / "outreach" / "more.py").write_text("more\n")
    machine.start("items")
    (machine.checkout / "outreach" / "more.py").unlink()
    machine.start("items")
    assert machine.installs == 1
    machine.start("items")
    assert machine.installs == 0


def test_a_moved_checkout_gets_a_new_venv(machine: Machine) -> None:
    """A .venv knows its own place; in another folder it is made anew."""
    machine.start("items")
    (machine.checkout / ".venv" / "old").touch()
    there = machine.folder / "elsewhere"
    machine.checkout.rename(there)
    machine.checkout = there

    assert machine.start("items").returncode == 0
    assert machine.installs == 1
    assert not (there / ".venv" / "old").exists()


def test_a_failed_install_does_not_look_finished(machine: Machine) -> None:
    """Without a network the first start ends with a sentence; the next one installs from the beginning."""
    machine.lacks("network")
    ran = machine.start("items")
    assert ran.returncode == 1
    assert "network" in ran.stderr
    assert "No matching distribution" in ran.stderr
    assert ran.stdout == ""

    (machine.checkout / ".venv" / "half").touch()
    machine.mends("network")
    assert machine.start("items").stdout.splitlines()[0] == "outreach items"
    assert not (machine.checkout / ".venv" / "half").exists()


def test_a_pulled_plug_does_not_look_finished(machine: Machine) -> None:
    """Killed in the middle of the first install, the next start makes the .venv anew and is not held up."""
    machine.lacks("power")
    assert machine.start("items").returncode != 0
    assert (machine.checkout / ".venv" / "busy").exists()

    (machine.checkout / ".venv" / "half").touch()
    machine.mends("power")
    assert machine.start("items").returncode == 0
    assert not (machine.checkout / ".venv" / "half").exists()


def test_an_update_without_a_network_keeps_the_version_before(machine: Machine) -> None:
    """In the van, a checkout that needs new packages still starts what was installed, and says so each time."""
    machine.start("items")
    (machine.checkout / "pyproject.toml").write_text("new requirements\n")
    machine.lacks("network")
    for _ in range(2):
        ran = machine.start("items")
        assert ran.stdout.splitlines()[0] == "outreach items"
        assert "the one from before goes on" in ran.stderr
    assert machine.start("test").returncode == 1, "tests never run on what was there before"

    machine.mends("network")
    assert machine.start("items").returncode == 0
    assert machine.installs == 1


def test_a_second_start_does_not_disturb_the_first(machine: Machine) -> None:
    """While one start installs, another is refused and touches nothing."""
    venv = machine.checkout / ".venv"
    venv.mkdir()
    (venv / "start.log").touch()
    (venv / "busy").write_text(str(os.getpid()))
    ran = machine.start("items")

    assert ran.returncode == 1
    assert f"process {os.getpid()}" in ran.stderr
    assert machine.installs == 0
    assert (venv / "busy").exists()


def test_someone_elses_venv_is_put_aside(machine: Machine) -> None:
    """A .venv that a developer made is kept under another name."""
    theirs = machine.checkout / ".venv"
    theirs.mkdir()
    (theirs / "pyvenv.cfg").write_text("theirs\n")
    ran = machine.start("items")

    assert ran.returncode == 0, ran.stderr
    assert (machine.checkout / ".venv-before" / "pyvenv.cfg").read_text() == "theirs\n"
    assert ".venv-before" in ran.stderr


def test_an_old_python_is_one_sentence(machine: Machine) -> None:
    """Nothing newer than 3.9: the sentence says what is needed, and nothing is left that looks finished."""
    machine.lacks("new-python")
    machine.program("python3", PYTHON)
    ran = machine.start("items")

    assert ran.returncode == 1
    assert "3.11 or newer, and this computer has Python 3.9.2" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert machine.installs == 0


def test_without_a_package_manager_guide_and_counts_still_work(machine: Machine) -> None:
    """No way to install Pango: one sentence, and outreach starts."""
    machine.lacks("pango")
    machine.program("id", "#!/bin/sh\necho 1000\n")
    for name in ("sudo", "apt-get"):
        (machine.folder / "bin" / name).unlink()
    machine.has_only(*TOOLS, "uname")
    ran = machine.start("guide")

    assert ran.stdout.splitlines()[0] == "outreach guide"
    assert ran.stderr.count("Only your browser prints cards until Pango is installed") == 1
    assert machine.installs == 1


def test_tests_are_set_up_once_and_get_their_words(machine: Machine) -> None:
    """`./start test WORDS` adds the test packages, then gives pytest the words; afterwards plain starts stay quiet."""
    machine.start("items")
    ran = machine.start("test", "-k", "two words")
    assert "--no-build-isolation .[test]" in " ".join(machine.calls)
    assert (
        ran.stdout
        == f"pytest in {machine.checkout.resolve()}: -P -m pytest -n 2 --dist worksteal -m not proof -k two words\n"
    )

    proves = "-P -m pytest -n 2 --dist loadfile -m proof -o norecursedirs=.* build dist"
    assert machine.start("prove").stdout.endswith(f"{proves}\n")
    one = "tests/prove/test_rot.py"
    assert machine.start("prove", one).stdout.endswith(f"{proves} {one}\n"), "that file only"
    assert machine.start("items").stderr == ""
    assert machine.installs == 0


def test_tests_bring_what_watches_the_disk(machine: Machine) -> None:
    """The proofs that pull the plug need strace; only tests and proofs install it."""
    machine.has_only(*TOOLS, "env", "uname")
    (machine.folder / "bin" / "strace").unlink()
    machine.start()
    assert not any("strace" in call for call in machine.calls)
    machine.start("prove")

    assert any(call.endswith("install -qq -y --no-install-recommends strace") for call in machine.calls)


def test_tests_bring_their_browser(machine: Machine) -> None:
    """What steers the browser needs a library of its own; it is installed also when only that one went missing."""
    machine.start("test")
    machine.lacks("atomic")
    ran = machine.start("test")

    assert "chromium libatomic1" in ran.stderr
    assert any(call.endswith("install -qq -y --no-install-recommends chromium libatomic1") for call in machine.calls)
    assert machine.installs == 0
    machine.start("test")
    assert machine.calls == []


def test_the_windows_start_can_be_read_by_windows() -> None:
    """Plain ASCII, every line ends as cmd.exe wants it, and every goto has its label."""
    raw = (ROOT / "start.cmd").read_bytes()
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 50
    text = raw.decode("ascii")
    labels = set(re.findall(r"^:(\w+)\r$", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) <= labels


def test_the_windows_start_notices_changed_files(tmp_path: Path) -> None:
    """The Python in start.cmd that decides whether to install says the same until a byte changes."""
    found = re.search(r'set "stamp=(.*)"\r$', (ROOT / "start.cmd").read_bytes().decode("ascii"), re.MULTILINE)
    assert found
    assert '"' not in found[1]
    assert "%" not in found[1]
    (tmp_path / "outreach").mkdir()
    part = tmp_path / "outreach" / "part.py"
    part.write_text("1")

    def stamp() -> bytes:
        return subprocess.run([sys.executable, "-c", found[1], tmp_path], capture_output=True, check=True).stdout

    first = stamp()
    assert first == stamp()
    part.write_text("2")
    assert stamp() != first
