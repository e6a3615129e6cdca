"""How a program of several laptops begins: its first list, invitations, and joining by one."""

from __future__ import annotations

from outreach.carry import invitations
from outreach.carry.invitations import Invitation
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import ROLL, SHARED, Coordinator, Hello, Laptop, Roll
from outreach.services import rolls
from outreach.services.files import plain_name
from outreach.services.program import Program
from outreach.services.rolls import check_name, invitation, is_coordinator, own_name, roll

FIRST_NAME = N_("Laptop 1")
LEAP = 1000
"""By so much a list that is founded anew outnumbers the one before it, and what its lost coordinator may still sign."""
END = ".join"
NAMED = 3
"""Coordinators that an invitation names at most: more make a code that no phone reads."""


class FoundedAlready(Refusal):
    sentence = N_(
        "This laptop belongs to a program already. Its coordinators: {coordinators}. If none of their laptops is left, "
        "begin a new list here with --anew: every other laptop then joins again. Nothing was changed."
    )


class NameThere(Refusal):
    sentence = N_("There is already a laptop called {name}. Give this one another name. Nothing was changed.")


class OwnInvitation(Refusal):
    sentence = N_("This invitation was made on this laptop. Take it to the one that is to join. Nothing was changed.")


class OthersHere(Refusal):
    sentence = N_(
        "This laptop belongs to another program, and holds the counts of its other laptops. They stay in that program. "
        "Clear this laptop first, then join. Nothing was changed."
    )


def found(program: Program, name: str = "", anew: bool = False) -> Roll:
    """Begin the program's list of laptops with this one as coordinator; whatever counts here counts by it.

    `anew` is for when no coordinator's laptop is left: the others stay on the list, and join again to follow it.
    Raises FoundedAlready.
    """
    called = check_name(name or own_name(program) or FIRST_NAME)
    key, ledger = program.device(), program.ledger()
    with ledger.together():
        held = roll(program)
        asked = invitation(program)
        leads = held.coordinators if held else asked.coordinators if asked else ()
        if leads and (not anew or is_coordinator(program)):
            raise FoundedAlready(coordinators=", ".join(each.name for each in leads))
        voice, whom = rolls.voice(program).public, rolls.own_recipient(program)
        there = held.laptops if held else ()
        former = [each for each in (*held.coordinators, *held.former) if each.public != voice] if held else []
        made = Roll(
            program.program_id(),
            held.number + LEAP if held else 1,
            (Coordinator(voice, whom, called),),
            _with_all_that_counts(program, there, called),
            held.accepted if held else (),
            tuple(former),
        )
        ledger.settings.set(rolls.NAME, called)
        ledger.settings.set(rolls.INVITATION, "")
        ledger.introduce(key.device, key.public)
        rolls.put(program, ledger, made)
    return made


def _with_all_that_counts(program: Program, there: tuple[Laptop, ...], called: str) -> tuple[Laptop, ...]:
    """The laptops on the list, this one, and those that it was before backups were restored on it."""
    ledger, here = program.ledger(), program.device().device
    listed = {each.device for each in there}
    keys, current = ledger.devices(), program.program_id()
    earlier: dict[str, str] = {here: ""}
    for each in ledger.exchange.counted():
        before = each.program if each.program != current else ""
        earlier[each.device] = earlier.get(each.device) or before
    added = [
        Laptop(
            device,
            keys[device],
            called if device == here else earlier_name(called),
            rolls.own_recipient(program),
            before,
            coordinator=rolls.voice(program).public,
        )
        for device, before in earlier.items()
        if device not in listed and device in keys
    ]
    return (*there, *added)


def earlier_name(name: str) -> str:
    """What a laptop is called as the one that it was before a backup was restored on it."""
    return f"{name[:31]}, before"


def invite(program: Program, name: str) -> str:
    """An invitation for one more laptop, as one line; the first one founds the program's list.

    Whoever finds it can only ask to be let in. Raises NotCoordinator, NotALaptopName or NameThere.
    """
    called = check_name(name)
    if roll(program) is None and invitation(program) is None:
        found(program)
    now = roll(program)
    if now is None or not is_coordinator(program):
        raise rolls.NotCoordinator()
    check_free(now, called)
    voice = rolls.voice(program)
    named = sorted(now.coordinators, key=lambda each: each.public != voice.public)[:NAMED]
    return invitations.write(Invitation(now.program, called, tuple(named)), voice)


def file_name(called: str) -> str:
    """What the file of an invitation for a laptop is called."""
    return f"{plain_name(called) or 'laptop'}{END}"


def check_free(now: Roll, name: str, of: str = "") -> None:
    """Refuse a name that another laptop has; `of` is what is sealed for the one that is to have it."""
    for each in now.laptops:
        if each.name.casefold() == name.casefold() and each.revoked_after is None and each.recipient != of:
            raise NameThere(name=name)


def join(program: Program, text: str, name: str | None = None) -> Invitation:
    """Join the program of an invitation, as the laptop that it names: what is exported from now on asks to be let in.

    Raises NotAnInvitation, InvitationTooNew, OwnInvitation or OthersHere.
    """
    asked = invitations.read(text)
    called = check_name(name or asked.name)
    key, ledger = program.device(), program.ledger()
    if rolls.voice(program).public in {each.public for each in asked.coordinators}:
        raise OwnInvitation()
    with ledger.together():
        held, current = roll(program), program.program_id()
        before = ledger.settings.get(rolls.BEFORE)
        if current != asked.program:
            counted = ledger.exchange.counted()
            mine = {each.device for each in held.laptops if rolls.of_this_laptop(program, each)} if held else set()
            earlier = {each.program for each in counted} - {asked.program}
            others = {each.device for each in held.laptops} | {each.device for each in counted} if held else set()
            if others - {*mine, key.device}:
                raise OthersHere()
            if len(earlier) > 1:
                raise OthersHere()
            before = next(iter(earlier), "")
            ledger.exchange.drop_edition(ROLL)
            ledger.exchange.drop_edition(SHARED)
        for setting, value in {
            "program-id": asked.program,
            rolls.BEFORE: before,
            rolls.NAME: called,
            rolls.INVITATION: "".join(text.split()),
        }.items():
            ledger.settings.set(setting, value)
    return asked


def hello(program: Program) -> Hello | None:
    """How this laptop asks to be let in; None when it is in, or never joined."""
    now, asked, key = roll(program), invitation(program), program.device()
    if (now is None and asked is None) or (now and asked is None and now.laptop(key.device)):
        return None
    if asked is None and is_coordinator(program):
        return None
    before = program.ledger().settings.get(rolls.BEFORE)
    voice = rolls.voice(program).public
    return Hello(key.device, key.public, own_name(program), rolls.own_recipient(program), before, voice)


def recipients(program: Program) -> tuple[str, ...]:
    """Whom to seal for what this laptop exports: all who are in, or those who may let it in; itself always."""
    now, asked = roll(program), invitation(program)
    whom = now.recipients if now else ()
    if asked is not None:
        whom = tuple(each.recipient for each in asked.coordinators)
    return tuple(sorted({*whom, rolls.own_recipient(program)}))
