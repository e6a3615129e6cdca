"""Who pays, from `shipped/funders.toml` and the program's own `funders.toml`: kinds of money, funders, dated rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.funders import Funder, FunderKind, Funders, Rule
from outreach.shipped import SHIPPED


def read_funders(own: Path) -> Funders:
    """The shipped kinds, then the program's own kinds and funders; no funders while it has named none."""
    files = [SHIPPED / "funders.toml", *([own] if own.exists() else [])]
    kinds: list[FunderKind] = []
    funders: list[Funder] = []
    for file in files:
        top = read_table(file)
        top.only(("kind", "funder"))
        kinds += [_kind(each, own=file == own) for each in top.tables("kind")]
        funders += [_funder(each) for each in top.tables("funder")]
    return Table({}, files[-1], "").build(lambda: Funders(tuple(kinds), tuple(funders)))


def _kind(table: Table, own: bool) -> FunderKind:
    table.only(("code", "name", "rule"))
    return FunderKind(table.get("code", str), table.get("name", str), _rules(table), own)


def _funder(table: Table) -> Funder:
    table.only(("code", "name", "kind", "rule"))
    return table.build(
        lambda: Funder(table.get("code", str), table.get("name", str, ""), table.get("kind", str, ""), _rules(table))
    )


def _rules(table: Table) -> tuple[Rule, ...]:
    return tuple(_rule(each) for each in table.tables("rule"))


def _rule(table: Table) -> Rule:
    table.only(("from", "why", "source", "items", "groups", "counts_as"))
    return table.build(
        lambda: Rule(
            table.get("from", date),
            table.get("why", str),
            table.get("source", str),
            table.texts("items", ()),
            table.texts("groups", ()),
            table.texts("counts_as", ()),
        )
    )
