"""Programs' ledgers on one PostgreSQL: exact under eight uploaders and five crashes, each role alone with its rows.

The installed package, as who runs a hub uses it; the server is Debian's own, started here by a user who is not root.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from outreach.carry.bundles import Bundle, Signed, write
from outreach.carry.keys import signing_key
from outreach.carry.sealing import recipient
from outreach.cli.entry import outreach as command
from outreach.core.roll import Laptop
from outreach.core.sheets import ClosedSheet, Kind, Movement, ServiceModel, SheetId, SiteCode, sorted_lines
from outreach.home import Home
from outreach.services import laptops, rolls
from outreach.services.hub import HubProgram
from outreach.services.program import Program
from tests.prove.uploads import CRASHES, through_crashes, wait_in_a_circle

PROGRAMS, BUNDLES, SHEETS = 200, 3, 60
ITEMS = ("cooker", "filter", "foil-sheet", "naloxone-nasal", "sterile-water", "syringe-1ml", "tourniquet")
LEDGER = ("sheet", "line", "event", "lot", "signed", "waiting", "tombstone", "setting", "site", "device", "release")

# Takes addresses, homes and files on lines, merges each until the hub says that it has it, and says so then.
UPLOADER = """
import sys, time
from pathlib import Path
from outreach.home import Home
from outreach.services import exchange
from outreach.services.hub import HubProgram

for line in sys.stdin:
    address, home, file = line.rstrip("\\n").split("\\t")
    while True:
        program = HubProgram(Home(Path(home)), address)
        try:
            (done,) = exchange.merge(program, [(file, Path(file).read_bytes())])
            refusal = done.refusal
            program.ledger().close()
        except Exception as problem:
            refusal = problem
        if refusal is None:
            print("done", file, done.new, done.already, sum(done.waiting.values()), sep="\\t", flush=True)
            break
        print("again", file, type(refusal).__name__, sep="\\t", flush=True)
        time.sleep(0.25)  # asked without a pause, a server that starts has no time to
"""


class Sender:
    """A program, its laptop that sends, and its hub's laptop that takes."""

    def __init__(self, cluster: Any, folder: Path, n: int) -> None:
        self.role, self.draw = f"program-{n}", random.Random(n)
        self.address, self.home = cluster.address(self.role), folder / self.role
        self.counts: Counter[str] = Counter()
        self.files: dict[str, list[str]] = {}
        hub = HubProgram(Home(self.home), self.address)
        laptops.found(hub, "Hub")
        secret = self.draw.randbytes(32)
        self.key = signing_key(secret)
        van = Laptop(self.key.device, self.key.public, "Van", recipient(secret))
        rolls.change(hub, lambda now: replace(now, laptops=(*now.laptops, van)))
        program, to = hub.program_id(), rolls.own_recipient(hub)
        hub.ledger().close()
        prev: SheetId | None = None
        for b in range(BUNDLES):
            signed = []
            for seq in range(b * SHEETS + 1, (b + 1) * SHEETS + 1):
                sheet = self.sheet(program, seq, prev)
                prev = sheet.id
                signed.append(Signed(sheet.canonical(), self.key.sign(sheet.canonical())))
            file = folder / f"{self.role}-{b}.tally"
            bundle = Bundle(
                program, self.key.device, self.key.public, tuple(signed), {self.key.device: self.key.public}
            )
            file.write_bytes(write(bundle, self.key.sign, [to]))
            self.files[str(file)] = [each.id for each in signed]

    def sheet(self, program: str, seq: int, prev: SheetId | None) -> ClosedSheet:
        given = {(item, Movement.GIVEN): self.draw.randrange(60) for item in self.draw.sample(ITEMS, 4)}
        for (item, _), many in given.items():
            self.counts[item] += many
        return ClosedSheet(
            program=program,
            device=self.key.device,
            seq=seq,
            prev=prev,
            kind=Kind.TALLY,
            site=SiteCode("outreach"),
            day=date(2025, 1, 1) + timedelta(days=seq),
            model=ServiceModel.STREET,
            lines=sorted_lines(given),
            encounters=self.draw.randrange(40),
        )


@pytest.fixture(scope="module")
def senders(hub: Any, tmp_path_factory: pytest.TempPathFactory, shell: Callable[..., Any]) -> list[Sender]:
    """The programs, each with a role, a roll and sheets to send."""
    folder = tmp_path_factory.mktemp("senders")
    named = [word for n in range(PROGRAMS) for word in ("--program", f"program-{n}")]
    made = shell(folder / "nobody")(
        "hub", "init", "--no-password", "--database", hub.address(), *named, "--department", "state"
    )
    assert made.code == 0 and made.out.count("Made the role") == PROGRAMS + 1, made.err
    return [Sender(hub, folder, n) for n in range(PROGRAMS)]


