"""Installed from a stick in a minimal Debian without a network, by a user without rights: it serves, prints, counts."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import io
import json
import os
import platform
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
SET_FLAGS, UP = 0x8914, 0x1
WORKER = "--userspec=1000:1000"
HOME = "home/worker"

LOOK = "command -v python3 || echo no python; wc -l </proc/net/route; id -u; ls /usr/lib/*/libpango* || echo no Pango"
COUNT = "outreach tally --site outreach --day 2026-11-22 naloxone-nasal=12 returned:syringe-1ml=40 --encounters 9"
REPORT = "outreach report totals --period 2026-Q4 --format json"
PRINT = "outreach print response --language en:2 --language ar:1 -o cards.pdf"


def shown(heading: str) -> list[str]:
    """The commands below a heading of the page, block by block."""
    part = re.split(rf"^## {heading}$", PAGE, flags=re.MULTILINE)[1].split("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```", part, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both packages, as a release makes them."""
    out = tmp_path_factory.mktemp("packages")
    command = [sys.executable, ROOT / ".ci/offline/build.py", out]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    print(ran.stdout)
    yield out
    shutil.rmtree(out)


@pytest.fixture(scope="module")
def mirror() -> tuple[str, str]:
    """Where this computer has its packages from, and which release it is."""
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    return next(site for site, of in map(str.split, told.stdout.splitlines()) if of == release), release


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, mirror: tuple[str, str]) -> Iterator[tuple[Path, Any]]:
    """The smallest Debian there is, and what sets it up: it goes on while the packages are made."""
    assert os.getuid() == 0, "run this as root: it sets up a system of its own"
    place = tmp_path_factory.mktemp("debian") / "root"
    tool = shutil.which("debootstrap", path=f"{os.environ['PATH']}:/usr/sbin")
    assert tool, "debootstrap is not installed; ./start prove installs it"
    command = [tool, "--variant=minbase", mirror[1], place, mirror[0]]
    settling = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield place, settling
    if settling.returncode is None:
        settling.communicate(timeout=900)  # not ended in the middle: it unmounts what it mounted
    shutil.rmtree(place)


@pytest.fixture
def system(bare: tuple[Path, Any], packages: Path) -> Iterator[Path]:
    """A Debian to install in, with a user who may do nothing special."""
    settled, settling = bare
    if settling.returncode is None:
        said, _ = settling.communicate(timeout=900)
        assert settling.returncode == 0, said[-2000:]
    place = settled.with_name("copy")
    subprocess.run(["cp", "-a", settled, place], check=True)
    (place / HOME).mkdir()
    os.chown(place / HOME, 1000, 1000)
    yield place
    shutil.rmtree(place)


