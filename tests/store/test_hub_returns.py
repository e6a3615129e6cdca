"""A department's returns on PostgreSQL: what comes twice counts once, in the right edition, and roles see their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from outreach.carry import month_returns
from outreach.carry.keys import coordinator_key
from outreach.core.month_return import WAYS, By, MonthReturn, Total
from outreach.store.postgres.connection import Served
from outreach.store.postgres.founding import found
from outreach.store.postgres.opening import served
from outreach.store.postgres.reporters import ReporterRow, Reporters
from outreach.store.postgres.returns import Incoming, Returns, Took
from tests.conftest import Cluster

KEY = coordinator_key(b"\x01" * 32)
PROGRAM = "a1" * 16


def incoming(quantity: int = 3, edition: int = 1, month: str = "2026-07", program: str = PROGRAM) -> Incoming:
    totals = (
        Total("north", "given", "cooker", quantity),
        Total("north", "visits", "encounters", 9),
        Total("south", "given", "cooker", 5),
        Total("south", "given", "of-ours", 2),
    )
    signed = month_returns.sign(MonthReturn(program, "North Bay", month, By.SITE, edition, totals), KEY)
    return Incoming(signed.month_return, signed.public, signed.signature)


@pytest.fixture(scope="module")
def state(cluster: Cluster) -> Cluster:
    found(cluster.database("state"), ("north-bay", "south-bay"), ("health",))
    return cluster


@pytest.fixture
def health(state: Cluster) -> Iterator[Served]:
    """A department's connection to an empty hub."""
    tables = "month_rollup, month_total, month_counts, month_return, shared_code, reporter_key, reporter"
    state.ask(f"TRUNCATE outreach.{tables.replace(', ', ', outreach.')}", database="state")
    connection = served(state.address("health", "state"))
    yield connection
    connection.close()


def said(connection: Served, month: str = "2026-07") -> dict[tuple[str, str], int]:
    sums = Reporters(connection).sums(month, month)
    return {(each.way, each.item): each.quantity for each in sums}


def known(connection: Served, code: str = "north-bay", program: str = PROGRAM) -> Returns:
    Reporters(connection).set(ReporterRow(code, "North Bay", "Bay", "2026-01", True))
    returns = Returns(connection)
    returns.admit(code, program, KEY.public, month_returns.is_signed)
    return returns


def test_a_first_return_waits_for_a_yes(health: Served) -> None:
    """It is kept, named and in no total; once its key is known it counts, and so does what came meanwhile."""
    returns = Returns(health)
    first, second = returns.take([incoming(), incoming(month="2026-08")])
    assert first.is_new and first.code is None and not first.counts and second.code is None
    assert returns.take([incoming()])[0].is_new is False
    assert returns.waiting() == ((PROGRAM, KEY.public, "North Bay", ("2026-07", "2026-08")),)
    assert said(health) == {}
    Reporters(health).set(ReporterRow("north-bay", "North Bay", "Bay", "", True))
    assert returns.admit("north-bay", PROGRAM, KEY.public, month_returns.is_signed) == 2
    assert said(health) == {("given", "cooker"): 8, ("given", "of-ours"): 2, ("visits", "encounters"): 9}
    assert returns.waiting() == () and Reporters(health).all()[0].since == "2026-07"
    assert returns.take([incoming(), incoming(month="2026-09")])[1].code == "north-bay"


def test_what_comes_in_the_moment_of_the_yes_counts(state: Cluster, health: Served) -> None:
    """Whoever sends meanwhile waits until the yes is saved, and does not keep a return that waits for another yes."""
    Reporters(health).set(ReporterRow("north-bay", "North Bay", "Bay", "", True))
    sender = served(state.address("north-bay", "state"))
    took: list[Took] = []
    sending = threading.Thread(target=lambda: took.extend(Returns(sender).take([incoming()])))
    returns = Returns(health)
    with returns.together():
        returns.admit("north-bay", PROGRAM, KEY.public, month_returns.is_signed)
        sending.start()
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while sending.is_alive() and state.ask(waits, database="state") == [(0,)]:
            sending.join(0.01)
    sending.join()
    sender.close()
    assert [(each.code, each.counts) for each in took] == [("north-bay", True)] and returns.waiting() == ()


def test_a_yes_is_not_to_what_a_program_put_there_in_anothers_name(state: Cluster, health: Served) -> None:
    """A role's own statement can have numbers wait beside another's key: a yes to that key drops them."""
    returns, forged = known(health), incoming(900, 2)
    row = (forged.month_return.id, PROGRAM, "2026-07", 2, KEY.public, bytes(64))
    with psycopg.connect(state.address("south-bay", "state"), autocommit=True) as direct:
        direct.execute(
            "INSERT INTO outreach.month_return (id, program, month, edition, public, signature, body) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (*row, forged.month_return.canonical().decode()),
        )
    assert len(returns.waiting()) == 1, "the control"
    assert returns.admit("north-bay", PROGRAM, KEY.public, month_returns.is_signed) == 0
    assert returns.waiting() == () and said(health) == {}
    assert returns.take([incoming()])[0].counts and said(health)["given", "cooker"] == 8


