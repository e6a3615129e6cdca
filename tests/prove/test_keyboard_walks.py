"""Without a mouse: the tasks of a shift, a desk and a month by keys alone, the focus looked at wherever it stops."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Browserless

MOST = 220
"""Keys that it may take to get anywhere on one page."""
STANDS = r"""() => {
  const at = document.activeElement
  if (!at || at === document.body || at === document.documentElement) return null
  const label = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || at.value || ''
  const ringed = [at, at.nextElementSibling].filter(Boolean).map(each => getComputedStyle(each))
  const ring = ringed.some(is => is.outlineStyle !== 'none' && parseFloat(is.outlineWidth) >= 3)
  const box = at.getBoundingClientRect()
  const clip = (n, most) => Math.min(Math.max(n, 1), most - 1)
  const [left, right] = [clip(box.left, innerWidth), clip(box.right, innerWidth)]
  const [top, bottom] = [clip(box.top, innerHeight), clip(box.bottom, innerHeight)]
  const inside = right > left && bottom > top
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  const seen = inside && Boolean(over) && (at.contains(over) || over.contains(at) || at.labels?.[0]?.contains(over)
    || getComputedStyle(at).pointerEvents === 'none' && at.parentElement.contains(over))
  const before = window.walked
  window.walked = at
  window.stops ??= new Map()
  if (!window.stops.has(at)) window.stops.set(at, window.stops.size)
  const number = window.stops.get(at)
  // After the last comes the first again.
  const order = !number || before === at
    || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)
  const name = label.replace(/\s+/g, ' ').trim(), kind = `${at.tagName} ${at.type || ''} ${at.className}`
  return { name, kind, ring, seen, order, number, box: { x: left, y: top, width: right - left, height: bottom - top } }
}"""


class Hands:
    """A person with a keyboard; whatever the focus does that it should not is written down with its page."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self, back: bool = False) -> Any:
        """One step, looked at; None where the page ends."""
        self.press("Shift+Tab" if back else "Tab")
        stands = self.page.evaluate(STANDS)
        if stands is None:
            return None
        where = f"{self.page.url.removeprefix(self.address)}: {stands['name'][:40]!r} ({stands['kind']})"
        if not stands["name"]:
            self.wrong.append(f"no name: {where}")
        if not stands["ring"]:
            self.wrong.append(f"no ring: {where}")
        if not stands["seen"]:
            self.wrong.append(f"not to be seen: {where}")
        if not back and not stands["order"]:
            self.wrong.append(f"goes back: {where}")
        return stands

    def to(self, words: str) -> None:
        """Step on to what has these words in its name."""
        for _ in range(MOST):
            stands = self.tab()
            if stands and re.search(words, stands["name"]):
                return
        raise AssertionError(f"{words} is not reached on {self.page.url}")

    def go(self, words: str) -> None:
        """Step on to it, press Enter, and see where that leads."""
        self.to(words)
        with self.page.expect_navigation(timeout=60000):
            self.press("Enter")

    def fill(self, words: str, text: str) -> None:
        self.to(words)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def reads(self, words: str) -> None:
        self.page.locator("main", has_text=re.compile(words)).first.wait_for(timeout=60000)


@pytest.fixture
def hands(shared: Browserless, browser: Any) -> Callable[..., Hands]:
    def come_in(width: int = 390, height: int = 800) -> Hands:
        page = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce").new_page()
        page.goto(shared.server.door)
        return Hands(page, shared.server.address)

    return come_in


def test_how_to_use_the_spray_in_haitian_creole(hands: Callable[..., Hands]) -> None:
    """From the page of languages to the topic, and away from it with Escape twice."""
    hand = hands(1280)
    hand.open("/")
    hand.go("Kreyòl")
    first = hand.page.locator("a[href$='/overdose-response'] strong").first.inner_text()
    hand.go(f"^{re.escape(first)}")
    section = hand.page.locator("a[href='#nasal']").last.inner_text().splitlines()[0]
    hand.to(f"^{re.escape(section)}")
    hand.press("Enter")
    hand.page.wait_for_url("**#nasal")
    assert hand.page.evaluate("document.documentElement.lang") == "ht"
    assert hand.page.locator(".steps li").count() > 2
    hand.press("Escape", "Escape")
    hand.page.wait_for_url(lambda url: "/ht/" not in url)
    assert not hand.wrong, "\n".join(hand.wrong)


def test_cards_in_two_languages_from_the_fourth_place(hands: Callable[..., Hands]) -> None:
    """30 Spanish and 20 English, three places left empty: the file is there to open."""
    hand = hands()
    hand.open("/staff/en/")
    hand.go("^Print")
    hand.fill("^English", "20")
    hand.fill("Spanish", "30")
    hand.fill("Places already used", "3")
    hand.go("Make the file")
    hand.page.locator("a[href$='cards.pdf']").first.wait_for(timeout=120000)
    hand.reads("50")
    assert not hand.wrong, "\n".join(hand.wrong)


