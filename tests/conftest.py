"""The installed program as tests meet it: its command, its server, a home of its own, and a real browser."""

from __future__ import annotations

import contextlib
import http.cookiejar
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from outreach.home import Home
from outreach.i18n.catalogs import GUIDANCE, po_file
from outreach.i18n.extracting import po_text
from outreach.i18n.po_files import read_whole_po_file
from outreach.services.cards import Press, Printed, order, print_order, whole_languages
from outreach.services.program import Program
from outreach.shipped import LOCALES, PRINTABLES, SHIPPED
from tests import nursery

# The same code gets the same answer, also on the day of a release. To search further: --hypothesis-profile=search.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("same")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in tests/prove is a proof; elsewhere a mark makes one of a loop, so that it lies beside its one example."""
    for item in items:
        if Path(__file__).with_name("prove") in item.path.parents:
            item.add_marker("proof")


def proofs_but(examples: Iterable[Any], all_of: Iterable[Any]) -> list[Any]:
    """For `parametrize`: all of these, of which only the examples are for every run; the others are proofs."""
    kept = set(examples)
    return [each if each in kept else pytest.param(each, marks=pytest.mark.proof) for each in all_of]


COMMAND = Path(sys.executable).with_name("outreach.exe" if os.name == "nt" else "outreach")


@dataclass
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Shell:
    """The `outreach` command on one home, as a person in a terminal runs it."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path, input: str = "", **more: Any) -> Ran:  # noqa: A002 - as subprocess has it
        """Run it to its end: forked where that is the same, else started anew."""
        env = os.environ | self.env
        cwd, words = more.pop("cwd", None), ["--home", str(self.home), *map(str, arguments)]
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(input.encode())
            given.seek(0)
            if nursery.fits(env, more):
                code = nursery.Forked(words, env, cwd, [given, out, err]).wait()
            else:
                files = {"stdin": given, "stdout": out, "stderr": err} | more
                code = subprocess.run([COMMAND, *words], timeout=600, env=env, cwd=cwd, **files).returncode
            said = []
            for each in (out, err):
                each.seek(0)
                said.append(io.TextIOWrapper(each, "utf-8").read())
        return Ran(code, *said)

    def json(self, *arguments: str | Path) -> Any:
        ran = self(*arguments)
        assert ran.code == 0, ran.err
        return json.loads(ran.out)


@dataclass
class Answer:
    status: int
    text: str
    headers: Any
    body: bytes
    url: str = ""


class Server:
    """`outreach serve` as a process of its own; it can be killed and started again on the same port."""

    def __init__(
        self,
        home: Path,
        env: dict[str, str] | None = None,
        options: tuple[str, ...] = (),
        command: tuple[str | Path, ...] = (COMMAND,),
    ) -> None:
        self.home = home
        self.options = options
        self.command = command
        self.port = free_port()
        self.env = os.environ | {"DISPLAY": "", "WAYLAND_DISPLAY": ""} | (env or {})
        self.process: subprocess.Popen[str] | nursery.Forked | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        self.said = ""
        words = ["--home", str(self.home), "serve", "--port", str(self.port), "--no-browser", *self.options]
        if self.command == (COMMAND,) and nursery.fits(self.env):
            self.process = nursery.Forked.piped(words, self.env)
        else:
            self.process = subprocess.Popen(
                [*self.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env
            )
        assert self.process.stdout
        while True:
            line = self.process.stdout.readline()
            self.said += line
            if "For staff" in line:
                self.door = line.split()[-1]
                return self
            assert line, f"the server did not start: {self.process.stderr.read() if self.process.stderr else ''}"

    def kill(self) -> None:
        """Pull the plug."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self._close()

    def stop(self) -> tuple[str, str]:
        """Ctrl+C; what it had printed after its opening lines."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        return out, err

    def _close(self) -> None:
        for stream in (self.process.stdout, self.process.stderr) if self.process else ():
            if stream:
                stream.close()


class Browserless:
    """A client with a cookie jar that behaves as the program's own pages do."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def enter(self) -> Browserless:
        """Come in by the staff door; the page that it leads to may be locked."""
        assert self.get(self.server.door.removeprefix(self.server.address)).status in (200, 423)
        return self

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        body = urllib.parse.urlencode(form or {}).encode()
        return self.ask("POST", path, body, {"Sec-Fetch-Site": "same-origin"} | headers)

    def finished(self, path: str) -> str:
        """Ask for an order's page, as the page itself does, until it no longer says that it looks again."""
        while True:
            answer = self.get(path)
            if 'http-equiv="refresh"' not in answer.text:
                return answer.text
            time.sleep(0.1)  # asking without a pause takes the time from what is waited for

    def post_json(self, path: str, body: Any, **headers: str) -> Answer:
        return self.ask(
            "POST",
            path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"} | headers,
        )

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(self.server.address + path, body, headers, method=method)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            raw = answer.read()
            return Answer(answer.status, raw.decode("utf-8", "replace"), answer.headers, raw, answer.url)

    def open_sheet(self, site: str = "outreach", day: str | None = None) -> str:
        """Open a sheet through its form; the sheet's id."""
        today = time.strftime("%Y-%m-%d")
        answer = self.post("/staff/en/tally", {"site": site, "day": day or today, "model": "street", "sure": "1"})
        assert answer.status == 200, answer.text
        return answer.url.rstrip("/").rpartition("/")[2]

    def tab(self, sheet: str) -> str:
        """Load the tally page as a browser tab does; the tab's token."""
        page = self.get(f"/staff/en/tally/{sheet}").text
        found = re.search(r'data-tab="([0-9a-f]{32})"', page)
        assert found, page[:2000]
        return found[1]

    def tap(
        self, sheet: str, tab: str, n: int, counter: str, change: int = 1, nonce: bytes | None = None, **more: Any
    ) -> Answer:
        touch = {"tab": tab, "n": n, "nonce": (nonce or os.urandom(16)).hex(), "counter": counter, "change": change}
        return self.post_json(f"/staff/en/tally/{sheet}/taps", touch | more)


