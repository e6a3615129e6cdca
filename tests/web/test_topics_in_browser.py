"""Topics in every language on a small phone: their direction, their language, their letters, their width, no barrier.

A third of them in English, and another third in a language that runs right to left; `./start prove` opens every
topic in every language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from outreach.core.languages import Direction
from outreach.home import Home
from outreach.services.program import Program
from outreach.shipped import FONTS

PROGRAM = Program(Home(Path("/nonexistent")))
LANGUAGES = {row.tag: row for row in PROGRAM.languages.rows}
TAGS = list(LANGUAGES)
TOPICS = list(PROGRAM.topics)
SMALL = 320

# Looking for barriers takes longer than the page itself. So: every topic in English and in the first language that
# runs right to left, and in each other language those whose turn it is; light and dark take turns too. It costs some
# three times what opening the page does.
RTL = next((tag for tag, row in LANGUAGES.items() if row.direction is Direction.RTL), "en")
REST = [tag for tag in TAGS if tag not in ("en", RTL)]
PARTS = [part for part in (["en"], [RTL], REST[0::2], REST[1::2]) if part]

# Words as they stand, each once for each style they stand in, put together where the browser can be asked which font
# drew them. Asking element by element would take a second a page.
GATHER = """async () => {
  document.querySelectorAll('details').forEach(each => { each.open = true })
  document.querySelectorAll('[hidden]').forEach(each => { each.hidden = false })
  const styles = new Map()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { nodeValue, parentElement } = texts.currentNode
    if (!nodeValue.trim() || parentElement.closest('script, template')) continue
    const { fontFamily, fontWeight } = getComputedStyle(parentElement)
    const lang = parentElement.closest('[lang]').lang
    const key = JSON.stringify([fontFamily, fontWeight, lang])
    if (!styles.has(key)) styles.set(key, new Set())
    for (const word of nodeValue.split(/\\s+/)) if (word) styles.get(key).add(word)
  }
  const probe = document.createElement('div')
  probe.id = 'probe'
  for (const [key, words] of styles) {
    const [family, weight, lang] = JSON.parse(key)
    const piece = document.createElement('p')
    piece.lang = lang
    piece.style.fontFamily = family
    piece.style.fontWeight = weight
    piece.textContent = [...words].join(' ')
    probe.append(piece)
  }
  document.body.append(probe)
  probe.getBoundingClientRect()
  await document.fonts.ready
  return [...new Set([...styles.values()].flatMap(words => [...words]).join(''))].join('')
}"""


@cache
def letters_of() -> dict[str, set[int]]:
    """The letters that each of our web fonts can draw, by the name a browser reports it under."""
    found: dict[str, set[int]] = defaultdict(set)
    for file in FONTS.glob("*.woff2"):
        with TTFont(file) as font:
            found[str(font["name"].getDebugName(6))] |= set(font.getBestCmap())
    return dict(found)


def unreadable(page: Any, cdp: Any) -> list[str]:
    """What our own fonts did not draw: fonts of the system, and letters that no font used here has."""
    letters = page.evaluate(GATHER)
    root = cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    probe = cdp.send("DOM.querySelector", {"nodeId": root, "selector": "#probe"})["nodeId"]
    drawn = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": probe})["fonts"]
    assert letters and drawn, "there was nothing to read"
    used = {(font["postScriptName"], font["isCustomFont"]) for font in drawn}
    known: set[int] = set().union(*(letters_of().get(name, set()) for name, own in used if own))
    blank = [each for each in letters if unicodedata.category(each)[0] not in "CZ" and ord(each) not in known]
    return [f"drawn by the system: {name}" for name, own in used if not own] + [f"no letter {each!r}" for each in blank]


class Phone:
    """One page of one browser, used for every topic in turn; what goes wrong on the way is written down."""

    def __init__(self, browser: Any, address: str, barriers: Callable[[Any], list[str]]) -> None:
        self.address, self.barriers = address, barriers
        # For axe, which has to be put into the page; the walk goes without this.
        self.context = browser.new_context(bypass_csp=True, viewport={"width": SMALL, "height": 700})
        self.page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("DOM.enable")
        self.cdp.send("CSS.enable")
        self.troubles: list[str] = []
        self.page.on("console", lambda line: line.type in ("error", "warning") and self.troubles.append(line.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("requestfailed", lambda request: self.troubles.append(f"failed: {request.url}"))
        self.page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address + "/", "data:")):
            self.troubles.append(f"asked elsewhere: {request.url}")

    def troubles_of(self, path: str, tag: str, scheme: str, barriers: bool) -> list[str]:
        """Open a page and say everything that is wrong with it."""
        self.troubles = []
        self.page.emulate_media(color_scheme=scheme)
        self.page.goto(self.address + path)
        stands = self.page.evaluate("""() => {
          const { lang, dir, scrollWidth } = document.documentElement
          return { lang, dir, width: scrollWidth, title: document.title }
        }""")
        expected = {"lang": tag, "dir": LANGUAGES[tag].direction.value}  # type: ignore[index]
        found = [f"{key} is {stands[key]}" for key, value in expected.items() if stands[key] != value]
        if stands["width"] > SMALL:
            found.append(f"{stands['width']} wide")
        if re.search(r"overdose|drug|naloxone|fentanyl", stands["title"], re.IGNORECASE):
            found.append(f"title: {stands['title']}")
        if barriers:
            found += self.barriers(self.page)
        return found + unreadable(self.page, self.cdp) + self.troubles


def looked_at_closely(tag: str, number: int) -> bool:
    """Whether a topic, by its place in the list, has its barriers looked for in this language."""
    return tag in ("en", RTL) or number % len(TAGS) == TAGS.index(tag) % len(TAGS)


def wrong_on(phone: Phone, tags: list[str], opened: Callable[[str, int], bool]) -> dict[str, list[str]]:
    """What is wrong on the pages of these languages that are to be opened, by address."""
    wrong = {}
    for tag in tags:
        for number, page in enumerate(["", *TOPICS, "law/", "law/TX"]):
            if opened(tag, number):
                scheme = "dark" if (number + TAGS.index(tag)) % 2 else "light"
                path = f"/{tag}/{page}"
                found = phone.troubles_of(path, tag, scheme, looked_at_closely(tag, number))
                if found:
                    wrong[path] = found
    phone.context.close()
    return wrong


def in_turn(tag: str, number: int) -> bool:
    """Whether a page, by its place in the list, is opened in this language here; the first ones always are."""
    return number < 2 or number % 3 == ["en", RTL].index(tag)


@pytest.mark.parametrize("tag", ["en", RTL])
def test_topics_in_both_directions(reading: Any, browser: Any, barriers: Any, tag: str) -> None:
    """Topics, the list and the law, at 320 px: right direction and `lang`, nothing wider, our own letters only.

    No request elsewhere, nothing in the console, and axe finds no barrier.
    """
    assert wrong_on(Phone(browser, reading.server.address, barriers), [tag], in_turn) == {}


def test_the_look_would_find_each_trouble(reading: Any, browser: Any, barriers: Any) -> None:
    """The control: another language's page, a wide piece, foreign letters and a nameless button are all found."""
    phone = Phone(browser, reading.server.address, barriers)
    assert phone.troubles_of("/en/test-strips", "en", "light", True) == []
    assert "lang is en" in phone.troubles_of("/en/test-strips", RTL if RTL != "en" else TAGS[-1], "light", False)

    def spoiled(markup: str) -> str:
        phone.page.goto(phone.address + "/en/test-strips")
        phone.page.evaluate("markup => document.querySelector('main').insertAdjacentHTML('beforeend', markup)", markup)
        return " ".join([*barriers(phone.page), *unreadable(phone.page, phone.cdp)])

    assert re.search("system|no letter", spoiled("<p>\u13e3\u13b3\u13a9</p>")), "no font of ours has Cherokee letters"
    assert "system" in spoiled("<p style='font-family: monospace'>naloxone</p>")
    assert "button-name" in spoiled("<button></button>")
    phone.page.evaluate("document.querySelector('main').style.inlineSize = '400px'")
    assert phone.page.evaluate("document.documentElement.scrollWidth") > SMALL
    phone.context.close()


def test_every_topic_is_looked_at_both_ways() -> None:
    """By the list of what is proven: axe looks at every topic in both directions, and no language is left out."""
    assert {tag for part in PARTS for tag in part} == set(TAGS)
    assert RTL != "en"
    for number, _ in enumerate(["", *TOPICS, "law/", "law/TX"]):
        assert {tag for tag in TAGS if looked_at_closely(tag, number)} >= {"en", RTL}
