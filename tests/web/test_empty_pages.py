"""Pages with nothing on them yet: each says what will be here, and holds the one thing to do."""

from __future__ import annotations

import re
from typing import Any

import pytest

EMPTY = {
    "tally": ("will be listed here", 'action="/staff/en/tally"'),
    "stock": ("will be listed here", 'href="/staff/en/stock/receive'),
    "load": ("will be listed here", 'name="site"'),
    "alerts": ("will be listed here", 'type="checkbox"'),
    "funders": ("will be listed here", 'name="kind"'),
    "weighing": ("will be listed here", 'name="container"'),
    "print/printers": ("will be listed here", "check.pdf"),
    "reports/sent": ("will be listed here", 'href="/staff/en/reports"'),
    "reports/past": ("will be listed here", 'type="file"'),
    "reports/totals": ("will be here", 'class="do" href="/staff/en/tally"'),
    "reports/month": ("will be here", 'class="do" href="/staff/en/tally"'),
    "reports/charts": ("", 'class="do" href="/staff/en/tally"'),
    "monthly": ("All of it is off until you switch it on", 'href="/staff/en/counted#monthly"'),
    "exchange": ("there is nothing to carry", 'href="/staff/en/laptops"'),
    "laptops": ("", 'action="/staff/en/laptops/invite"'),
    "backups": ("", 'name="place'),
}


@pytest.mark.parametrize("page", EMPTY)
def test_an_empty_page_says_what_comes(reading: Any, page: str) -> None:
    """On a home in which nothing was ever saved."""
    said, do = EMPTY[page]
    answer = reading.get(f"/staff/en/{page}")
    main = answer.text.partition("<main")[2].partition('<details class="about">')[0]
    assert answer.status == 200 and said in main and do in main, main[:1500]


def test_the_sentence_goes_when_something_is_there(served: Any) -> None:
    """What is listed takes its place."""
    assert "will be listed here" in served.get("/staff/en/tally").text
    sheet = served.open_sheet()
    served.tap(sheet, served.tab(sheet), 1, "given:cooker")
    served.post(f"/staff/en/tally/{sheet}/close", {"sure": "1"})
    main = served.get("/staff/en/tally").text
    assert not re.search(r'class="empty"', main)
