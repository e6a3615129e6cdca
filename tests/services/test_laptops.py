"""The laptops of a program: founded, invited, let in, turned away, and a coordinator's laptop lost or restored."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outreach.carry import editions, invitations
from outreach.carry.keys import coordinator_key
from outreach.carry.sealing import SealedForOthers
from outreach.core.roll import ROLL, Roll
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services import backing_up, exchange, inviting, laptops, passphrase, restoring, rolls, tally
from outreach.services.exchange import Merged
from outreach.services.keyring import Locked
from outreach.services.program import Program
from outreach.services.rolls import NotALaptopName, NotCoordinator, UnknownSigner

TODAY = date(2026, 11, 20)


class Table:
    """A few laptops with homes of their own, and the stick that goes from one to another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def laptop(self, name: str) -> Program:
        return Program(Home(self.folder / name.replace(" ", "-")))

    def office(self) -> Program:
        """The coordinator's."""
        program = self.laptop("Office")
        laptops.found(program, "Office")
        return program

    def carry(self, one: Program, *others: Program) -> list[Merged]:
        """Export on one and merge on the others."""
        file = self.folder / f"{secrets.token_hex(4)}.tally"
        exchange.export(one, file, TODAY)
        return [exchange.merge(other, [(file.name, file.read_bytes())], TODAY)[0] for other in others]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def count(program: Program, cookers: int, day: date = TODAY) -> None:
    """Record a sheet with so many cookers given."""
    sheet = tally.WholeSheet("outreach", day, None, {("cooker", Movement.GIVEN): cookers}, encounters=1)
    tally.record(program, sheet, today=TODAY, again=True, sure=True)


def total(program: Program) -> int:
    return sum(line.quantity for line in program.ledger().sums.lines())


def joined(table: Table, office: Program, name: str) -> Program:
    """A laptop that was invited, asked, was let in, and knows it."""
    van = table.laptop(name)
    laptops.join(van, laptops.invite(office, name))
    table.carry(van, office)
    laptops.accept(office, name)
    table.carry(office, van)
    return van


def test_a_laptop_joins_and_its_earlier_sheets_count(table: Table) -> None:
    """A van that counted by itself joins: its sheets wait for the yes, count after it, and the list comes back."""
    office, van = table.office(), table.laptop("Van 2")
    count(office, 1)
    count(van, 10)
    line = laptops.invite(office, "Van 2")
    laptops.join(van, line)
    count(van, 100)

    (merged,) = table.carry(van, office)
    assert (merged.new, dict(merged.waiting), merged.asks) == (2, {"unknown": 2}, True)
    assert total(office) == 1
    (hello,) = laptops.asking(office)
    assert (hello.name, hello.device) == ("Van 2", laptops.own(van)[0])

    laptops.accept(office, laptops.digits(hello.device))
    assert total(office) == 111
    assert laptops.asking(office) == ()
    (merged,) = table.carry(office, van)
    assert merged.editions == ("roll", "shared")
    assert (laptops.hello(van), laptops.invitation(van), total(van)) == (None, None, 111)
    assert laptops.roll(van) == laptops.roll(office)
    assert not laptops.is_coordinator(van)


def test_an_impostor_with_a_found_invitation_waits(table: Table) -> None:
    """Who finds `van-2.join` can ask, and no more: it reads no file of the program, and counts nothing in it."""
    office, thief = table.office(), table.laptop("Thief")
    count(office, 7)
    line = laptops.invite(office, "Van 2")
    van = table.laptop("Van 2")
    laptops.join(van, line)
    laptops.join(thief, line)
    count(thief, 1000)

    table.carry(thief, office)
    table.carry(van, office)
    assert [each.name for each in laptops.asking(office)] == ["Van 2", "Van 2"]
    assert len({laptops.digits(each.device) for each in laptops.asking(office)}) == 2
    with pytest.raises(laptops.UnknownLaptop):
        laptops.accept(office, "Van 2")  # which one: the digits say
    laptops.accept(office, laptops.digits(laptops.own(van)[0]))
    refused, taken = table.carry(office, thief, van)
    assert type(refused.refusal) is SealedForOthers
    assert taken.refusal is None, "the control"
    assert total(office) == 7
    secrets_in = invitations.read(line)
    for secret in (office.keyring.device_key(), office.keyring.ledger_key()):
        assert secret.hex() not in str(secrets_in)


