"""The print page: cards that share their sheets, an order that takes its time, and one that is stopped."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

ORDER = {"card": "response", "layout": "plain-letter", "skip": "0"}
ENDLESS = "<!DOCTYPE html>{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}<p>Some words."
SLOW = """id = "slow"
title = "A card that is never done"
topic = "overdose-response"
steps = ["call"]
sides = ["front"]
layouts = ["plain-letter"]
"""


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[n].get_textpage().get_text_range().replace("\u00a0", " ") for n in range(len(document))]
    document.close()
    return pages


def test_cards_are_put_aside_and_share_their_sheets(served: Any) -> None:
    """Without JavaScript: English put aside, Spanish added, one file of one sheet; going back keeps the order."""
    put = served.post("/staff/en/print", ORDER | {"copies-en": "4", "more": "1"})
    lines = re.findall(r'name="line" value="([^"]+)"', put.text)
    assert lines == ["response:en:4"] and "On the same sheets" in put.text

    made = served.post("/staff/en/print", ORDER | {"line": lines[0], "copies-es": "6"})
    address = made.url.removeprefix(served.server.address)
    page = served.finished(address)
    assert "10 cards" in page and "1 sheet of paper" in page
    front, back = text_of(served.get(f"{address}/cards.pdf").body)
    assert front.count("Call 911.") == 4 and front.count("Llame al 911") == 6
    again = re.search(r'href="([^"]+)">Change it', page)
    assert again
    kept = served.get(again[1].replace("&amp;", "&")).text
    assert re.findall(r'name="line" value="([^"]+)"', kept) == ["response:en:4", "response:es:6"]


@pytest.mark.parametrize("line", ["response", "response:en", "response:en:many", "response:en:0", "nothing:en:3"])
def test_a_line_that_cannot_be_read_is_refused(served: Any, line: str) -> None:
    """A spoiled address or form: one sentence, no file."""
    answer = served.post("/staff/en/print", ORDER | {"line": line})
    assert answer.status == 422 and "Nothing was" in answer.text


def test_an_order_that_takes_its_time_can_be_stopped(served: Any, home: Path) -> None:
    """The page says how far it is and that the next one waits; both are stopped, and the press prints again."""
    folder = home / "printables" / "slow"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(SLOW, encoding="utf-8")
    (folder / "card.html").write_text(ENDLESS, encoding="utf-8")
    addresses = []
    for _ in range(2):
        made = served.post("/staff/en/print", ORDER | {"card": "slow", "copies-en": "1"})
        assert '<noscript><meta http-equiv="refresh" content="1">' in made.text
        addresses.append(made.url.removeprefix(served.server.address))
    assert "Sides drawn: 0 of 1." in served.get(addresses[0]).text
    assert "Another order is made first" in served.get(addresses[1]).text
    assert served.get(f"{addresses[0]}/cards.pdf").status == 404

    for address in addresses[::-1]:
        back = served.post(f"{address}/stop")
        assert "slow:en:1" in back.text, "what was ordered is still in the form"
        assert "Stopped. Nothing was printed" in served.get(address).text
    done = served.post("/staff/en/print", ORDER | {"copies-en": "2"})
    assert "Ready to print" in served.finished(done.url.removeprefix(served.server.address))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the server's child as Linux shows it")
def test_the_drawing_process_is_killed_and_the_server_lives(served: Any, home: Path) -> None:
    """Killed in the middle of an order: the order says so in a sentence, every page answers, the next order prints."""
    folder = home / "printables" / "slow"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(SLOW, encoding="utf-8")
    (folder / "card.html").write_text(ENDLESS, encoding="utf-8")
    made = served.post("/staff/en/print", ORDER | {"card": "slow", "copies-en": "1"})
    address = made.url.removeprefix(served.server.address)
    assert "Sides drawn: 0 of 1." in served.get(address).text
    (worker,) = children(served.server.process.pid)
    os.kill(worker, signal.SIGKILL)

    assert "Nothing was lost. Try again." in served.finished(address)
    assert served.get("/staff/en/").status == 200 and served.get("/en/overdose-response").status == 200
    done = served.post("/staff/en/print", ORDER | {"copies-en": "2"})
    assert "Ready to print" in served.finished(done.url.removeprefix(served.server.address))
    assert worker not in children(served.server.process.pid)


def children(parent: int) -> list[int]:
    """The processes that a process started and that still run."""
    stats = [file.read_text() for file in Path("/proc").glob("[0-9]*/stat") if file.exists()]
    rows = [(stat.split(" ", 1)[0], *stat.rpartition(")")[2].split()[:2]) for stat in stats]
    return [int(pid) for pid, state, mother in rows if int(mother) == parent and state != "Z"]


def test_every_card_hangs_on_the_wall(served: Any) -> None:
    """Reached from the print page: each card by name, as it will print, or with a sentence about what it waits for."""
    assert "/staff/es/cards" in served.get("/staff/es/print").text
    wall = served.get("/staff/es/cards").text
    pictures = re.findall(r'src="(/staff/es/cards/[^"]+)"', wall)
    assert "/staff/es/cards/response/front.png" in pictures and "/staff/es/cards/response/back.png" in pictures
    assert "/staff/es/cards/law/front.png" not in pictures, "it waits for a state, and says so"
    for side in ("front", "back"):
        answer = served.get(f"/staff/es/cards/response/{side}.png")
        assert answer.headers["Content-Type"] == "image/png" and answer.body.startswith(b"\x89PNG")
    assert served.get("/staff/es/cards/nothing/front.png").status in (404, 422)


def test_no_two_cards_read_the_same_in_the_list(served: Any) -> None:
    """Several cards are called "Overdose: what to do": each says what it is, and the pocket card comes first."""
    page = served.get("/staff/en/print").text
    names = re.findall(r"<option value=\"[^\"]+\" data-layouts[^>]*>([^<]+)</option>", page)
    assert names[0] == "Overdose: what to do" and len(set(names)) == len(names) > 20
    assert "Overdose: what to do · Poster" in names


def test_the_wall_of_cards_says_what_each_is_and_nothing_of_commands(served: Any) -> None:
    """Form and size under every title; a card that asks for more says so in words of the page."""
    wall = served.get("/staff/en/cards").text
    assert "Pocket card" in wall and "89 × 51 mm" in wall and "It asks for more when you order it" in wall
    assert "--kit" not in wall and "--state XX). " not in wall


def tongues_offered(page: str) -> tuple[list[str], list[str]]:
    """The languages that a number can be typed beside: at once, and under "More languages"."""
    above, _, below = page.partition('<details class="others"')
    there = re.compile(r'name="copies-([\w-]+)"')
    return there.findall(above), there.findall(below.partition("</details>")[0])


def test_languages_that_are_not_carried_are_folded_away(served: Any) -> None:
    """Nothing is folded before anyone said what is carried; a number typed beside a folded one keeps it in sight."""
    every, folded = tongues_offered(served.get("/staff/en/print").text)
    assert len(every) > 10 and not folded
    served.post("/staff/en/setup/languages", [("language", "es"), ("language", "ht")])
    page = served.get("/staff/en/print").text
    carried, folded = tongues_offered(page)
    assert carried == ["es", "ht"] and sorted(carried + folded) == sorted(every)
    assert '<details class="others">' in page
    assert '<details class="others" open>' in served.get("/staff/en/print?copies-vi=4").text
    made = served.post("/staff/en/print", ORDER | {"copies-vi": "4"})
    assert "4 cards" in served.finished(made.url.removeprefix(served.server.address))


def test_the_finished_order_names_whose_back_is_english(served: Any) -> None:
    """A draft's back repeats its front in English, where the English card goes on: said before anyone prints."""
    said = "the back says the front again in English"
    made = served.post("/staff/en/print", ORDER | {"copies-en": "2", "copies-es": "2"})
    page = served.finished(made.url.removeprefix(served.server.address))
    assert re.findall(rf"<li>(.*): {said}", page) == ['<bdi lang="es">Español</bdi>']
    made = served.post("/staff/en/print", ORDER | {"copies-en": "2"})
    assert said not in served.finished(made.url.removeprefix(served.server.address))


