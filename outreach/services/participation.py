"""The participation card's switch: off until a program enters a state, its statute and counsel's wording."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from outreach.content.laws import find_state
from outreach.content.participation import read_participation
from outreach.content.writing import toml_table
from outreach.core.participation import NoWording, Participation
from outreach.core.refusal import N_, Refusal
from outreach.core.review import NotYet
from outreach.services.files import read_if_changed, write_whole
from outreach.services.phones import tidy
from outreach.services.program import Program

_BYTES_MAX = 100_000


class CannotRead(Refusal):
    sentence = N_(
        "{file} cannot be read as plain text. Save counsel's wording as a text file in UTF-8. Nothing was saved."
    )


def entered(program: Program) -> Participation | None:
    """What was entered; None while the card is off."""
    return read_if_changed(program.home.participation, read_participation)


def enter(
    program: Program, state: str, statute: str, file: Path, by: str, day: date, today: date, language: str = ""
) -> Participation:
    """Turn the card on with these words. Refuses an unknown state, a day to come, and words with a place to fill in."""
    found = Participation(
        state=find_state(state),
        statute=tidy(statute),
        wording=_words(file),
        by=tidy(by),
        day=day,
        language=program.languages.get(language or program.source.tag).tag,
    )
    if day > today:
        raise NotYet(day=day.isoformat())
    rows: dict[str, str | date] = {
        "state": found.state,
        "statute": found.statute,
        "by": found.by,
        "day": found.day,
        "language": found.language,
        "wording": found.wording,
    }
    program.home.make()
    text = toml_table("# Counsel's wording for the participation card. Public: no person is in here.", rows)
    write_whole(program.home.participation, text.encode("utf-8"))
    return found


def _words(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(_BYTES_MAX)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotRead(file=file) from problem
    if not all(c.isprintable() or c in "\n\t" for c in text):
        raise CannotRead(file=file)
    if not text:
        raise NoWording(file=file)
    return text


def turn_off(program: Program) -> None:
    """Take the wording away; the card is then off."""
    program.home.participation.unlink(missing_ok=True)
