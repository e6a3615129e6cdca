"""People's own settings: forced colors and no motion; and on the board to point at no word is cut in two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Browserless
from tests.prove import layout

ALPHABETS = ("es", "vi", "ht", "pt-BR", "ru", "fr", "so", "fil", "uk")
"""Languages with letters and spaces: a word that is cut in two is another word."""


@pytest.fixture
def screen(shared: Browserless, browser: Any) -> Callable[..., Any]:
    def shown(**settings: Any) -> Any:
        page = browser.new_context(**settings).new_page()
        page.goto(shared.server.door)
        return page

    return shown


@pytest.mark.parametrize("tag", ALPHABETS)
def test_no_word_is_cut_in_two(shared: Browserless, screen: Callable[..., Any], tag: str) -> None:
    """On the board to point at, from 390 px on, each word ends in the line in which it began."""
    page = screen()
    page.goto(f"{shared.server.address}/{tag}/point")
    found = {}
    for width in (390, 768, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        if broken := layout.broken(page):
            found[width] = broken
    assert found == {}


def test_a_word_that_is_cut_is_found(shared: Browserless, screen: Callable[..., Any]) -> None:
    """The control: the same board with columns of 70 px."""
    page = screen()
    page.goto(f"{shared.server.address}/es/point")
    page.evaluate("for (const each of document.querySelectorAll('.items label')) each.style.inlineSize = '70px'")
    assert "intramuscular is broken" in layout.broken(page)


CHOSEN = {
    "/{tag}/point": ".picks label",
    "/staff/{tag}/alerts": "label.pick",
    "/staff/{tag}/tally/SHEET": ".switch label:last-child",
}
BORDERED = """() => [...document.querySelectorAll('.do, .quiet, .call, .tile, .steps li, .number, select, .notice')]
  .filter(each => each.checkVisibility({ opacityProperty: true }) && !parseFloat(getComputedStyle(each).borderTopWidth))
  .map(each => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_show_what_is_chosen_and_where_one_is(
    shared: Browserless, screen: Callable[..., Any], scheme: str
) -> None:
    """A choice and the focus change the picture; what can be touched has a border."""
    page = screen(forced_colors="active", color_scheme=scheme)
    sheet = shared.open_sheet()
    for path, label in CHOSEN.items():
        page.goto(shared.server.address + path.format(tag="en").replace("SHEET", sheet))
        assert page.evaluate(BORDERED) == [], path
        one = page.locator(label).first
        box = one.locator("input")
        one.scroll_into_view_if_needed()
        plain = one.screenshot()
        box.check(force=True)
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        chosen = one.screenshot()
        assert chosen != plain, path
        page.keyboard.press("Tab")
        box.focus()
        assert page.evaluate(
            "[document.activeElement, document.activeElement.nextElementSibling]"
            ".some(each => each && parseFloat(getComputedStyle(each).outlineWidth) >= 3)"
        ), path


def test_without_the_rule_a_choice_would_not_show(shared: Browserless, screen: Callable[..., Any]) -> None:
    """The control: where colors are forced and nothing is said about a choice, it looks like all others."""
    page = screen(forced_colors="active")
    page.goto(f"{shared.server.address}/en/point")
    page.evaluate("for (const each of document.querySelectorAll('.picks span')) each.style.forcedColorAdjust = 'auto'")
    page.evaluate("""for (const each of document.querySelectorAll('.picks label > span'))
        Object.assign(each.style, { background: 'Canvas', color: 'CanvasText', borderColor: 'CanvasText' })""")
    one = page.locator(".picks label").first
    plain = one.screenshot()
    one.locator("input").check(force=True)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    assert one.screenshot() == plain


MOVES = """() => [...document.querySelectorAll('body, body *')].map(each => getComputedStyle(each))
  .filter(is => is.animationName !== 'none'
    || is.transitionProperty !== 'none' && is.transitionDuration.split(',').some(each => parseFloat(each))).length
  + document.getAnimations().length + (getComputedStyle(document.documentElement).scrollBehavior === 'smooth')"""


def test_nothing_moves_where_that_is_asked_for(shared: Browserless, screen: Callable[..., Any]) -> None:
    """With reduced motion no page has an animation, also while the pacer paces; the control: without, it moves."""
    sheet = shared.open_sheet()
    moved = {}
    for wish in ("reduce", "no-preference"):
        page = screen(reduced_motion=wish)
        moved[wish] = 0
        for path in ("/en/overdose-response", f"/staff/en/tally/{sheet}", "/staff/en/reports/charts", "/en/"):
            page.goto(shared.server.address + path)
            if path.endswith("response"):
                page.locator("#pace").click()
            moved[wish] += page.evaluate(MOVES)
    assert moved["reduce"] == 0 and moved["no-preference"] > 0
