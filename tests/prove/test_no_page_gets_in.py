"""No page of the world wide web, and no program without the key, gets into the pages: a real browser tries.

Each way in is tried on the installed program, on its guard alone (everything behind it is open: whoever asks has the
key), and, as the control, on the same pages without the guard. A switch for that is in no product; it is here.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app

ROOM = "127.0.0.2"
FORM = f"site=outreach&day={time.strftime('%Y-%m-%d')}&model=street&sure=1"

# What serves the pages without their guard, or with nothing but it. The key is put into every request.
BARE = """
import sys, waitress
from outreach.home import find_home
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.guard import Guard
from outreach.web.serving import home_token
home, port = find_home(sys.argv[1]), int(sys.argv[2])
app = make_app(Program(home), home_token(home))
def open_to_all(environ, start):
    return app(environ | {"HTTP_COOKIE": "outreach=" + home_token(home)}, start)
server = waitress.create_server(Guard(open_to_all, port) if sys.argv[3] == "guarded" else open_to_all,
                                host="127.0.0.1", port=port, threads=6)
print("For staff, on this computer: http://127.0.0.1:%d/staff/open?key=%s" % (port, home_token(home)), flush=True)
server.run()
"""

WAYS = """<!doctype html><title>x</title><body>
<iframe name=nowhere></iframe><iframe src="{target}/staff/en/settings"></iframe>
<form id=form method=post action="{target}/staff/en/tally" target=nowhere></form>
<script>
const form = new URLSearchParams("{form}"), got = []
for (const [name, value] of form) document.getElementById("form").append(
  Object.assign(document.createElement("input"), {{ name, value, type: "hidden" }}))
const loaded = (tag, link) => new Promise(done => {{
  const one = document.createElement(tag)
  one.onload = () => done(tag), one.onerror = () => done("")
  Object.assign(one, link), document.body.append(one)
}})
const opened = address => new Promise(done => {{
  const socket = new WebSocket(address)
  socket.onopen = () => done("socket " + new URL(address).port), socket.onerror = () => done("")
}})
const sent = more => fetch("{target}/staff/en/tally", {{ method: "POST", credentials: "include", body: form, ...more }})
  .then(() => "", () => "")
const all = Promise.all([
  loaded("img", {{ src: "{target}/static/icon-192.png" }}),
  loaded("script", {{ src: "{target}/static/leave.js", type: "text/javascript" }}),
  loaded("link", {{ href: "{target}/static/outreach.css", rel: "stylesheet" }}),
  opened("{target}/staff/en/tally".replace("http", "ws")),
  opened(location.href.replace("http", "ws") + "socket"),
  sent({{ mode: "no-cors" }}), sent({{}}), sent({{ keepalive: true, mode: "no-cors" }}),
  fetch("{target}/staff/en/settings", {{ credentials: "include" }}).then(each => each.text(), () => ""),
  navigator.sendBeacon("{target}/staff/en/tally", form) ? "" : "",
]).then(found => {{ document.getElementById("form").submit(); return found.filter(each => each) }})
</script>"""

REBOUND = """form => Promise.all([
  fetch("/en/").then(each => each.text()),
  fetch("/staff/en/settings", { credentials: "include" }).then(each => each.text()),
  fetch("/staff/en/tally", { method: "POST", body: new URLSearchParams(form), redirect: "manual" }).then(() => ""),
])"""


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """A web server of somebody else's. It opens web sockets too, so that one that does not open means something."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            key = self.headers.get("Sec-WebSocket-Key")
            if key:
                magic = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
                self.send_response(101)
                self.send_header("Upgrade", "websocket")
                self.send_header("Connection", "Upgrade")
                self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(magic).digest()).decode())
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(WAYS.format(target="http://127.0.0.1:" + self.path.strip("/"), form=FORM).encode())

        protocol_version = "HTTP/1.1"  # what a web socket begins with

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()


@dataclass
class Target:
    home: Path
    port: int
    door: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rows(self) -> int:
        """How many sheets are open: each write opens one."""
        return len(list((self.home / "open").glob("*.db")))


@pytest.fixture(params=["installed", "guard only", "control"])
def target(request: Any, serve: Callable[..., Any], tmp_path: Path) -> Iterator[tuple[bool, Target]]:
    """Whether it is guarded, and a server: the installed program, its guard alone, and the pages without it."""
    if request.param == "installed":
        server = serve()
        yield True, Target(server.home, server.port, server.door)
        return
    guarded = request.param == "guard only"
    home, port = tmp_path / "bare", free_port()
    command = [sys.executable, "-P", "-c", BARE, home, str(port), "guarded" if guarded else ""]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield guarded, Target(home, port, process.stdout.readline().split()[-1])
        process.kill()


def free_port() -> int:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return int(each.getsockname()[1])


