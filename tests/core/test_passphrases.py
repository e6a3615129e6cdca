"""A proposed passphrase withstands guessing, in every language; one's own has to be long enough."""

from __future__ import annotations

import secrets

import pytest

from outreach.carry.wrapping import tidy
from outreach.content.tongues import read_languages
from outreach.content.word_lists import read_word_list
from outreach.core.passphrases import TooShort, bits, check_long_enough, proposal
from outreach.shipped import WORDS

TAGS = [row.tag for row in read_languages()]
LISTS = sorted(file.stem for file in WORDS.glob("*.txt"))


@pytest.mark.parametrize("tag", TAGS)
def test_six_proposed_words_are_66_bits_or_more(tag: str) -> None:
    """In every language, with a list or without, a proposal is one of 2 to the 66 at least, and long enough."""
    words = read_word_list(tag)
    proposed = proposal(words, secrets.randbelow)

    assert bits(words) >= 66
    assert len(proposed.split()) == 6
    check_long_enough(tidy(proposed))


def test_digits_are_proposed_where_there_is_no_list() -> None:
    """Arabic has no list: six groups of four digits, leading zeros kept, 79 bits."""
    assert read_word_list("ar") == ()
    assert proposal((), lambda n: 7) == "0007 0007 0007 0007 0007 0007"
    assert 79 < bits(()) < 80


@pytest.mark.parametrize("tag", LISTS)
def test_no_two_words_of_a_list_are_the_same_when_typed(tag: str) -> None:
    """Accents and capitals do not count when words are typed, so they may not tell words of a list apart."""
    words = read_word_list(tag)

    assert tag in TAGS
    assert len({tidy(word) for word in words}) == len(words) >= 2048
    assert all(tidy(word) and " " not in word and not tidy(word).isdigit() for word in words)


@pytest.mark.parametrize("draw", [0, 1])
def test_the_whole_list_is_drawn_from(draw: int) -> None:
    """The first and the last word can both come."""
    words = read_word_list("en")
    drawn = proposal(words, lambda n: draw * (n - 1))

    assert drawn == " ".join([words[-draw]] * 6)


@pytest.mark.parametrize(
    "short", ["", "secret", "one two three", "------------------------", "12345678901234567", "雨雪风花月"]
)
def test_a_short_one_is_refused_with_the_rule(short: str) -> None:
    """The sentence says how long; signs and spaces are not counted."""
    with pytest.raises(TooShort, match="six words that are proposed, or at least 18 letters and digits"):
        check_long_enough(tidy(short))


@pytest.mark.parametrize("long", ["the van leaves at nine", "123456789012345678", "雨雪风花月山"])
def test_one_that_is_long_enough_is_taken(long: str) -> None:
    """A sentence of one's own, digits, or six Chinese characters."""
    check_long_enough(tidy(long))
