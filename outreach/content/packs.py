"""Packs, one file each: those that ship in `shipped/packs/`, and the program's own in the home's `packs/`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from outreach.content.reading import BadContent, Table, read_table
from outreach.core.answers import can_be_split
from outreach.core.events import Events
from outreach.core.indicators import Indicator, Indicators
from outreach.core.packs import Pack, PackLine, Release
from outreach.core.periods import PeriodKind
from outreach.core.supplies import Catalog
from outreach.core.suppression import DEFAULT_THRESHOLD
from outreach.home import Home
from outreach.shipped import PACKS

_PACK = ("id", "title", "funder", "release", "period", "source", "url", "checked", "note", "threshold", "line")
_LINE = ("label", "indicator", "unit", "only", "by", "blank", "beside", "section", "note", "cell")


def read_packs(
    home: Home,
    indicators: Indicators,
    catalog: Catalog,
    events: Events,
    refused: dict[str, BadContent] | None = None,
) -> dict[str, Pack]:
    """Every pack by its id: shipped ones first, then the program's own.

    With `refused`, a file of the program's own that cannot be used is named there and left out; without
    it the first such file raises.
    """
    codes = {thing.code for thing in catalog.handed_out()} | {group.code for group in catalog.groups}
    known = frozenset(codes | {event.code for event in events.events})
    found: dict[str, Pack] = {}
    for file in _toml(PACKS):
        pack = read_pack(file, indicators, known)
        found[pack.id] = pack
    for file in _toml(home.packs):
        try:
            pack = read_pack(file, indicators, known, own=True)
            if pack.id in found:
                raise BadContent(
                    file=file.name, key="id", why=f"there is already a pack {pack.id}; name yours otherwise."
                )
            found[pack.id] = pack
        except BadContent as problem:
            if refused is None:
                raise
            refused[file.stem] = problem
    return found


def read_pack(file: Path, indicators: Indicators, known: frozenset[str], own: bool = False) -> Pack:
    """One pack; `known` are the codes of items, kits, groups and events that a line may keep to."""
    top = read_table(file)
    top.only(_PACK)
    if top.get("id", str) != file.stem:
        raise top.bad("id", f"should be {file.stem}, as the file is called.")
    lines = tuple(_line(each, indicators, known) for each in top.tables("line"))
    return top.build(
        lambda: Pack(
            id=file.stem,
            title=top.get("title", str),
            funder=top.get("funder", str),
            release=Release(_one_of(top, "release", Release)),
            period=PeriodKind(_one_of(top, "period", PeriodKind)),
            source=top.get("source", str),
            url=top.get("url", str, ""),
            checked=top.get("checked", date),
            lines=lines,
            note=top.get("note", str, ""),
            own=own,
            threshold=top.get("threshold", int, DEFAULT_THRESHOLD),
        )
    )


def _line(table: Table, indicators: Indicators, known: frozenset[str]) -> PackLine:
    table.only(_LINE)
    line = table.build(
        lambda: PackLine(
            label=table.get("label", str),
            indicator=table.get("indicator", str, ""),
            unit=table.get("unit", str, ""),
            only=frozenset(table.texts("only", ())),
            by=table.get("by", str, ""),
            blank=table.get("blank", str, ""),
            beside=table.get("beside", str, ""),
            section=table.get("section", str, ""),
            note=table.get("note", str, ""),
            cell=table.get("cell", str, ""),
        )
    )
    for key, named in (("indicator", line.indicator), ("beside", line.beside)):
        if named and named not in indicators:
            raise table.bad(
                key, f"there is no indicator {named}; there are {', '.join(each.id for each in indicators)}."
            )
    strange = sorted(line.only - known)
    if strange:
        raise table.bad("only", f"there is no item, group or event {strange[0]}.")
    indicator = table.build(lambda: line.asks_for(indicators))
    if indicator and line.by and not _splits(indicator, line.by, indicators):
        raise table.bad("by", f"{line.indicator} cannot be split by {line.by}.")
    return line


def _splits(indicator: Indicator, by: str, indicators: Indicators) -> bool:
    return all(can_be_split(number.source, by, indicators) for number in indicator.numbers)


def _one_of(table: Table, key: str, choices: Iterable[str]) -> str:
    value, known = table.get(key, str), list(choices)
    if value not in known:
        raise table.bad(key, f"should be one of {', '.join(known)}, not {value}.")
    return value


def _toml(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))