def free_port() -> int:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return int(each.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def outreach(home: Path) -> Shell:
    return Shell(home)


@pytest.fixture(scope="session")
def shell() -> Callable[[Path], Shell]:
    return Shell


def servers(home: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(at: Path | None = None, env: dict[str, str] | None = None, *more: Any, **others: Any) -> Server:
        server = Server(at or home, env, *more, **others)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def serve(home: Path) -> Iterator[Callable[..., Server]]:
    """Start servers that are gone when the test is."""
    yield from servers(home)


@pytest.fixture
def served(serve: Callable[..., Server]) -> Browserless:
    """A running server on a fresh home and a client that came in by the staff door."""
    return Browserless(serve()).enter()


# A server takes a second to start and show its first page. Tests that do not get into one another's way share one.


@pytest.fixture(scope="module")
def serve_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start servers that are gone when the tests of a module are."""
    yield from servers(tmp_path_factory.mktemp("shared") / "home")


@pytest.fixture(scope="module")
def shared(serve_all: Callable[..., Server]) -> Browserless:
    """As `served`, for the tests of a module, each with a sheet or another thing of its own."""
    return Browserless(serve_all()).enter()


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server on a home in which nothing is ever saved."""
    server = Server(tmp_path_factory.mktemp("untouched") / "home")
    yield server.start()
    server.kill()


@pytest.fixture
def reading(untouched: Server) -> Iterator[Browserless]:
    """As `served`, for tests that only read: they share one server, and one that saves something is told."""
    yield Browserless(untouched).enter()
    assert {each.name for each in untouched.home.iterdir()} == {"token", "running"}, "it did not only read"


@pytest.fixture(scope="session")
def client() -> Callable[[Server], Browserless]:
    return Browserless


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Headless Chromium from the system; `./start test` installs it."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is not installed; ./start test installs it"
    with sync_playwright() as playwright:
        flags = [
            "--no-sandbox",
            "--disable-dev-shm-usage",  # a container has little of it
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP *.test 127.0.0.1",  # names of others that have come to mean this computer
        ]
        # The printing tests take the system's fonts away from themselves; a browser without any crashes.
        own = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, env=own)
        yield launched
        with contextlib.suppress(Exception):
            launched.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """Chromium; what a test opened in it is closed behind it, and nothing of it is remembered."""
    before = chromium.contexts
    yield chromium
    for context in chromium.contexts:
        if context not in before:
            context.close()


@pytest.fixture(scope="session")
def barriers() -> Callable[..., list[str]]:
    """What axe finds on an open page: the rule, and the piece of the page that breaks it.

    axe has to be put into the page, which our policy rightly forbids: the page's context needs `bypass_csp`. With
    `rules` it looks for these only: a page in its other palette has the same structure and other colors.
    """
    from axe_playwright_python.sync_playwright import Axe

    script = Axe().axe_script

    def look(page: Any, *rules: str) -> list[str]:
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(script)
        only = {"runOnly": list(rules)} if rules else {}
        options = only | {"resultTypes": ["violations"], "preload": False}
        hits = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in hits]

    return look


