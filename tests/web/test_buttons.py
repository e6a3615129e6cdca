"""A button's words stand out from it wherever it stands: a list that colors its links does not color them away."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

SHEET = (files("outreach") / "web" / "static" / "outreach.css").read_text(encoding="utf-8")
LISTS = ("rows lines look", "actions", "empty", "notice")
SAID = "() => { const it = getComputedStyle(document.querySelector('.do')); return [it.color, it.backgroundColor] }"


@pytest.mark.parametrize("around", LISTS)
def test_the_one_button_of_a_list_can_be_read(browser: Any, around: str) -> None:
    """Its words and its ground differ, also in what there is to look at after files came in.

    The control: with a rule that colors every link like the ground they are the same.
    """
    page = browser.new_page()
    link = '<p class="actions"><a class="do" href="#">Look who asks</a></p>'
    for planted, same in (("", False), (".do { color: var(--accent) !important }", True)):
        style = f"<style>{SHEET}{planted}</style>"
        page.set_content(f'{style}<body class="staff"><main><ul class="{around}"><li>{link}</li></ul></main></body>')
        words, ground = page.evaluate(SAID)
        assert (words == ground) is same, around
    page.close()
