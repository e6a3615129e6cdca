"""Why a card was not printed: one sentence for each reason, and how a sentence crosses from the worker to us."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping

from outreach.core.cards import CardDoesNotFit, PrintingNotPossible, PrintRefused
from outreach.core.refusal import N_, Refusal


class FontMissing(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: the font {font}, which comes with this program, "
        "is missing or cannot be read. Install the program again."
    )


class LetterMissing(PrintRefused):
    sentence = N_(
        'The card {card} in {language} was not printed: no font here can draw "{letter}" ({code}), '
        "so paper would show an empty box. Type these words again without it."
    )


class CodeDoesNotFit(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: its code would be too fine to scan in {room} mm. "
        "At most {most} letters fit there. Shorten what the code says, or choose a larger label."
    )


class CodeNotRead(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: its code was printed on a trial page, and reading it back "
        "did not give the same words. Nothing was wasted."
    )


class InkOutside(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: something on its {side} is drawn within {safe} mm of the "
        "edge, where a cut would take it away. The card's design has to be mended."
    )


class CardReachesOut(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: its design asks for {address}. "
        "A card may use only the files in its own folder."
    )


class DesignMistake(PrintRefused):
    sentence = N_("The card {card} in {language} was not printed: its design has a mistake ({why}).")


class PartMissing(Refusal):
    sentence = N_("Printing needs {part}, a part of this program that is missing. Install the program again.")


class PressStopped(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: the part of this program that draws cards stopped. "
        "Nothing was lost. Try again."
    )


class PressTooSlow(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: drawing it took longer than {limit} seconds. "
        "Nothing was lost. Ask for fewer languages at a time, or have the card's design looked at."
    )


class PrintStopped(Refusal):
    sentence = N_("Stopped. Nothing was printed, and the order can be made again.")


_KNOWN: dict[str, type[Refusal]] = {
    each.__name__: each
    for each in (
        *(CardDoesNotFit, PrintRefused, PrintingNotPossible, FontMissing, LetterMissing, CodeDoesNotFit, CodeNotRead),
        *(InkOutside, CardReachesOut, DesignMistake, PartMissing),
    )
}


def as_data(refusal: Refusal) -> dict[str, object]:
    """A refusal as JSON data: its name and its values, all text."""
    return {"name": type(refusal).__name__, "values": {key: str(value) for key, value in refusal.values.items()}}


def from_data(data: Mapping[str, object]) -> Refusal:
    """The refusal that `as_data` described."""
    values = data["values"]
    assert isinstance(values, dict)
    return _KNOWN[str(data["name"])](**values)


def how_to_install() -> str:
    """The command that puts Pango on this kind of computer."""
    if sys.platform == "darwin":
        return "Install it with: brew install pango."
    if sys.platform == "win32":
        return "Install MSYS2 (msys2.org), and in its window type: pacman -S mingw-w64-ucrt-x86_64-pango."
    for tool, command in (
        ("apt-get", "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("dnf", "dnf install pango"),
        ("pacman", "pacman -S pango"),
        ("zypper", "zypper install libpango-1_0-0"),
        ("apk", "apk add pango"),
    ):
        if shutil.which(tool):
            return f"Install it with: sudo {command}."
    return "Install the package called pango."
