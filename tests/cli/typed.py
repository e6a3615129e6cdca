"""A page of docs, typed as it stands: who types what in its consoles, what is said then, and the files it shows."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIGITS = re.compile(r"\b[0-9a-f]{4}(?:-[0-9a-f]{4}){1,2}\b")
# What is another one each time: passwords, keys, the digits of keys and editions, and what sheets are called.
OWN = (
    (re.compile(r"only now: \S+"), "only now: WORDS"),
    (re.compile(r"age1[a-z0-9]+"), "KEY"),
    (DIGITS, "DIGITS"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHEET"),
)


def plain(text: str) -> list[str]:
    """What was said, with what differs each time named by its kind."""
    for each, word in OWN:
        text = each.sub(word, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def steps(page: str) -> list[tuple[str, str, str]]:
    """Who types what, and what is said then, which ends in `...` where the page leaves it out; files, too."""
    found = []
    for kind, name, body in FENCE.findall(page):
        if name:
            found.append(("file", name, body))
        elif kind == "console":
            parts = re.split(r"^(\w+)\$ outreach (.+)\n", body, flags=re.MULTILINE)
            assert parts[0] == ""
            found += list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))
    return found
