"""Every page in every language that it has, opened by a browser: all that `./start test` leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.test_browser import WHOLE, filled, reached, worth_a_visit
from tests.web.test_topics_in_browser import PARTS, RTL, Phone, in_turn, wrong_on

__all__ = ["filled"]  # a fixture


@pytest.mark.parametrize("tags", [part for part in PARTS if part not in (["en"], [RTL])], ids="-".join)
def test_the_other_topics_in_every_language(reading: Any, browser: Any, barriers: Any, tags: list[str]) -> None:
    """Direction, `lang`, width and letters of each; no request elsewhere, nothing in the console."""
    phone = Phone(browser, reading.server.address, barriers)
    assert wrong_on(phone, tags, lambda tag, number: not in_turn(tag, number)) == {}


def test_every_page_is_reached_in_each_walked_language(filled: tuple[Any, list[str]], browser: Any) -> None:
    """By links alone from / in English, Arabic and Simplified Chinese: no foreign request, no error."""
    reached(filled, browser, WHOLE, worth_a_visit)
