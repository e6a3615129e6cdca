"""The program's funders: who they are, and what each paid for."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

from outreach.content.funders import read_funders
from outreach.content.writing import toml_table
from outreach.core.counted import Counted
from outreach.core.funders import Funder, FunderKind, Funders, Rule, by_funder
from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Movement
from outreach.core.supplies import ItemCode
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program

_writing = Lock()
NAME_MAX = 60


class FunderThereAlready(Refusal):
    sentence = N_("There is a funder called {code} already. Choose another code. Nothing was saved.")


class UnknownKind(Refusal):
    sentence = N_("There is no kind of money called {kind}. Kinds: {known}. Nothing was saved.")


class NotACode(Refusal):
    sentence = N_("{code} is not a code. Use small letters, digits and hyphens. Nothing was saved.")


def funders(program: Program) -> Funders:
    """Every funder and kind of money; refused when the program's own file cannot be read."""
    return read_if_changed(program.home.funders, read_funders)


def add_funder(program: Program, code: str, name: str, kind: str) -> Funder:
    """Keep one more funder. What it may not pay for comes with its kind."""
    with _writing:
        known = funders(program)
        code = code.strip().lower()
        if any(each.code == code for each in known.funders):
            raise FunderThereAlready(code=code)
        if kind not in {each.code for each in known.kinds}:
            raise UnknownKind(kind=kind, known=", ".join(each.code for each in known.kinds))
        try:
            added = Funder(code, " ".join(name.split())[:NAME_MAX], kind)
        except ValueError:
            raise NotACode(code=code or '""') from None
        tables = [*(_kind(each) for each in known.own_kinds), *(_table(each) for each in (*known.funders, added))]
        write_own(program.home, program.home.funders, "Who pays for supplies.", tables)
    return added


def _table(funder: Funder) -> str:
    head = toml_table("[[funder]]", {"code": funder.code, "name": funder.name, "kind": funder.kind})
    return "\n".join([head, *(toml_table("[[funder.rule]]", _row(rule)) for rule in funder.rules)])


def _kind(kind: FunderKind) -> str:
    head = toml_table("[[kind]]", {"code": kind.code, "name": kind.name})
    return "\n".join([head, *(toml_table("[[kind.rule]]", _row(rule)) for rule in kind.rules)])


def _row(rule: Rule) -> dict[str, Any]:
    row: dict[str, Any] = {"from": rule.start, "why": rule.why, "source": rule.source}
    return row | {"items": rule.items, "groups": rule.groups, "counts_as": rule.counts_as}


@dataclass(frozen=True, slots=True)
class Paid:
    """Units of one plain item that a funder paid for: what came and what went out in a period."""

    item: str
    received: int
    out: int


def paid_for(program: Program, period: Period, funder: str) -> list[Paid]:
    """What a funder's money paid for in a period, in the catalog's order; nothing that neither came nor went."""
    counted = counted_for_funder(program, period, funder)
    sums: dict[tuple[str, Movement], int] = {}
    for each in counted.lines:
        sums[each.item, each.movement] = sums.get((each.item, each.movement), 0) + each.quantity
    order = {thing.code: i for i, thing in enumerate(program.catalog.handed_out())}
    items = sorted({item for item, _ in sums}, key=lambda item: (order.get(ItemCode(item), len(order)), item))
    rows = [Paid(item, sums.get((item, Movement.RECEIVED), 0), sums.get((item, Movement.GIVEN), 0)) for item in items]
    return [row for row in rows if row.received or row.out]


def counted_for_funder(program: Program, period: Period, funder: str) -> Counted:
    """What a report for one funder is worked out from: what its money paid for, first in, first out.

    Supplies only, kits taken apart. Visits and events have no funder: they are left out and not filled in.
    """
    ledger = program.ledger_if_any()
    if ledger is None:
        return Counted(period, program.catalog)
    sums = ledger.sums.stock(Period(period.first.min, period.last))
    paid = by_funder(sums, program.catalog, funders(program)).get(funder, [])
    return Counted(period, program.catalog, lines=tuple(each for each in paid if each.day >= period.first))
