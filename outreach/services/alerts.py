"""Supply alerts: made from fixed phrases, shown in every language until their last day, then gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from outreach.content.alerts import county_words, line_lint, read_alerts, read_phrasebook
from outreach.content.writing import toml_table
from outreach.core.alerts import (
    MOST,
    WHY,
    Alert,
    NotACounty,
    NotInAnAlert,
    Phrase,
    Phrasebook,
    TooMany,
    UnknownAlert,
    showing,
)
from outreach.core.languages import Direction, Language, LanguageTag, ReviewState, Wording
from outreach.core.own import OwnText
from outreach.core.refusal import N_, Misuse, Refusal
from outreach.services.files import read_if_changed, write_whole
from outreach.services.phones import tidy
from outreach.services.program import Program

_writing = Lock()
DayWords = Callable[[date, Language], str]


class NotChecked(Misuse):
    sentence = N_("A line of your own can be checked in {known} only. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class SaidAlert:
    """An alert in one language. `where` is None without a county, `note` without a free line."""

    number: int
    language: Language
    title: Wording
    effects: tuple[Wording, ...]
    where: Wording | None
    until: Wording
    todo_title: Wording
    todos: tuple[Wording, ...]
    note: Wording | None

    def wordings(self) -> tuple[Wording, ...]:
        where = (self.where,) if self.where else ()
        return (self.title, *self.effects, *where, self.until, self.todo_title, *self.todos)

    @property
    def is_draft(self) -> bool:
        return any(each.state is ReviewState.DRAFT for each in self.wordings())

    @property
    def has_english(self) -> bool:
        """Whether the English stands under it: the reader of a draft has it to compare."""
        return any(each.is_translation and each.state is ReviewState.DRAFT for each in self.wordings())


def phrasebook() -> Phrasebook:
    """The phrases to choose from."""
    return read_phrasebook()


def make(
    program: Program,
    effects: Sequence[str],
    todos: Sequence[str],
    county: str,
    until: date,
    note: str,
    language: str,
    today: date,
) -> Alert:
    """An alert that may be shown, not saved yet; refuses with the word or the choice that is in the way."""
    tag = program.languages.get(language or program.source.tag).tag
    alert = Alert(tuple(dict.fromkeys(effects)), tuple(dict.fromkeys(todos)), tidy(county), until, tidy(note), tag)
    alert.check(read_phrasebook(), today)
    if alert.county and county_words().found(alert.county):
        raise NotACounty(county=alert.county)
    if alert.note:
        _lint(program, alert.note, tag)
    return alert


def _lint(program: Program, note: str, tag: LanguageTag) -> None:
    """Refuse a free line that names what no alert may name; the sentence says the word and why."""
    known = line_lint()
    if tag not in known:
        raise NotChecked(known=", ".join(known))
    text = note
    for word in known[tag].never:
        text = _without_word(text, word)
    for each in known[tag].lists:
        if found := each.found(text):
            raise NotInAnAlert(WHY[each.kind], word=found)


def _without_word(text: str, word: str) -> str:
    return " ".join(piece for piece in text.split() if piece.strip(".,;:!?") != word)


def line_languages(program: Program) -> list[Language]:
    """The languages in which a free line can be checked, and so may be typed."""
    return [row for row in program.languages.rows if row.tag in line_lint()]


def all_alerts(program: Program) -> tuple[Alert, ...]:
    """Every alert in the home's file, expired ones too; refused when the file cannot be read."""
    return read_if_changed(program.home.alerts, read_alerts)


def save(program: Program, alert: Alert, today: date) -> Alert:
    """Show an alert from now on; the alert with its number. Expired ones leave the file on the way."""
    with _writing:
        kept = showing(all_alerts(program), today)
        if len(kept) >= MOST:
            raise TooMany(most=MOST)
        numbered = replace(alert, number=max((each.number for each in kept), default=0) + 1)
        _write(program, (*kept, numbered))
    return numbered


def end(program: Program, number: int, today: date) -> Alert:
    """Take an alert away before its last day; the alert, so that it can be put up again."""
    with _writing:
        kept = showing(all_alerts(program), today)
        ended = next((each for each in kept if each.number == number), None)
        if not ended:
            raise UnknownAlert(number=number)
        _write(program, tuple(each for each in kept if each is not ended))
    return ended


def _write(program: Program, alerts: Sequence[Alert]) -> None:
    tables = [
        toml_table(
            "[[alert]]",
            {
                "number": each.number,
                "effects": each.effects,
                "todos": each.todos,
                "county": each.county,
                "until": each.until,
                "note": each.note,
                "language": each.language,
            },
        )
        for each in alerts
    ]
    program.home.make()
    text = "# Supply alerts of this program. Public; each one stops showing after its last day.\n\n" + "\n".join(tables)
    write_whole(program.home.alerts, text.encode("utf-8"))


def shown(program: Program, language: Language, today: date, day_words: DayWords) -> tuple[SaidAlert, ...]:
    """What a guide page in `language` shows on `today`.

    Never refuses: a file that cannot be read, or a phrase that is no longer there, shows nothing, and
    `outreach check` says why.
    """
    try:
        return showing_now(program, language, today, day_words)
    except (Refusal, KeyError):
        return ()


def showing_now(program: Program, language: Language, today: date, day_words: DayWords) -> tuple[SaidAlert, ...]:
    """The same for staff, who are told when the file cannot be read."""
    return tuple(said(program, each, language, day_words) for each in showing(all_alerts(program), today))


def said(program: Program, alert: Alert, language: Language, day_words: DayWords) -> SaidAlert:
    """One alert in one language; KeyError for a phrase that is not in the book."""
    book = read_phrasebook()

    def say(kind: str, phrase: Phrase) -> Wording:
        return program.wording(language, f"alert.{kind}.{phrase.id}", phrase.text)

    frame = {key: say("frame", phrase) for key, phrase in book.frames.items()}
    return SaidAlert(
        number=alert.number,
        language=language,
        title=frame["alert"],
        effects=tuple(say("effect", book.effects[each]) for each in alert.effects),
        where=_filled(frame["county"], "{county}", program.source, lambda _: alert.county) if alert.county else None,
        until=_filled(frame["until"], "{day}", program.source, lambda tongue: day_words(alert.until, tongue)),
        todo_title=frame["what-to-do"],
        todos=tuple(say("todo", book.todos[each]) for each in alert.todos),
        note=program.own_wording(language, OwnText(alert.note, alert.language)) if alert.note else None,
    )


def _filled(wording: Wording, place: str, source: Language, value: Callable[[Language], str]) -> Wording:
    """A frame with its place filled in, in its own language and in the English beside it."""
    said = value(wording.language)
    if wording.language.direction is Direction.RTL:
        # A county's name runs its own way inside the sentence.
        said = f"\u2068{said}\u2069"
    return replace(
        wording, text=wording.text.replace(place, said), english=wording.english.replace(place, value(source))
    )
