"""Who has checked which words, by hash of source and translation: an edit of either voids it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from outreach.core.languages import ReviewState
from outreach.core.own import digest
from outreach.core.refusal import N_, Refusal
from outreach.core.review import Role, Signature
from outreach.shipped import LOCALES


class BadReview(Refusal):
    sentence = N_("{file} cannot be read: {why}. Every text counts as a draft until it is mended.")


@dataclass(frozen=True, slots=True)
class Record:
    """One string's row in `review.toml`. `back` is the day a machine's back-translation was compared."""

    source: str
    target: str
    state: ReviewState
    back: str = ""
    by: tuple[Signature, ...] = ()

    @property
    def writer(self) -> Signature | None:
        return next((each for each in self.by if each.role is Role.DRAFTER), None)

    @property
    def speaker(self) -> Signature | None:
        return next((each for each in reversed(self.by) if each.role in (Role.CHECKER, Role.NATIVE)), None)


@dataclass(frozen=True, slots=True)
class SignedTopic:
    """A topic signed as a whole: in `language`, and the edition that was on the paper."""

    topic: str
    language: str
    edition: str
    by: Signature


def _rows(file: Path, key: str, empty: Any) -> Any:
    """The table or list of that name; none of it counts when the file cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")).get(key, empty) if file.is_file() else empty
    except (OSError, ValueError) as problem:
        raise BadReview(file=f"{file.parent.name}/{file.name}", why=problem) from problem


def _signature(row: Mapping[str, Any]) -> Signature:
    return Signature(Role(row["role"]), row["group"], date.fromisoformat(str(row["day"])), row.get("name", ""))


def read_records(folder: str, locales: Path = LOCALES) -> dict[str, Record]:
    """Every row of a language's `review.toml` by context; refused when the file cannot be read."""
    file = locales / folder / "review.toml"
    try:
        return {
            context: Record(
                row["source"],
                row["target"],
                ReviewState(row["state"]),
                row.get("back", ""),
                tuple(_signature(each) for each in row.get("by", ())),
            )
            for context, row in _rows(file, "strings", {}).items()
        }
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise BadReview(file=f"{folder}/review.toml", why=problem) from problem


@cache
def _kept(folder: str, locales: Path) -> tuple[Mapping[str, Record], BadReview | None]:
    try:
        return read_records(folder, locales), None
    except BadReview as refusal:
        return {}, refusal


def records(folder: str, locales: Path = LOCALES) -> Mapping[str, Record]:
    """As `read_records`, kept for the life of the process; what cannot be read checks nothing."""
    return _kept(folder, locales)[0]


def damage(folder: str, locales: Path = LOCALES) -> BadReview | None:
    """Why the records of a language check nothing, or None when they can be read."""
    return _kept(folder, locales)[1]


def read_signed(file: Path) -> list[SignedTopic]:
    """Every topic signed in this home; refused when the file cannot be read."""
    try:
        return [
            SignedTopic(row["topic"], row["language"], row["edition"], _signature(row))
            for row in _rows(file, "signed", [])
        ]
    except (KeyError, TypeError, ValueError) as problem:
        raise BadReview(file=file.name, why=problem) from problem


def record_of(folder: str, context: str, source: str, target: str, locales: Path = LOCALES) -> Record | None:
    """The record of one string while it says more than "draft" and both hashes still match."""
    record = records(folder, locales).get(context)
    if record is None or record.state is ReviewState.DRAFT:
        return None
    return record if (record.source, record.target) == (digest(source), digest(target)) else None


def forget() -> None:
    """Read every record anew when it is next asked for; called when one was written."""
    _kept.cache_clear()


def records_text(rows: Mapping[str, Record]) -> str:
    """`review.toml` of one language."""
    parts = [
        "# Who wrote and who checked these words. A row counts only for the words it was made for.",
        "# `back` is the day a machine's back-translation was compared with the English. It is no check by a person.",
    ]
    for context, row in rows.items():
        parts += ["", f"[strings.{_quoted(context)}]", f"source = {_quoted(row.source)}"]
        parts += [f"target = {_quoted(row.target)}", f"state = {_quoted(row.state.value)}"]
        if row.back:
            parts.append(f"back = {_quoted(row.back)}")
        if row.by:
            parts += ["by = [", *(f"  {{{_fields(each)}}}," for each in row.by), "]"]
    return "\n".join(parts) + "\n"


def signed_text(rows: Iterable[SignedTopic]) -> str:
    """`review.toml` of a home."""
    parts = ["# Topics that were signed as a whole, each in one edition. Another word makes another edition."]
    for row in rows:
        parts += ["", "[[signed]]", f"topic = {_quoted(row.topic)}", f"language = {_quoted(row.language)}"]
        parts += [f"edition = {_quoted(row.edition)}", *_fields(row.by, "\n").split("\n")]
    return "\n".join(parts) + "\n"


def _fields(by: Signature, between: str = ", ") -> str:
    fields = [f"role = {_quoted(by.role.value)}", f"group = {_quoted(by.group)}"]
    fields += [f"name = {_quoted(by.name)}"] if by.name else []
    return between.join([*fields, f"day = {by.day.isoformat()}"])


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
