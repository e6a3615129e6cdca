"""Programs' returns on one PostgreSQL: exact under eight uploaders and five crashes, each program alone with its own.

The installed package, as a department uses it; the server is Debian's own, started here by a user who is not root. What
the numbers add up to is worked out anew here, from the numbers as they were drawn.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from outreach.carry import month_returns
from outreach.carry.keys import coordinator_key
from outreach.core.month_return import By, MonthReturn, Total, digits, from_canonical
from outreach.home import Home
from outreach.services.hub_desk import Desk
from outreach.services.hub_returns import Department, department
from outreach.services.program import Program
from outreach.store.postgres.opening import served
from outreach.store.postgres.reporters import Reporters
from outreach.store.postgres.returns_tables import TABLES
from tests.conftest import COMMAND, Shell
from tests.prove.uploads import CRASHES, through_crashes, wait_in_a_circle

PROGRAMS, LATER, COMMANDS, MOST = 200, 10, 8, 40
"""How many programs, one in how many returns has a later edition, how many times the command itself, files a time."""
MONTHS = tuple(f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13))
PERIOD = ("--from", "2023-01-01", "--to", "2025-12-31")
REGIONS = ("Coast", "Hills", "Plains")
ITEMS = ("cooker", "filter", "foil-sheet", "naloxone-nasal", "sterile-water", "syringe-1ml")
KIT, OWN, NAMELESS = "kit-naloxone-nasal", "long-tie", "sticker"
"""A kit; what programs call their own way, and do not mean the same; what nobody names a shared item for."""
DATABASE, DESKS = "all-returns", ("health-desk", "data-desk")
NEW = 20
"""Programs that no one had said yes to when their returns began to come."""

# Takes addresses, homes and files on lines, as `outreach hub merge` does it or by that command, until the hub has them.
UPLOADER = f"""
import os, subprocess, sys, time
from datetime import date
from pathlib import Path
from outreach.home import Home
from outreach.services import hub_returns
from outreach.services.hub import HubProgram

def by_service(address, home, files):
    program = HubProgram(Home(Path(home)), address)
    returns, others = hub_returns.parted(program, [Path(each) for each in files])
    assert not others, others
    with hub_returns.department(program, program.address) as desk:
        done = desk.take_in(returns, date.today())
    assert not any(each.refusal for each in done), done
    return [each.took.is_new for each in done]

def by_command(address, home, files):
    ran = subprocess.run([{str(COMMAND)!r}, "--home", home, "hub", "merge", *files], capture_output=True, text=True,
        env=os.environ | {{"OUTREACH_HUB": address}})
    if ran.returncode or ran.stderr:
        raise OSError(ran.stderr)
    return ["here already" not in line for line in ran.stdout.splitlines()]

for line in sys.stdin:
    job, how, address, home, *files = line.rstrip("\\n").split("\\t")
    while True:
        try:
            new = (by_command if how == "command" else by_service)(address, home, files)
        except Exception as problem:
            print("again", job, type(problem).__name__, sep="\\t", flush=True)
            time.sleep(0.25)  # asked without a pause, a server that starts has no time to
        else:
            print("done", job, how, len(new), sum(new), sep="\\t", flush=True)
            break
