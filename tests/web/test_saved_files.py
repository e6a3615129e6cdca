"""A topic or the whole guide as one file: it asks for nothing, needs no script, and says what the pages say."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from outreach.content.own_topics import read_topics
from outreach.home import Home
from tests.conftest import proofs_but


@pytest.fixture(scope="module")
def saved(shell: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """What the command writes for these arguments: a topic, or without one the guide; each is made once."""
    outreach = shell(tmp_path_factory.mktemp("saved") / "home")
    return cache(lambda tag, *topic: outreach("guide", *topic, "--language", tag, "--format", "html").out)


class Opened:
    """A tab in which files from disk are opened."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda line: self.wrong.append(line.text))

    def requests_of(self, file: Path) -> tuple[list[str], list[str]]:
        """Open a file: every address it asks for besides itself, and every complaint."""
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.goto(file.as_uri())
        self.page.evaluate("document.fonts.ready.then(() => 0)")
        return [url for url in self.asked if url != file.as_uri() and not url.startswith("data:")], self.wrong


@pytest.mark.parametrize("arguments", [["overdose-response"], ["test-strips"], []])
@pytest.mark.parametrize("tag", proofs_but(["ar"], ["en", "ar"]))
def test_a_saved_file_asks_for_nothing(
    saved: Any, browser: Any, tmp_path: Path, tag: str, arguments: list[str]
) -> None:
    """Opened from disk it makes no request and no complaint. The control: a planted picture is noticed."""
    html = saved(tag, *arguments)
    file = tmp_path / "saved.html"
    file.write_text(html, encoding="utf-8")
    tab = Opened(browser)

    assert tab.requests_of(file) == ([], [])
    assert "<script" not in html and f'lang="{tag}"' in html and 'class="draft"' in html
    assert re.search(r"<title>([^<]*)</title>", html)[1] in ("Guide", "الدليل")  # type: ignore[index]
    planted = html.replace("</main>", '<img src="http://192.0.2.1/x.png" alt=""></main>')
    file.write_text(planted.replace("Content-Security-Policy", "none"), encoding="utf-8")
    assert tab.requests_of(file)[0] == ["http://192.0.2.1/x.png"]
    file.write_text(planted, encoding="utf-8")
    assert "Content Security Policy" in "".join(tab.requests_of(file)[1]), "and would be stopped"


def test_the_whole_guide_is_one_file_with_links_inside(saved: Any, browser: Any, tmp_path: Path) -> None:
    """Every topic is in it, every link leads to a place in it, and no two places share a name."""
    html = saved("es")
    ids = re.findall(r' id="([^"]+)"', html)
    links = re.findall(r'<a [^>]*href="#([^"]+)"', html)

    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids) and links
    assert set(read_topics(Home(tmp_path))) <= set(ids)
    file = tmp_path / "guide.html"
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(file.as_uri())
    page.click("ul.topics a[href='#test-strips']")
    assert page.url.endswith("#test-strips")
    page.click("a.leave")
    page.wait_for_url("about:blank")
    context.close()


@pytest.mark.parametrize("tag", proofs_but(["ar"], ["en", "ar"]))
def test_no_barrier_in_a_saved_file(saved: Any, browser: Any, barriers: Any, tmp_path: Path, tag: str) -> None:
    """axe finds nothing in a saved topic or guide, and neither scrolls sideways at 320 px."""
    page = browser.new_page(bypass_csp=True, viewport={"width": 320, "height": 700})
    for arguments in (["overdose-response"], []):
        file = tmp_path / "saved.html"
        file.write_text(saved(tag, *arguments), encoding="utf-8")
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert barriers(page) == []


def test_a_page_saves_itself_under_a_name_that_says_nothing(reading: Any, saved: Any) -> None:
    """The page's own link gives the file that the command prints, as an attachment with a neutral name."""
    page = reading.get("/en/test-strips").text
    link = re.search(r'href="(/save/[^"]+)" download', page)
    assert link
    answer = reading.get(link[1])
    assert re.fullmatch(r'attachment; filename="guide-en-\d+\.html"', answer.headers["Content-Disposition"])
    assert answer.text == saved("en", "test-strips")
    whole = reading.get("/save/es")
    assert whole.headers["Content-Disposition"] == 'attachment; filename="guide-es.html"'
    assert reading.get("/save/tlh").status == reading.get("/save/en/nothing").status == 404


def test_every_character_has_its_drawing(saved: Any) -> None:
    """The fonts inside hold each letter of the text that the shipped fonts can draw; cut too short, one is missing."""
    from base64 import b64decode
    from html import unescape
    from io import BytesIO

    from fontTools.ttLib import TTFont

    html = saved("ar", "overdose-response")
    fonts = [TTFont(BytesIO(b64decode(each))) for each in re.findall(r"font/woff2;base64,([^\"]+)", html)]
    held = set().union(*(font.getBestCmap() for font in fonts))
    text = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL))

    assert len(fonts) == 4
    assert [each for each in sorted(set(text)) if not each.isspace() and ord(each) not in held] == []
    assert ord("ж") not in held, "the control: a letter that no word uses was left out"
