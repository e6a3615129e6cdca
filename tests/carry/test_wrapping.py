"""Keys in a passphrase: the words open them however they are typed, a recovery key does, and nothing else."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from threading import Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.carry.wrapping import (
    NotAWrap,
    WrongRecoveryKey,
    WrongWords,
    recipient_in,
    recipient_of,
    recovery_pair,
    tidy,
    unwrap,
    unwrap_by_recovery,
    wrap,
)
from outreach.core.refusal import Refusal

KEYS = {"ledger": bytes(range(32)), "device": bytes(range(32, 64))}
WORDS = "unwarlike pacifier sway persuader overtake diminish"
PAIR, OTHER = recovery_pair(), recovery_pair()


@pytest.fixture(scope="module")
def blob() -> bytes:
    return wrap(KEYS, WORDS, PAIR.recipient)


def test_the_words_open_what_they_wrapped(blob: bytes) -> None:
    """The same secrets come out; nothing of them, and none of the words, stands in the file."""
    assert unwrap(blob, WORDS) == KEYS
    forms = [form for key in KEYS.values() for form in (key, key.hex().encode(), b64encode(key))]
    assert not [form for form in (*forms, *WORDS.encode().split()) if form in blob]
    assert b"argon2id" in blob  # the search looks at what is there


def test_words_are_stretched_with_64_mebibytes_or_more(blob: bytes) -> None:
    """How they are stretched stands in the file, so that it can grow without locking anyone out."""
    kdf = json.loads(blob)["kdf"]

    assert kdf["name"] == "argon2id" and kdf["memory_kib"] >= 64 * 1024 and kdf["iterations"] >= 3
    assert len(b64decode(kdf["salt"])) == 16


def test_each_wrap_is_another(blob: bytes) -> None:
    """The same keys in the same words twice: salt, nonce and sealed bytes all differ."""
    again = json.loads(wrap(KEYS, WORDS))

    assert all(again[name] != json.loads(blob)[name] for name in ("kdf", "nonce", "sealed"))


@pytest.mark.parametrize("wrong", ["", "unwarlike", WORDS + "s", WORDS.replace(" ", ""), WORDS[::-1]])
def test_other_words_do_not_open(blob: bytes, wrong: str) -> None:
    """And the sentence says that one may try again."""
    with pytest.raises(WrongWords, match="as often as you like"):
        unwrap(blob, wrong)


def test_the_recovery_key_opens_and_another_does_not(blob: bytes) -> None:
    """With comment lines about it, as it stands in its file; a wrap without one is opened by none."""
    assert unwrap_by_recovery(blob, f"# for the safe\n{PAIR.secret}\n") == KEYS
    assert recipient_in(blob) == recipient_of(PAIR.secret) == PAIR.recipient
    for wrong in (OTHER.secret, PAIR.recipient, "", WORDS):
        with pytest.raises(WrongRecoveryKey):
            unwrap_by_recovery(blob, wrong)
    alone = wrap(KEYS, WORDS)
    assert recipient_in(alone) is None
    with pytest.raises(WrongRecoveryKey):
        unwrap_by_recovery(alone, PAIR.secret)


def test_what_is_no_recipient_is_refused_before_anything_is_wrapped() -> None:
    """A secret key given by mistake, too: it would lie on the laptop."""
    for wrong in ("", "age1", PAIR.secret):
        with pytest.raises(WrongRecoveryKey):
            wrap(KEYS, WORDS, wrong)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  Mérito\tALERTA \n celda ", "merito alerta celda"),
        ("épaissir", "ÉPAISSIR"),
        ("e\u0301paissir", "\u00e9paissir"),  # a Mac types the accent apart
        ("٦٢٨٤ ۲۲۹۱", "6284 2291"),
        ("６２８４", "6284"),
        ("阳 音 恐 顺", "阳音恐顺"),
        ("전라도", "\u110c\u1165\u11ab\u1105\u1161\u1103\u1169"),
        ("Straße", "STRASSE"),
    ],
)
def test_words_count_however_they_are_typed(typed: str, meant: str) -> None:
    """Capitals, accents, spaces, the keyboard's own digits."""
    assert tidy(typed) == tidy(meant)