def test_what_a_turned_away_laptop_counts_waits(table: Table) -> None:
    """Turned away before it was ever in, nothing of it counts; let in after all, everything does."""
    office, van = table.office(), table.laptop("Van 2")
    laptops.join(van, laptops.invite(office, "Van 2"))
    count(van, 5)
    table.carry(van, office)

    said = laptops.turn_away(office, "Van 2")
    assert (said.after, said.waiting, total(office)) == (0, 1, 0)
    assert laptops.asking(office) == ()
    table.carry(van, office)
    assert laptops.asking(office) == (), "it does not ask again"
    laptops.accept(office, "Van 2")
    assert total(office) == 5


def test_a_lost_laptop_is_revoked_after_its_last_counted_sheet(table: Table) -> None:
    """What counts of it stays, what its finder adds waits everywhere, and nothing is sealed for it any more."""
    office = table.office()
    van, other = joined(table, office, "Van 2"), joined(table, office, "Van 3")
    count(van, 10)
    table.carry(van, office)
    count(van, 1000)

    said = laptops.revoke(office, "van 2")
    assert (said.name, said.after, said.waiting) == ("Van 2", 1, 0)
    (merged,) = table.carry(van, office)
    assert dict(merged.waiting) == {"revoked": 1}
    refused, taken = table.carry(office, van, other)
    assert type(refused.refusal) is SealedForOthers
    assert (taken.refusal, total(other), total(office)) == (None, 10, 10)
    with pytest.raises(laptops.NotThisOne):
        laptops.revoke(office, laptops.own(office)[0])
    with pytest.raises(NotCoordinator):
        laptops.revoke(other, "Office")


def test_a_second_coordinator_goes_on_when_the_first_is_lost(table: Table) -> None:
    """It turns the lost one away and invites; a laptop that never saw it become a coordinator follows all the same."""
    office = table.office()
    depot, van = joined(table, office, "Depot"), joined(table, office, "Van 2")
    count(office, 3)
    laptops.make_coordinator(office, "Depot")
    table.carry(office, depot)
    assert laptops.is_coordinator(depot)

    laptops.revoke(depot, "Office")
    new = table.laptop("Van 9")
    laptops.join(new, laptops.invite(depot, "Van 9"))
    table.carry(new, depot)
    laptops.accept(depot, "Van 9")
    for each in table.carry(depot, van, new):
        assert (each.refusal, each.notes[:0]) == (None, ())
    assert laptops.roll(van) == laptops.roll(new) == laptops.roll(depot)
    assert total(van) == total(new) == 3
    # The lost one signs more lists; whoever knows that it is none any more does not take them.
    for _ in range(9):
        rolls.change(office, lambda now: now)
    (said,) = table.carry(office, van)
    assert [type(each) for each in said.notes[:1]] == [UnknownSigner]
    assert laptops.roll(van) == laptops.roll(depot)


def test_a_new_list_when_no_coordinator_is_left(table: Table) -> None:
    """Another laptop begins anew, the others join it again, and nothing that was merged is lost."""
    office = table.office()
    one, two = joined(table, office, "Van 1"), joined(table, office, "Van 2")
    count(one, 10)
    count(two, 100)
    table.carry(two, one)
    table.carry(one, two)
    with pytest.raises(inviting.FoundedAlready):
        laptops.found(one)

    laptops.found(one, anew=True)
    (merged,) = table.carry(one, two)
    assert [type(each) for each in merged.notes] == [UnknownSigner]
    laptops.join(two, laptops.invite(one, "Van 3"))
    (merged,) = table.carry(one, two)
    assert (merged.notes[:0], merged.refusal) == ((), None)
    assert laptops.roll(two) == laptops.roll(one)
    assert laptops.own_name(two) == "Van 2", "the list calls it so"
    assert total(one) == total(two) == 110
    count(two, 1000)
    (merged,) = table.carry(two, one)
    assert (total(one), dict(merged.waiting)) == (1110, {})


