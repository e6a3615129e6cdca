"""Words shrink to a floor and then refuse: nothing is cut off, covered, or too small to read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from outreach.core.cards import CardDoesNotFit
from outreach.printing.fitting import Misfit, largest
from outreach.printing.job import Printed, PrintJob
from outreach.printing.press import Press

MINI_CSS = "* { margin: 0; padding: 0 } p { position: absolute; top: 25mm; left: 5mm; width: 60mm; height: 20mm } "


def test_the_largest_size_that_fits_is_found() -> None:
    """Between comfortable and the floor, in quarter points; at the floor the last misfit is what is told."""
    tried: list[float] = []

    def fits_up_to(limit: float) -> Callable[[float], tuple[str, Misfit | None]]:
        def lay(size: float) -> tuple[str, Misfit | None]:
            tried.append(size)
            return f"{size}", None if size <= limit else Misfit(f"no room at {size}")

        return lay

    assert largest(fits_up_to(7.6), 6.5) == ("7.5", 7.5)
    assert largest(fits_up_to(99), 6.5) == ("9.0", 9.0)
    assert len(tried) <= 8
    assert largest(fits_up_to(6.4), 6.5) == Misfit("no room at 6.5")


def test_the_card_is_printed_no_smaller_than_it_has_to_be(
    press: Press, three: tuple[PrintJob, Printed], response: Any, design: Callable[..., Any], printable: Any
) -> None:
    """Longer words make smaller ones, down to the floor, on each side by itself."""
    usual = three[1].text_sizes[printable("en")]
    steps = [step | {"text": step["text"] * 2} for step in design("en").context["steps"]]
    longer = press.print(response({"en": 10}, steps=steps)).text_sizes[printable("en")]

    assert 6.5 <= longer["front"] < usual["front"] <= 9
    assert longer["back"] == usual["back"]


def test_words_without_room_are_named(
    press: Press, response: Callable[..., PrintJob], design: Callable[..., Any]
) -> None:
    """The refusal says which card, which language, which stock and which words, and that nothing was printed."""
    steps = [*design("es").context["steps"]]
    steps[3] |= {"text": "Demasiadas palabras " * 12}
    with pytest.raises(CardDoesNotFit) as refused:
        press.print(response({"es": 10}, steps=steps))

    sentence = str(refused.value)
    assert re.search(r"response in es does not fit on avery-5371: even at 6.5 pt", sentence)
    assert "Demasiadas palabras" in sentence
    assert sentence.endswith("Nothing was printed.")


def test_finer_scripts_have_a_higher_floor(
    press: Press, response: Callable[..., PrintJob], design: Callable[..., Any]
) -> None:
    """Arabic words are never printed below 7 points: the refusal says so."""
    steps = [step | {"text": step["text"] * 3} for step in design("ar").context["steps"]]
    with pytest.raises(CardDoesNotFit, match="even at 7 pt"):
        press.print(response({"ar": 10}, steps=steps))


@pytest.mark.parametrize(
    ("fault", "css"),
    [
        ("outside its frame", "p { width: 12mm; white-space: nowrap }"),
        ("hidden by a clip", "p { width: 12mm; white-space: nowrap; overflow: hidden }"),
        ("outside the safe edge", "p { left: 1mm }"),
        ("off the card", "p { top: 52mm }"),
        ("on a second page", "p { position: static; page-break-before: always }"),
        ("smaller than the floor", "p { font-size: 5pt }"),
        ("over the code", "p { top: 8mm; left: 8mm }"),
        ("inside the quiet zone of the code", "p { top: 5mm; left: 12.8mm }"),
    ],
)
def test_a_design_that_hides_words_is_refused(
    press: Press, mini: Callable[..., PrintJob], fault: str, css: str
) -> None:
    """However a style hides its words, the laid-out boxes tell; the same card without that line is printed."""
    code = "img { position: absolute; top: 5mm; left: 5mm } "
    assert press.print(mini(css=MINI_CSS + code)).sheets == 1
    with pytest.raises(CardDoesNotFit, match="Some words"):
        press.print(mini(css=MINI_CSS + code + css))


def test_boxes_that_lie_over_one_another_are_refused(press: Press, mini: Callable[..., PrintJob]) -> None:
    """Two boxes whose words still miss each other by chance have run out of room; apart, they are printed."""
    html = (
        '<!DOCTYPE html><link rel="stylesheet" href="card.css"><p data-frame>Some words.</p>'
        '<p data-frame class="other">A few other words.'
    )
    css = "p { position: absolute; top: 9mm; left: 9mm; width: 60mm; height: 12mm } "
    assert press.print(mini(html, css + ".other { top: 22mm }", qr_text="")).sheets == 1
    with pytest.raises(CardDoesNotFit, match="A few other words"):
        press.print(mini(html, css + ".other { top: 20mm }", qr_text=""))


def test_no_word_is_lost_on_paper(
    three: tuple[PrintJob, Printed], opened: Callable[[bytes], pypdfium2.PdfDocument]
) -> None:
    """The file holds text, not pictures of text: every word of every step can be taken out again."""
    pages = opened(three[1].pdf)
    front = "".join(pages[n].get_textpage().get_text_bounded() for n in (0, 2, 4))

    for word in ("Palabras", "palabras", "sólo", "sirven", "medir,", "¿sí?", "911."):
        assert word in front
    letters = [letter for letter in front if "\u0600" <= letter <= "\u06ff"]
    assert len(letters) > 150
    assert "\N{REPLACEMENT CHARACTER}" not in front


@pytest.mark.parametrize(("words", "fits"), [("One two", True), ("One two three four", False)])
def test_a_line_past_the_edge_is_not_lost_in_silence(
    press: Press, mini: Callable[..., PrintJob], words: str, fits: bool
) -> None:
    """A line that begins on the card and ends below it is refused and named; with fewer words the card prints."""
    css = "* { margin: 0; padding: 0 } p { position: absolute; top: 5mm; left: 5mm; width: 20mm; height: 42.8mm; " + (
        "font-size: 6mm; line-height: 12mm }"
    )
    html = '<!DOCTYPE html><link rel="stylesheet" href="card.css"><body><!-- a note --><p data-frame>{{ words }}</p>'
    job = mini(html, css, words=words, qr_text="", sides=("front",))
    if fits:
        assert press.print(job).sheets == 1
        return
    with pytest.raises(CardDoesNotFit, match=words):
        press.print(job)