def test_a_shift_is_counted_and_corrected(hands: Callable[..., Hands]) -> None:
    """Count, undo, hours, close; then a correction of what was closed."""
    hand = hands(1280)
    hand.open("/staff/en/")
    hand.go("^Count")
    hand.go("Start counting")
    if "/tally/" not in hand.page.url:
        hand.go("open|Open|another|Another")
    hand.page.locator("#tally[data-tab]").wait_for()
    hand.to("^Add 1: Naloxone nasal spray")
    hand.press("Enter", "Enter", "Enter")
    hand.to("^Undo")
    hand.press("Enter")
    hand.page.locator(".said", has_text="Undone").wait_for()
    hand.page.locator(".state[data-state=saved]").wait_for()
    hand.page.reload()
    assert hand.page.locator("[data-counter='given:naloxone-nasal'] .exact").input_value() == "2"
    hand.fill("Hours open", "3.25")
    hand.go("Close and save")
    if "/closed/" not in hand.page.url:
        hand.go("as it is|As it is|Close")
    hand.go("Correct this sheet")
    hand.fill("^Naloxone nasal spray", "4")
    hand.go("Save the correction")
    hand.reads("2 → 4|2.*4")
    assert not hand.wrong, "\n".join(hand.wrong)


def test_boxes_received_and_a_quarter_sent(hands: Callable[..., Hands]) -> None:
    """48 boxes of two with a lot and a last day; a funder's report marked as sent."""
    hand = hands()
    hand.open("/staff/en/")
    hand.go("^Stock")
    hand.go("came|Receive|receive|Came")
    hand.to("^What came")
    hand.page.keyboard.type("Naloxone nasal")
    hand.fill("^How many", "48")
    hand.fill("in each|each box|Each", "2")
    hand.fill("^Lot", "B7")
    hand.to("^Last day")
    hand.page.keyboard.type("12312027")
    hand.go("^Save")
    hand.reads("96")
    hand.open("/staff/en/reports")
    hand.go("Utah syringe exchange")
    hand.go("Mark as sent")
    hand.reads("[Ss]ent")
    assert not hand.wrong, "\n".join(hand.wrong)


def test_an_alert_in_every_language(hands: Callable[..., Hands]) -> None:
    """Ticked with the space bar, its last day chosen with an arrow, looked at and published."""
    hand = hands()
    hand.open("/staff/en/alerts")
    hand.to("Xylazine found")
    hand.press("Space")
    hand.to("Carry more naloxone")
    hand.press("Space")
    hand.to("^Until")
    hand.press("ArrowDown")
    hand.go("Look at it")
    hand.reads("Español|xilacina|Xilacina")
    assert not hand.wrong, "\n".join(hand.wrong)


def test_a_van_a_lock_and_a_backup(shared: Browserless, hands: Callable[..., Hands]) -> None:
    """The forms that bring counts in, set a passphrase and make a backup are reached, filled and understood."""
    shared.post("/staff/en/laptops/invite", {"own": "Office", "name": "Van 3"})
    hand = hands()
    hand.open("/staff/en/exchange")
    hand.to("Drop files here|choose them")
    hand.to("Bring them in")
    hand.open("/staff/en/backups")
    hand.fill("^Folder or file", "/nowhere/at/all")
    hand.go("Make a backup")
    assert hand.page.locator("[role=alert], .bad, .notice").count(), "a place that is not there is refused in words"
    hand.open("/staff/en/passphrase")
    hand.go("Set a passphrase")
    assert hand.page.locator("form input").count()
    assert not hand.wrong, "\n".join(hand.wrong)


PLANTED = {
    "no ring": "<style>.planted:focus-visible { outline: 0 !important }</style><a class=planted href=#x>planted</a>",
    "no name": "<button class=planted></button>",
    "not to be seen": "<a href=#x style='position: fixed; inset-inline-start: -900px'>planted</a>",
    "goes back": "<a href=#x tabindex=0 id=late>late</a><a href=#x tabindex=9>planted</a>",
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_focus_that_goes_wrong_is_noticed(hands: Callable[..., Hands], what: str) -> None:
    """The controls: no ring, no name, off the screen, out of order."""
    hand = hands()
    hand.open("/staff/en/alerts")
    hand.page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    hand.page.evaluate(
        """html => {
          const style = html.match(/<style>(.*)<\\/style>/)
          if (style) document.adoptedStyleSheets[0].replaceSync(style[1])
          const main = document.querySelector('main')
          main.insertAdjacentHTML('afterbegin', html.replace(/<style>.*<\\/style>/, ''))
          const far = main.querySelector('[style]')
          if (far) Object.assign(far.style, { position: 'fixed', insetInlineStart: '-900px' })
        }""",
        PLANTED[what],
    )
    for _ in range(8):
        hand.tab()
    assert any(each.startswith(what) for each in hand.wrong), hand.wrong


def test_today_is_a_day(hands: Callable[..., Hands]) -> None:
    """A sheet can be opened on another day by keys: the date is typed part by part."""
    hand = hands()
    hand.open("/staff/en/tally")
    hand.to("^Which day")
    hand.page.keyboard.type(time.strftime("%m%d%Y"))
    assert hand.page.locator("#day").input_value() == time.strftime("%Y-%m-%d")
    assert not hand.wrong, "\n".join(hand.wrong)