def test_the_drawing_stays_in_view_and_numbers_its_places(served: Any, browser: Any) -> None:
    """Scrolled to the last field of the form, the sheet is still whole on a laptop; a touch on place 4 leaves 3."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(served.server.door)
    page.goto(served.server.address + "/staff/en/print")
    page.fill("#copies-en", "20")
    sheet = page.locator(".paper.chosen")
    places = sheet.locator(".place").all_text_contents()
    assert places == [str(n + 1) for n in range(len(places))] and len(places) > 3
    page.locator("button.do").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 300
    seen = sheet.bounding_box()
    assert seen and seen["y"] >= 0 and seen["y"] + seen["height"] <= 720
    sheet.locator("[data-slot='3']").click()
    assert page.input_value("#skip") == "3"


def test_what_a_card_lacks_is_put_right_on_a_page(served: Any, outreach: Any, tmp_path: Path) -> None:
    """A page names no command: it says what the card lacks and leads there, and back to the order as it was."""
    wall = served.get("/staff/en/cards").text
    card = wall[wall.index('href="/staff/en/print?card=program-card"') :].partition("</li>")[0]
    assert "no name and no phone are here yet" in card and 'href="/staff/en/settings"' in card
    counsel = wall[wall.index('href="/staff/en/print?card=participation-card"') :].partition("</li>")[0]
    assert "ask counsel for its wording" in counsel and 'href="/staff/en/law"' in counsel
    assert "`" not in wall

    refused = served.post("/staff/en/print", ORDER | {"card": "program-card", "copies-en": "4"})
    assert refused.status == 422 and "`" not in refused.text
    assert 'href="/staff/en/settings"' in refused.text and "Change it" in refused.text
    assert "ask counsel" not in refused.text and "`" not in served.get("/staff/ar/cards").text
    for card, command in (("program-card", "outreach settings program-phone"), ("participation-card", "--statute")):
        told = outreach("print", card, "--language", "en", "--output", tmp_path / "cards.pdf").err
        assert command in " ".join(told.split()), "the control: a terminal is told the command"


def test_a_sheet_with_one_place_is_called_so(served: Any) -> None:
    """The refusal names the paper as its list does, and counts its places in words that are right for one."""
    names = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', served.get("/staff/en/print").text))
    one = served.post(
        "/staff/en/print", {"card": "poster-response", "layout": "full-letter", "skip": "1", "copies-en": "1"}
    )
    assert one.status == 422 and "has one place, so none can be skipped" in one.text
    assert names["full-letter"].strip() in one.text and "full-letter: a" not in one.text
    more = served.post("/staff/en/print", ORDER | {"skip": "99", "copies-en": "1"}).text
    assert re.search(r"has \d+ places, so at most \d+ can be skipped", more)


def test_an_order_that_lacks_something_comes_back_whole(served: Any) -> None:
    """What is missing is said beside its field, and what was typed is still there."""
    none = served.post("/staff/en/print", ORDER | {"skip": "3"})
    assert none.status == 422 and '<span class="bad" id="bad-copies">No cards were asked for' in none.text
    assert 'name="skip" inputmode="numeric" maxlength="3" value="3"' in none.text
    for field, form in (
        ("skip", ORDER | {"skip": "99"}),
        ("layout", ORDER | {"card": "law"}),
        ("given-kit", {"card": "kit-label", "layout": "avery-5163"}),
    ):
        back = served.post("/staff/en/print", form | {"copies-es": "17"})
        assert back.status == 422 and f'<span class="bad" id="bad-{field}">' in back.text
        assert re.search(r'name="copies-es"[^>]*value="17"', back.text), "nothing is typed twice"
