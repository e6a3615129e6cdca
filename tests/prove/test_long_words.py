"""Words that are longer by 40 %: a language made up for the test, in both directions, on a phone of 320 px."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.i18n.extracting import po_text
from outreach.i18n.po_files import read_whole_po_file
from tests.conftest import Browserless, Copy, Server
from tests.prove import furnished, layout

LONG = {"fr": "ltr", "fa": "rtl"}
"""Languages whose words are replaced here, and how they run."""
KEPT = re.compile(r"(\{[^}]*\}|%\([a-z_]+\)[sd]|[^\W\d_]+)")


def longer(text: str) -> str:
    """Each word with two fifths of it said again; placeholders, numbers and signs as they are."""

    def stretched(hit: re.Match[str]) -> str:
        word = hit[0]
        return word if not word.isalpha() else word + (word * 2)[: -(-len(word) * 2 // 5)].lower()

    return KEPT.sub(stretched, text)


def fill(copy: Copy, folder: str) -> None:
    """Every string of the guide and of the pages."""
    for domain in (GUIDANCE, INTERFACE):
        file = po_file(folder, domain, copy.locales)
        catalog = read_whole_po_file(file)
        for message in catalog:
            if message.id:
                one, more = (message.id, message.id) if isinstance(message.id, str) else message.id
                forms = (longer(one), *[longer(more)] * (catalog.num_plurals - 1))
                message.string = longer(one) if isinstance(message.id, str) else forms
        file.write_text(po_text(catalog), encoding="utf-8")


@pytest.fixture(scope="module")
def stretched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browserless, list[str]]]:
    """A furnished server of a copy of the program that speaks the long languages; its pages."""
    copy = Copy(tmp_path_factory.mktemp("long") / "copy")
    for folder in LONG:
        fill(copy, folder)
    server = Server(copy.folder / "home", copy.env, command=(sys.executable, "-P", "-m", "outreach")).start()
    own = Browserless(server).enter()
    yield own, furnished.pages(own, furnished.furnish(own))
    server.kill()


@pytest.fixture
def phone(stretched: tuple[Browserless, list[str]], browser: Any) -> Any:
    page = browser.new_context(viewport={"width": 320, "height": 700}).new_page()
    page.goto(stretched[0].server.door)
    return page


def test_a_word_grows_and_what_is_no_word_stays() -> None:
    """The control of the words: two fifths more letters, numbers and placeholders untouched."""
    assert longer("Call 911. Give {count} doses.") == "Callca 911. Givegi {count} dosesdo."
    assert longer("%(n)s left") == "%(n)s leftle"


@pytest.mark.parametrize("tag", LONG)
def test_long_words_break_no_page(stretched: tuple[Browserless, list[str]], phone: Any, tag: str) -> None:
    """At 320 px nothing scrolls sideways, is cut off, sticks out of its box or lies on other words, on any page."""
    own, every = stretched
    found: dict[str, list[str]] = {}
    for path in every:
        phone.goto(own.server.address + path.format(tag=tag))
        stands = phone.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert stands == [tag, LONG[tag]], path
        if wrong := layout.wrong(phone):
            found[path] = wrong
    assert len(every) > 90
    assert found == {}


SPOILED: dict[str, tuple[str, Callable[[str], bool]]] = {
    "a button that does not wrap": (".do { white-space: nowrap; inline-size: 120px }", lambda each: "box" in each),
    "a title that is cut": (
        "h1 { inline-size: 40px; overflow: hidden; white-space: nowrap }",
        lambda each: "cut" in each,
    ),
    "what stands too near its title": ("h1 + * { margin-block-start: -2em }", lambda each: "other words" in each),
    "a column of a fixed width": ("main { min-inline-size: 30em }", lambda each: "sideways" in each),
}


@pytest.mark.parametrize("way", SPOILED)
def test_a_page_that_breaks_is_found(stretched: tuple[Browserless, list[str]], phone: Any, way: str) -> None:
    """The control: the same look at a page with one rule that cannot take long words finds it."""
    style, is_it = SPOILED[way]
    phone.goto(f"{stretched[0].server.address}/staff/fr/print")
    assert layout.wrong(phone) == []
    phone.evaluate(
        "style => { const own = new CSSStyleSheet(); own.replaceSync(style); document.adoptedStyleSheets = [own] }",
        style,
    )
    assert any(map(is_it, layout.wrong(phone)))
