"""The stylesheet cut to the pages that travel with it: rules they use, and fonts with the characters they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import printable

from outreach.services import typefaces
from outreach.web.markup import characters

LATIN = "latin"
ASCII = frozenset(printable.strip())
_FACE = "@font-face"
_HOLDERS = ("@media", "@supports")


def letters(pages: Iterable[str], scripts: Mapping[str, str]) -> dict[str, set[str]]:
    """What these pages show, by script; `scripts` says which one a language tag is written in."""
    shown = {LATIN: set(ASCII)}
    for page in pages:
        for tag, found in characters(page).items():
            shown[LATIN] |= found
            shown.setdefault(scripts.get(tag, LATIN), set()).update(found)
    return shown


def faces(css: str, shown: Mapping[str, set[str]], own: str, place: Callable[[str, bytes], str]) -> str:
    """The fonts of `css` that can draw something of what is shown, each cut to that.

    `own` is the script that all its web weights are cut for; of the others a page shows names only, and
    those are bold. `place` takes a font's name and bytes and gives the address to write.
    """
    return "".join(_face(body, shown, own, place) for head, body in _rules(css) if head == _FACE)


def rules(css: str, pages: Iterable[str]) -> str:
    """The rules of `css` that something on these pages may need (JavaScript counts as a page: it may name a class)."""
    words = {word for page in pages for word in re.findall(r"[\w-]+", page)}
    return "".join(_used(head, body, words) for head, body in _rules(css) if head != _FACE)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    return _blocks(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each rule as what stands before its brace and what stands inside; strings here hold no braces."""
    depth, start, head = 0, 0, ""
    for at, sign in enumerate(css):
        if sign == "{":
            if depth == 0:
                head, start = " ".join(css[start:at].split()), at + 1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head, " ".join(css[start:at].split())
                start = at + 1


def _used(head: str, body: str, words: set[str]) -> str:
    if head.startswith(_HOLDERS):
        within = "".join(_used(*block, words) for block in _blocks(body))
        return f"{head}{{{within}}}\n" if within else ""
    if not head.startswith("@"):
        kept = [each for each in _selectors(head) if _may_match(each, words)]
        if not kept:
            return ""
        head = ",".join(kept)
    return f"{head}{{{body}}}\n"


def _selectors(head: str) -> list[str]:
    """The selectors between the commas that are not inside brackets."""
    return [each.strip() for each in re.split(r",(?![^(\[]*[)\]])", head)]


def _may_match(selector: str, words: set[str]) -> bool:
    """Whether every class and id it asks for is named anywhere; what stands in brackets is not looked at."""
    bare = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", selector))
    return all(name in words for name in re.findall(r"[.#]([A-Za-z][\w-]*)", bare))


def _face(body: str, shown: Mapping[str, set[str]], own: str, place: Callable[[str, bytes], str]) -> str:
    source = re.search(r"/fonts/([\w-]+)\.woff2", body)
    script = typefaces.scripts_by_font().get(source[1]) if source else None
    if source is None or script is None:
        return ""
    weight = "bold" if re.search(r"font-weight:\s*700", body) else "regular"
    if weight not in (("bold",) if script not in (LATIN, own) else typefaces.web_weights(script)):
        return ""
    wanted = {each for each in shown.get(script, ()) if _in_range(ord(each), body)}
    font = typefaces.cut(source[1], frozenset(wanted)) if wanted else b""
    if not font:
        return ""
    body = re.sub(r"""url\(["']?/fonts/[^)]*\)""", lambda _: f'url("{place(source[1], font)}")', body)
    return f"{_FACE}{{{body}}}\n"


def _in_range(code: int, body: str) -> bool:
    stated = re.search(r"unicode-range:([^;}]*)", body)
    if not stated:
        return True
    for part in stated[1].split(","):
        first, _, last = part.strip().removeprefix("U+").removeprefix("u+").partition("-")
        if int(first.replace("?", "0"), 16) <= code <= int((last or first).replace("?", "F"), 16):
            return True
    return False
