"""The laptops of a program: who asks to be let in, who is in, who was turned away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from outreach.carry import editions
from outreach.core.partition import DAY
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.roll import ROLL, Edition, Hello, Laptop, Roll
from outreach.core.sheets import SheetId
from outreach.services import rolls, sharing
from outreach.services.inviting import check_free, earlier_name, found, hello, invite, join, recipients
from outreach.services.program import Program
from outreach.services.rolls import Taken, check_name, invitation, is_coordinator, own_name, roll
from outreach.store.ledger import Ledger

__all__ = [
    "Taken",
    "found",
    "hello",
    "invitation",
    "invite",
    "is_coordinator",
    "join",
    "own_name",
    "recipients",
    "roll",
]


class UnknownLaptop(NotThere):
    sentence = N_("There is no laptop {laptop} here, or more than one. There are: {known}. Nothing was changed.")


class NotThisOne(Refusal):
    sentence = N_("That is the laptop you sit at. Do it on another coordinator's laptop. Nothing was changed.")


class TurnedAway(Refusal):
    sentence = N_("{name} was turned away. Let it in again first. Nothing was changed.")


class CannotSpeak(Refusal):
    sentence = N_("{name} has to join once more before it can be a coordinator's laptop. Nothing was changed.")


class LetItselfIn(Refusal):
    """Said, not raised."""

    sentence = N_("A backup was restored on this coordinator's laptop, so it let its new self in.")


@dataclass(frozen=True, slots=True)
class Revoked:
    """A laptop that was turned away: its last sheet that still counts, and how many of it wait."""

    name: str
    after: int
    waiting: int


def digits(device: str) -> str:
    """A device's id as two people read it to one another: eight of its digits."""
    return f"{device[:4]}-{device[4:8]}"


def own(program: Program) -> tuple[str, str]:
    """This laptop's device id and its name."""
    return program.device().device, own_name(program)


def asking(program: Program) -> tuple[Hello, ...]:
    """The laptops that ask to be let in."""
    ledger, now = program.ledger_if_any(), roll(program)
    return tuple(each for each in (ledger.exchange.hellos() if ledger else ()) if not (now and now.laptop(each.device)))


def find(program: Program, which: str, hellos: Iterable[Hello] = ()) -> str:
    """The device id of a laptop by its name, its id, or the eight digits of that; one that asks comes first.

    Raises UnknownLaptop.
    """
    now, given = roll(program), which.strip().casefold()
    there: list[Hello | Laptop] = list(now.laptops) if now else []
    asks = list(hellos)
    here = [each for each in there if not (isinstance(each, Laptop) and each.revoked_after is not None)]
    for some in (asks, here, there):
        found_ = {
            each.device
            for each in some
            if given in (each.name.casefold(), each.device, digits(each.device), each.device[:8])
        }
        if len(found_) == 1:
            return found_.pop()
        if found_:
            break
    known = ", ".join(f"{each.name} ({digits(each.device)})" for each in (*asks, *there))
    raise UnknownLaptop(laptop=which, known=known or "-")


# --- what a coordinator says ---


def accept(program: Program, which: str, name: str | None = None) -> Laptop:
    """Let a laptop in, or back in: its sheets count from now on. Raises UnknownLaptop, NameThere or NotCoordinator."""
    hellos = asking(program)
    device = find(program, which, hellos)
    asks = next((_as_laptop(each) for each in hellos if each.device == device), None)
    ledger = program.ledger()
    let_in: list[Laptop] = []

    def with_it(now: Roll) -> Roll:
        laptop = asks or replace(_on(now, device), revoked_after=None)
        laptop = replace(laptop, name=check_name(name or laptop.name))
        check_free(now, laptop.name, laptop.recipient)
        let_in[:] = [laptop]
        return replace(now, laptops=(*_renamed(now, laptop), laptop))

    with ledger.together():
        rolls.change(program, with_it)
        ledger.exchange.forget_hello(device)
    return let_in[0]


def _renamed(now: Roll, laptop: Laptop) -> list[Laptop]:
    """The others. The same laptop before a backup was restored on it gives up its name to what it is now."""
    same = (laptop.recipient, laptop.name)
    return [
        replace(each, name=earlier_name(each.name)) if (each.recipient, each.name) == same else each
        for each in now.laptops
        if each.device != laptop.device
    ]


def _as_laptop(each: Hello) -> Laptop:
    return Laptop(each.device, each.public, each.name, each.recipient, each.program, coordinator=each.coordinator)


def _on(now: Roll, device: str) -> Laptop:
    found_ = now.laptop(device)
    if found_ is None:
        raise UnknownLaptop(laptop=digits(device), known=", ".join(each.name for each in now.laptops))
    return found_