def test_what_a_programs_role_writes_by_itself_breaks_no_page(state: Cluster, health: Served) -> None:
    """A row that waits and is no return has no name, and a month or a kind of count that is none is not taken."""
    returns = known(health)
    add = (
        "INSERT INTO outreach.month_return (id, program, month, edition, public, signature, body) "
        "VALUES (%s, %s, %s, 1, %s, %s, '{')"
    )
    total = "INSERT INTO outreach.month_total VALUES ('south-bay', 'south-bay', '2026-07', 'x', %s, 'cooker', 1)"
    rollup = "INSERT INTO outreach.month_rollup VALUES ('south-bay', '2026-07', 'south-bay', %s, 'cooker', 1)"
    with psycopg.connect(state.address("south-bay", "state"), autocommit=True) as direct:
        direct.execute(add, ("f" * 64, PROGRAM, "2026-07", KEY.public, bytes(64)))
        refused = [(add, ("e" * 64, PROGRAM, "2026-07x", KEY.public, bytes(64)))]
        refused += [(add, ("e" * 64, PROGRAM, "2026-07", None, None)), (total, ("lent",)), (rollup, ("lent",))]
        for statement, given in refused:
            with pytest.raises(psycopg.errors.CheckViolation):
                direct.execute(statement, given)
        Reporters(health).set(ReporterRow("south-bay", "", "", "", True))
        for way in WAYS:
            direct.execute(rollup, (way,))
    assert [each[2:] for each in returns.waiting()] == [("", ("2026-07",))]


def test_the_later_edition_counts_in_whatever_order_they_come(health: Served) -> None:
    """Both are kept, one counts, and how many numbers it changed is known; the same again changes nothing."""
    returns, one, two, three = known(health), incoming(3, 1), incoming(4, 2), incoming(6, 3)
    assert returns.take([two])[0].counts
    took = returns.take([one, three])
    assert [each.counts for each in took] == [False, True] and took[1].changed == 1
    assert said(health)["given", "cooker"] == 11
    for again in ([one], [two, three, one], [three]):
        assert not any(each.is_new for each in returns.take(again))
    assert said(health)["given", "cooker"] == 11
    kept = Reporters(health).editions("north-bay", "2026-07")
    assert [each.edition for each in kept] == [1, 2, 3]
    counting = Reporters(health).counting("2026-07", "2026-07")
    assert [(each.edition, each.changed) for each in counting] == [(3, 1)]


def test_two_returns_of_one_edition_count_the_same_everywhere(health: Served) -> None:
    """Whichever came first, the same one counts, and both are kept."""
    returns, one, other = known(health), incoming(3), incoming(4)
    returns.take([one])
    returns.take([other])
    first = Reporters(health).counting("2026-07", "2026-07")[0].id
    assert first == max(one.month_return.id, other.month_return.id)
    returns.take([Incoming(each.month_return, None, None, "north-bay") for each in (incoming(9, 8),)])
    assert Reporters(health).counting("2026-07", "2026-07")[0].id == first, "a table counts behind what was signed"
    assert len(Reporters(health).editions("north-bay", "2026-07")) == 3


def test_a_local_code_stands_for_a_shared_one(health: Served) -> None:
    """Named once, it holds for every month; what nobody named is still there under its own name."""
    known(health).take([incoming()])
    reporters = Reporters(health)
    assert {each.item: each.shared for each in reporters.sums("2026-07", "2026-07")}["of-ours"] is None
    assert reporters.unnamed(["cooker"]) == (("north-bay", "of-ours", 2),)
    assert reporters.unnamed([]) == (("north-bay", "cooker", 8), ("north-bay", "of-ours", 2)), "the control"
    assert reporters.unnamed([], "2026-08", "2026-09") == () == reporters.unnamed([], "2026-05", "2026-06")
    assert len(reporters.unnamed([], "2026-07", "2026-07")) == 2, "a month that is asked for is in"
    reporters.share("north-bay", "of-ours", "filter")
    reporters.share("north-bay", "of-ours", "foil-sheet")
    assert {each.item: each.shared for each in reporters.sums("2026-01", "2026-12")}["of-ours"] == "foil-sheet"
    sums = {(each.item, each.quantity) for each in reporters.sums("2026-01", "2026-12")}
    assert sums == {("cooker", 8), ("encounters", 9), ("of-ours", 2)}
    assert reporters.unnamed(["cooker"]) == ()


def test_a_program_sees_and_changes_its_own_rows_only(state: Cluster, health: Served) -> None:
    """By any question it asks itself; the department sees all of them in the same moment."""
    known(health).take([incoming()])
    other = "b2" * 16
    known(health, "south-bay", other).take([incoming(program=other)])
    for table in ("reporter", "reporter_key", "month_return", "month_counts", "month_total", "month_rollup"):
        counted = f"SELECT count(*), count(DISTINCT owner) FROM outreach.{table}"  # noqa: S608
        everyone = state.ask(counted, "health", "state")[0]
        own = state.ask(counted, "north-bay", "state")[0]
        assert everyone[1] == 2 and own[1] == 1 and 0 < own[0] < everyone[0], table
    own_return = served(state.address("north-bay", "state"))
    assert Returns(own_return).take([incoming(8, 2)])[0].counts
    own_return.close()
    assert sum(each.quantity for each in Reporters(health).sums("2026-07", "2026-07") if each.item == "cooker") == 21
    wrong = {
        "a number of another program": "INSERT INTO outreach.month_rollup VALUES "
        "(DEFAULT, '2026-07', 'south-bay', 'given', 'cooker', 9)",
        "a number in another's name": "INSERT INTO outreach.month_rollup VALUES "
        "('south-bay', '2026-07', 'south-bay', 'given', 'cooker', 9)",
        "its own key": "INSERT INTO outreach.reporter_key VALUES (DEFAULT, 'north-bay', 'x', 'x')",
        "a return taken back": "DELETE FROM outreach.month_return",
    }
    for what, statement in wrong.items():
        with pytest.raises(psycopg.Error):
            state.ask(statement, "north-bay", "state")
            pytest.fail(what)