def test_a_foreign_page_gets_nothing_in_and_nothing_out(
    target: tuple[bool, Target], browser: Any, foreign: str
) -> None:
    """Form, fetch, beacon, picture, script, style sheet, web socket and frame, from another origin of this computer,
    which even has the cookie: 0 rows, 0 reads. Without the guard they write, and all that shows shows."""
    guarded, server = target
    page = browser.new_context().new_page()
    page.goto(server.door)
    page.goto(f"{foreign}/{server.port}")
    got = page.evaluate("all")
    until(page, lambda: frame_texts(page)[0] != "" or guarded)
    page.goto(f"{foreign}/{server.port}")  # what the form of the first visit was answered is in by now
    page.evaluate("all")
    texts = frame_texts(page)

    own = f"socket {foreign.rpartition(':')[2]}"
    if guarded:
        assert got == [own]
        assert server.rows() == 0
        assert not any("Settings" in each or "tally" in each.lower() for each in texts), texts
    else:
        assert set(got) == {own, "img", "script", "link"}
        assert server.rows() >= 4
        assert any("Settings" in each for each in texts), texts


def frame_texts(page: Any) -> list[str]:
    return [each.locator("body").inner_text() if each.url.startswith("http") else "" for each in page.frames[1:]]


def until(page: Any, true: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        page.wait_for_timeout(20)


def test_a_name_bound_to_this_computer_reads_and_writes_nothing(target: tuple[bool, Target], browser: Any) -> None:
    """DNS rebinding: a page whose name has come to mean this computer asks as its own origin. Guide, settings, a form:
    0 reads, 0 rows. Without the guard it reads the guide and, where the key is not what stops it, everything."""
    guarded, server = target
    page = browser.new_context().new_page()
    page.goto(f"http://rebound.test:{server.port}/nothing")
    guide, settings, _ = page.evaluate(REBOUND, FORM)

    assert ("Overdose" in guide, "Settings" in settings) == (not guarded, not guarded)
    assert server.rows() == (0 if guarded else 1)


def listening(server: Any) -> set[str]:
    """What the processes of this server listen at, by `ss -ltn`, and by `ss -lun`."""
    shown = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout
    shown += subprocess.run(["ss", "-Hlunp"], capture_output=True, text=True, check=True).stdout
    family = {str(server.process.pid), *children(server.process.pid)}
    return {line.split()[3] for line in shown.splitlines() if family & set(re.findall(r"pid=(\d+)", line))}


def children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_it_listens_exactly_where_it_was_asked_to(serve: Callable[..., Any], tmp_path: Path) -> None:
    """`ss -ltn`: this computer alone; with --lan-address that address too, and nothing else."""
    alone = serve()
    assert listening(alone) == {f"127.0.0.1:{alone.port}"}
    shared = serve(tmp_path / "other", options=("--lan-address", ROOM))
    assert listening(shared) == {f"127.0.0.1:{shared.port}", f"{ROOM}:{shared.port}"}


def test_curl_without_the_key_is_turned_away_from_every_staff_page(served: Any, tmp_path: Path) -> None:
    """Every staff route, forms too, though curl says that it is our own page: 403. With the key they answer."""
    sheet = served.open_sheet()
    app = make_app(Program(Home(tmp_path / "none")), "key")
    staff = [each for each in app.url_map.iter_rules() if each.rule.startswith("/staff")]
    assert len(staff) > 90

    def curl(*more: str) -> list[str]:
        codes = []
        for method in ("GET", "POST"):
            paths = [path_of(each.rule, sheet) for each in staff if method in (each.methods or ())]
            command = ["curl", "-s", "-X", method, "-H", "Sec-Fetch-Site: same-origin", "-d", "", *more]
            command += ["-w", "%{http_code}\n", *(["-G"] if method == "GET" else [])]
            for path in paths:
                command += ["-o", "/dev/null", served.server.address + path]
            codes += subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()
        return codes

    codes = curl()
    assert set(codes) == {"403"} and len(codes) >= len(staff)
    assert set(curl("-H", "Cookie: outreach=" + "x" * 43)) == {"403"}
    assert served.get("/staff/en/tally").text.count('href="/staff/en/tally/') == 1, "nothing was put away or opened"
    key = served.server.door.partition("?key=")[2]
    with_key = curl("-b", f"outreach={key}")
    assert with_key.count("403") <= 1, "the control: /staff/open alone wants the key in the address"


def path_of(rule: str, sheet: str) -> str:
    given = {"tag": "en", "sheet": sheet, "state": "TX", "n": "1"}

    def part(hit: re.Match[str]) -> str:
        first = re.match(r"any\((\w+)", hit[1] or "")
        return given.get(hit[2]) or (first[1] if first else quote("x"))

    return re.sub(r"<(?:([^<>:]*):)?(\w+)>", part, rule)