"""

Key = tuple[str, str, str]
"""Place, way and item."""
Slot = tuple[str, str]
"""Program and month."""


@dataclass
class Sent:
    """A return: its numbers as they were drawn, and the file that holds them."""

    code: str
    month: str
    edition: int
    numbers: dict[Key, int]
    id: str
    file: Path


class Sender:
    """A program that reports, and its three years. One in five has a role of its own send its files, readable ones."""

    def __init__(self, n: int, folder: Path, recipient: str) -> None:
        self.n, self.code, self.draw = n, f"sender-{n}", random.Random(n)
        self.region = REGIONS[n % len(REGIONS)]
        self.means = ("tourniquet", "foil-sheet")[n % 2]
        self.sends_itself = n % 5 == 0
        self.key = coordinator_key(self.draw.randbytes(32))
        self.name = self.draw.randbytes(16).hex()
        self.recipient = "" if self.sends_itself else recipient
        self.sent: list[Sent] = []
        for month in MONTHS:
            numbers = self.drawn()
            self.sent.append(self.written(folder, month, 1, numbers))
            if self.draw.randrange(LATER) == 0:
                self.sent.append(self.written(folder, month, 2, self.changed(numbers)))

    def drawn(self) -> dict[Key, int]:
        said = [("given", item) for item in self.draw.sample(ITEMS, 2)]
        said += [("given", OWN), ("visits", "sessions"), ("visits", "encounters"), ("returned", "syringe-1ml")]
        places = [("north", *each) for each in (*said, ("given", NAMELESS), ("kits", KIT), ("event", "reversal"))]
        places += [("south", *each) for each in said[:-1]]
        return {key: self.draw.randrange(1, 900) for key in places}

    def changed(self, numbers: dict[Key, int]) -> dict[Key, int]:
        """One number gone, one more, one place added, the others as they were."""
        gone, more = self.draw.sample(sorted(numbers), 2)
        kept = {key: quantity for key, quantity in numbers.items() if key != gone}
        return kept | {more: numbers[more] + self.draw.randrange(1, 90), ("east", "given", "cooker"): 7}

    def written(self, folder: Path, month: str, edition: int, numbers: dict[Key, int]) -> Sent:
        totals = tuple(Total(*key, quantity) for key, quantity in sorted(numbers.items()))
        made = MonthReturn(self.name, self.code, month, By.SITE, edition, totals)
        signed = month_returns.sign(made, self.key)
        file = folder / f"{self.code}-{month}-{edition}.return"
        file.write_bytes(month_returns.sealed(signed, self.recipient) if self.recipient else signed.content)
        return Sent(self.code, month, edition, numbers, made.id, file)


@dataclass
class State:
    """The department: its server, its home, and who reports to it."""

    hub: Any
    shell: Shell
    senders: list[Sender] = field(default_factory=list)

    def address(self, role: str = DESKS[0]) -> str:
        return str(self.hub.address(role, DATABASE))

    def ask(self, question: str, role: str = "postgres") -> list[tuple[Any, ...]]:
        return list(self.hub.ask(question, role, DATABASE))

    @property
    def program(self) -> Program:
        return Program(Home(self.shell.home))

    @property
    def every(self) -> list[Sent]:
        return [each for sender in self.senders for each in sender.sent]


# --- what the numbers add up to, from the numbers as they were drawn ---


def that_count(sent: Iterable[Sent]) -> dict[Slot, Sent]:
    found: dict[Slot, Sent] = {}
    for each in sent:
        other = found.get((each.code, each.month))
        if other is None or each.edition > other.edition:
            found[each.code, each.month] = each
    return found


def by_place(sent: Iterable[Sent]) -> dict[tuple[str, ...], int]:
    return {
        (*slot, *key): quantity for slot, each in that_count(sent).items() for key, quantity in each.numbers.items()
    }


def without_places(places: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    sums: Counter[tuple[str, ...]] = Counter()
    for (code, month, _, way, item), quantity in places.items():
        sums[code, month, way, item] += quantity
    return dict(sums)


def state_totals(state: State, group: Callable[[Sender, str], str]) -> dict[tuple[str, ...], int]:
    """By group, item and movement, in shared items, as a state report has it: whole kits are given, too."""
    senders, sums = {each.code: each for each in state.senders}, Counter[tuple[str, ...]]()
    for (code, month, way, item), quantity in without_places(by_place(state.every)).items():
        if way in ("given", "returned", "kits") and item != NAMELESS:
            shared = senders[code].means if item == OWN else item
            sums[group(senders[code], month), shared, "given" if way == "kits" else way] += quantity
    return dict(sums)


def state_visits(state: State, group: Callable[[Sender, str], str]) -> dict[str, tuple[int, int]]:
    senders, sums = {each.code: each for each in state.senders}, Counter[tuple[str, str]]()
    for (code, month, way, item), quantity in without_places(by_place(state.every)).items():
        if way == "visits":
            sums[group(senders[code], month), item] += quantity
    return {at: (sums[at, "sessions"], sums[at, "encounters"]) for at, _ in sums}


# --- what the hub says ---


@dataclass
class Held:
    """What is on the hub in one moment."""

    ids: set[str]
    known: set[str]
    places: dict[tuple[str, ...], int]
    months: dict[tuple[str, ...], int]

    def differs(self, sent: Iterable[Sent]) -> set[tuple[str, ...]]:
        """Where totals are not those of the returns that are here, counted again."""
        places = by_place(each for each in sent if each.id in self.known)
        return _unlike(places, self.places) | _unlike(without_places(places), self.months)


def _unlike(one: dict[Any, Any], other: dict[Any, Any]) -> set[Any]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def held(state: State) -> Held:
    with psycopg.connect(state.address("postgres"), options="-c search_path=outreach") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        returns = connection.execute("SELECT id, code IS NOT NULL FROM month_return").fetchall()
        places = connection.execute("SELECT code, month, place, way, item, quantity FROM month_total").fetchall()
        months = connection.execute("SELECT code, month, way, item, quantity FROM month_rollup").fetchall()
    return Held(
        {id_ for id_, _ in returns},
        {id_ for id_, is_known in returns if is_known},
        {row[:-1]: row[-1] for row in places},
        {row[:-1]: row[-1] for row in months},
    )


GROUPS: dict[str, Callable[[Sender, str], str]] = {
    "": lambda sender, month: "",
    "program": lambda sender, month: sender.code,
    "region": lambda sender, month: sender.region,
    "month": lambda sender, month: month,
}


def report_differs(state: State, by: str) -> set[Any]:
    """Where `outreach hub report --state` is not the recount, in its totals or its visits."""
    split = ["--by", by] if by else []
    asked = ("hub", "report", "--state", *PERIOD, *split, "--format", "json")
    totals, visits = (state.shell.json(*asked[:2], name, *asked[2:])["rows"] for name in ("totals", "visits"))
    said = {(row.get(by, ""), row["item"], row["movement"]): row["quantity"] for row in totals}
    seen = {row.get(by, ""): (row["sessions"], row["encounters"]) for row in visits}
    assert len(said) == len(totals) and len(seen) == len(visits)
    return _unlike(state_totals(state, GROUPS[by]), said) | _unlike(state_visits(state, GROUPS[by]), seen)


# --- all of it sent ---


@pytest.fixture(scope="module")
def state(cluster: Any, tmp_path_factory: pytest.TempPathFactory, shell: Callable[[Path], Shell]) -> State:
    """A department whose programs, but for the last few, it knows; half of them with what they call their own named."""
    folder = tmp_path_factory.mktemp("returns")
    made = State(cluster, shell(folder / "department"))
    made.shell.env["OUTREACH_HUB"] = made.address()
    named = [word for n in range(PROGRAMS) for word in ("--program", f"sender-{n}")]
    desks = [word for desk in DESKS for word in ("--department", desk)]
    done = made.shell("hub", "init", "--no-password", "--database", cluster.database(DATABASE), *named, *desks)
    assert done.code == 0 and done.out.count("Made the role") == PROGRAMS + len(DESKS), done.err
    key = json.loads(made.shell("hub", "key").out.split(" = ")[1])
    made.senders += [Sender(n, folder, key) for n in range(PROGRAMS)]
    known = made.senders[:-NEW]
    with department(made.program, made.address()) as desk:
        desk.take_in([(each.sent[0].file.name, each.sent[0].file.read_bytes()) for each in known], date.today())
        for each in known:
            assert desk.accept(digits(each.key.public), each.code, each.region) == 1
        _name(desk, made.senders[: PROGRAMS // 2])
    return made


def _name(desk: Department, senders: list[Sender]) -> None:
    for each in senders:
        if each.code in {known.code for known in desk.reporters.all()}:
            desk.share(each.code, OWN, each.means)


def jobs_of(state: State) -> tuple[list[str], list[list[str]]]:
    """Every file twice, a few or many at a time, in no order, from a program's own role or one of the department's."""
    draw, jobs, ids = random.Random(7), list[str](), list[list[str]]()
    own_home = state.shell.home.with_name("programs")
    assert Program(Home(own_home)).keyring.device_key()

    def add(sent: list[Sent], role: str | None) -> None:
        draw.shuffle(sent)
        while sent:
            now, sent = sent[: (many := draw.randint(1, MOST))], sent[many:]
            home = own_home if role else state.shell.home
            address = state.address(role or draw.choice(DESKS))
            jobs.append("\t".join([address, str(home), *(str(each.file) for each in now)]))
            ids.append([each.id for each in now])

    add(list(state.every), None)
    add([each for sender in state.senders if not sender.sends_itself for each in sender.sent], None)
    for sender in state.senders:
        if sender.sends_itself:
            add(list(sender.sent), sender.code)
    order = draw.sample(range(len(jobs)), len(jobs))
    told = [f"{job}\t{'command' if job < COMMANDS else 'service'}\t{jobs[n]}" for job, n in enumerate(order)]
    draw.shuffle(told)
    return told, [ids[n] for n in order]


@pytest.fixture(scope="module")
def sent(state: State) -> Counter[str]:
    """Everything sent twice, in no order, by eight at once, while the server crashes five times."""
    jobs, ids = jobs_of(state)
    told, acknowledged = Counter[str](), set[str]()
    new = state.senders[-NEW:]
    log = state.hub.folder / "log"
    before = log.stat().st_size

    def done(answer: list[str]) -> None:
        job, how, many, fresh = answer
        assert int(many) == len(ids[int(job)])
        acknowledged.update(ids[int(job)])
        told["files"] += int(many)
        told["new"] += int(fresh)
        told[f"by {how}"] += 1

    def crashed() -> None:
        now = held(state)
        told["lost"] += len(acknowledged - now.ids)
        told["wrong"] += len(now.differs(state.every))
        told["checked"] += len(now.months)
        with department(state.program, state.address()) as desk:
            for each in new[: NEW // CRASHES]:  # a yes, while the others go on sending
                told["waited"] += desk.accept(digits(each.key.public), each.code, each.region)
            del new[: NEW // CRASHES]

    told.update(through_crashes(state.hub, UPLOADER, jobs, done, crashed))
    with department(state.program, state.address()) as desk:
        told["still waiting"] = len(desk.returns.waiting())
        _name(desk, state.senders)
    told["jobs"], told["log"] = len(jobs), before
    print(dict(told))
    return told


def test_nothing_is_lost_and_nothing_counts_twice(state: State, sent: Counter[str]) -> None:
    """7,200 months and their later editions, sent twice: each total is that of a recount, also at each crash."""
    assert sent["crashes"] == CRASHES and sent["again"] > 0, "the control: uploads were cut off and sent again"
    assert sent["lost"] == 0 and sent["wrong"] == 0 and sent["checked"] > 0
    assert sent["files"] == 2 * len(state.every) and sent["by command"] == COMMANDS
    assert sent["waited"] > 0 and sent["still waiting"] == 0
    now = held(state)
    assert now.known == now.ids == {each.id for each in state.every}
    assert state.ask("SELECT count(*) FROM outreach.month_return") == [(len(state.every),)]
    assert now.differs(state.every) == set()
    assert len({key[:2] for key in now.months}) == PROGRAMS * len(MONTHS)


def test_the_later_edition_counts_and_the_earlier_is_still_there(state: State, sent: Counter[str]) -> None:
    """Of each program and month: which one counts, in how many numbers it differs, and each as it was sent."""
    counting = that_count(state.every)
    first = {(each.code, each.month): each for each in state.every if each.edition == 1}
    with department(state.program, state.address()) as desk:
        found = desk.reporters.counting(MONTHS[0], MONTHS[-1])
        assert {(each.program, each.month): (each.id, each.edition, each.changed) for each in found} == {
            slot: (each.id, each.edition, len(_unlike(first[slot].numbers, each.numbers)))
            for slot, each in counting.items()
        }
        later = [slot for slot, each in counting.items() if each.edition == 2]
        assert len(later) > PROGRAMS * len(MONTHS) / LATER / 2, "the control"
        for slot in later:
            kept = desk.reporters.editions(*slot)
            assert [each.id for each in kept] == [first[slot].id, counting[slot].id]
            said = [{total.key: total.quantity for total in from_canonical(each.body).totals} for each in kept]
            assert said == [first[slot].numbers, counting[slot].numbers]
    shown = [Desk(state.program, state.address()).one(each[later[0]].id) for each in (first, counting)]
    assert [each.counts for each in shown] == [False, True] and len(shown[1].changes) >= 3


@pytest.mark.parametrize("by", GROUPS)
def test_a_state_report_is_the_recount(state: State, sent: Counter[str], by: str) -> None:
    """By the real command, in shared items: of all, of each program, region and month."""
    assert len(state_totals(state, GROUPS[by])) >= 9, "the control"
    assert report_differs(state, by) == set()


def test_what_nobody_named_an_item_for_is_listed_and_in_no_total(state: State, sent: Counter[str]) -> None:
    """The numbers of it, program by program, are those of the recount."""
    left: Counter[tuple[str, str]] = Counter()
    for (code, _, _, item), quantity in without_places(by_place(state.every)).items():
        if item == NAMELESS:
            left[code, item] += quantity
    with department(state.program, state.address()) as desk:
        assert {(code, item): quantity for code, item, quantity in desk.apart()} == left
    assert len(left) == PROGRAMS


def test_one_broken_count_is_noticed(state: State, sent: Counter[str]) -> None:
    """The control of all comparisons: a count that is one too many, in one program's month, is all that they find."""
    where = "code = 'sender-7' AND month = '2024-05' AND way = 'returned' AND item = 'syringe-1ml'"
    state.ask(f"UPDATE outreach.month_rollup SET quantity = quantity + 1 WHERE {where}")
    try:
        assert held(state).differs(state.every) == {("sender-7", "2024-05", "returned", "syringe-1ml")}
        assert report_differs(state, "program") == {("sender-7", "syringe-1ml", "returned")}
    finally:
        state.ask(f"UPDATE outreach.month_rollup SET quantity = quantity - 1 WHERE {where}")
    assert held(state).differs(state.every) == set()


