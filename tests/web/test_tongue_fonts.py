"""In a real browser: each language is set in our own fonts, and a page fetches only those that it shows."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.content.tongues import read_languages

# What stands in a sentence of each script, beside its own name: quotes, digits, a dose.
MORE = {"hans": "“用纳洛酮”，911", "hant": "「用納洛酮」，911", "kore": "‘날록손’ 911", "ethiopic": "ናሎክሶን፣ 911።"}


@pytest.fixture
def page(reading: Any, browser: Any) -> Any:
    """The chooser, and every font that was asked for while it was open."""
    page = browser.new_page()
    page.fetched = []
    page.on("request", lambda asked: page.fetched.append(asked.url.rpartition("/")[2]) if "/fonts/" in asked.url else 0)
    page.goto(reading.server.address + "/")
    page.evaluate("document.fonts.ready")
    return page


def fonts_of(page: Any, selector: str) -> dict[str, bool]:
    """The fonts that really drew an element's text, and whether each came from us."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    found = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {each["familyName"]: each["isCustomFont"] for each in found}


def test_every_language_is_drawn_by_our_fonts(page: Any) -> None:
    """Name, letters, quotes and digits of each language come from the fonts that ship, also inside another's page."""
    for row in read_languages():
        for weight in ("400", "700"):
            page.evaluate(
                """async ([tag, dir, weight, words]) => {
                  const line = document.createElement('p'); line.className = 'tried'
                  document.querySelectorAll('.tried').forEach(each => each.remove())
                  Object.assign(line, {lang: tag, dir, textContent: words}); line.style.fontWeight = weight
                  document.querySelector('main').append(line); line.getBoundingClientRect()
                  await document.fonts.ready
                }""",
                [row.tag, row.direction.value, weight, row.name + MORE.get(row.script, " 911")],
            )
            used = fonts_of(page, ".tried")
            assert used, row.tag
            assert [name for name, ours in used.items() if not ours] == [], (row.tag, weight)


def test_chinese_is_set_in_the_font_of_its_own_reader(page: Any) -> None:
    """Simplified and traditional text take different fonts, and English inside them takes Latin letters."""
    page.evaluate(
        """async () => {
          document.querySelector('main').insertAdjacentHTML('beforeend',
            '<div lang="zh-Hans"><p class="s">直接</p><p class="e" lang="en">“Give”</p></div>' +
            '<p class="t" lang="zh-Hant">直接</p>')
          document.body.getBoundingClientRect(); await document.fonts.ready
        }"""
    )
    assert [len(fonts_of(page, each)) for each in (".s", ".t", ".e")] == [1, 1, 1]
    names = [next(iter(fonts_of(page, each))) for each in (".s", ".t", ".e")]
    assert ["SC" in names[0], "TC" in names[1], names[2]] == [True, True, "Noto Sans"]


def test_the_chooser_fetches_no_chinese_font(page: Any) -> None:
    """Own names come from small files: a first visit does not pay for languages that no one has chosen yet."""
    names = {row.tag: row.name for row in read_languages() if row.script in ("hans", "hant", "kore")}
    row = "".join(f'<a lang="{tag}"><span>{name}</span></a>' for tag, name in names.items())
    page.evaluate(
        """async row => {
          document.querySelector('.tongues').insertAdjacentHTML('beforeend', `<li>${row}</li>`)
          document.body.getBoundingClientRect(); await document.fonts.ready
        }""",
        row,
    )
    fetched = set(page.fetched)
    assert {"NotoSans-Bold.woff2", "NotoSansSCNames-Bold.woff2", "NotoSansTCNames-Bold.woff2"} <= fetched
    assert {"NotoSansSC-Bold.woff2", "NotoSansTC-Bold.woff2", "NotoSansKR-Bold.woff2"} & fetched == set()