class Copy:
    """The program in a folder of its own, as in a checkout, whose data a test may change."""

    def __init__(self, folder: Path, *languages: str) -> None:
        """With the words of all languages, or of these: every command reads what is there."""
        self.folder, self.locales = folder, folder / "locales"
        # With what Python has compiled: compiling it anew costs more than most commands do.
        data = shutil.ignore_patterns("locales", "printables")
        shutil.copytree(SHIPPED.parent, folder / "outreach", ignore=data)
        others = {each.name for each in LOCALES.iterdir() if languages and each.is_dir()} - {*languages}
        shutil.copytree(LOCALES, self.locales, ignore=lambda _, names: others & {*names})
        shutil.copytree(PRINTABLES, folder / "printables")

    @property
    def env(self) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": str(self.folder), "OUTREACH_HOME": str(self.folder / "home")}

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, encoding="utf-8", timeout=600
        )

    def __call__(self, *words: str | Path) -> str:
        ran = self.run("-m", "outreach", *words)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def begin(self, folder: str) -> None:
        """An empty folder: how a language that is only prepared is begun."""
        shutil.rmtree(self.locales / folder, ignore_errors=True)
        (self.locales / folder).mkdir()

    def usable(self, tag: str) -> str:
        rows = json.loads(self("languages", "--format", "json"))
        return str(next(row["usable"] for row in rows if row["language"] == tag))

    def fill(self, folder: str, say: Callable[[str, str], str]) -> None:
        """Write `say(context, English)` into the guidance catalog; an empty answer leaves the string out."""
        file = po_file(folder, GUIDANCE, self.locales)
        catalog = read_whole_po_file(file)
        for message in catalog:
            if message.id:
                message.string = say(message.context or "", str(message.id))
        file.write_text(po_text(catalog), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy", "es", "ar", "vi")


GIVEN: dict[str, dict[str, str]] = {
    "law": {"state": "CA"},
    "kit-label": {"kit": "kit-naloxone-nasal"},
}
"""What an order has to say for some cards, by card."""

ENTERED = (
    ("settings", "program-name", "Night van and lot program"),
    ("settings", "program-phone", "555-0100"),
    ("law", "check", "CA", "--by", "Lawyer, Legal Aid North", "--day", time.strftime("%Y-%m-%d")),
)
"""Commands that a program gave before: its name takes room at every foot, and some cards wait for what is entered."""


COUNSEL = ("participation", "--state", "NC", "--statute", "N.C. Gen. Stat. 90-113.27")
COUNSEL += ("--by", "Counsel of the program", "--day", time.strftime("%Y-%m-%d"))


class Deck:
    """A program that can print every card that ships, and each card's layouts and languages."""

    def __init__(self, home: Path) -> None:
        self.home, shell = home, Shell(home)
        wording = home.with_name("wording.txt")
        wording.write_text("Words that counsel of this program wrote for its participants.\n", encoding="utf-8")
        for command in (*ENTERED, (*COUNSEL, "--wording", str(wording))):
            ran = shell(*command)
            assert ran.code == 0, ran.err
        self.program = Program(Home(home))

    def languages(self, card: str) -> tuple[str, ...]:
        if card == "participation-card":
            return ("en",)  # printed in the language of counsel's words, and in no other
        return tuple(row.tag for row in whole_languages(self.program, card).rows)

    def layouts(self, card: str) -> tuple[str, ...]:
        return self.program.cards[card].card.layouts

    def print(self, press: Press, card: str, language: str, layout: str) -> Printed:
        asked = order(self.program, {(card, language): 1}, layout, given=GIVEN.get(card, {}))
        return print_order(self.program, press, asked)


@pytest.fixture(scope="session")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return Deck(tmp_path_factory.mktemp("deck") / "home")


class Cluster:
    """A PostgreSQL of the test's own, on a socket in a folder of its own. It refuses to run as root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
        on_path = shutil.which("pg_ctl")
        assert newest or on_path, "PostgreSQL is not installed; ./start test installs it"
        self._bin = newest[-1] if newest else Path(str(on_path)).parent
        self._as: tuple[str, ...] = ()
        if os.name != "nt" and os.geteuid() == 0:
            self._as = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
            shutil.chown(folder, "nobody", "nogroup")
        self.make()

    def make(self) -> None:
        """Its files, before it first starts."""
        self.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def run(self, command: str, *arguments: str) -> None:
        """One of the server's own commands, as who runs it."""
        done = subprocess.run(
            [*self._as, self._bin / command, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

    def start(self) -> Cluster:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=60"
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")
        return self

    def crash(self) -> None:
        """Every process of it ends at once, with nothing written down, as when the power goes."""
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def address(self, role: str = "postgres", database: str = "hub") -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def ask(self, question: str, role: str = "postgres", database: str = "hub") -> list[tuple[Any, ...]]:
        """What a role is told when it asks the server itself, in its own words."""
        import psycopg

        with psycopg.connect(self.address(role, database), autocommit=True) as connection:
            asked = connection.execute(question)  # type: ignore[call-overload]
            return asked.fetchall() if asked.description else []

    def database(self, name: str) -> str:
        """An empty database; its address for who runs the server."""
        self.ask(f'CREATE DATABASE "{name}"', database="postgres")
        return self.address(database=name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL with no hub on it yet."""
    with tempfile.TemporaryDirectory(prefix="hub-", ignore_cleanup_errors=True) as folder:
        started = Cluster(Path(folder)).start()
        yield started
        started.crash()


@pytest.fixture(scope="session")
def hub(cluster: Cluster) -> Cluster:
    """As `cluster`, and its database `hub` is one."""
    from outreach.store.postgres.founding import found

    found(cluster.database("hub"))
    return cluster
