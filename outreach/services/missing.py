"""What does not add up between laptops: sheets that are missing, numbers used twice, places of the same name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from outreach.services.program import Program
from outreach.services.settling import current_roll
from outreach.store.exchange import Place
from outreach.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Gap:
    """Sheets of a laptop that did not come: numbers `first` to `last`, between the known days around them."""

    device: str
    name: str
    first: int
    last: int
    after: date | None
    before: date | None
    """The day of the next sheet that is here; None when the missing ones are its last."""

    @property
    def missing(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Fork:
    """A number that a laptop used more than once, as after a copy of its files was put back. All of them count."""

    device: str
    name: str
    seq: int
    sheets: tuple[str, ...]
    """The ids that are known, of sheets that are here or were folded."""
    days: tuple[date, ...]
    counted: tuple[tuple[str, date], ...]
    """The ids of those that count here, each with its day: these can be looked at and corrected."""
    all_here: bool
    """Whether every one of them is known; if not, another sheet follows one that never came."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that a laptop named by itself, and one here, or of a third laptop, that has its name or code."""

    device: str
    name: str
    code: str
    called: str
    other_code: str
    other_called: str
    other_name: str
    """The third laptop's name; empty when the other place is this laptop's own."""


def names(ledger: Ledger) -> dict[str, str]:
    """What each laptop on the roll, or one that asks to be, is called, by device."""
    roll = current_roll(ledger)
    asking = {each.device: each.name for each in ledger.exchange.hellos()}
    return asking | ({each.device: each.name for each in roll.laptops} if roll else {})


def gaps(program: Program) -> tuple[Gap, ...]:
    """The sheets that are known to be closed and are not here, by laptop and number."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return ()
    called, claims = names(ledger), ledger.exchange.claims()
    places = _by_device(ledger)
    found: list[Gap] = []
    for device in sorted(called.keys() & places.keys()):
        last, _ = claims.get(device, (0, ""))
        found += _gaps(device, called[device], places[device], last)
    return tuple(found)


def _by_device(ledger: Ledger) -> dict[str, list[Place]]:
    """The numbers of those laptops of which something may be missing, or there twice."""
    found: dict[str, list[Place]] = {device: [] for device in ledger.exchange.uneven()}
    for place in ledger.exchange.places(found):
        found[place.device].append(place)
    return found


def _gaps(device: str, name: str, places: Sequence[Place], last: int) -> Iterator[Gap]:
    days = {place.seq: place.day for place in places if place.day}
    seqs = [0, *sorted({place.seq for place in places})]
    runs = [(a + 1, b - 1) for a, b in zip(seqs, seqs[1:], strict=False) if b - a > 1]
    if last > seqs[-1]:
        runs.append((seqs[-1] + 1, last))
    for first, end in runs:
        after = max((seq for seq in days if seq < first), default=None)
        before = min((seq for seq in days if seq > end), default=None)
        yield Gap(device, name, first, end, days.get(after or 0), days.get(before or 0))


def forks(program: Program) -> tuple[Fork, ...]:
    """The numbers that laptops used more than once, by laptop and number."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return ()
    called = names(ledger)
    found: list[Fork] = []
    for device, places in _by_device(ledger).items():
        found += _forks(device, called.get(device, ""), places)
    return tuple(found)


def _forks(device: str, name: str, places: Sequence[Place]) -> Iterator[Fork]:
    at: dict[int, set[str]] = {}
    followed: dict[int, set[str]] = {}
    days = {str(place.id): place.day for place in places if place.day}
    for place in places:
        at.setdefault(place.seq, set()).add(place.id)
        if place.prev:
            followed.setdefault(place.seq - 1, set()).add(place.prev)
    for seq, here in at.items():
        every = here | followed.get(seq, set())
        if len(every) > 1:
            ids = tuple(sorted(here))
            told = tuple(sorted({days[each] for each in ids if each in days}))
            counted = tuple((each.id, each.day) for each in places if each.id in here and each.counts and each.day)
            yield Fork(device, name, seq, ids, told, counted, every == here)


def clashes(program: Program) -> tuple[Clash, ...]:
    """Places that two laptops named alike without one another, until someone says that they are the same."""
    ledger = program.ledger_if_any()
    if ledger is None:
        return ()
    called = names(ledger)
    others = [each for each in ledger.exchange.elsewhere() if each.name and not each.same]
    # The first site has one code everywhere: what only the other laptop gave a name is a place of its own, too.
    here = [("", site.code, site.name) for site in ledger.sites.all()]
    here += [(each.device, each.code, each.name) for each in others]
    return tuple(
        Clash(each.device, called.get(each.device, ""), each.code, each.name, code, name, called.get(device, ""))
        for each in others
        for device, code, name in here
        # Of two laptops that are not this one each pair is told once.
        if (not device or device < each.device) and (code == each.code or name.casefold() == each.name.casefold())
    )
