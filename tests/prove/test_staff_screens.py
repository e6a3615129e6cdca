"""Every staff page, in use, empty, locked and refused: axe finds nothing, and it lies well on four screens.

English and Arabic are walked whole, in light and dark, and the other languages that staff have by their first page;
with OUTREACH_EVERY=yes those whole too. A language that only the guide has leads to the English page, and refuses in
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services import passphrase
from outreach.services.program import Program
from tests.conftest import Browserless, Server
from tests.prove import furnished, layout

WALKED = ("en", "ar")
PROGRAM = Program(Home(Path("/nonexistent")))
STAFF = tuple(row.tag for row in PROGRAM.staff_languages.rows)
GUIDE = tuple(row.tag for row in PROGRAM.languages.rows)
OTHERS = () if furnished.EVERY else tuple(tag for tag in STAFF if tag not in WALKED)
in_turn = pytest.mark.parametrize("tags", [(tag,) for tag in STAFF] if furnished.EVERY else [WALKED], ids="-".join)
SCREENS = ((390, 1), (768, 1), (1440, 1), (640, 2))
"""Widths in CSS pixels and how many dots each has: a phone, a tablet, a laptop, and a laptop at 200 %."""
STILL = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Walk:
    """One page of one browser, taken from address to address, and what was wrong on the way."""

    page: Any
    barriers: Callable[..., list[str]]
    found: dict[str, list[str]] = field(default_factory=dict)
    opened: int = 0

    def __post_init__(self) -> None:
        self.screen = self.page.context.new_cdp_session(self.page)

    def enter(self, server: Server) -> Walk:
        self.server = server
        self.page.goto(server.door, wait_until="domcontentloaded")
        return self

    def through(self, paths: list[str], tags: tuple[str, ...]) -> None:
        for path in paths:
            for tag in tags:
                self.open(path.format(tag=tag))

    def open(self, address: str) -> None:
        self.page.goto(self.server.address + address, wait_until="domcontentloaded")
        self.opened += 1
        self.look(address)

    def look(self, name: str) -> None:
        """The page that is open: in both palettes as axe sees it, then on each screen. Nothing is loaded again."""
        self.page.evaluate(layout.OPENED)
        hits = self.barriers(self.page)
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate(STILL)
        hits += [f"in the dark, {each}" for each in self.barriers(self.page, "color-contrast")]
        self.page.emulate_media(color_scheme="light")
        for width, dots in SCREENS:
            shape = {"width": width, "height": 800, "deviceScaleFactor": dots, "mobile": False}
            self.screen.send("Emulation.setDeviceMetricsOverride", shape)
            assert self.page.evaluate("[innerWidth, devicePixelRatio]") == [width, dots]
            hits += [f"at {width} px, {each}" for each in layout.wrong(self.page)]
        if hits:
            self.found[name] = hits


@pytest.fixture
def walk(browser: Any, barriers: Callable[..., list[str]]) -> Walk:
    return Walk(browser.new_context(bypass_csp=True, viewport={"width": 390, "height": 800}).new_page(), barriers)


def staff_pages(own: Browserless, known: dict[str, list[str]] | None = None) -> list[str]:
    return furnished.split(furnished.pages(own, known or {}))[1]


@pytest.fixture(scope="module")
def in_use(shared: Browserless) -> tuple[Browserless, list[str]]:
    """A served home with something of everything in it, and its staff pages."""
    return shared, staff_pages(shared, furnished.furnish(shared))


@in_turn
def test_every_staff_page(in_use: tuple[Browserless, list[str]], walk: Walk, tags: tuple[str, ...]) -> None:
    """With something of everything in the home; the other languages by their first page."""
    own, paths = in_use
    walk.enter(own.server).through(paths, tags)
    walk.through(["/staff/{tag}/"], OTHERS)
    assert walk.found == {}
    assert walk.opened > 65 * len(tags) + len(OTHERS)


@in_turn
def test_the_staff_pages_of_an_empty_home(untouched: Server, walk: Walk, tags: tuple[str, ...]) -> None:
    """What says what will be here and what to do first."""
    walk.enter(untouched).through(staff_pages(Browserless(untouched).enter()), tags)
    assert walk.found == {}
    assert walk.opened > 30 * len(tags)


@in_turn
def test_while_locked(served: Browserless, walk: Walk, tags: tuple[str, ...]) -> None:
    """The page that asks for the words, and what answers without them; the way to words that are lost."""
    sheet = served.open_sheet()
    passphrase.set_passphrase(Program(Home(served.server.home)), furnished.WORDS)
    walk.enter(served.server).through(["/staff/{tag}/passphrase", "/staff/{tag}/passphrase/new"], tags)
    served.post("/staff/en/lock", {"then": ""})
    assert served.get("/staff/en/settings").status == 423
    answering = ("", "settings", "print", "cards", "blank", "holds", f"tally/{sheet}", "passphrase/new", "lock")
    walk.through([f"/staff/{{tag}}/{each}" for each in answering], tags)
    assert walk.found == {}


REFUSED = {
    "/staff/{tag}/nothing-like-it": 404,
    "/staff/{tag}/tally/" + "0" * 32: 409,
    "/staff/{tag}/reports/totals?from=2026-13-01": 422,
    "/staff/xx/": 404,
}


def test_pages_that_refuse(shared: Browserless, walk: Walk) -> None:
    """A page that is not there, a sheet that is closed elsewhere, a question that cannot be, and no way in."""
    for path, status in REFUSED.items():
        assert shared.get(path.format(tag="en")).status == status, path
    walk.enter(shared.server).through(list(REFUSED), STAFF if furnished.EVERY else WALKED)
    for tag in set(GUIDE) - set(STAFF):
        assert shared.get(f"/staff/{tag}/settings").url == shared.server.address + "/staff/en/settings"
    walk.page.context.clear_cookies()
    walk.through(["/staff/{tag}/"], GUIDE)
    assert walk.found == {}


def test_what_is_planted_is_found(shared: Browserless, walk: Walk) -> None:
    """The control: a picture without words, a word that is pale in the dark, and what is wider than the screen."""
    walk.enter(shared.server).open("/staff/en/settings")
    assert walk.found == {}
    planted = (
        """<img src="data:,"><p style="color: #333">pale in the dark</p>
      <p style="white-space: nowrap; max-inline-size: none">"""
        + "wide " * 100
    )
    walk.page.evaluate("text => document.querySelector('main').insertAdjacentHTML('beforeend', text)", planted)
    walk.look("planted")
    said = " ".join(walk.found["planted"])
    assert "image-alt" in said and "in the dark, color-contrast" in said
    assert all(f"at {width} px, scrolls sideways" in said for width, _ in SCREENS)
