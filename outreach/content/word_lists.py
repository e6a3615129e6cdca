"""The lists that the words of a passphrase are drawn from, one for each language that has one."""

from __future__ import annotations

from outreach.shipped import WORDS


def read_word_list(tag: str) -> tuple[str, ...]:
    """The words of a language, by its tag; none when it has no list."""
    file = WORDS / f"{tag}.txt"
    return tuple(file.read_text(encoding="utf-8").split()) if file.exists() else ()
