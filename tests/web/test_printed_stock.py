"""After an order was handed over: one button says that it printed, and only then are its cards stock."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from outreach.core.sheets import Kind, Movement
from outreach.core.stock import on_hand
from outreach.home import Home
from outreach.services.program import Program

ORDER = {"card": "response", "layout": "avery-5371", "skip": "0"}


def made(served: Any, order: dict[str, str]) -> str:
    """Print an order; the address of its page."""
    address = str(served.post("/staff/en/print", order).url).removeprefix(served.server.address)
    assert "Ready to print" in served.finished(address)
    return address


def plain(page: str) -> str:
    """Without the marks that keep a name in its own direction."""
    return page.translate({0x2068: "", 0x2069: ""})


def stock(home: Path) -> dict[tuple[str, str], int]:
    ledger = Program(Home(home)).ledger_if_any()
    return on_hand(ledger.sums.stock()) if ledger else {}


def test_only_what_printed_is_stock(served: Any, home: Path) -> None:
    """No ledger by printing; the button saves one stock sheet, once however often it is pressed, and links to it."""
    address = made(served, ORDER | {"copies-en": "4", "copies-es": "1200"})
    page = served.get(address).text
    assert "They printed: add 1,204 cards to stock" in page
    assert not (home / "outreach.db").exists(), "looking and saving the file count nothing"

    with ThreadPoolExecutor(4) as four:
        answers = list(four.map(lambda _: served.post(f"{address}/stock", {"site": "outreach"}), range(4)))
    assert {each.status for each in answers} == {200}
    page = plain(served.get(address).text)
    assert "Added to the stock of outreach: 1,204 cards." in page and "They printed" not in page
    assert stock(home) == {("outreach", "printed-card"): 1204}
    ledger = Program(Home(home)).ledger()
    (sheet,) = ledger.sheets()
    assert sheet.kind is Kind.STOCK and [each.movement for each in sheet.lines] == [Movement.RECEIVED]
    assert (sheet.encounters, sheet.others, sheet.hours, sheet.model) == (None, None, None, None)

    saved = served.get(re.findall(r'href="(/staff/en/tally/closed/[0-9a-f]+)"', page)[0]).text
    assert "1,204" in saved and "Received" in saved and "Visits" not in saved, "it was no session"
    listed = served.get("/staff/en/tally").text
    assert '<em class="tag">stock</em>' in listed


def test_stock_goes_to_the_site_that_is_chosen(served: Any, home: Path) -> None:
    """With two sites the page asks where; what is handed out there then comes off; an unknown site adds nothing."""
    served.post("/staff/en/sites", {"code": "north", "name": "North & lot", "model": "mobile"})
    address = made(served, ORDER | {"copies-en": "10"})
    assert '<option value="north">North &amp; lot</option>' in served.get(address).text
    assert served.post(f"{address}/stock", {"site": "moon"}).status == 422
    assert stock(home) == {}
    answer = plain(served.post(f"{address}/stock", {"site": "north"}).text)
    assert "Added to the stock of North &amp; lot: 10 cards." in answer
    assert stock(home) == {("north", "printed-card"): 10}


def test_what_the_team_keeps_is_no_stock(served: Any, home: Path) -> None:
    """A tally sheet is not handed out: the page does not ask, and asking all the same is not there."""
    address = made(served, {"card": "tally-sheet", "layout": "full-letter", "skip": "0", "copies-en": "2"})
    assert "Did they print?" not in served.get(address).text
    assert served.post(f"{address}/stock", {"site": "outreach"}).status == 404
    assert served.post("/staff/en/print/0000/stock", {"site": "outreach"}).status == 404
    assert not (home / "outreach.db").exists()
