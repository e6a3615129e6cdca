"""axe finds nothing on any page of the guide, in any language, in light or dark: each way that one is built is opened.

A page in two languages is often the same page with other words. What axe can see of it (its elements, their classes and
roles, which of them have words, which names are equal) is compared over HTTP, and the same page is opened in a browser
once. So every page of every language was looked at, or one that axe cannot tell from it was. With OUTREACH_EVERY=yes
each is opened, and what is alike is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.program import Program
from tests.conftest import Browserless
from tests.prove import furnished, layout

PROGRAM = Program(Home(Path("/nonexistent")))
GUIDE = [row.tag for row in PROGRAM.languages.rows]
NAMES = {"aria-label", "alt", "title", "placeholder", "data-name", "content", "value"}
"""Attributes that hold words: whether they are there and which of them are equal counts, not which words they are."""
ADDRESSES = {"href", "src", "action", "hreflang", "data-taps", "data-tab", "data-src", "d", "points", "datetime"}


class Skeleton(HTMLParser):
    """A page without its words."""

    def __init__(self) -> None:
        super().__init__()
        self.bones: list[Any] = []
        self.names: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = []
        for name, value in attrs:
            if name in NAMES or name.startswith("data-"):
                kept.append((name, self.names.setdefault(value, len(self.names)) if value else "empty"))
            elif name == "lang":
                kept.append((name, "some"))
            elif name not in ADDRESSES | {"aria-current"}:  # each language is the chosen one of its own list
                kept.append((name, value))
        self.bones.append((tag, tuple(kept)))

    def handle_endtag(self, tag: str) -> None:
        self.bones.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.bones[-1] != "words":
            self.bones.append("words")


def skeleton(text: str) -> int:
    bones = Skeleton()
    bones.feed(text)
    return hash(tuple(bones.bones))


@dataclass
class Looking:
    """One browser page that opens whatever is built unlike all before it, and what it found."""

    page: Any
    barriers: Callable[..., list[str]]
    seen: set[int] = field(default_factory=set)
    compared: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)

    def every(self, own: Browserless, paths: list[str], tags: list[str]) -> None:
        self.page.goto(own.server.door)
        for path in paths:
            for tag in tags:
                address = path.format(tag=tag)
                bones = skeleton(own.get(address).text)
                self.compared += 1
                if furnished.EVERY or bones not in self.seen:
                    self.seen.add(bones)
                    self.page.goto(own.server.address + address)
                    self.both(address)

    def both(self, name: str) -> None:
        """The page as it stands, all of it unfolded, in both palettes; the dark one has the same structure."""
        self.page.evaluate(layout.OPENED)
        hits = self.barriers(self.page)
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        hits += [f"in the dark, {each}" for each in self.barriers(self.page, "color-contrast")]
        self.page.emulate_media(color_scheme="light")
        if hits:
            self.found[name] = hits


@pytest.fixture
def looking(browser: Any, barriers: Callable[..., list[str]]) -> Looking:
    return Looking(browser.new_context(bypass_csp=True, viewport={"width": 390, "height": 800}).new_page(), barriers)


@pytest.fixture(scope="module")
def in_use(shared: Browserless) -> tuple[Browserless, list[str], list[str]]:
    """A served home with something of everything in it, its guide's pages and its staff's."""
    return shared, *furnished.split(furnished.pages(shared, furnished.furnish(shared)))


def test_the_guide_in_every_language(in_use: tuple[Browserless, list[str], list[str]], looking: Looking) -> None:
    """Every topic, the lists, the law and the board in all languages; the page of languages; one that is not there."""
    own, guide, _ = in_use
    looking.every(own, guide, GUIDE)
    looking.every(own, ["/", "/xx/", "/en/nothing-like-it"], ["en"])
    assert looking.found == {}
    assert looking.compared > 24 * 16 and len(looking.seen) > 40


STATES: dict[str, tuple[str, str]] = {
    "the pacer runs": ("/{tag}/overdose-response", "document.getElementById('pace').click()"),
    "a choice on the board": (
        "/{tag}/point",
        "for (const each of document.querySelectorAll('.picks input')) each.click()",
    ),
    "counts are typed": ("/staff/{tag}/tally/SHEET", "document.querySelector('[name=way][value=type]').click()"),
    "a letter was typed": (
        "/staff/{tag}/tally/SHEET",
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}))",
    ),
    "an unlikely number": (
        "/staff/{tag}/tally/SHEET",
        "document.querySelector('.ask').hidden = false; document.querySelector('.ask p').textContent = '?'",
    ),
}


@pytest.mark.parametrize("tag", GUIDE if furnished.EVERY else ["en", "ar"])
def test_pages_that_changed_under_a_hand(
    in_use: tuple[Browserless, list[str], list[str]], looking: Looking, tag: str
) -> None:
    """The pacer running, choices made, typing on, a question asked."""
    own, _, staff = in_use
    sheet = own.open_sheet()
    looking.page.goto(own.server.door)
    for name, (path, act) in STATES.items():
        looking.page.goto(own.server.address + path.format(tag=tag).replace("SHEET", sheet))
        looking.page.evaluate(act)
        looking.both(name)
    assert looking.found == {}


def test_what_is_built_otherwise_is_opened(in_use: tuple[Browserless, list[str], list[str]], looking: Looking) -> None:
    """The controls: a picture without words, two equal names, a missing word make another page; other words do not.

    And axe finds what is planted, in light and in the dark.
    """
    page = "<main lang={tag}><h1>{title}</h1><nav aria-label={one}></nav><nav aria-label={two}></nav></main>"
    plain = skeleton(page.format(tag="en", title="Call", one="A", two="B"))
    assert skeleton(page.format(tag="es", title="Llame", one="X", two="Y")) == plain
    assert skeleton(page.format(tag="es", title="", one="X", two="Y")) != plain
    assert skeleton(page.format(tag="es", title="Llame", one="X", two="X")) != plain
    assert skeleton(page.format(tag="es", title="Llame <img>", one="X", two="Y")) != plain

    own = in_use[0]
    looking.every(own, ["/en/test-strips"], ["en"])
    assert looking.found == {}
    planted = '<img src="data:,"><button></button><p style="color: #333">pale in the dark</p>'
    looking.page.evaluate("text => document.querySelector('main').insertAdjacentHTML('beforeend', text)", planted)
    looking.both("planted")
    said = " ".join(looking.found["planted"])
    assert "image-alt" in said and "button-name" in said and "in the dark, color-contrast" in said
