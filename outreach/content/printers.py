"""The profiles of a program's printers, from `printers.toml` in its home."""

from __future__ import annotations

from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.layouts import Turn, decimal_text
from outreach.core.printers import Printer, PrinterProfile, scale, shift

_SHIFTS, _SCALES = ("x", "y", "back_x", "back_y"), ("scale_x", "scale_y")


def read_printers(file: Path) -> dict[str, Printer]:
    """Every printer by name; none when the file is not there."""
    rows = read_table(file).rows() if file.exists() else {}
    return {name: _printer(name, table) for name, table in rows.items()}


def _printer(name: str, table: Table) -> Printer:
    table.only((*_SHIFTS, *_SCALES, "turn", "paper"))

    def make() -> Printer:
        moves = {key: shift(table.get(key, str, "0mm")) for key in _SHIFTS}
        scales = {key: scale(table.get(key, str, "1")) for key in _SCALES}
        turn, paper = Turn(table.get("turn", str, Turn.LONG.value)), table.get("paper", str, "")
        return Printer(name, PrinterProfile(**moves, **scales), turn, paper)

    return table.build(make)


def printer_row(printer: Printer) -> dict[str, str]:
    """A printer as the text that stands in the file; what changes nothing is left out."""
    given, nothing = printer.profile, PrinterProfile()
    moves = {key: f"{decimal_text(getattr(given, key))}mm" for key in _SHIFTS if getattr(given, key)}
    scales = {key: decimal_text(getattr(given, key)) for key in _SCALES if getattr(given, key) != getattr(nothing, key)}
    return {**moves, **scales, "turn": printer.turn.value, "paper": printer.paper}