def test_words_that_are_others_stay_so() -> None:
    """The control: what is forgiven stops there."""
    assert len({tidy(each) for each in ("celda", "ce lda", "celdo", "6284", "6285", "阳音", "陽音", "कि", "की")}) == 9


@given(st.text())
@example("\u0345\u03b1")
@example("İ")
def test_tidying_twice_changes_nothing(text: str) -> None:
    """So it makes no difference who tidied before."""
    assert tidy(tidy(text)) == tidy(text)


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(st.text(), st.binary(max_size=64), max_size=4),
    st.text(alphabet=st.characters(exclude_categories=())),
)
def test_any_secret_in_any_words_comes_out_again(kept: dict[str, bytes], words: str) -> None:
    """Whatever is typed as words, half a character included."""
    assert unwrap(wrap(kept, words), f" {words} ") == kept


@settings(max_examples=12, deadline=None)
@given(st.integers(min_value=0), st.integers(0, 7))
def test_a_changed_bit_never_gives_other_secrets(at: int, bit: int) -> None:
    """One bit of the file is flipped: refused with a sentence, or it was one that says nothing."""
    whole = _KEPT
    bent = bytearray(whole)
    bent[at % len(whole)] ^= 1 << bit
    for open_ in (lambda b: unwrap(b, WORDS), lambda b: unwrap_by_recovery(b, PAIR.secret)):
        try:
            assert open_(bytes(bent)) == KEYS
        except Refusal as refusal:
            assert isinstance(refusal, NotAWrap | WrongWords | WrongRecoveryKey)


_KEPT = wrap(KEYS, WORDS, PAIR.recipient)


@pytest.mark.parametrize(
    "change",
    [
        {"kdf": {"memory_kib": 1 << 40}},
        {"kdf": {"iterations": 10**9}},
        {"kdf": {"lanes": True}},
        {"kdf": {"memory_kib": 0}},
        {"kdf": {"memory_kib": "65536"}},
        {"kdf": {"name": "argon2i"}},
        {"kdf": {"salt": 5}},
        {"format": 2},
        {"sealed": None},
        {"nonce": ""},
    ],
    ids=str,
)
def test_a_file_that_asks_for_the_impossible_is_damaged(blob: bytes, change: dict[str, object]) -> None:
    """It is not believed: the memory of the laptop is not given to a file."""
    parts = json.loads(blob)
    for key, value in change.items():
        parts[key] = parts[key] | value if isinstance(value, dict) else value

    with pytest.raises(NotAWrap):
        unwrap(json.dumps(parts).encode(), WORDS)


@pytest.mark.parametrize(("field", "value"), [("memory_kib", 32 * 1024), ("iterations", 2), ("lanes", 1)])
def test_words_cannot_be_made_cheaper_to_guess(blob: bytes, field: str, value: int) -> None:
    """How they are stretched is part of what is sealed, and so is who else may open."""
    parts = json.loads(blob)
    for bent in (parts | {"kdf": parts["kdf"] | {field: value}}, parts | {"recipient": OTHER.recipient}):
        with pytest.raises(WrongWords):
            unwrap(json.dumps(bent).encode(), WORDS)


@pytest.mark.parametrize(
    "junk", [b"", b"{", b"[]", b"null", b"[" * 3000, bytes(range(200)), b'{"format": 1}'], ids=repr
)
def test_what_is_no_wrap_is_named_so(junk: bytes) -> None:
    """Cut short, another file, garbage: a sentence, and never words that are wrong."""
    with pytest.raises(NotAWrap):
        unwrap(junk, WORDS)


def test_two_may_open_at_once() -> None:
    """Threads that stretch words at the same time both come back; without taking turns they waited for ever."""
    blob = wrap({"ledger": bytes(32)}, "river stone lamp orchard velvet comet")
    opened: list[dict[str, bytes]] = []

    def opens() -> None:
        opened.append(unwrap(blob, "river stone lamp orchard velvet comet"))

    threads = [Thread(target=opens, daemon=True) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)

    assert opened == [{"ledger": bytes(32)}] * 2
