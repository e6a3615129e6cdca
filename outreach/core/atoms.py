"""The smallest parts of a number: what one site counted of one item or event on one day, as a number asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from outreach.core.counted import Counted
from outreach.core.indicators import Amount, Handled, Happened, Source, Stocked, Visited
from outreach.core.stock import Book
from outreach.core.supplies import Catalog, Item, Kit

ACCOUNT: Mapping[str, Callable[[Book], int | Fraction | None]] = {
    "opening": lambda book: book.opening,
    "received": lambda book: book.received_in_all,
    "moved": lambda book: book.moved,
    "adjusted": lambda book: book.adjusted,
    "discarded": lambda book: book.discarded,
    "closing": lambda book: book.closing,
    "counted": lambda book: book.counted,
    "discrepancy": lambda book: book.discrepancy,
    "out-days": lambda book: book.days_out,
}
"""How each of STOCK_LINES is read off a book."""


@dataclass(frozen=True, slots=True)
class Atom:
    """`code` is the item or event, empty for visits. `low` and `high` stand where it is an estimate with a range."""

    site: str
    day: date
    code: str
    value: int | Fraction
    low: int | Fraction | None = None
    high: int | Fraction | None = None


def atoms(source: Source, counted: Counted) -> Iterator[Atom]:
    """What a counted number is the sum of; nothing for a ratio or a list."""
    if isinstance(source, Visited):
        yield from _visited(source, counted)
    elif isinstance(source, Happened):
        yield from _happened(source, counted)
    elif isinstance(source, Handled):
        yield from _kits(source, counted) if source.amount is Amount.KITS else _handled(source, counted)
    elif isinstance(source, Stocked):
        yield from _stocked(source, counted)


def only_of(found: Iterable[Atom], codes: frozenset[str], catalog: Catalog) -> Iterator[Atom]:
    """Those of these items, events, or groups of items; all of them when none are named."""
    for atom in found:
        group = catalog.get(atom.code).group if atom.code in catalog else ""
        if not codes or atom.code in codes or group in codes:
            yield atom


def unknown_codes(counted: Counted) -> tuple[str, ...]:
    """Codes of lines that this catalog does not know: few indicators count them, and a page has to say so."""
    return tuple(sorted({line.item for line in counted.lines if line.item not in counted.catalog}))


def _visited(source: Visited, counted: Counted) -> Iterator[Atom]:
    for row in counted.visits:
        hours = None if row.quarter_hours is None else Fraction(row.quarter_hours, 4)
        count = {"encounters": row.encounters, "others": row.others, "sessions": row.sessions, "hours": hours}[
            source.count
        ]
        if count is not None:
            yield Atom(row.site, row.day, "", count)


def _happened(source: Happened, counted: Counted) -> Iterator[Atom]:
    said: Counter[tuple[str, date, str]] = Counter()
    for each in counted.events:
        said[each.site, each.day, each.event] += each.quantity
    for (site, day, event), quantity in said.items():
        if source.holds(event):
            low, high = (said.get((site, day, f"{event}-{end}")) if source.ranged else None for end in ("low", "high"))
            yield Atom(site, day, event, quantity, low, high)


def _handled(source: Handled, counted: Counted) -> Iterator[Atom]:
    for line in counted.unpacked(source.movement):
        if _asked(source, line.item, counted.catalog):
            weight = _weight(source.amount, line.item, counted.catalog)
            yield Atom(line.site, line.day, line.item, line.quantity * weight)


def _kits(source: Handled, counted: Counted) -> Iterator[Atom]:
    catalog = counted.catalog
    for line in (*counted.lines, *counted.kits):
        kit = catalog.get(line.item) if line.item in catalog and line.movement is source.movement else None
        if isinstance(kit, Kit) and any(_asked(source, part, catalog) for part in kit.recipe_on(line.day).parts):
            yield Atom(line.site, line.day, line.item, line.quantity)


def _stocked(source: Stocked, counted: Counted) -> Iterator[Atom]:
    for book in counted.books:
        value = ACCOUNT[source.line](book)
        if value is not None:
            yield Atom(book.site, counted.period.first, book.item, value)


def _asked(source: Handled, code: str, catalog: Catalog) -> bool:
    """Whether the source is about this plain item. One that the catalog does not know has only its code."""
    item = catalog.get(code) if code in catalog else None
    if not isinstance(item, Item):
        return code in source.items and source.counts_as is None and not source.naloxone
    return (
        (not source.items or code in source.items or item.group in source.items)
        and source.counts_as in (None, item.counts_as)
        and (item.doses > 0 or not source.naloxone)
    )


def _weight(amount: Amount, code: str, catalog: Catalog) -> int | Fraction:
    item = catalog.get(code) if code in catalog else None
    if amount is Amount.UNITS or not isinstance(item, Item):
        return 1
    return item.doses if amount is Amount.DOSES else Fraction(item.doses, 2)
