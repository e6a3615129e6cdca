"""The roll on this laptop: what it says, who this laptop is on it, and how another edition of it comes to count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from outreach.carry import editions, invitations
from outreach.carry.invitations import Invitation
from outreach.carry.keys import DeviceKey, coordinator_key
from outreach.carry.sealing import recipient
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import NAME_MAX, ROLL, BadRoll, Edition, Laptop, Roll, from_canonical, is_name, newer
from outreach.services.ballast import with_room
from outreach.services.program import Program
from outreach.services.settling import current_roll, settle
from outreach.store.ledger import Ledger

NAME, BEFORE, INVITATION = "laptop-name", "program-before", "invitation"
"""What the ledger keeps of this laptop: what it is called, the program id of its sheets from before it joined, and the
invitation by which it waits to be let in."""


class NotCoordinator(Refusal):
    sentence = N_("Only a coordinator's laptop does that. Nothing was changed.")


class NotALaptopName(Refusal):
    sentence = N_(
        "A laptop is called by one line of at most {most} letters. Name it after the van or the room, never after a "
        "person. Nothing was changed."
    )


class UnknownSigner(Refusal):
    sentence = N_(
        "The list of laptops in this file is signed by a coordinator whom this laptop does not know, so it was not "
        "taken. If the coordinator changed, join again with an invitation of the new one."
    )


class OtherList(Refusal):
    sentence = N_("The list of laptops in this file is of another program, so it was not taken.")


class ChangedAtOnce(Refusal):
    """Said, not raised: of two editions of one number every laptop takes the same one."""

    sentence = N_(
        "Two coordinators changed the list of laptops at the same time. All laptops keep the same one of both lists: "
        "look whether what you changed is in it, and change it again if not."
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether an edition counts here from now on, and what to say about it."""

    changed: bool = False
    said: tuple[Refusal, ...] = ()


def roll(program: Program) -> Roll | None:
    """The roll that counts here; None for a program of one laptop. Raises Locked."""
    ledger = program.ledger_if_any()
    return current_roll(ledger) if ledger else None


def own_name(program: Program) -> str:
    """What this laptop is called; the empty text before it was called anything."""
    ledger = program.ledger_if_any()
    return ledger.settings.get(NAME) if ledger else ""


def invitation(program: Program) -> Invitation | None:
    """The invitation by which this laptop waits for its first list; None when it does not."""
    ledger = program.ledger_if_any()
    kept = ledger.settings.get(INVITATION) if ledger else ""
    return invitations.read(kept) if kept else None


def voice(program: Program) -> DeviceKey:
    """The key with which this laptop speaks as a coordinator, if it is one."""
    return coordinator_key(_secret(program))


def own_recipient(program: Program) -> str:
    """What others seal for this laptop."""
    return recipient(_secret(program))


def _secret(program: Program) -> bytes:
    program.device()  # asks for the passphrase where there is one, and makes the key with the ledger
    return program.keyring.device_key()


def is_coordinator(program: Program) -> bool:
    """Whether this laptop may change the roll."""
    now = roll(program)
    return now is not None and voice(program).public in {each.public for each in now.coordinators}


def check_name(given: str) -> str:
    """A laptop's name as it is kept. Raises NotALaptopName."""
    name = " ".join(given.split())
    if not is_name(name):
        raise NotALaptopName(most=NAME_MAX)
    return name


def change(program: Program, make: Callable[[Roll], Roll]) -> Roll:
    """Have the roll say something else, signed by this laptop, and count what counts by it. Raises NotCoordinator."""

    def changed() -> Roll:
        ledger = program.ledger()
        with ledger.together():
            held = current_roll(ledger)
            if held is None or not is_coordinator(program):
                raise NotCoordinator()
            made = replace(make(held), number=held.number + 1)
            put(program, ledger, made)
        return made

    return with_room(program.home, changed)


def put(program: Program, ledger: Ledger, made: Roll) -> None:
    """Sign a roll, have it count, and count by it; inside a transaction of the caller's."""
    ledger.exchange.put_edition(editions.sign(ROLL, made.number, made.canonical(), voice(program)))
    settle(program)


def take_roll(program: Program, edition: Edition) -> Taken:
    """Have a roll that came along count if it is newer, and signed by whom this laptop trusts.

    Those are the coordinators of the roll it has and whom they made coordinators; after an invitation those
    that it names, and then also against what was here before. What counts by it is worked out by who calls.
    Raises UnknownSigner, OtherList, or BadRoll.
    """
    ledger = program.ledger()
    made = from_canonical(edition.body)
    if made.number != edition.number:
        raise BadRoll(why="it says another number than its signature.")
    if made.program != program.program_id():
        raise OtherList()
    held, waiting = ledger.exchange.edition(ROLL), invitation(program)
    is_newer = held is None or newer(held, edition) != held
    if not _trusts(ledger, waiting, made, edition):
        if not is_newer:  # an old stick comes back: everyone has gone on since
            return Taken()
        raise UnknownSigner()
    at_once = held is not None and held.number == edition.number and held.body != edition.body
    own = voice(program).public
    said = (ChangedAtOnce(),) if at_once and held and own in (held.signer, edition.signer) else ()
    if not is_newer and waiting is None:
        return Taken(said=said)
    with ledger.together():
        if waiting is not None:
            ledger.exchange.drop_edition(ROLL)
            ledger.settings.set(INVITATION, "")
        ledger.exchange.put_edition(edition)
        mine = made.laptop(program.device().device)
        if mine is not None:
            ledger.settings.set(NAME, mine.name)
    return Taken(True, said)


def _trusts(ledger: Ledger, waiting: Invitation | None, made: Roll, edition: Edition) -> bool:
    if not editions.is_signed(edition):
        return False
    held = current_roll(ledger)
    if waiting is not None:
        return editions.may_sign(made, edition.signer, {each.public for each in waiting.coordinators})
    if held is None:
        return False
    trusted, never = ({each.public for each in some} for some in (held.coordinators, held.former))
    return editions.may_sign(made, edition.signer, trusted, never)


def of_this_laptop(program: Program, laptop: Laptop) -> bool:
    """Whether a laptop on the roll is this one, now or before a backup was restored on it."""
    return laptop.recipient == own_recipient(program)
