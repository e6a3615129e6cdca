"""Who has checked which words, by hash of source and translation: an edit of either voids it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from outreach.core.languages import LINE_MAY_END, ReviewState
from outreach.shipped import LOCALES


@dataclass(frozen=True, slots=True)
class Record:
    """One string's row in `review.toml`. `back` is the day a machine's back-translation was compared."""

    source: str
    target: str
    state: ReviewState
    back: str = ""


def digest(text: str) -> str:
    """What stands in `review.toml` for a text: enough of a hash to notice any edit.

    Where a line may end is no edit: the marks between Burmese and Khmer words come and go.
    """
    return hashlib.sha256(text.replace(LINE_MAY_END, "").encode("utf-8")).hexdigest()[:16]


@cache
def records(folder: str, locales: Path = LOCALES) -> Mapping[str, Record]:
    """Every row of a language's `review.toml` by context; none when the file is not there."""
    file = locales / folder / "review.toml"
    if not file.exists():
        return {}
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("strings", {})
    return {
        context: Record(row["source"], row["target"], ReviewState(row["state"]), row.get("back", ""))
        for context, row in rows.items()
    }


def state_of(folder: str, context: str, source: str, target: str, locales: Path = LOCALES) -> ReviewState:
    """Reviewed only while both hashes still match; otherwise a draft."""
    record = records(folder, locales).get(context)
    if record and (record.source, record.target) == (digest(source), digest(target)):
        return record.state
    return ReviewState.DRAFT
