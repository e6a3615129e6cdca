"""Packets for translators: the words, the life-saving ones first, as a page for a phone and as a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from html import escape

from outreach.core.languages import Language, ReviewState
from outreach.core.refusal import N_, Refusal
from outreach.core.topics import StepClass
from outreach.services.program import Program
from outreach.shipped import PACKETS

COLUMNS = ("context", "class", "English", "current", "new", "note")
RIGHT = "ok"
"""What stands under "new" when the current words are right as they are."""


class NothingToTranslate(Refusal):
    sentence = N_("English is what the others are translated from. Name another language. Nothing was written.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text of a packet. `current` is empty while there is no translation."""

    context: str
    level: StepClass
    english: str
    current: str
    state: ReviewState


def other_language(program: Program, tag: str) -> Language:
    """A language to translate into, usable yet or not; refuses English and unknown tags."""
    language = program.any_language(tag)
    if language.is_source:
        raise NothingToTranslate()
    return language


def asked(program: Program, language: Language, first: int | None = None) -> list[Asked]:
    """Every text, those that need work before those a speaker has checked, and each of these by class."""
    found = []
    for context, english, level in program.strings():
        said = program.wording(language, context, english)
        current = said.text if said.is_translation else ""
        found.append(Asked(context, level, english, current, said.state if current else ReviewState.DRAFT))
    # Sorting keeps the reading order within a class.
    found.sort(key=lambda each: (each.state is not ReviewState.DRAFT, each.level.value))
    return found[:first]


def as_csv(rows: list[Asked]) -> bytes:
    """A spreadsheet; the mark in front makes Excel read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows((each.context, each.level.value, each.english, each.current, "", "") for each in rows)
    return out.getvalue().encode("utf-8-sig")


def as_page(rows: list[Asked], language: Language) -> bytes:
    """One page that opens from anywhere, needs no network, and gives the spreadsheet back."""
    page = (PACKETS / "translate.html").read_text(encoding="utf-8")
    items = "\n".join(_item(n, each, language) for n, each in enumerate(rows, 1))
    minutes = max(5, 5 * round(len(rows) * 0.75 / 5))
    filled = {
        "TAG": escape(language.tag),
        "DIR": language.direction.value,
        "LANGUAGE": escape(f"{language.english} ({language.name})"),
        "COUNT": f"{len(rows)}",
        "MINUTES": f"{minutes}",
        "ITEMS": items,
    }
    for key, value in filled.items():
        page = page.replace(f"@@{key}@@", value)
    return page.encode("utf-8")


_WHAT = {
    StepClass.S1: "S1: life-saving. Say exactly this, no more and no less.",
    StepClass.S2: "S2: health",
    StepClass.S3: "S3: names and headings",
}


def _item(number: int, row: Asked, language: Language) -> str:
    said = f'lang="{escape(language.tag)}" dir="{language.direction.value}"'
    now = (
        f'<p class="now" {said}>{escape(row.current)}</p>'
        f'<label class="right"><input type="checkbox"> These words are right</label>'
        if row.current
        else '<p class="none">Not translated yet.</p>'
    )
    return (
        f'<li data-context="{escape(row.context)}" data-class="{row.level.value}">'
        f'<p class="class">{number}. {_WHAT[row.level]}</p>'
        f'<p class="english" lang="en" dir="ltr">{escape(row.english)}</p>'
        f'{now}<label>New words<textarea class="new" rows="2" {said}></textarea></label>'
        '<details><summary>Note</summary><textarea class="note" rows="1" aria-label="Note"></textarea></details></li>'
    )