def test_a_coordinators_laptop_lets_its_restored_self_in(table: Table) -> None:
    """After a restore the device is another one; the coordinator's key is not, and the program goes on."""
    office = table.office()
    van = joined(table, office, "Van 2")
    count(office, 1)
    backup = table.folder / "b.backup"
    words = "six words that open this backup"
    backing_up.back_up(office, backup, words)
    count(office, 2)
    table.carry(office, van)
    before = laptops.own(office)[0]
    restoring.restore(office, restoring.open_backup(office, backup, words), TODAY)

    assert laptops.own(office)[0] != before
    count(office, 4)
    assert total(office) == 5, "what it counts counts on it at once"
    said = laptops.before_export(office)
    assert type(said[0]) is laptops.LetItselfIn
    table.carry(van, office)
    table.carry(office, van)
    assert total(office) == total(van) == 7
    now = laptops.roll(van)
    assert now and sorted(each.name for each in now.laptops) == ["Office", "Office, before", "Van 2"]
    assert laptops.before_export(office) == ()


def test_names_and_moves_that_cannot_be(table: Table) -> None:
    """A name twice, a name too long, one's own invitation, another program's counts: refused, nothing changes."""
    office, rival = table.office(), table.laptop("Rival")
    van = joined(table, office, "Van 2")
    line, before = laptops.invite(rival, "Van 9"), laptops.roll(van)
    refused = {
        NotALaptopName: lambda: laptops.invite(office, "x" * 41),
        inviting.NameThere: lambda: laptops.invite(office, " van  2 "),
        inviting.OwnInvitation: lambda: laptops.join(rival, line),
        inviting.OthersHere: lambda: laptops.join(van, line),
        NotCoordinator: lambda: laptops.invite(van, "Van 3"),
        invitations.NotAnInvitation: lambda: laptops.join(van, line[:-9]),
        laptops.UnknownLaptop: lambda: laptops.accept(office, "Van 77"),
    }
    for kind, act in refused.items():
        with pytest.raises(kind):
            act()
    assert laptops.roll(van) == before


def test_two_coordinators_at_once_end_alike(table: Table) -> None:
    """Two lists of one number: every laptop keeps the same one, and both coordinators hear of it."""
    office = table.office()
    depot, van = joined(table, office, "Depot"), joined(table, office, "Van 2")
    laptops.make_coordinator(office, "Depot")
    table.carry(office, depot, van)
    laptops.revoke(depot, "Van 2")
    rolls.change(office, lambda now: replace(now, accepted=("a" * 64,)))  # type: ignore[arg-type]

    (there,), (here,) = table.carry(office, depot), table.carry(depot, office)
    assert laptops.roll(office) == laptops.roll(depot)
    assert [type(each) for each in (*there.notes, *here.notes)].count(rolls.ChangedAtOnce) >= 1


def test_a_stranger_signs_no_list(table: Table) -> None:
    """A list signed with a key of nobody's, or of another program, is not taken; the coordinator's own is."""
    office = table.office()
    van = joined(table, office, "Van 2")
    now = laptops.roll(van)
    assert now
    body = replace(now, number=now.number + 1).canonical()
    stranger = coordinator_key(b"\x09" * 32)
    with pytest.raises(UnknownSigner):
        laptops.take_edition(van, editions.sign(ROLL, now.number + 1, body, stranger))
    elsewhere = Roll("f" * 32, now.number + 1, now.coordinators, now.laptops)
    with pytest.raises(rolls.OtherList):
        laptops.take_edition(van, editions.sign(ROLL, now.number + 1, elsewhere.canonical(), rolls.voice(office)))
    assert laptops.roll(van) == now
    assert laptops.take_edition(van, editions.sign(ROLL, now.number + 1, body, rolls.voice(office))).changed


def test_all_of_it_is_locked(table: Table) -> None:
    """While a laptop is locked nobody invites, joins, lets in, turns away or looks at the list."""
    office, other = table.office(), table.laptop("Rival")
    line = laptops.invite(other, "Van 2")
    count(office, 1)
    passphrase.set_passphrase(office, "alpha bravo charlie delta echo foxtrot")
    office.lock()
    acts = (
        lambda: laptops.invite(office, "Van 2"),
        lambda: laptops.join(office, line),
        lambda: laptops.accept(office, "Van 2"),
        lambda: laptops.revoke(office, "Van 2"),
        lambda: laptops.roll(office),
        lambda: laptops.asking(office),
        lambda: laptops.before_export(office),
    )
    for act in acts:
        with pytest.raises(Locked):
            act()
