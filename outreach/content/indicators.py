"""The indicators from `shipped/indicators.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.indicators import (
    Amount,
    Band,
    Handled,
    Happened,
    Indicator,
    Indicators,
    Kind,
    Listed,
    Number,
    Ratio,
    Source,
    Stocked,
    Typed,
    Visited,
)
from outreach.core.sheets import Movement
from outreach.shipped import SHIPPED

_WAYS = ("visits", "events", "items", "counts_as", "naloxone", "ratio", "stock", "list")
_NUMBER = (*_WAYS, "label", "unit", "ranged", "monthly", "as", "movement", "goals", "band")


@cache
def read_indicators(file: Path = SHIPPED / "indicators.toml") -> Indicators:
    """Every indicator, in the order of the file, and the numbers that may be typed."""
    top = read_table(file)
    top.only(("typed", "indicator"))
    typed = [_typed(each) for each in top.tables("typed")]
    rows = [_indicator(each) for each in top.tables("indicator")]
    return top.build(lambda: Indicators(tuple(rows), tuple(typed)))


def _typed(table: Table) -> Typed:
    table.only(("id", "name", "unit"))
    return Typed(table.get("id", str), table.get("name", str), table.get("unit", str))


def _indicator(table: Table) -> Indicator:
    table.only((*_NUMBER, "id", "name", "kind", "definition", "formula", "also", "on"))
    name = table.get("name", str)
    return table.build(
        lambda: Indicator(
            id=table.get("id", str),
            name=name,
            kind=Kind(table.get("kind", str)),
            definition=table.get("definition", str),
            formula=table.get("formula", str),
            numbers=(_number(table, name), *(_also(each) for each in table.tables("also"))),
            on=table.get("on", bool, True),
        )
    )


def _also(table: Table) -> Number:
    table.only(_NUMBER)
    return _number(table, table.get("label", str))


def _number(table: Table, name: str) -> Number:
    return table.build(
        lambda: Number(
            label=table.get("label", str, name),
            unit=table.get("unit", str),
            source=_source(table),
            bands=tuple(_band(each) for each in table.tables("band")),
            goals=tuple(table.get("goals", list, [])),
        )
    )


def _band(table: Table) -> Band:
    table.only(("label", "least", "over"))
    over = "over" in table.row
    return Band(table.get("label", str), table.get("over" if over else "least", int), over)


def _source(table: Table) -> Source:
    """What the number is counted from; refused when the table says none of the ways, or two."""
    said = [way for way in _WAYS if way in table.row]
    ways = {"items" if way in ("counts_as", "naloxone") else way for way in said}
    if len(ways) != 1:
        raise table.bad("", f"is counted in one of these ways: {', '.join(_WAYS)}; here are: {', '.join(said) or '-'}.")
    match ways.pop():
        case "visits":
            return Visited(table.get("visits", str))
        case "events":
            return Happened(table.texts("events"), table.get("ranged", bool, False), table.get("monthly", bool, False))
        case "ratio":
            return _ratio(Table(table.get("ratio", dict), table.file, f"{table.where}.ratio"))
        case "stock":
            return table.build(lambda: Stocked(table.get("stock", str)))
        case "list":
            return Listed(table.get("list", str))
    counts_as = table.get("counts_as", str) if "counts_as" in table.row else None
    return Handled(
        items=frozenset(table.texts("items", ())),
        counts_as="" if counts_as == "neither" else counts_as,
        naloxone=table.get("naloxone", bool, False),
        amount=Amount(table.get("as", str, Amount.UNITS.value)),
        movement=Movement(table.get("movement", str, Movement.GIVEN.value)),
    )


def _ratio(table: Table) -> Ratio:
    table.only(("top", "bottom", "times", "each", "yearly"))
    return Ratio(
        top=table.texts("top"),
        bottom=table.get("bottom", str) if "bottom" in table.row else None,
        times=table.get("times", int, 1),
        each=table.get("each", int, 1),
        yearly=table.get("yearly", bool, False),
    )
