"""Words a program writes itself: their language, and their values in others while the source stays the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from outreach.core.languages import LINE_MAY_END, SOURCE, LanguageTag


@lru_cache(maxsize=65536)
def digest(*texts: str) -> str:
    """The mark of a text, or of a few that belong together: 16 hex digits, enough to notice any edit.

    Where a line may end is no edit: the marks between Burmese and Khmer words come and go.
    """
    return hashlib.sha256("\n".join(texts).replace(LINE_MAY_END, "").encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class OwnText:
    """One text of a program's own, written in `language`.

    `said` holds its values in other languages, and only those whose source still says what they were
    made from; the languages of the others are `stale`, and their values are not shown.
    """

    text: str
    language: LanguageTag = SOURCE
    said: Mapping[LanguageTag, str] = field(default_factory=dict)
    stale: tuple[LanguageTag, ...] = ()
