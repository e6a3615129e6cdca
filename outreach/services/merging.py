"""One file of another laptop taken in: all of it or nothing, and whatever it says is checked before it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from outreach.carry.bundles import Bundle, BundleTooNew, read
from outreach.carry.keys import KEY_BYTES
from outreach.core import shared as states
from outreach.core.partition import COUNTED, DAY, FOLDED
from outreach.core.refusal import N_, NoRoom, Refusal
from outreach.core.roll import ROLL, SHARED
from outreach.core.sheets import Kind, from_canonical
from outreach.services import laptops
from outreach.services.ballast import with_room
from outreach.services.missing import names
from outreach.services.program import Program
from outreach.services.settling import current_roll, settled

KEPT_MAX = 16
"""Bundles of newer versions that are kept until this laptop can read them."""
SITES_MAX = 500


class OtherProgram(Refusal):
    sentence = N_("{file} is of another program than this laptop's. Nothing was added.")


class TooManyKept(Refusal):
    sentence = N_(
        "{file} was made by a newer version of outreach, and {count} such files are kept here already. "
        "Update this laptop first. Nothing was added."
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one file. Where `refusal` says why it was not taken, nothing of it was."""

    file: str
    device: str = ""
    laptop: str = ""
    """The name of the laptop that wrote it; empty of one that nobody knows."""
    last: date | None = None
    """The last day of that laptop's own sheets in it."""
    new: int = 0
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    """The new ones by what they are: a correction and what came into stock are no sheets of a session."""
    already: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    """How many of its sheets wait now, by the reason."""
    editions: tuple[str, ...] = ()
    """The kinds of edition in it that count from now on."""
    asks: bool = False
    """Whether that laptop asks to be let in."""
    kept: bool = False
    """Made by a newer version: kept as it came, and read once this laptop has that version."""
    notes: tuple[Refusal, ...] = ()
    """What of it was not taken although the sheets were."""
    refusal: Refusal | None = None


def take_in(program: Program, file: str, content: bytes, today: date) -> Merged:
    try:
        return with_room(program.home, lambda: _taken(program, file, content, today))
    except BundleTooNew:
        return _kept(program, file, content)
    except Refusal as refusal:
        return Merged(file, refusal=refusal)


def _kept(program: Program, file: str, content: bytes) -> Merged:
    exchange = program.ledger().exchange
    kept = exchange.kept()
    if len(kept) >= KEPT_MAX and content not in kept.values():
        return Merged(file, refusal=TooManyKept(file=file, count=len(kept)))
    exchange.keep(content)
    return Merged(file, kept=True)


def read_again(program: Program, kept: str, content: bytes, today: date) -> Merged | None:
    """A bundle that was kept, now that a version may be here that knows it; None while none is."""
    try:
        taken = _taken(program, N_("A file that was kept"), content, today)
    except BundleTooNew:
        return None
    except Refusal as refusal:
        return Merged(N_("A file that was kept"), refusal=refusal)
    program.ledger().exchange.forget(kept)
    return taken


def _taken(program: Program, file: str, content: bytes, today: date) -> Merged:
    """Take one bundle in, all of it or nothing."""
    ledger = program.ledger_if_any()
    if ledger is None:  # nothing is made for a file that cannot be for this laptop
        read(content, bytes(KEY_BYTES), file)
        raise OtherProgram(file=file)
    known = ledger.exchange.ids()
    bundle = read(content, program.keyring.device_key(), file, known.__contains__)
    if bundle.program != program.program_id():
        raise OtherProgram(file=file)
    arrived = tuple((from_canonical(each.body), each.signature) for each in bundle.sheets)
    with ledger.together():
        for device, public in {**bundle.devices, bundle.device: bundle.public}.items():
            ledger.introduce(device, public)
        editions, notes = _take_editions(program, bundle)
        now = settled(program, today, arrived)
        asks = _listen(program, bundle)
        laptop = names(ledger).get(bundle.device, "")
    reasons, ids = now.reasons, [sheet.id for sheet, _ in arrived]
    days = [each.day for each, _ in arrived if each.device == bundle.device and reasons[each.id] != DAY]
    # Not what was known when the file was opened: the same file may be on its way in by another door.
    kinds = Counter(sheet.kind for sheet, _ in arrived if sheet.id in now.new and reasons[sheet.id] != FOLDED)
    new = kinds.total()
    return Merged(
        file=file,
        device=bundle.device,
        laptop=laptop,
        last=max(days, default=None),
        new=new,
        kinds=kinds,
        already=len(ids) - new,
        waiting=Counter(reasons[each] for each in ids if reasons[each] not in (COUNTED, FOLDED)),
        editions=editions,
        asks=asks,
        notes=notes,
    )


def _take_editions(program: Program, bundle: Bundle) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """The kinds that count from now on, the roll first, and what to say; one that is refused stops no sheet."""
    taken: list[str] = []
    notes: list[Refusal] = []
    for edition in sorted(bundle.editions, key=lambda each: each.kind != ROLL):
        try:
            came = laptops.take_edition(program, edition)
        except NoRoom:
            raise
        except Refusal as refusal:
            notes.append(refusal)
        else:
            notes += came.said
            taken += [edition.kind] * came.changed
    return tuple(taken), tuple(notes)


def _listen(program: Program, bundle: Bundle) -> bool:
    """Keep what a laptop says beside its sheets; whether it asks to be let in.

    What it says of other laptops' numbers is believed of a laptop of the program only, and never about this
    one: by a number that was never given here the next sheet would be numbered wrongly.
    """
    exchange, own = program.ledger().exchange, program.device().device
    roll = current_roll(program.ledger())
    laptop = roll.laptop(bundle.device) if roll else None
    if laptop is not None and laptop.revoked_after is None:
        for device, (seq, sheet) in bundle.last.items():
            if device != own:
                exchange.claim(device, seq, sheet)
        unplaced = exchange.unplaced() if bundle.folded else set()
        for sheet, device, seq in bundle.folded:
            if sheet in unplaced and device != own:
                exchange.remember_folded(sheet, device, seq)
    # A stick brings back what was saved here before: this laptop does not ask itself.
    asks = bundle.hello if laptop is None and bundle.device != own else None
    if asks:
        exchange.put_hello(asks)
    exchange.put_elsewhere(bundle.device, _made_there(bundle)[:SITES_MAX])
    return asks is not None


def _made_there(bundle: Bundle) -> list[tuple[str, str, str]]:
    """The places that a laptop named by itself: those that no coordinator had shared with it."""
    shared: set[str] = set()
    for each in bundle.editions:
        if each.kind == SHARED:
            with suppress(Refusal):
                shared |= {code for code, _, _ in states.from_canonical(each.body).sites}
    return [site for site in bundle.sites if site[0] not in shared]