@pytest.fixture(scope="module")
def sent(hub: Any, senders: list[Sender]) -> Counter[str]:
    """Everything sent twice, in no order, by eight at once, while the server crashes five times."""
    jobs = [f"{each.address}\t{each.home}\t{file}" for each in senders for file in each.files] * 2
    random.Random(7).shuffle(jobs)
    ids = {file: made for each in senders for file, made in each.files.items()}
    told, done = Counter[str](), set[str]()
    told["log"] = (hub.folder / "log").stat().st_size  # other proofs may have the same cluster, and their own deadlock

    def said(answer: list[str]) -> None:
        file, (new, already, waiting) = answer[0], map(int, answer[1:])
        assert new + already == SHEETS and waiting == 0, answer
        done.add(file)
        told["new"] += new

    def crashed() -> None:
        there = {sheet for (sheet,) in hub.ask("SELECT id FROM outreach.sheet")}
        told["lost"] += sum(sheet not in there for each in done for sheet in ids[each])

    told.update(through_crashes(hub, UPLOADER, jobs, said, crashed))
    print(dict(told))
    return told


def test_nothing_is_lost_and_nothing_counts_twice(hub: Any, senders: list[Sender], sent: Counter[str]) -> None:
    """36,000 sheets sent twice: every total is that of a recount, also after five crashes."""
    assert sent["crashes"] == CRASHES and sent["again"] > 0, "the control: uploads were cut off and sent again"
    assert sent["lost"] == 0
    many = PROGRAMS * BUNDLES * SHEETS
    assert hub.ask("SELECT count(*), count(DISTINCT id) FROM outreach.sheet") == [(many, many)]
    # A crash may swallow the answer to what was saved: then the second sending finds it there.
    assert many - sent["again"] * SHEETS <= sent["new"] <= many
    for each in senders:
        program = HubProgram(Home(each.home), each.address)
        sums = program.ledger().sums.lines(grain="all")
        assert {line.item: line.quantity for line in sums} == each.counts
        program.ledger().close()
    every = sum((each.counts for each in senders), Counter())
    assert dict(hub.ask("SELECT item, sum(quantity)::int FROM outreach.line GROUP BY item")) == every
    assert HubProgram(Home(senders[0].home), senders[0].address).ledger().verify() == BUNDLES * SHEETS


def test_nobody_waited_in_a_circle(hub: Any, sent: Counter[str]) -> None:
    """The server's own record names no deadlock. The control: one that is made on purpose is named there."""

    def record() -> str:
        return str((hub.folder / "log").read_bytes()[sent["log"] :].decode("utf-8"))

    assert "deadlock detected" not in record()
    wait_in_a_circle(hub)
    assert "deadlock detected" in record()


def test_what_was_not_waited_for_is_lost(hub: Any, sent: Counter[str]) -> None:
    """The control of the crashes: what a server answers before it is on disk does not outlive one."""
    hub.ask("CREATE TABLE public.hasty (n INTEGER)")
    hub.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    hub.ask("ALTER SYSTEM SET synchronous_commit = off")
    hub.ask("SELECT pg_reload_conf()")
    hub.ask("CHECKPOINT")
    lost = 0
    for n in range(5):
        hub.ask(f"INSERT INTO public.hasty VALUES ({n})")
        hub.crash()
        hub.start()
        lost += hub.ask(f"SELECT count(*) FROM public.hasty WHERE n = {n}") == [(0,)]
    try:
        assert lost > 0
        # And a ledger on the same server keeps its word.
        connection = psycopg.connect(hub.address())
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("off",)
        connection.close()
        from outreach.store.postgres.connection import Served

        ours = Served(hub.address())
        with ours.reading():
            assert ours.execute("SHOW synchronous_commit").fetchone() == ("on",)
        ours.close()
    finally:
        hub.ask("ALTER SYSTEM RESET ALL")
        hub.ask("SELECT pg_reload_conf()")


def test_a_role_is_alone_with_its_rows(hub: Any, senders: list[Sender], sent: Counter[str]) -> None:
    """A program reads, changes and adds no row of another, by whatever question. The control: who runs it sees them."""
    own, other = senders[3], senders[4]
    for table in LEDGER:
        owners = {role for (role,) in hub.ask(f"SELECT DISTINCT owner FROM outreach.{table}", own.role)}
        assert owners <= {own.role}, table
        foreign = f"SELECT count(*) FROM outreach.{table} WHERE owner = '{other.role}'"
        assert hub.ask(foreign, own.role) == [(0,)]
        if table in ("sheet", "line", "signed", "setting", "site", "device"):
            assert hub.ask(foreign)[0][0] > 0, "the control"
            assert owners == {own.role}, "the control"
    assert hub.ask("UPDATE outreach.line SET quantity = 0 WHERE owner <> current_user RETURNING 1", own.role) == []
    assert hub.ask("DELETE FROM outreach.sheet WHERE owner <> current_user RETURNING 1", own.role) == []
    refused = (
        f"INSERT INTO outreach.setting (key, value, owner) VALUES ('program-name', 'x', '{other.role}')",
        f"UPDATE outreach.site SET owner = '{other.role}'",
        f'SET ROLE "{other.role}"',
        "ALTER TABLE outreach.sheet DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON outreach.sheet",
        "CREATE TABLE outreach.mine (n INTEGER)",
        "TRUNCATE outreach.sheet",
    )
    for each in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            hub.ask(each, own.role)
    sums = {
        line.item: line.quantity
        for line in HubProgram(Home(other.home), other.address).ledger().sums.lines(grain="all")
    }
    assert sums == other.counts


