"""Phones, decimals and doses inside Arabic and Persian, measured where the browser draws each character."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

# Where every character of the first place that holds the text is drawn: its left edge, and its line.
PLACES = """text => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(text);
    if (at < 0 || !node.parentElement.getClientRects().length) continue;
    const places = [];
    for (let i = at; i < at + text.length; i++) {
      const range = document.createRange();
      range.setStart(node, i); range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      places.push([Math.round(box.left * 10) / 10, Math.round(box.top)]);
    }
    return places;
  }
  return [];
}"""


def left_to_right(places: list[list[float]]) -> bool:
    """On one line, each character right of the one before it."""
    return bool(places) and all(a[0] < b[0] and a[1] == b[1] for a, b in pairwise(places))


@pytest.fixture(scope="module")
def called(shared: Any, shell: Any) -> str:
    """Where the pages are; someone has called a phone line, so it is shown."""
    assert shell(shared.server.home)("phones", "called", "safespot").code == 0
    return str(shared.server.address)


@pytest.mark.parametrize("tag", ["ar", "fa"])
def test_phones_and_doses_read_in_their_order(called: str, browser: Any, tag: str) -> None:
    """A phone and a decimal run left to right.

    The control: the same phone and a Latin dose, put into the page as raw text, come out in another order.
    """
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{called}/{tag}/not-using-alone")
    phone = page.evaluate(PLACES, "1-800-972-0590")
    page.goto(f"{called}/{tag}/naloxone")
    decimal = page.evaluate(PLACES, "0.4")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin',"
        " '<p>\\u0627\\u062a\\u0635\\u0644 1-800-555-0199 \\u0623\\u0648 8 mg/0.9 mL \\u0627\\u0644\\u0622\\u0646</p>')"
    )
    raw_phone, raw_dose = page.evaluate(PLACES, "1-800-555-0199"), page.evaluate(PLACES, "8 mg/0.9 mL")
    context.close()

    assert left_to_right(phone), phone
    assert left_to_right(decimal)
    assert not left_to_right(raw_phone) and not left_to_right(raw_dose), "the control"


@pytest.mark.parametrize("tag", ["ar", "fa"])
def test_a_range_begins_on_the_right(reading: Any, browser: Any, tag: str) -> None:
    """In "2 to 3 minutes" the 2 stands right of the 3 when both are on one line."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(f"{reading.server.address}/{tag}/overdose-response")
    text = page.evaluate(
        "() => [...document.querySelectorAll('.words p')].map(p => p.textContent).find(t => /2[^0-9]{1,9}3/.test(t))"
    )
    piece = re.search(r"2[^0-9]{1,9}3", text)[0]
    places = page.evaluate(PLACES, piece)
    context.close()

    assert places and places[0][1] == places[-1][1], "both are on one line"
    assert places[0][0] > places[-1][0]