def turn_away(program: Program, which: str) -> Revoked:
    """Say no to a laptop that asks: none of its sheets counts, unless it is let in later."""
    hellos = asking(program)
    device = find(program, which, hellos)
    asks = next((_as_laptop(each) for each in hellos if each.device == device), None)
    if asks is None:
        return revoke(program, which)
    ledger = program.ledger()
    with ledger.together():
        rolls.change(program, lambda now: replace(now, laptops=(*now.laptops, replace(asks, revoked_after=0))))
        ledger.exchange.forget_hello(device)
    return _revoked(ledger, replace(asks, revoked_after=0))


def revoke(program: Program, which: str) -> Revoked:
    """Turn away a laptop that was lost or stolen: what counts of it by now stays, and nothing more of it ever counts.

    Nothing is sealed for it any more, and it is no coordinator's laptop. Raises UnknownLaptop, NotThisOne.
    """
    device, ledger = find(program, which), program.ledger()

    def without(now: Roll) -> Roll:
        whom = _on(now, device).recipient
        if whom == rolls.own_recipient(program):
            raise NotThisOne()
        # Who has the laptop has every key that it ever had: also that from before a backup was restored on it.
        laptops = (
            replace(each, revoked_after=_last_counted(ledger, each.device))
            if each.recipient == whom and each.revoked_after is None
            else each
            for each in now.laptops
        )
        go = tuple(each for each in now.coordinators if each.recipient == whom)
        stay = tuple(each for each in now.coordinators if each.recipient != whom)
        return replace(now, laptops=tuple(laptops), coordinators=stay, former=(*now.former, *go))

    return _revoked(ledger, _on(rolls.change(program, without), device))


def _revoked(ledger: Ledger, laptop: Laptop) -> Revoked:
    waits = sum(each.sheet.device == laptop.device for each in ledger.exchange.waiting())
    return Revoked(laptop.name, laptop.revoked_after or 0, waits)


def _last_counted(ledger: Ledger, device: str) -> int:
    places = [(of, seq) for _, of, seq in ledger.exchange.folded()]
    places += [(each.device, each.seq) for each in ledger.exchange.counted()]
    return max((seq for of, seq in places if of == device), default=0)


def make_coordinator(program: Program, which: str) -> Laptop:
    """Have another laptop decide, too, who belongs to the program and what all of them share.

    Raises UnknownLaptop, TurnedAway, CannotSpeak or NotCoordinator.
    """
    device = find(program, which)

    def with_it(now: Roll) -> Roll:
        laptop = _on(now, device)
        if laptop.revoked_after is not None:
            raise TurnedAway(name=laptop.name)
        if not laptop.coordinator:
            raise CannotSpeak(name=laptop.name)
        if laptop.coordinator in {each.public for each in now.coordinators}:
            return now
        made = editions.vouch(now.program, laptop, rolls.voice(program))
        former = tuple(each for each in now.former if each.public != made.public)
        return replace(now, coordinators=(*now.coordinators, made), former=former)

    return _on(rolls.change(program, with_it), device)


def accept_sheets(program: Program, sheets: Iterable[str]) -> int:
    """Count sheets that wait because their day cannot be; how many of those asked for did."""
    waits = {each.sheet.id for each in program.ledger().exchange.waiting() if each.why == DAY}
    chosen = waits & {SheetId(each) for each in sheets}
    if chosen:
        rolls.change(program, lambda now: replace(now, accepted=(*now.accepted, *sorted(chosen))))
    return len(chosen)


# --- what travels ---


def before_export(program: Program) -> tuple[Refusal, ...]:
    """What a coordinator's laptop does before it exports: let itself in after a restore, and share what it changed.

    What to say about it; nothing on any other laptop.
    """
    if not is_coordinator(program):
        return ()
    return (*_let_itself_in(program), *sharing.publish(program))


def _let_itself_in(program: Program) -> tuple[Refusal, ...]:
    key, now = program.device(), roll(program)
    if now is None or now.laptop(key.device):
        return ()
    whom, voice = rolls.own_recipient(program), rolls.voice(program).public
    before = next((each for each in now.laptops if each.recipient == whom), None)
    name = own_name(program) or (before.name if before else "Laptop")
    new = Laptop(key.device, key.public, name, whom, before.program if before else "", coordinator=voice)
    rolls.change(program, lambda held: replace(held, laptops=(*_renamed(held, new), new)))
    return (LetItselfIn(),)


def take_edition(program: Program, edition: Edition) -> Taken:
    """Have an edition that came along count here, if it is newer and its signer may sign it.

    Raises UnknownSigner, OtherList, BadRoll or CannotShare; nothing was changed then.
    """
    return rolls.take_roll(program, edition) if edition.kind == ROLL else sharing.take(program, edition)
