"""JSON from files that anyone may have bent: read as we write it, or refused by one kind of error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core import plainjson
from outreach.core.plainjson import INT_MAX, NotPlain

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
said = st.recursive(
    st.none() | st.booleans() | st.integers(-INT_MAX, INT_MAX) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)

NOT_OURS = {
    "three thousand deep": b"[" * 3000,
    "three thousand deep and closed": b"[" * 3000 + b"]" * 3000,
    "deep objects": b'{"a":' * 9 + b"1" + b"}" * 9,
    "nine deep": b"[" * 9 + b"]" * 9,
    "deep after a string with a quote in it": b'["\\"", ' + b"[" * 9 + b"]" * 9 + b"]",
    "deep after a backslash at the end of a string": b'["\\\\", ' + b"[" * 9 + b"]" * 9 + b"]",
    "a bracket of another kind": b"[}",
    "not a number": b"[NaN]",
    "endless": b"[Infinity]",
    "less than endless": b"[-Infinity]",
    "a number that becomes endless": b"[1e999]",
    "a fraction": b"[1.0]",
    "a power": b"[1E1]",
    "two to the 63": b"[9223372036854775808]",
    "less than that": b"[-9223372036854775808]",
    "five thousand digits": b"[" + b"9" * 5000 + b"]",
    "a key twice": b'{"a":1,"a":1}',
    "a key twice, once spelled out": b'{"a":1,"\\u0061":2}',
    "half a character": b'["\\ud800"]',
    "the other half": b'["\\udc00"]',
    "halves the wrong way round": b'["\\udc00\\ud800"]',
    "half a character as a key": b'{"\\ud800":1}',
    "half a character in its own bytes": b'["\xed\xa0\x80"]',
    "the character zero": b'["\\u0000"]',
    "bytes that are no text": b'["\xff"]',
    "sixteen bits a letter": '["a"]'.encode("utf-16"),
    "a mark before it": b"\xef\xbb\xbf[1]",
    "a line feed in a string": b'["\n"]',
    "Arabic digits": "[٣]".encode(),
    "a leading zero": b"[01]",
    "a plus": b"[+1]",
    "something after it": b"[1] 2",
    "nothing": b"",
    "a string that does not end": b'["',
    "a backslash at the very end": b'["\\',
}


@given(said)
def test_what_was_written_is_read(value: object) -> None:
    """Whatever we can say comes back, and is written in one way."""
    text = plainjson.write([value])

    assert plainjson.read(text, most_deep=99) == plainjson.read_canonical(text, most_deep=99) == [value]


@pytest.mark.parametrize("text", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_what_is_not_ours_is_refused(text: bytes) -> None:
    """Each of these is something that a careless reader takes, or falls over."""
    with pytest.raises(NotPlain):
        plainjson.read(text)


def test_a_careless_reader_takes_or_falls_over_many_of_these() -> None:
    """The control: Python's own reader lets pass, or raises something else for, a good many of them."""
    careless = set()
    for name, text in NOT_OURS.items():
        try:
            json.loads(text)
            careless.add(name)
        except RecursionError:
            careless.add(name)
        except ValueError:
            pass

    assert {"three thousand deep", "not a number", "a key twice", "two to the 63", "half a character"} <= careless


@given(st.binary(max_size=60) | texts.map(lambda text: ('["' + text).encode()))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    """Nothing but one kind of error comes out, whatever goes in."""
    try:
        plainjson.read(text)
    except NotPlain as problem:
        assert str(problem)


def test_eight_deep_is_not_too_deep() -> None:
    """Brackets in strings are no brackets, and those side by side are not deep."""
    assert plainjson.read(b"[" * 8 + b"]" * 8)
    assert plainjson.read(b'["' + b"[" * 99 + b'\\"' + b"{" * 99 + b'"]')
    assert len(plainjson.read(b"[" + b"[{}]," * 500 + b"1]")) == 501


@pytest.mark.parametrize("text", [b"[1, 2]", b'{"b":1,"a":2}', '["é"]'.encode(), b"[-0]", b'["\\u0061"]', b" [1]"])
def test_canonical_is_one_way_of_writing(text: bytes) -> None:
    """What says the same in other bytes is read, but not where it was signed."""
    plainjson.read(text)
    with pytest.raises(NotPlain):
        plainjson.read_canonical(text)
