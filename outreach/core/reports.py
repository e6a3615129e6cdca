"""Named questions over the ledger: declared columns, plain rows, and sums that can be recounted by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from outreach.core.periods import Period
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import Movement
from outreach.core.supplies import Catalog, Item, Kit

Row = dict[str, Any]


class UnknownReport(Refusal):
    sentence = N_("There is no report called {name}. Reports: {known}.")


class UnknownGrouping(Refusal):
    sentence = N_("Totals cannot be grouped by {name}. Group by {known}, or by nothing.")


@dataclass(frozen=True, slots=True)
class LineSum:
    """What the ledger holds of one item and movement at one site on one day, corrections included."""

    site: str
    day: date
    item: str
    movement: Movement
    quantity: int


@dataclass(frozen=True, slots=True)
class EventSum:
    """How often one event happened at one site on one day, corrections included."""

    site: str
    day: date
    event: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Visits:
    """Sessions of one site on one day. A None was not reported, which is not zero."""

    site: str
    day: date
    sessions: int
    encounters: int | None
    others: int | None
    quarter_hours: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A question with its answer: `columns` name the keys of every row, in order."""

    name: str
    period: Period
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Groupings = Mapping[str, Callable[[str, date], str]]
"""How rows may be put together: a name, and what a site and a day belong to."""
GROUPINGS: Groupings = {
    "site": lambda site, day: site,
    "month": lambda site, day: f"{day:%Y-%m}",
    "day": lambda site, day: day.isoformat(),
}


def groupings(names: Iterable[str], known: Groupings = GROUPINGS) -> tuple[str, ...]:
    """Check the names of groupings, in the order asked for."""
    asked = tuple(dict.fromkeys(names))
    for name in asked:
        if name not in known:
            raise UnknownGrouping(name=name, known=", ".join(known))
    return asked


def totals(sums: Iterable[LineSum], catalog: Catalog, period: Period, by: tuple[str, ...] = ()) -> Report:
    """Every item's total by movement and grouping.

    `loose` went out by itself, `in_kits` inside kits by the recipe of that day, `quantity` is both.
    A kit has a row of its own (quantity in kits), so rows of kits and items are never added up.
    Rows stand by movement and then in the catalog's order, codes this catalog does not know last.
    """
    by = groupings(by)
    loose: dict[tuple[str, ...], int] = defaultdict(int)
    inside: dict[tuple[str, ...], int] = defaultdict(int)
    for each in sums:
        if not period.first <= each.day <= period.last:
            continue
        group = tuple(GROUPINGS[name](each.site, each.day) for name in by)
        loose[*group, each.item, each.movement.value] += each.quantity
        if each.item in catalog and isinstance(catalog.get(each.item), Kit):
            for part, n in catalog.parts(each.item, each.quantity, each.day).items():
                inside[*group, part, each.movement.value] += n
    place = in_order(catalog)
    rows: list[Row] = []
    for key in sorted(loose.keys() | inside.keys(), key=place):
        *where, item, movement = key
        thing = catalog.get(item) if item in catalog else None
        total = loose[key] + inside[key]
        rows.append(
            dict(zip(by, where, strict=True))
            | {
                "item": item,
                "movement": movement,
                "loose": loose[key],
                "in_kits": inside[key],
                "quantity": total,
                "units": thing.units if thing else "",
                "doses": total * thing.doses if isinstance(thing, Item) and thing.doses else None,
            }
        )
    columns = (*by, "item", "movement", "loose", "in_kits", "quantity", "units", "doses")
    return Report("totals", period, columns, tuple(rows))


def in_order(catalog: Catalog) -> Callable[[tuple[str, ...]], tuple[Any, ...]]:
    """Where a row of (its groups, item, movement) stands: by movement, then as the catalog does, unknown codes last.

    What was handed out comes first, then what came back and the rest: side by side they get added up.
    """
    order: dict[str, int] = {thing.code: i for i, thing in enumerate(catalog.handed_out())}
    movements = [movement.value for movement in Movement]

    def place(key: tuple[str, ...]) -> tuple[Any, ...]:
        *where, item, movement = key
        return (*where, movements.index(movement), order.get(item, len(order)), item)

    return place


def visits(each: Iterable[Visits], period: Period, by: tuple[str, ...] = (), known: Groupings = GROUPINGS) -> Report:
    """Sessions, encounters, others supplied for and hours by grouping; blank where nobody counted."""
    by = groupings(by, known)
    names = ("sessions", "encounters", "others", "quarter_hours")
    found: dict[tuple[str, ...], list[int | None]] = {}
    for row in each:
        if not period.first <= row.day <= period.last:
            continue
        group = tuple(known[name](row.site, row.day) for name in by)
        sums = found.setdefault(group, [None] * len(names))
        for i, value in enumerate((row.sessions, row.encounters, row.others, row.quarter_hours)):
            if value is not None:
                sums[i] = (sums[i] or 0) + value
    rows: list[Row] = []
    for where, counted in sorted(found.items()):
        answer: Row = dict(zip(by, where, strict=True)) | dict(zip(names, counted, strict=True))
        quarters = answer.pop("quarter_hours")
        answer["hours"] = None if quarters is None else quarters / 4
        rows.append(answer)
    return Report("visits", period, (*by, "sessions", "encounters", "others", "hours"), tuple(rows))
