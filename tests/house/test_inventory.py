"""The inventory: after all that the installed program can do, every table, column and file is on a list with a reason.

None of them has a clock time in it, none is about a person, and nothing was written anywhere else.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.cli.entry import COMMANDS
from outreach.home import Home
from outreach.services.holding import COLUMNS, kind_of
from outreach.services.program import Program
from outreach.store.engine import Connection, connect, writing
from outreach.web.app import make_app

pytestmark = pytest.mark.proof  # what is looked at is made by every command there is

TOKEN = "quartzmeadow"
"""A site's name that stands nowhere else on this computer."""
TODAY = date.today()

# Every column of the ledger, and why. A new one is argued for here: what does it say of a person, and when?
LEDGER = {
    "setting": {"key": "which setting", "value": "what the program says of itself on its cards"},
    "site": {"code": "stands in sheets", "name": "what the team calls it", "model": "how it is served"},
    "device": {"id": "tells laptops apart", "public_key": "checks their signatures"},
    "sheet": {
        "id": "hash of what was signed",
        "device": "whose order it is in",
        "seq": "place in that order; the only order kept",
        "prev": "the one before, so that none can be taken out",
        "program": "32 random digits",
        "kind": "session, stock, correction, import, fold",
        "site": "where",
        "day": "when, no finer",
        "model": "how it was served",
        "corrects": "the sheet it puts right",
        "encounters": "visits, of nobody in particular",
        "others": "others supplied for",
        "quarter_hours": "how long the team was out, not from when",
        "act": "what a stock sheet did",
        "sessions": "how many a fold stands for",
    },
    "signed": {"sheet": "which", "body": "the same once more, as signed", "signature": "of the laptop"},
    "line": {
        "sheet": "of which",
        "item": "what",
        "movement": "which way",
        "lot": "from which box",
        "funder": "who paid",
        "quantity": "how many",
    },
    "event": {"sheet": "of which", "event": "which kind", "quantity": "how many, never whose"},
    "lot": {"sheet": "of which", "item": "what", "lot": "which box", "expires": "the day printed on it"},
    "tombstone": {"sheet": "folded away", "fold": "into which", "device": "whose order", "seq": "place in it"},
    "release": {
        "id": "hash",
        "pack": "which report",
        "first": "its first day",
        "last": "its last day",
        "day": "the day it was marked as sent",
        "body": "what was sent",
    },
    "edition": {
        "kind": "the list of laptops, or what they share",
        "number": "how often it was changed",
        "body": "names of vans and their keys; the program's public files",
        "signer": "the coordinator's key",
        "signature": "of the coordinator's laptop",
    },
    "waiting": {
        "sheet": "which does not count",
        "device": "whose order it is in",
        "seq": "place in it",
        "why": "one of four words",
        "body": "the sheet as signed",
        "signature": "of the laptop",
    },
    "hello": {
        "device": "a laptop that asks to be let in",
        "public": "checks its signatures",
        "name": "of the van, never of a person",
        "recipient": "seals for it",
        "program": "32 random digits of before it joined",
        "coordinator": "checks what it would sign as a coordinator's laptop",
    },
    "kept": {"id": "hash", "body": "a sealed file of a newer version"},
    "elsewhere": {
        "device": "a laptop",
        "code": "stands in its sheets",
        "name": "what its team calls the site",
        "model": "how it is served",
        "same": "whether it is the one of that name here",
    },
    "last": {"device": "a laptop", "seq": "how many sheets it closed", "sheet": "the last one"},
    "_sqlite_migrations": {"id": "number", "migration_set": "ours", "name": "a step", "applied_at": "left empty"},
}
FILLED_BY_OTHERS = {"waiting", "hello", "kept", "elsewhere", "last"}
"""Tables that only files of other laptops fill; tests/services/test_merging.py."""
OPEN_SHEET = {
    "about": {"site": "where", "day": "which day", "model": "how it is served"},
    "cell": {"counter": "what", "quantity": "how many"},
    "tab": {"token": "16 random bytes of a browser tab", "n": "how many touches", "nonce": "of the last one"},
    "closing": {"sheet": "which closed sheet it is becoming"},
}
FILES = {
    r"outreach\.db(-journal)?": "the ledger",
    r"backups/[0-9-]+\.ledger": "a copy of it, named by its day",
    r"open/[0-9a-f]{32}\.db(-journal)?": "a sheet that is open",
    r"keys/open-[0-9a-f]{32}\.key": "its key, until it is closed",
    r"keys/(ledger|device)\.key": "the keys where there is no passphrase",
    r"keys/wrapped\.json": "the keys where there is one",
    r"token": "opens the staff pages",
    r"running": "the port of the server that runs",
    r"safety\.toml": "when it locks, how long days are kept",
    r"ballast": "room for a full disk",
    r"(phones|events|tally|stock|funders|weighing|alerts|supplies|printers|law-checks|participation|review)\.toml": (
        "the program's own choices and texts"
    ),
    r"returns\.toml": "the county of each site, and the department's public key",
    r"(topics|packs|printables|locales|sounds)/.+": "the program's own texts, cards and recordings",
    r"edition": "the number of what was taken last of what a coordinator shares",
    r"replaced/.+": "what this laptop had changed by itself before a coordinator's version came",
}
CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):[0-5]\d(?![\d:]*[0-9a-f]{4})|\dT\d\d")
EPOCH = re.compile(r"(?<![\w.-])[12]\d{9}(\d{3}|\d{6}|\d{9})?(?![\w.-])")