def try_out(system: Path, package: Path, mirror: tuple[str, str], heading: str) -> dict[str, Any]:
    """Unpack, install, use and remove one of the packages, in namespaces without a network or other processes."""
    shutil.copy(package, system / HOME)
    host = mirror[0].split("/")[2]
    with socket.create_connection((host, 80), timeout=30) as outside:
        address = outside.getpeername()[0]  # the control: from here it answers
    spaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    words = [str(system), address, json.dumps(shown(heading)[0])]
    ran = subprocess.run([*spaces, sys.executable, "-P", __file__, *words], capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, ran.stderr[-3000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def it_works(told: dict[str, Any], system: Path) -> None:
    assert told["way out"] == "unreachable"
    assert "Open it from the menu as Outreach" in told["install"]
    assert "911" in told["page"] and "nalox" in told["page"]
    assert "911" in told["page in Arabic"] and 'dir="rtl"' in told["page in Arabic"]
    assert 'method="post"' in told["counting"] and "22" in told["counting"]
    rows = {(row["item"], row["movement"]): row["quantity"] for row in json.loads(told["report"])["rows"]}
    assert rows == {("naloxone-nasal", "given"): 12, ("syringe-1ml", "returned"): 40}
    pages = pypdfium2.PdfDocument(io.BytesIO((system / HOME / "cards.pdf").read_bytes()))
    assert "911" in pages[0].get_textpage().get_text_bounded()
    assert "wrong" not in told["check"] and told["check"].count("fine ") == 3
    assert told["left"] == [".local/share/outreach"], "what was counted stays, and nothing else"


def test_the_folder_runs_in_a_minimal_debian(system: Path, packages: Path, mirror: tuple[str, str]) -> None:
    """Where there is neither Python nor Pango nor a network, the folder installs and works."""
    package = next(packages.glob(f"*-linux-{platform.machine()}.tar.gz"))
    told = try_out(system, package, mirror, "A computer without Python")

    assert told["look"].split("\n") == ["no python", "1", "1000", "no Pango"], "the control: the system brings nothing"
    it_works(told, system)


def test_the_wheelhouse_runs_in_a_minimal_debian(system: Path, packages: Path, mirror: tuple[str, str]) -> None:
    """Where Debian's own Python is, and Pango, the wheels install and work without a network; else it says so."""
    package = next(packages.glob("*-wheelhouse.tar.gz"))
    with contextlib.ExitStack() as clean:
        first = system / HOME / "first"
        first.mkdir()
        clean.callback(shutil.rmtree, first)
        subprocess.run(["tar", "-xzf", package, "-C", first], check=True)
        early = inside(system, "sh first/outreach-*-wheelhouse/install")
    assert early.returncode == 1 and "needs Python 3.11 or newer" in early.stderr

    words = shown("A computer with Python")[1].removeprefix("sudo ").split()
    apt = ["chroot", system, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=True, capture_output=True)
    subprocess.run([*apt, "-y", "--no-install-recommends", *words[1:]], check=True, capture_output=True)
    told = try_out(system, package, mirror, "A computer with Python")

    assert told["look"].startswith("/usr/bin/python3\n1\n1000\n"), "Debian's own, no way out, no rights"
    it_works(told, system)


def inside(system: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(as_worker(system, command), capture_output=True, text=True, timeout=300)


def as_worker(system: Path, command: str) -> list[str]:
    own = ["env", "-i", f"HOME=/{HOME}", f"PATH=/{HOME}/.local/bin:/usr/bin:/bin", "LANG=C.UTF-8"]
    return ["chroot", WORKER, str(system), *own, "sh", "-c", f"cd && {command}"]


# --- what follows runs in the namespaces, as a program of its own ---


def main(system: Path, address: str, install: str) -> None:
    bring_up_lo()
    mounted = ctypes.CDLL(None).mount(b"proc", bytes(system / "proc"), b"proc", 0, None)
    assert mounted == 0, "/proc could not be mounted"
    told: dict[str, Any] = {"way out": way_out(address), "look": said(system, LOOK)}
    told["install"] = said(system, install)
    told["count"], told["report"] = said(system, COUNT), said(system, REPORT)
    told["print"], told["check"] = said(system, PRINT), said(system, "outreach check --self")
    told |= served(system)
    said(system, "sh outreach-*/install --remove; rm -r outreach-*")
    homes = [".local/lib/*", ".local/bin/*", ".local/share/*", ".local/share/applications/*", ".cache"]
    found = [each for name in homes for each in (system / HOME).glob(name)]
    told["left"] = [
        str(each.relative_to(system / HOME)) for each in found if each.name not in ("applications", "icons")
    ]
    print(json.dumps(told))


def said(system: Path, command: str) -> str:
    ran = inside(system, command)
    if ran.returncode:
        sys.exit(f"{command}\n{ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def bring_up_lo() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP))


def way_out(address: str) -> str:
    try:
        socket.create_connection((address, 80), timeout=5).close()
    except OSError as problem:
        return "unreachable" if problem.errno == 101 else str(problem)
    return "reached"


def served(system: Path) -> dict[str, str]:
    """Pages that the server inside answers with, over the loopback of this namespace."""
    command = as_worker(system, "exec outreach serve --no-browser")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    door = next(line.split()[-1] for line in server.stdout if "For staff" in line)
    guide = door.partition("/staff/")[0]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    pages = {
        "page": f"{guide}/en/overdose-response",
        "page in Arabic": f"{guide}/ar/overdose-response",
        "door": door,
        "counting": f"{guide}/staff/en/tally",
    }
    found = {name: opener.open(address, timeout=60).read().decode() for name, address in pages.items()}
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=60)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
