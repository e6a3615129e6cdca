"""With the network cut and every folder but one closed: all works, nothing tries to leave, nothing is left behind."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMAND = Path(sys.executable).with_name("outreach")
SET_FLAGS, UP = 0x8914, 0x1
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
NO_DISK = {"proc", "sysfs", "devpts", "cgroup", "cgroup2", "mqueue", "devtmpfs", "securityfs", "debugfs", "tracefs"}
BROWSER = Path("/srv")
"""Where the browser, which is not ours to judge, writes: a short path, for its sockets."""

# What outreach may write: files that a command was asked for, and in its home what design and inventory name.
ASKED_FOR = {"cards.pdf", "totals.csv", "totals.xlsx", "es.csv"}
IN_HOME = re.compile(
    r"((outreach|open/[0-9a-f]{32})\.db(-journal)?|token|ballast|safety\.toml|"
    r"keys/(ledger|device|open-[0-9a-f]{32})\.key|open/[0-9a-f]{32}\.key|backups/[\w.-]+)\Z"
)
WORTH_A_VISIT = re.compile(r"/(staff/)?(en|ar)/(?!.*law/(?!TX)\w)[^.]*$")
COMMANDS = (
    *("guide overdose-response --language ar", "languages", "items", "layouts", "check", "stock", "holds"),
    "tally --site outreach --day 2026-01-02 naloxone-nasal=3 --encounters 2",
    *("report totals --period 2026 -o totals.csv", "report totals --period 2026 -o totals.xlsx"),
    *("print response --language en:2 --language ar:1 -o cards.pdf", "translate es --out es.csv --first 20"),
)


def test_all_works_without_a_network_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The commands, the pages in a browser, a printed order: under `unshare -n`, with all other folders read-only."""
    command = ["unshare", "--net", "--mount", sys.executable, "-P", __file__, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert "Operation not permitted" not in ran.stderr, "unshare is not permitted here: run this as root"
    assert ran.returncode == 0, ran.stderr[-3000:]
    told = json.loads(ran.stdout)
    assert told["left"] == "unreachable", "the control: there is no way out of here"
    assert told["closed"] == told["stray"] == "found", "the controls: other folders are closed, a stray file is seen"
    assert told["failed"] == {}
    assert told["foreign"] == [] and told["wrong"] == []
    assert told["pages"] > 60
    assert told["said"] == ["", ""], "after its opening lines the server says nothing"
    assert told["user"] == told["tmp"] == []
    assert set(told["work"]) == ASKED_FOR
    assert [each for each in told["home"] if not IN_HOME.match(each)] == []
    assert "outreach.db" in told["home"]


# --- what follows runs inside, as a program of its own ---


def main(box: Path) -> None:
    close_all_but(box)
    bring_up_lo()
    folders = {name: box / name for name in ("home", "user", "tmp", "work")}
    for folder in folders.values():
        folder.mkdir()
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    own = keep | {"HOME": str(folders["user"]), "TMPDIR": str(folders["tmp"]), "OUTREACH_HOME": str(folders["home"])}
    os.environ |= {"HOME": str(BROWSER), "TMPDIR": str(BROWSER)}
    told: dict[str, Any] = {"left": way_out(), "closed": closed(), "failed": {}}
    (folders["tmp"] / "stray").touch()
    told["stray"] = "found" if files(folders["tmp"]) == ["stray"] else "missed"
    (folders["tmp"] / "stray").unlink()
    for words in COMMANDS:
        ran = subprocess.run(
            [COMMAND, *words.split()], cwd=folders["work"], env=own, capture_output=True, text=True, timeout=120
        )
        if ran.returncode > 1 or ran.stderr:  # a check that finds something says so with 1, on its standard output
            told["failed"][words] = ran.stderr
    told |= serve_and_walk(folders["work"], own)
    told |= {name: files(folders[name]) for name in ("home", "user", "tmp", "work")}
    print(json.dumps(told))


def close_all_but(box: Path) -> None:
    """Make every file system read-only in here, except one folder. Whoever writes elsewhere fails."""
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, target: str, flags: int, kind: bytes | None = None) -> None:
        if libc.mount(source.encode(), target.encode(), kind, flags, None):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), target)

    mount("none", "/", MS_REC | MS_PRIVATE)
    mount(str(box), str(box), MS_BIND)
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.encode().decode("unicode_escape").split(" ")
        if kind not in NO_DISK and place not in (str(box), "/dev") and not place.startswith(("/proc", "/sys")):
            mount("none", place, MS_REMOUNT | MS_BIND | MS_RDONLY)
    mount("tmpfs", str(BROWSER), 0, b"tmpfs")


def bring_up_lo() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP))


def way_out() -> str:
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=5).close()
    except OSError as problem:
        return "unreachable" if problem.errno == 101 else str(problem)
    return "reached"


def closed() -> str:
    try:
        Path("/var/tmp/outreach-stray").touch()
    except OSError:
        return "found"
    return "open"


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if not each.is_dir())


def serve_and_walk(work: Path, own: dict[str, str]) -> dict[str, Any]:
    """Serve, walk by links in a browser, count, print; what was seen and what the server said."""
    from playwright.sync_api import sync_playwright

    server = subprocess.Popen(
        [COMMAND, "serve", "--no-browser"], cwd=work, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout
    door = next(line.split()[-1] for line in server.stdout if "For staff" in line)
    asked: list[str] = []
    wrong: list[str] = []
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(door)
        pages = sum(1 for _ in walk(page, door))
        count_and_print(page, door)
        browser.close()
    server.send_signal(signal.SIGINT)
    said = [each.replace("Stop it with Ctrl+C.\n", "") for each in server.communicate(timeout=60)]
    here = urlsplit(door).netloc
    foreign = [each for each in asked if not each.startswith(("data:", f"http://{here}/"))]
    return {"pages": pages, "foreign": foreign, "wrong": wrong, "said": said}


def walk(page: Any, door: str) -> Iterator[str]:
    """English pages, and the guide's in Arabic, each once, as far as links lead without a question in them."""
    origin, waiting, seen = door.partition("/staff/")[0], ["/", "/staff/en/"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page.goto(origin + path)
        yield path
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(each => each.pathname)")
        waiting += [
            each
            for each in links
            if re.match(r"/(staff/)?(en|ar)/[^.]*$", each) and not re.search(r"/law/(?!TX)\w", each)
        ]


def count_and_print(page: Any, door: str) -> None:
    origin = door.partition("/staff/")[0]
    page.goto(f"{origin}/staff/en/tally")
    page.locator("form[method=post] button[type=submit]").last.click()
    page.locator(".tile .add").first.click()
    end = time.monotonic() + 30
    while page.locator(".state").get_attribute("data-state") != "saved":
        assert time.monotonic() < end
        page.wait_for_timeout(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
