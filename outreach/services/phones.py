"""Phone lines: what may be offered, what was called, and what readers see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TypeVar

from outreach.content.phones import OwnPhones, read_own_phones, read_phones
from outreach.content.writing import toml_table
from outreach.core.languages import Language, LanguageTag, Wording
from outreach.core.own import OwnText
from outreach.core.phones import Called, Notes, PhoneLine
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services.files import plain_name, read_if_changed, write_whole
from outreach.services.program import Program

T = TypeVar("T")
_writing = Lock()


class UnknownLine(NotThere):
    sentence = N_("There is no phone line {line}. Lines: {known}. Nothing was changed.")


class NotYet(Refusal):
    sentence = N_("{day} is still to come. Say the day someone called. Nothing was changed.")


class StaysShipped(Refusal):
    sentence = N_(
        "{line} came with outreach and stays in the list. It shows only while it is ticked. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class LineState:
    """A line with the day someone last called it; `shown` while that call holds."""

    line: PhoneLine
    called: date | None
    shown: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line as a reader sees it. `use` is None when there is nothing to say about it."""

    line: PhoneLine
    use: Wording | None
    hours: Wording | None


@dataclass(frozen=True, slots=True)
class SaidNotes:
    hours: Wording | None
    note: Wording | None


def own_phones(program: Program) -> OwnPhones:
    """What the home says about phones; refused when its file cannot be read."""
    return read_if_changed(program.home.phones, read_own_phones)


def states(program: Program, today: date) -> list[LineState]:
    """Every line, shipped first, and whether it is shown on `today`."""
    own = own_phones(program)
    found = []
    for line in (*read_phones().values(), *own.lines.values()):
        call = own.called.get(line.id)
        found.append(LineState(line, call.day if call else None, bool(call and call.holds(line.number, today))))
    return found


def offered(program: Program, language: Language, today: date, topic: str = "") -> tuple[SaidLine, ...]:
    """The ticked lines in one language: those that belong to `topic`, or all of them.

    Never refuses: a file that cannot be read shows no line, and `outreach check` says why.
    """
    try:
        shown = [each.line for each in states(program, today) if each.shown]
    except Refusal:
        return ()
    return tuple(_said(program, language, line) for line in shown if not topic or topic in line.topics)


def _said(program: Program, language: Language, line: PhoneLine) -> SaidLine:
    if line.own:
        return SaidLine(
            line, _own(program, language, line.use, line.language), _own(program, language, line.hours, line.language)
        )
    use = program.wording(language, f"phone.{line.id}", line.use)
    return SaidLine(line, use, _own(program, language, line.hours, line.language))


def _own(program: Program, language: Language, text: str, tag: LanguageTag) -> Wording | None:
    return program.own_wording(language, OwnText(text, tag)) if text else None


def notes(program: Program, language: Language) -> SaidNotes:
    """The program's hours and note in one language; nothing where none were saved. Never refuses."""
    try:
        own = own_phones(program).notes
    except Refusal:
        return SaidNotes(None, None)
    return SaidNotes(_own(program, language, own.hours, own.language), _own(program, language, own.note, own.language))


# --- what a program changes ---


def called(program: Program, line_id: str, day: date | None, today: date) -> PhoneLine:
    """Tick a line as called on `day`, or with None take the tick away; the line."""
    if day and day > today:
        raise NotYet(day=day.isoformat())

    def tick(own: OwnPhones) -> OwnPhones:
        line = _find(own, line_id)
        ticks = {key: each for key, each in own.called.items() if key != line.id}
        return replace(own, called=ticks | ({line.id: Called(day, line.number)} if day else {}))

    return _find(_change(program, tick), line_id)


def save_line(program: Program, line_id: str, name: str, number: str, hours: str, use: str, language: str) -> PhoneLine:
    """Add a line of the program's own (`line_id` empty) or change one. Another number has to be called again."""
    tag = program.languages.get(language or program.source.tag).tag
    made: list[PhoneLine] = []

    def put(own: OwnPhones) -> OwnPhones:
        old = _own_line(own, line_id) if line_id else None
        line = PhoneLine(
            id=old.id if old else _free_id(name, (*read_phones(), *own.lines)),
            name=tidy(name),
            number=tidy(number),
            use=tidy(use),
            hours=tidy(hours),
            tongues=old.tongues if old else (),
            topics=old.topics if old else (),
            language=tag,
            own=True,
        )
        made.append(line)
        return replace(own, lines={**own.lines, line.id: line})

    _change(program, put)
    return made[0]


def remove(program: Program, line_id: str) -> None:
    """Take a line of the program's own out of the list."""

    def drop(own: OwnPhones) -> OwnPhones:
        line = _own_line(own, line_id)
        return replace(own, lines=_without(own.lines, line.id), called=_without(own.called, line.id))

    _change(program, drop)


def save_notes(program: Program, hours: str, note: str, language: str = "") -> None:
    """Keep the program's hours and note for the foot of the list; empty ones are taken away."""
    tag = program.languages.get(language or program.source.tag).tag
    said = Notes(tidy(hours), tidy(note), tag)
    _change(program, lambda own: replace(own, notes=said))


def tidy(text: str) -> str:
    """One line of what was typed: no control characters, no spaces at the ends."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _find(own: OwnPhones, line_id: str) -> PhoneLine:
    lines = {**read_phones(), **own.lines}
    if line_id not in lines:
        raise UnknownLine(line=line_id, known=", ".join(lines))
    return lines[line_id]


def _own_line(own: OwnPhones, line_id: str) -> PhoneLine:
    line = _find(own, line_id)
    if not line.own:
        raise StaysShipped(line=line.name)
    return line


def _without(rows: Mapping[str, T], key: str) -> dict[str, T]:
    return {name: each for name, each in rows.items() if name != key}


def _free_id(name: str, taken: Iterable[str]) -> str:
    stem = plain_name(name)[:30] or "line"
    known = set(taken)
    return next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, 999))) if each not in known)


def _change(program: Program, change: Callable[[OwnPhones], OwnPhones]) -> OwnPhones:
    """Read, change and write the home's file, one change at a time."""
    with _writing:
        own = change(own_phones(program))
        program.home.make()
        write_whole(program.home.phones, _as_toml(own).encode("utf-8"))
        return own


def _as_toml(own: OwnPhones) -> str:
    said = own.notes
    tables = [
        toml_table("[program]", {"hours": said.hours, "note": said.note, "language": said.language}),
        *(
            toml_table(
                f"[line.{key}]",
                {
                    "name": line.name,
                    "number": line.number,
                    "for": line.use,
                    "hours": line.hours,
                    "language": line.language,
                    "languages": line.tongues,
                    "topics": line.topics,
                },
            )
            for key, line in own.lines.items()
        ),
        *(toml_table(f"[called.{key}]", {"day": each.day, "number": each.number}) for key, each in own.called.items()),
    ]
    return (
        "# Phone lines of this program and when each was called. Public: no secret and no person is in here.\n\n"
        + "\n".join(tables)
    )
