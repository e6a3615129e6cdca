"""The page that a printer is measured by, in the words of the one who measures."""

from __future__ import annotations

from outreach.core.languages import Language, as_set
from outreach.core.printers import CROSS, Printer
from outreach.core.refusal import N_
from outreach.i18n.catalogs import INTERFACE, translations
from outreach.printing.calibration import Calibration
from outreach.printing.press import Press
from outreach.services.layouts import layout_called
from outreach.services.printers import find_printer, turn_over
from outreach.services.program import Program

TITLE = {"front": N_("Check page, front"), "back": N_("Check page, back")}
FIRST = {
    "front": N_("Print at 100 %, actual size, do not fit to page. Then measure this line: it must be 100 mm."),
    "back": N_("Turn the sheet like the page of a book, and measure the same on this side."),
}
VIEWERS = N_(
    "Adobe Reader and SumatraPDF follow the wish of this file not to scale. macOS Preview and browsers may not: "
    "choose 100 % by hand."
)
MEASURE = N_(
    "Measure from the edges of the paper to the middle of the upper left cross. It should be {mm} mm from the left "
    "and {mm} mm from the top."
)
TYPE = N_("Type what you measured on the page Your printer.")
LIGHT = N_("Hold the sheet against the light: each outline should lie over the one behind it.")
MADE_UP = N_("This page was moved to make up for the printer {printer}. The cross should be right now.")


def calibration(
    program: Program,
    press: Press,
    layout: str,
    language: Language,
    printer: str = "",
    turn: str = "",
) -> bytes:
    """The calibration page of a layout as a PDF, in one of the languages that staff pages are complete in.

    With `printer` it is made up for that one, to see whether it is right.
    """
    machine = find_printer(program, printer) if printer else Printer("none")
    said = translations(language.catalog, INTERFACE).ugettext

    def say(sentence: str) -> str:
        return as_set(said(sentence).format(printer=printer, mm=CROSS), language.direction)

    ends = [say(MADE_UP if printer else TYPE)]
    measure, viewers = say(MEASURE), say(VIEWERS)
    page = Calibration(
        layout=layout_called(program, layout),
        language=language.tag,
        direction=language.direction.value,
        scripts=tuple(dict.fromkeys(("latin", language.script))),
        words={
            "front": [say(TITLE["front"]), say(FIRST["front"]), viewers, measure, *ends],
            "back": [say(TITLE["back"]), say(FIRST["back"]), measure, *ends, say(LIGHT)],
        },
        turn=turn_over(turn) if turn else machine.turn,
        printer=machine.profile,
    )
    return press.calibrate(page)