def as_time(value: object) -> bool:
    """Whether a value reads as a time finer than a day."""
    if isinstance(value, int):
        return bool(EPOCH.fullmatch(str(value)))
    return isinstance(value, str) and bool(CLOCK.search(value) or EPOCH.search(value))


@dataclass
class Lived:
    """A home in which everything was done, the folders beside it, and what its pages are called."""

    home: Path
    outside: Path
    """What stands in for the person's own folder, the one for temporary files, and the caches."""
    asked: set[str]
    titles: set[str]
    said: tuple[str, str]
    began: float

    def written_outside(self) -> list[str]:
        return sorted(each.relative_to(self.outside).as_posix() for each in self.outside.rglob("*") if each.is_file())


def paper(folder: Path, name: str, words: str) -> Path:
    (folder / name).write_text(words, encoding="utf-8")
    return folder / name


def steps(out: Path) -> Iterator[tuple[str | Path, ...]]:
    """What is typed, command by command; each is done."""
    day, old = TODAY.isoformat(), "2024-05-04"
    at = ("--site", TOKEN)
    yield ("sites", "add", TOKEN, "--name", f"{TOKEN} lot")
    yield ("settings", "program-name", "Night van")
    yield ("tally", *at, "--day", old, "cooker=9", "--encounters", "4", "--hours", "2.5")
    yield ("tally", *at, "--day", day, "naloxone-nasal=9", "--encounters", "4", "--others", "2")
    yield ("funders", "add", "county", "--kind", "samhsa")
    yield ("stock", "receive", "naloxone-im=40", *at, "--lot", "A1", "--expires", "2027-01-31", "--sure")
    yield ("stock", "count", "naloxone-im=39", *at, "--sure")
    yield ("stock", "discard", "naloxone-im=1", *at, "--sure")
    yield ("load", *at)
    yield ("report", "totals", "--period", day[:4], "--by", "day", "--format", "csv", "-o", out / "t.csv")
    yield ("report", "--pack", "utah-quarterly", "--period", f"{day[:4]}-Q1", "--format", "xlsx", "-o", out / "t.xlsx")
    yield ("report", "visits", "--period", day[:4], "--format", "pdf", "-o", out / "t.pdf")
    yield ("import", paper(out, "past.csv", f"day,site,item,quantity\n2023-05,{TOKEN},cooker,12\n"))
    yield ("fold", "--keep", "12")
    yield ("fold", "--yes")
    yield ("phones", "called", "safespot")
    yield ("phones", "note", "Closed on July 4")
    yield ("alert", "add", "--effect", "xylazine", "--todo", "breathe")
    yield ("law", "check", "CA", "--by", "Lawyer, Legal Aid North", "--day", day)
    yield (
        *("participation", "--state", "NC", "--statute", "N.C. Gen. Stat. 90-113.27", "--by", "Counsel", "--day", day),
        *("--wording", paper(out, "wording.txt", "Words of counsel.\n")),
    )
    six = ("--grid", "2", "5", "--label", "85mm", "54mm", "--origin", "15mm", "13.5mm")
    yield ("layouts", "add", "Wide cards", *six, "--pitch", "95mm", "54mm", "--paper", "a4")
    yield ("printers", "set", "office", "--x", "1mm")
    yield ("calibrate", "--layout", "5371", "-o", out / "ruler.pdf")
    yield ("print", "response", "--language", "en:2", "-o", out / "cards.pdf")
    yield ("guide", "overdose-response", "--format", "html")
    yield ("translate", "es", "--out", out / "words", "--first", "5")
    yield ("review", "--packet", "overdose-response", "--out", out / "packet.html")
    yield ("publish", out / "site", "--address", "https://example.org/guide/", "--language", "es")
    yield ("holds", "-o", out / "holds.pdf")
    words = paper(out, "backup-words.txt", "willow river lantern copper meadow saddle")
    yield ("backup", out / "carried.sealed", "--words-file", words)
    yield ("laptops", "invite", "Van 2", "-o", out / "van-2.join", "--qr", out / "van-2.svg")
    yield ("export", out / "office.tally")
    yield ("export", "--plain", out / "plain.db", "--yes")
    yield ("return", "--month", day[:7], "--plain", "--yes", out / "month.return")
    for each in ("cards", "languages", "items", "packs", "stock", "sounds", "clear", "check", "demo"):
        yield (each,)