def test_a_department_reads_no_sheet(hub: Any, senders: list[Sender], sent: Counter[str]) -> None:
    """The department's role may read no table of a ledger. The control: it may read what was made of the hub."""
    for table in LEDGER:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            hub.ask(f"SELECT count(*) FROM outreach.{table}", "state")
    assert hub.ask("SELECT count(*) FROM outreach.step", "state")[0][0] > 3


# --- the same reports from both ---


def asked() -> list[list[str]]:
    """Every report and pack, in every form that is text; packs of last year, because a public one waits for its end."""
    year = (date.today() - timedelta(days=1)).year
    named = [[name, "--period", str(year), *more] for name in ("totals", "visits") for more in _groups()]
    packs = json.loads(CliRunner().invoke(command, ["packs", "--format", "json"]).output)
    before = str(year - 1)
    quarters = [f"{before}-Q{n}" for n in (1, 2, 3, 4)]
    packed = [
        ["--pack", each["pack"], "--period", period]
        for each in packs
        for period in (quarters if each["period"] == "quarter" else [before])
    ]
    assert len(packed) >= 3
    return [[*each, "--format", form] for each in named + packed for form in ("text", "csv", "json")]


def _groups() -> list[list[str]]:
    by = [[], ["--by", "site"], ["--by", "month"], ["--by", "day"], ["--by", "site", "--by", "month"]]
    return [*by, ["--site", "outreach", "--by", "month"]]


def said(home: Path, words: list[str]) -> str:
    ran = CliRunner().invoke(command, ["--home", str(home), *words])
    assert ran.exit_code == 0, (words, ran.output, ran.exception)
    return ran.output


def differing(van: Path, at: Path) -> list[list[str]]:
    return [each for each in asked() if said(van, ["report", *each]) != said(at, ["hub", "report", *each])]


def test_a_hub_reports_what_the_laptop_reports(
    hub: Any, tmp_path: Path, shell: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year with stock, corrections and folds: every report is the same, word for word.

    The control: after one more sheet on the laptop they differ, until it is carried over.
    """
    monkeypatch.setenv("OUTREACH_HUB", hub.address("night-van"))
    at, van = tmp_path / "hub", tmp_path / "van-demo"
    done = shell(at)("hub", "init", "--no-password", "--database", hub.address(), "--program", "night-van")
    assert done.code == 0, done.err
    said(tmp_path / "van", ["demo", "--years", "2"])
    (tmp_path / "hub.join").write_text(laptops.invite(Program(Home(van)), "Hub"))
    said(at, ["hub", "join", str(tmp_path / "hub.join")])
    said(at, ["hub", "export", str(tmp_path / "hub.tally")])
    said(van, ["merge", str(tmp_path / "hub.tally")])
    laptops.accept(Program(Home(van)), "Hub")

    def carry() -> None:
        file = tmp_path / "van.tally"
        said(van, ["export", str(file)])
        said(at, ["hub", "merge", str(file)])
        assert "new sheets: 0" in said(at, ["hub", "merge", str(file)])

    carry()
    assert differing(van, at) == []
    month = ["report", "totals", "--period", f"{date.today() - timedelta(days=1):%Y}", "--by", "month"]
    laptop, there = shell(van)(*month), shell(at)("hub", *month)
    assert laptop.out == there.out and "naloxone" in there.out and there.code == 0, "as two commands, too"

    yesterday = (date.today() - timedelta(days=1)).isoformat()
    said(van, ["tally", "--site", "outreach", "--day", yesterday, "cooker=7", "--encounters", "3", "--again"])
    assert differing(van, at) != [], "the control"
    said(van, ["fold", "--keep", "6"])
    said(van, ["fold", "--yes"])
    carry()
    assert differing(van, at) == []
    folded = Program(Home(van)).ledger()
    theirs = HubProgram(Home(at), hub.address("night-van")).ledger()
    assert folded.sums.last_folded() is not None, "the control: there was something to fold"
    assert theirs.digest() == folded.digest() and theirs.verify() == folded.count()
