"""Who paid for what: first in, first out by funder, with what each funder's money may not buy from a day on."""

from __future__ import annotations

import re
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from outreach.core.particulars import ASSEMBLED, PAST
from outreach.core.refusal import N_, Refusal
from outreach.core.reports import LineSum
from outreach.core.sheets import Movement
from outreach.core.stock import StockSum
from outreach.core.supplies import Catalog, Item

NOBODY = ""
"""What no receipt with a funder's name covers."""

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class UnknownFunder(Refusal):
    sentence = N_(
        "There is no funder called {code}. Funders: {known}. "
        "Add one with `outreach funders add {code}`. Nothing was saved."
    )


class NoFunderYet(Refusal):
    sentence = N_(
        "There is no funder called {code}: none was added yet. "
        "Add it with `outreach funders add {code}`. Nothing was saved."
    )


class MayNotPay(Refusal):
    sentence = N_(
        "{funder} may not pay for {item} from {day} on: {why} Source: {source}. "
        "Choose who paid for it, or no funder. Nothing was saved."
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """What money may not buy from `start` on: items by code, whole groups, or what counts as a syringe or needle."""

    start: date
    why: str
    source: str
    items: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    counts_as: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.items or self.groups or self.counts_as):
            raise ValueError("a rule says which items it is about")
        if not self.why or not self.source:
            raise ValueError("a rule says why, and where that is written")

    def bars(self, thing: Item, day: date) -> bool:
        """Whether it keeps money from buying this on that day."""
        named = thing.code in self.items or thing.group in self.groups or thing.counts_as in self.counts_as
        return day >= self.start and named


@dataclass(frozen=True, slots=True)
class FunderKind:
    """Money of one sort, such as federal money, with the rules that go with it; `own` ones a program wrote itself."""

    code: str
    name: str
    rules: tuple[Rule, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Funder:
    """Who paid, as the program calls it; the rules of its kind come before its own."""

    code: str
    name: str
    kind: str = ""
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"funder code {self.code!r} is not lower-case words joined by hyphens")


@dataclass(frozen=True, slots=True)
class Funders:
    """Every funder a program has, and the kinds of money that are known."""

    kinds: tuple[FunderKind, ...] = ()
    funders: tuple[Funder, ...] = ()
    _by_code: Mapping[str, Funder] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = {kind.code for kind in self.kinds}
        codes: dict[str, Funder] = {}
        for funder in self.funders:
            if funder.code in codes:
                raise ValueError(f"the funder {funder.code} is there twice; codes are never reused")
            if funder.kind and funder.kind not in kinds:
                raise ValueError(f"{funder.code} is of the kind {funder.kind!r}, which is not there")
            codes[funder.code] = funder
        object.__setattr__(self, "_by_code", codes)

    @property
    def own_kinds(self) -> tuple[FunderKind, ...]:
        return tuple(kind for kind in self.kinds if kind.own)

    def get(self, code: str) -> Funder:
        """The funder of that code; refuses with the list."""
        if code not in self._by_code:
            known = ", ".join(self._by_code)
            raise UnknownFunder(code=code, known=known) if known else NoFunderYet(code=code)
        return self._by_code[code]

    def barred_by(self, funder: str, thing: Item, day: date) -> Rule | None:
        """The rule that keeps this funder's money from buying this on that day.

        A funder of another laptop that is not known here has no rules here: its receipts still count.
        """
        known = self._by_code.get(funder)
        if known is None:
            return None
        of_kind = next((kind.rules for kind in self.kinds if kind.code == known.kind), ())
        return next((rule for rule in (*of_kind, *known.rules) if rule.bars(thing, day)), None)

    def check(self, code: str, things: Iterable[Item], day: date) -> None:
        """Refuse to receive with this funder's money what it may not buy on that day; `NOBODY` buys anything."""
        if code == NOBODY:
            return
        funder = self.get(code)
        for thing in things:
            rule = self.barred_by(code, thing, day)
            if rule is not None:
                raise MayNotPay(
                    funder=funder.name or code,
                    item=thing.name,
                    day=rule.start.isoformat(),
                    why=rule.why,
                    source=rule.source,
                )


@dataclass(slots=True)
class _Layer:
    came: int
    funder: str
    quantity: int


_Took = list[tuple[_Layer | None, int]]


