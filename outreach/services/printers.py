"""The program's printers: what makes up for each one, kept in the home as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from outreach.content.printers import printer_row, read_printers
from outreach.content.writing import toml_table
from outreach.core.layouts import Turn, length
from outreach.core.printers import Measured, Printer, scale, shift
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program

_writing = Lock()


class UnknownPrinter(NotThere):
    sentence = N_("There is no printer called {printer}. Printers: {known}. Nothing was done.")


class NoPrinterYet(NotThere):
    sentence = N_(
        "There is no printer called {printer}: none was measured yet. Print the calibration page first. "
        "Nothing was done."
    )


class UnknownTurn(Refusal):
    sentence = N_("A sheet is turned over its long or its short edge, not {turn}. Nothing was done.")


class MeasuredAgain(Refusal):
    sentence = N_("{printer} was measured again meanwhile, and that is kept. Nothing was changed.")


def printers(program: Program) -> dict[str, Printer]:
    """Every printer by name; refused when their file cannot be read."""
    return read_if_changed(program.home.printers, read_printers)


def find_printer(program: Program, name: str) -> Printer:
    """The printer of that name; refuses with the list."""
    known = printers(program)
    if name not in known:
        raise UnknownPrinter(printer=name, known=", ".join(known)) if known else NoPrinterYet(printer=name)
    return known[name]


def turn_over(edge: str) -> Turn:
    """The edge a sheet is turned over, by its word."""
    try:
        return Turn(edge)
    except ValueError:
        raise UnknownTurn(turn=edge) from None


def set_printer(
    program: Program, name: str, numbers: dict[str, str], turn: str | None = None, paper: str | None = None
) -> Printer:
    """Keep a printer, or change what is given of one: shifts such as "0.4mm" and scales such as "0.998" by name."""
    old = printers(program).get(name, Printer(name))
    read = {key: (scale if key.startswith("scale") else shift)(typed) for key, typed in numbers.items()}
    changed = replace(old, profile=replace(old.profile, **read))
    if turn is not None:
        changed = replace(changed, turn=turn_over(turn))
    if paper is not None:
        changed = replace(changed, paper=paper)
    return _keep(program, changed)


def set_measured(program: Program, name: str, typed: dict[str, str], turn: str, paper: str) -> Printer:
    """Keep a printer by what a ruler showed on its calibration page, in millimetres by the names of `Measured`.

    What was left empty was as it should be.
    """
    lengths = {key: length(f"{each.replace(',', '.')}mm") for key, each in typed.items() if each}
    edge = turn_over(turn)
    return _keep(program, Printer(name, Measured(**lengths).profile(paper, edge), edge, paper))


def remove_printer(program: Program, name: str) -> Printer:
    """Take a printer out of the list; what it was."""
    taken = find_printer(program, name)
    _change(program, lambda rows: {key: each for key, each in rows.items() if key != name})
    return taken


def put_back(program: Program, printer: Printer) -> None:
    """Have a printer again that was taken out. Raises MeasuredAgain."""

    def with_it(rows: dict[str, Printer]) -> dict[str, Printer]:
        if rows.get(printer.name, printer) != printer:
            raise MeasuredAgain(printer=printer.name)
        return rows | {printer.name: printer}

    _change(program, with_it)


def _keep(program: Program, printer: Printer) -> Printer:
    _change(program, lambda rows: rows | {printer.name: printer})
    return printer


def _change(program: Program, change: Callable[[dict[str, Printer]], dict[str, Printer]]) -> None:
    """Read, change and write the home's file, one change at a time."""
    with _writing:
        rows = change(printers(program))
        tables = [toml_table(f"[{name}]", printer_row(each)) for name, each in rows.items()]
        write_own(program.home, program.home.printers, "What makes up for each printer.", tables)