NOT_HERE = {
    "serve": "the fixture's own server",
    "stick": "the same cards and pages as print and publish, a minute long",
    "monthly": "needs groups that a page switches on; tests/web/test_monthly.py",
    "passphrase": "done last, below",
    "restore": "makes another laptop of it; tests/cli/test_backup.py",
    "lock": "needs a passphrase and a server; tests/cli",
    "merge": "needs a second laptop; tests/services/test_merging.py",
    "hub": "keeps nothing in the home; tests/prove/test_hub_ledger.py",
}
"""Commands that are not typed above, and why."""


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, shell: Callable[..., Any], serve_all: Callable[..., Any], client: Any
) -> Lived:
    folder = tmp_path_factory.mktemp("inventory")
    home, outside, out = folder / "home", folder / "outside", folder / "out"
    places = {"HOME": "user", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data"}
    for each in (out, *(outside / name for name in places.values())):
        each.mkdir(parents=True)
    env = {name: str(outside / at) for name, at in places.items()} | {"PYTHONFAULTHANDLER": ""}
    run, asked, began = shell(home), set(), time.time()
    run.env = env
    for step in steps(out):
        ran = run(*step)
        # What there is to mend in the words is for other tests to say.
        assert ran.code == 0 or step == ("check",), (step, ran.out[-500:], ran.err)
        asked.add(str(step[0]))
    server = serve_all(home, env=env)
    staff = client(server).enter()
    titles = _walk(staff, home)
    # One sheet stays open, so that its own files are seen.
    for closes in (True, False):
        sheet = staff.open_sheet(site=TOKEN)
        tab = staff.tab(sheet)
        for n, counter in enumerate(("given:cooker", "encounters", "event:reversal"), 1):
            assert staff.tap(sheet, tab, n, counter).status == 200
        if closes:
            assert staff.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200
    grams = {"tare": "310", "hundred-1": "842", "hundred-2": "861", "hundred-3": "850", "day": TODAY.isoformat()}
    assert staff.post("/staff/en/weighing", grams).status == 200
    sent = {"period": f"{TODAY.year}-Q1", "site": "", "funder": ""}
    assert staff.post("/staff/en/reports/packs/utah-quarterly/sent", sent).status == 200
    said = server.stop()
    return Lived(home, outside, asked, titles, said, began)


def _walk(staff: Any, home: Path) -> set[str]:
    """Every staff page that needs no more than a language; the titles that tabs would show."""
    app = make_app(Program(Home(home)), "token")
    titles: set[str] = set()
    for rule in app.url_map.iter_rules():
        if rule.arguments == {"tag"} and "GET" in (rule.methods or set()) and rule.rule.startswith("/staff/"):
            answer = staff.get(rule.rule.replace("<tag>", "en"))
            assert answer.status in (200, 404, 422), (rule.rule, answer.status)
            titles |= set(re.findall(r"<title>([^<]*)</title>", answer.text))
    return titles


def columns(connection: Connection) -> dict[str, list[str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables}


def odd_values(connection: Connection) -> list[tuple[str, str, object]]:
    """Every value that reads as a time finer than a day, and every column of a type that holds one."""
    odd: list[tuple[str, str, object]] = []
    for table, names in columns(connection).items():
        types = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
        odd += [(table, name, kind) for name, kind in types.items() if re.search("TIME|DATE|REAL|NUM", kind)]
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608
            odd += [(table, name, value) for name, value in zip(names, row, strict=True) if as_time(value)]
    return odd


def ledger_of(home: Path) -> Connection:
    return connect(Home(home).ledger, Home(home).ledger_key.read_bytes())


def test_every_command_was_typed_or_has_a_reason(lived: Lived) -> None:
    """The list above keeps up with what the program can do."""
    assert set(COMMANDS) - lived.asked - set(NOT_HERE) == set()
    assert set(NOT_HERE) & lived.asked == set()


def test_every_table_and_column_is_on_the_list(lived: Lived) -> None:
    """The ledger and an open sheet have these columns and no others, and the page that tells them knows the same."""
    with closing(ledger_of(lived.home)) as connection:
        found = columns(connection)
        rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in found}  # noqa: S608
    assert found == {table: list(each) for table, each in LEDGER.items()}
    assert {table: list(each) for table, each in COLUMNS.items()} == found
    assert {table for table, n in rows.items() if not n} == FILLED_BY_OTHERS, "the control: all else was used"
    (sheet,) = (lived.home / "open").glob("*.db")
    key = lived.home / "keys" / f"open-{sheet.stem}.key"
    with closing(connect(sheet, key.read_bytes())) as connection:
        assert columns(connection) == {table: list(each) for table, each in OPEN_SHEET.items()}
        assert odd_values(connection) == []


def test_no_value_is_finer_than_a_day(lived: Lived) -> None:
    """No column of a time, no clock time and no seconds since 1970 in any value of the ledger or any file in clear."""
    with closing(ledger_of(lived.home)) as connection:
        assert odd_values(connection) == []
        with pytest.raises(ZeroDivisionError), writing(connection):
            # The control: planted, each is found; and taken back.
            connection.execute("INSERT INTO setting VALUES ('program-name-2', 'opened at 14:05')")
            connection.execute("INSERT INTO setting VALUES ('program-name-3', '2026-11-20T09')")
            connection.execute("UPDATE sheet SET others = 1790000000")
            connection.execute("CREATE TABLE planted (at DATETIME)")
            assert {each[2] for each in odd_values(connection)} == {
                *("opened at 14:05", "2026-11-20T09", 1790000000, "DATETIME"),
            }
            raise ZeroDivisionError
    texts = {each: each.read_text(encoding="utf-8") for each in lived.home.rglob("*.toml")}
    assert len(texts) > 5 and [each.name for each, text in texts.items() if as_time(text)] == []


def test_every_file_is_on_the_list(lived: Lived) -> None:
    """Nothing else lies in the home, all of it is its owner's, and the page that tells them knows each."""
    found = sorted(each.relative_to(lived.home).as_posix() for each in lived.home.rglob("*") if each.is_file())
    assert len(found) > 15, found
    assert [each for each in (*found, "names.txt") if not any(re.fullmatch(p, each) for p in FILES)] == ["names.txt"]
    assert [each for each in (*found, "names.txt") if kind_of(each) is None] == ["names.txt"]
    if os.name != "nt":
        assert stat.S_IMODE(lived.home.stat().st_mode) == 0o700


def test_nothing_is_written_anywhere_else(lived: Lived) -> None:
    """No log, cache, temporary file or crash dump: not in the person's folder, not where temporary files go.

    The control: a file planted in each place is found, by its place or by the site's name in it.
    """
    assert lived.written_outside() == []
    shared = [Path(each) for each in ("/tmp", "/dev/shm", "/var/tmp") if Path(each).is_dir()]
    assert _saying(shared, lived) == []
    planted = [lived.outside / "cache" / "x.log", *(each / f"outreach-planted-{os.getpid()}" for each in shared)]
    try:
        for each in planted:
            each.write_text(f"at {TOKEN} lot", encoding="utf-8")
        assert lived.written_outside() == ["cache/x.log"]
        assert _saying(shared, lived) == planted[1:]
    finally:
        for each in planted:
            each.unlink()


def _saying(folders: list[Path], lived: Lived) -> list[Path]:
    """Files that are newer than the run and say the site's name, at the top of these folders."""
    found = []
    for folder in folders:
        for each in folder.iterdir():
            try:
                seen = each.lstat()
                new = stat.S_ISREG(seen.st_mode) and seen.st_mtime >= lived.began and seen.st_size < 50_000_000
                if TOKEN in each.name or (new and TOKEN.encode() in each.read_bytes()):
                    found.append(each)
            except OSError:
                continue
    return found


def test_a_tab_and_a_terminal_say_nothing(lived: Lived) -> None:
    """Titles name no site, program, day or number; the server prints nothing after its opening lines."""
    said = " ".join(lived.titles)
    assert "Outreach" in lived.titles and len(lived.titles) > 20, "the control: pages with titles of their own"
    assert not re.search(rf"\d|{TOKEN}|Night van", said), said
    assert lived.said[1] == "" and set(lived.said[0].splitlines()) <= {"Stop it with Ctrl+C."}


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the system does not tell its limits")
def test_a_crash_leaves_no_picture_of_memory(serve_all: Callable[..., Any], tmp_path: Path) -> None:
    """No core file is written of a crash, and no fault handler is on. The control: this process may write one."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard == 0:
        pytest.skip("no process may write core files here")
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        # Started by this process, whose limits it is to have.
        server = serve_all(tmp_path / "home", command=(sys.executable, "-P", "-m", "outreach"))
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    process = server.process
    assert process is not None
    limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
    assert re.search(r"Max core file size +0 ", limits), limits


def test_with_a_passphrase_the_same_files_are_there(lived: Lived, shell: Callable[..., Any], tmp_path: Path) -> None:
    """Setting one adds its file, takes the two keys away, and leaves nothing else; no site's name is in clear."""
    words = paper(tmp_path, "words.txt", "willow river lantern copper meadow saddle")
    assert shell(lived.home)("passphrase", "set", "--new-words-file", words).code == 0

    found = sorted(each.relative_to(lived.home).as_posix() for each in lived.home.rglob("*") if each.is_file())
    assert [each for each in found if not any(re.fullmatch(p, each) for p in FILES)] == []
    assert "keys/wrapped.json" in found and "keys/ledger.key" not in found
    content = b"".join((lived.home / each).read_bytes() for each in found)
    assert TOKEN.encode() not in content and b"Lawyer, Legal Aid North" in content, "the control: what is public"