class _Shelf:
    """One plain item of the whole program, in layers as they came, and what was last taken from which."""

    def __init__(self) -> None:
        self.layers: list[_Layer] = []
        self.took: dict[Movement, _Took] = defaultdict(list)
        self.owed: dict[str, int] = defaultdict(int)
        """Receipts that a correction took back after they had gone out; the funder's next ones make up for it."""
        self._came = 0

    def receive(self, funder: str, quantity: int) -> None:
        if quantity < 0:
            self._unreceive(funder, -quantity)
            return
        settled = min(quantity, self.owed[funder])
        self.owed[funder] -= settled
        if quantity - settled:
            self._came += 1
            self.layers.append(_Layer(self._came, funder, quantity - settled))

    def _unreceive(self, funder: str, quantity: int) -> None:
        for layer in reversed(self.layers):
            if layer.funder == funder:
                there = min(quantity, layer.quantity)
                layer.quantity -= there
                quantity -= there
        self.owed[funder] += quantity
        self._clear()

    def take(self, quantity: int, why: Movement, barred: Callable[[str], bool]) -> list[tuple[str, int]]:
        """Take from the oldest layers whose funder is not barred; the rest is nobody's."""
        paid: list[tuple[str, int]] = []
        for layer in self.layers:
            if not quantity:
                break
            if not barred(layer.funder):
                there = min(quantity, layer.quantity)
                layer.quantity -= there
                quantity -= there
                self.took[why].append((layer, there))
                paid.append((layer.funder, there))
        if quantity:
            self.took[why].append((None, quantity))
            paid.append((NOBODY, quantity))
        self._clear()
        return paid

    def give_back(self, quantity: int, why: Movement) -> list[tuple[str, int]]:
        """Undo what was taken last; what was never taken is nobody's."""
        paid: list[tuple[str, int]] = []
        took = self.took[why]
        while quantity and took:
            layer, there = took.pop()
            back = min(quantity, there)
            if there - back:
                took.append((layer, there - back))
            quantity -= back
            if layer is not None:
                if not layer.quantity:
                    insort(self.layers, layer, key=lambda each: each.came)
                layer.quantity += back
            paid.append((layer.funder if layer is not None else NOBODY, -back))
        return [*paid, (NOBODY, -quantity)] if quantity else paid

    def _clear(self) -> None:
        self.layers = [layer for layer in self.layers if layer.quantity]


def by_funder(sums: Iterable[StockSum], catalog: Catalog, funders: Funders) -> dict[str, list[LineSum]]:
    """What was received, handed out and thrown away by the funder who paid for it, kits taken apart.

    `sums` are all of the ledger's by day. The whole program is one shelf here, because a funder pays the
    program and not a site; each row still says at which site it happened. Kits made up and moves change
    nothing: the parts are the same ones. What was thrown away, or was missing when counted, is taken from
    the oldest layers whoever paid, because a rule is about handing out. What counting found more of is
    nobody's.
    """
    shelves: dict[str, _Shelf] = defaultdict(_Shelf)
    rows: dict[tuple[str, str, date, str, Movement], int] = defaultdict(int)
    for day, site, item, movement, funder, quantity in _in_order(sums, catalog):
        shelf = shelves[item]
        if movement is Movement.RECEIVED or (movement is Movement.ADJUSTED and quantity > 0):
            shelf.receive(funder, quantity)
            paid = [(funder, quantity)]
        elif movement is Movement.ADJUSTED:
            paid = shelf.take(-quantity, movement, _nobody_barred)
        elif quantity < 0:
            paid = shelf.give_back(-quantity, movement)
        elif movement is Movement.GIVEN:
            paid = shelf.take(quantity, movement, _barred(item, day, catalog, funders))
        else:
            paid = shelf.take(quantity, movement, _nobody_barred)
        for payer, part in paid:
            # Missing is missing: of an adjustment both signs are the shelf's own.
            signed = -part if movement is Movement.ADJUSTED and quantity < 0 else part
            rows[payer, site, day, item, movement] += signed
    found: dict[str, list[LineSum]] = defaultdict(list)
    for (payer, site, day, item, movement), quantity in rows.items():
        found[payer].append(LineSum(site, day, item, movement, quantity))
    return dict(found)


_TURN = {Movement.RECEIVED: 0, Movement.ADJUSTED: 1, Movement.GIVEN: 2, Movement.DISCARDED: 3}
"""Of one day: what came first, then what counting found, then what went out."""


def _in_order(sums: Iterable[StockSum], catalog: Catalog) -> Iterator[tuple[date, str, str, Movement, str, int]]:
    """Plain items by day, what was received before what left; funders only where something was received."""
    added: dict[tuple[date, int, str, str, str], int] = defaultdict(int)
    for each in sums:
        if each.movement in _TURN and each.act not in (PAST, ASSEMBLED):
            funder = each.funder if each.movement is Movement.RECEIVED else NOBODY
            for part, quantity in catalog.parts(each.item, each.quantity, each.day).items():
                added[each.day, _TURN[each.movement], each.site, part, funder] += quantity
    movements = list(_TURN)
    for day, turn, site, item, funder in sorted(added):
        if quantity := added[day, turn, site, item, funder]:
            yield day, site, item, movements[turn], funder, quantity


def _barred(item: str, day: date, catalog: Catalog, funders: Funders) -> Callable[[str], bool]:
    thing = catalog.get(item) if item in catalog else None
    if not isinstance(thing, Item):
        return _nobody_barred  # a code of another laptop's catalog: no rule here knows it
    return lambda funder: funders.barred_by(funder, thing, day) is not None


def _nobody_barred(funder: str) -> bool:
    return False
