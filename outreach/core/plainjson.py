"""JSON as this project writes it and nothing more: read from files that anyone may have bent."""

from __future__ import annotations

import json
import re
from typing import Any

INT_MAX = 2**63 - 1
"""No database holds more in a whole number."""

_DEEP = bytes(set(range(256)) - set(b'[]{}"'))
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_QUOTED = re.compile(rb'"[^"]*"')
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotPlain(ValueError):
    """The text is not JSON, or says what nothing of ours ever says; the message tells which."""


def read(text: bytes, most_deep: int = 8, once: bool = True) -> Any:
    """What the JSON text says: objects without repeated keys, lists, text, whole numbers, true, false, null.

    Nothing but NotPlain is raised, whatever the bytes are. Who compares the text with the canonical one anyway
    need not ask that each key stands in it `once`.
    """
    if _depth_exceeds(text, most_deep):
        raise NotPlain(f"It is nested more than {most_deep} deep, or its brackets do not match.")
    try:
        said = _DECODERS[once].decode(text.decode("utf-8"))
    except NotPlain:
        raise
    except (ValueError, RecursionError) as problem:
        raise NotPlain("It is not JSON.") from problem
    if b"\\u" in text:
        _check_text(said)
    return said


def write(said: Any) -> bytes:
    """The one way in which `said` is written where it is hashed or signed: sorted keys, ASCII, no spaces."""
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def read_canonical(text: bytes, most_deep: int = 8) -> Any:
    """As `read`; refuses what `write` would have written in another way."""
    said = read(text, most_deep, once=False)
    if write(said) != text:
        raise NotPlain("It is not in its canonical form.")
    return said


def _depth_exceeds(text: bytes, most: int) -> bool:
    """Whether brackets outside of strings stand deeper than `most`, found without any recursion."""
    if b"\\" in text:
        text = _ESCAPED.sub(b"", text)
    left = text.translate(None, _DEEP).replace(b'""', b"")
    if b'"' in left:  # a bracket stands in a string
        left = _QUOTED.sub(b"", text.translate(None, _DEEP))
    for _ in range(most):
        if not left:
            return False
        left = left.replace(b"[]", b"").replace(b"{}", b"")
    return bool(left)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise NotPlain("A key stands in it twice.")
    return said


def _whole(digits: str) -> int:
    number = int(digits) if len(digits) <= 20 else INT_MAX + 1
    if abs(number) > INT_MAX:
        raise NotPlain("A number in it is too large.")
    return number


def _no_fraction(digits: str) -> Any:
    raise NotPlain(f"{digits[:40]} is not a whole number.")


# Asking about each object costs half as much again as all the rest.
_DECODERS = {
    once: json.JSONDecoder(
        object_pairs_hook=_once if once else None,
        parse_int=_whole,
        parse_float=_no_fraction,
        parse_constant=_no_fraction,
    )
    for once in (True, False)
}


def _check_text(said: Any) -> None:
    """Half a character cannot be kept as text anywhere, and the character zero not everywhere."""
    if isinstance(said, str):
        if "\0" in said or _SURROGATE.search(said):
            raise NotPlain("A text in it holds what is no character.")
    elif isinstance(said, dict):
        for key, value in said.items():
            _check_text(key)
            _check_text(value)
    elif isinstance(said, list):
        for value in said:
            _check_text(value)
