"""Reading aloud: only with a voice of this computer's own, in the page's language, and it can be stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# The browser's part is played by a stand-in: headless Chromium has no voices.
SPEECH = """
window.spoken = []; window.cancelled = 0
class Piece { constructor(text) { this.text = text } }
const speech = new EventTarget()
speech.voices = %s
speech.getVoices = () => speech.voices
speech.speak = piece => spoken.push({text: piece.text, voice: piece.voice.name, piece})
speech.cancel = () => { cancelled++; for (const each of spoken) each.piece.onerror?.() }
Object.defineProperty(window, 'speechSynthesis', {value: speech, configurable: true})
window.SpeechSynthesisUtterance = Piece
"""


def voice(lang: str, local: bool, name: str = "") -> dict[str, Any]:
    return {"lang": lang, "localService": local, "name": name or f"{lang} {'here' if local else 'elsewhere'}"}


@pytest.fixture(scope="module")
def listening(untouched: Any, chromium: Any) -> Iterator[Callable[..., Any]]:
    """A topic page in a browser with these voices: always the same tab, in which they are the last ones put there."""
    context = chromium.new_context()
    page = context.new_page()

    def open_page(voices: list[dict[str, Any]], path: str = "/en/overdose-response", server: Any = untouched) -> Any:
        page.add_init_script(SPEECH % json.dumps(voices))
        page.goto(server.address + path)
        return page

    yield open_page
    context.close()


@pytest.mark.parametrize(
    ("path", "voices", "offered"),
    [
        ("/en/overdose-response", [], False),
        ("/en/overdose-response", [voice("en-US", False)], False),
        ("/en/overdose-response", [voice("es-MX", True)], False),
        ("/en/overdose-response", [voice("en-US", False), voice("es-MX", True)], False),
        ("/en/overdose-response", [voice("en_GB", True)], True),
        ("/en/overdose-response", [voice("en-US", False), voice("en-US", True)], True),
        ("/es/overdose-response", [voice("es-MX", True)], True),
        ("/ar/test-strips", [voice("ar", True)], True),
        ("/ar/test-strips", [voice("ar", False), voice("en-US", True)], False),
    ],
)
def test_it_is_offered_only_with_a_local_voice(
    listening: Any, path: str, voices: list[dict[str, Any]], offered: bool
) -> None:
    """Voices elsewhere, and voices for another language, leave the button hidden; a local one shows it."""
    assert listening(voices, path).locator(".aloud button").is_visible() is offered


def test_a_voice_that_comes_late_is_noticed(listening: Any) -> None:
    """Browsers list their voices after the page has loaded; one that goes away takes the button with it."""
    page = listening([])
    button = page.locator(".aloud button")
    assert not button.is_visible()
    for voices, offered in (([voice("en-US", True)], True), ([voice("en-US", False)], False)):
        page.evaluate(
            "v => { speechSynthesis.voices = v; speechSynthesis.dispatchEvent(new Event('voiceschanged')) }", voices
        )
        assert button.is_visible() is offered


@pytest.mark.parametrize("path", ["/en/overdose-response", "/es/overdose-response", "/ar/overdose-response"])
def test_it_reads_every_step_with_that_voice_and_no_other(listening: Any, path: str) -> None:
    """All steps in order, 911 digit by digit, no English of a draft, no direction marks; the button then stops it."""
    tag = path[1:3]
    page = listening([voice(f"{tag}-XX", False), voice(f"{tag}-YY", True)], path)
    button = page.locator(".aloud button")
    start = button.inner_text()
    button.click()
    said = page.evaluate("spoken.map(each => [each.text, each.voice])")

    shown = page.evaluate("[...document.querySelectorAll('.sections .words > p')].map(each => each.textContent)")
    assert {name for _, name in said} == {f"{tag}-YY here"}
    texts = [text for text, _ in said]
    plain = [
        " ".join(each.replace("\u2066", "").replace("\u2069", "").split()).replace("911", "9 1 1") for each in shown
    ]
    assert [text for text in texts if text in plain] == plain
    assert sum("9 1 1" in text for text in texts) >= 2
    assert not any("911" in text or "\u2066" in text for text in texts)
    if tag != "en":
        assert not any("naloxone right away" in text for text in texts)

    assert button.inner_text() != start
    button.click()
    assert page.evaluate("cancelled") == 1
    assert button.inner_text() == start
    button.click()
    page.evaluate("spoken.at(-1).piece.onend()")
    assert button.inner_text() == start


@pytest.fixture
def own_words(home: Path) -> None:
    """A topic of the program's own, there before the server starts, in English only."""
    own = home / "topics" / "own-words.toml"
    own.parent.mkdir(parents=True)
    own.write_text(
        'id = "own-words"\nclass = "S1"\nchecked = 2026-11-22\norder = 90\ntitle = "Own"\nsummary = "Own."\n'
        '[[section]]\nid = "do"\nkind = "steps"\ntitle = "Do"\n'
        '[[section.step]]\nid = "call"\ntext = "Call 911."\nfacts = ["own:standing order"]\n',
        encoding="utf-8",
    )


def test_a_page_in_two_languages_is_left_alone(own_words: None, served: Any, listening: Any) -> None:
    """Words that fell back to English are not read by a Spanish voice; skipping them could skip a dose."""
    both = [voice("en-US", True), voice("es-MX", True)]
    assert listening(both, "/en/own-words", served.server).locator(".aloud button").is_visible()
    assert not listening(both, "/es/own-words", served.server).locator(".aloud button").is_visible()


def test_leaving_the_page_ends_it(listening: Any) -> None:
    """The leave-fast key also stops the voice."""
    page = listening([voice("en-US", True)])
    page.evaluate("addEventListener('pagehide', () => { sessionStorage.cancelled = cancelled })")
    page.locator(".aloud button").click()
    page.locator("a[href$='/en/']").first.click()
    page.wait_for_url("**/en/")
    assert page.evaluate("sessionStorage.cancelled") == "1"


def test_without_speech_there_is_no_button(reading: Any, browser: Any) -> None:
    """Without JavaScript, and in a browser that cannot speak, nothing is offered and nothing breaks."""
    wrong: list[str] = []
    for script in (False, True):
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
        page.goto(reading.server.address + "/en/overdose-response")
        assert not page.locator(".aloud").is_visible()
        assert "911" in (page.text_content("main") or "")
        context.close()
    assert wrong == []
