"""Every page in every language that it has, opened by a browser: all that `./start test` leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.test_browser import WHOLE, every_page, filled, no_barrier, reached, worth_a_visit
from tests.web.test_topics_in_browser import PARTS, Phone, wrong_on

__all__ = ["filled"]  # a fixture


@pytest.mark.parametrize("tags", PARTS, ids="-".join)
def test_every_topic_in_every_language(reading: Any, browser: Any, barriers: Any, tags: list[str]) -> None:
    """Direction, `lang`, width and letters of each; no request elsewhere, nothing in the console.

    axe looks at every topic in English and in one right-to-left language, and in each other language at the topics
    whose turn it is, not at all of them.
    """
    phone = Phone(browser, reading.server.address, barriers)
    assert wrong_on(phone, tags, lambda tag, number: True) == {}


def test_every_page_is_reached_in_each_walked_language(filled: tuple[Any, list[str]], browser: Any) -> None:
    """By links alone from / in English, Arabic and Simplified Chinese: no foreign request, no error."""
    reached(filled, browser, WHOLE, worth_a_visit)


@pytest.mark.parametrize("tag", WHOLE)
def test_no_barrier_on_any_page(filled: tuple[Any, list[str]], browser: Any, barriers: Any, tag: str) -> None:
    """axe finds nothing on any page but the topics, which have the proof above; none scrolls sideways at 320 px."""
    served, sheets = filled
    no_barrier(served, browser, barriers, tag, every_page(sheets, tag))
