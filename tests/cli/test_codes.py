"""What a card's code says when an order asks for something else than the card's own words, and the same in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.core.codes import NotAnOwnAddress, NotAPhone, in_words, parse_address, phone_text
from outreach.printing.proof import picture
from outreach.web.publishing import file_of

SETTINGS = {
    "program-name": "Night van",
    "program-phone": "(555) 010-0123",
    "program-address": "https://example.org/van",
    "guide-address": "https://example.org/guide/",
}


@pytest.fixture
def settled(outreach: Any) -> Any:
    for key, value in SETTINGS.items():
        assert outreach("settings", key, value).code == 0
    return outreach


def printed(outreach: Any, folder: Path, *words: str, typed: str = "") -> tuple[set[bytes], str]:
    """What the codes of an order say, and the words of its first page."""
    file = folder / "cards.pdf"
    ran = outreach("print", *words, "--copies", "1", "-o", file, input=typed)
    assert ran.code == 0, ran.err
    with pypdfium2.PdfDocument(file) as document:
        codes = {code for page in document for code in picture(page, 200).codes()}
        return codes, "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize(
    ("card", "language", "kind", "text", "words"),
    [
        ("response", "en", "words", "911. Give naloxone. Breathe for them. Stay.", "only words"),
        (
            "response",
            "es",
            "page",
            "https://example.org/guide/es/overdose-response.html",
            "example.org/guide/es/overdose-",
        ),
        ("response", "ar", "phone", "tel:5550100123", "(555) 010-0123"),
        ("response-fold", "en", "address", "https://example.org/van", "example.org/van"),
        ("program-card", "en", "phone", "tel:5550100123", "(555) 010-0123"),
        ("program-card", "ar", "address", "https://example.org/van", "example.org/van"),
        ("program-card", "es", "page", "https://example.org/guide/es/", "example.org/guide/es"),
    ],
)
def test_a_code_says_what_was_asked_and_so_do_the_words(
    settled: Any, tmp_path: Path, card: str, language: str, kind: str, text: str, words: str
) -> None:
    """The code reads back as asked, and stands beside it in words that can be typed or dialed."""
    codes, page = printed(settled, tmp_path, card, "--language", language, "--code", kind)
    assert codes == {text.encode()}
    if text.endswith(".html"):
        assert text.removeprefix(SETTINGS["guide-address"]) == file_of(f"/{language}/overdose-response"), "as published"
    assert words in re.sub(r"[\r\n\u200b\ufffe]", "", page)


def test_a_hotspot_is_asked_for_and_kept_nowhere(settled: Any, home: Path, tmp_path: Path) -> None:
    """Name and password come from the terminal, not from the command line, and no file of the home holds them."""
    asked = ("program-card", "--language", "en", "--code", "wifi")
    codes, page = printed(settled, tmp_path, *asked, typed="Reading\nblue;whale99\n")
    assert codes == {rb"WIFI:T:WPA;S:Reading;P:blue\;whale99;;"}
    assert "Reading" in page and "whale99" not in page
    assert [file for file in home.rglob("*") if file.is_file() and b"whale99" in file.read_bytes()] == []


def test_without_being_asked_the_program_card_has_no_code(settled: Any, tmp_path: Path) -> None:
    """The control of the above."""
    assert printed(settled, tmp_path, "program-card", "--language", "en")[0] == set()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("response", "--code", "page"), "outreach settings guide-address"),
        (("response", "--code", "song"), "words, page, phone, address, wifi"),
        (("program-card", "--code", "words"), "has no words of its own"),
        (("not-alone", "--code", "phone"), "prints nothing about phone"),
    ],
)
def test_what_a_code_cannot_say_is_refused(
    outreach: Any, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    """With what to type instead; no file is written."""
    outreach("settings", "program-name", "Night van")
    ran = outreach("print", *words, "--language", "en", "-o", tmp_path / "cards.pdf")
    assert ran.code == 1 and sentence in ran.err
    assert not (tmp_path / "cards.pdf").exists()


def test_an_address_that_is_too_long_for_its_room_is_refused_with_what_fits(outreach: Any, tmp_path: Path) -> None:
    """The refusal says how many letters the code on this label holds; one that holds them is printed."""
    outreach("settings", "program-address", "https://example.org/" + "a" * 90)
    ran = outreach("print", "response", "--language", "en", "--code", "address", "-o", tmp_path / "cards.pdf")
    assert ran.code == 1 and "too fine to scan in 14.1 mm. At most 106 letters fit" in ran.err
    outreach("settings", "program-address", "https://example.org/" + "a" * 40)
    ran = outreach("print", "response", "--language", "en", "--code", "address", "-o", tmp_path / "cards.pdf")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "intent://scan/#Intent;end",
        "example.org",
        "https://",
        "https://example.org@evil.test/",
        "https://example.org/a b",
        "https://exämple.org/",
        "https://example.org/" + "a" * 100,
        "http://[::1",
        "tel:",
    ],
)
def test_an_address_of_another_kind_is_not_kept(outreach: Any, given: str) -> None:
    """Only what a phone opens without harm; the setting stays as it was."""
    with pytest.raises(NotAnOwnAddress):
        parse_address(given)
    ran = outreach("settings", "program-address", given)
    assert ran.code == 1 and "Nothing was saved" in ran.err
    assert given not in outreach("settings").out


def test_addresses_and_phones_as_people_write_them() -> None:
    """Kept as typed; printed without what a browser adds; dialed without the signs between digits."""
    assert parse_address(" https://Example.org/a?b=c ") == "https://Example.org/a?b=c"
    assert [in_words(each) for each in ("https://example.org/", "mailto:van@example.org", "tel:+15550100")] == [
        "example.org",
        "van@example.org",
        "+15550100",
    ]
    assert phone_text("+1 (555) 010.0123") == "tel:+15550100123"
    with pytest.raises(NotAPhone):
        phone_text("1-800-HELP")