def test_a_program_is_alone_with_its_returns(state: State, sent: Counter[str]) -> None:
    """It reads no row of another's, nor what the department notes, and changes none. The control: its own are read."""
    own, other = state.senders[5], state.senders[6]
    for table in TABLES:
        owners = {role for (role,) in state.ask(f"SELECT DISTINCT owner FROM outreach.{table}", own.code)}
        assert owners == {own.code}, f"the control: {table}"
        foreign = f"SELECT count(*) FROM outreach.{table} WHERE code <> '{own.code}' OR owner <> '{own.code}'"
        assert state.ask(foreign, own.code) == [(0,)], table
        assert state.ask(foreign)[0][0] > 0 and state.ask(foreign, DESKS[0])[0][0] > 0, f"the control: {table}"
    connection = served(state.address(own.code))
    read = Reporters(connection).sums(MONTHS[0], MONTHS[-1])
    connection.close()
    assert {(each.program, each.month, each.way, each.item): each.quantity for each in read} == without_places(
        by_place(own.sent)
    )
    assert (
        state.ask("UPDATE outreach.month_counts SET edition = 9 WHERE owner <> current_user RETURNING 1", own.code)
        == []
    )
    assert state.ask("DELETE FROM outreach.month_rollup WHERE owner <> current_user RETURNING 1", own.code) == []
    refused = (
        f"INSERT INTO outreach.month_rollup VALUES ('{other.code}', '2024-01', '{other.code}', 'given', 'cooker', 9)",
        f"UPDATE outreach.month_counts SET owner = '{other.code}'",
        f'SET ROLE "{other.code}"',
        "SELECT * FROM outreach.seen",
        "SELECT * FROM outreach.published",
        "ALTER TABLE outreach.month_return DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON outreach.month_total",
        "TRUNCATE outreach.month_rollup",
    )
    for each in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            state.ask(each, own.code)
    assert held(state).differs(state.every) == set()


def test_nobody_waited_in_a_circle(state: State, sent: Counter[str]) -> None:
    """The server's own record of it names no deadlock. The control: one that is made on purpose is named there."""

    def record() -> str:
        return str((state.hub.folder / "log").read_bytes()[sent["log"] :].decode("utf-8"))

    assert record().count("database system was not properly shut down") == CRASHES, "the control"
    assert "deadlock detected" not in record()
    wait_in_a_circle(state.hub, DATABASE)
    assert "deadlock detected" in record()
