"""Eight people tap at once, each on a page of a browser, and two read the report over and over: all is counted once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

PEOPLE, TAPS, READERS = 8, 100, 2
ITEMS = ("naloxone-nasal", "fentanyl-strip", "syringe-1ml", "cooker")


def test_eight_browsers_and_two_readers_count_exactly(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any, browser: Any
) -> None:
    """800 touches on eight pages of two sheets, which are closed under the eyes of the readers: every report that they
    get holds whole sheets, and the last one every touch once."""
    server = serve()
    own = client(server).enter()
    sheets = [own.open_sheet() for _ in range(2)]
    people = [Person(browser, server, sheets[n % 2], f"given:{ITEMS[n // 2]}") for n in range(PEOPLE)]
    done, seen, failures = threading.Event(), [list[int]() for _ in range(READERS)], list[str]()

    def read(totals: list[int]) -> None:
        reader = client(server).enter()
        while not done.is_set():
            answer = reader.get(f"/staff/en/reports/totals.json?period={time.strftime('%Y')}")
            if answer.status != 200:
                failures.append(answer.text)
                return
            totals.append(sum(counted(json.loads(answer.text)).values()))
            done.wait(0.1)  # faster than anybody reads; the touches are to be many

    readers = [threading.Thread(target=read, args=(totals,)) for totals in seen]
    for reader in readers:
        reader.start()
    try:
        for _ in range(TAPS):
            for person in people:
                person.touch()
        for person in people:
            person.wait_until_saved()
        for sheet in sheets:
            assert own.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200
            before = [len(totals) for totals in seen]
            while not failures and any(len(totals) < was + 2 for totals, was in zip(seen, before, strict=True)):
                time.sleep(0.01)
    finally:
        done.set()
        for reader in readers:
            reader.join()

    assert failures == []
    report = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")
    assert counted(report) == dict.fromkeys(ITEMS, PEOPLE * TAPS // len(ITEMS))
    for totals in seen:
        assert totals == sorted(totals) and set(totals) == {0, PEOPLE * TAPS // 2, PEOPLE * TAPS}
    print(f"{PEOPLE} x {TAPS} touches, {sum(map(len, seen))} reports read meanwhile")


class Person:
    """A page of a sheet in a browser of its own, and a finger on one tile."""

    def __init__(self, browser: Any, server: Any, sheet: str, counter: str) -> None:
        self.page = browser.new_context(has_touch=True).new_page()
        self.page.goto(server.door)
        self.page.goto(f"{server.address}/staff/en/tally/{sheet}")
        tile = self.page.locator(f'.tile[data-counter="{counter}"] .add')
        tile.scroll_into_view_if_needed()
        box = tile.bounding_box()
        self.place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(self) -> None:
        self.page.touchscreen.tap(*self.place)

    def wait_until_saved(self) -> None:
        end = time.monotonic() + 30
        while self.page.locator(".state").get_attribute("data-state") != "saved":
            assert time.monotonic() < end, "it was never saved"
            self.page.wait_for_timeout(20)


def counted(report: Any) -> dict[str, int]:
    return {row["item"]: row["quantity"] for row in report["rows"] if row["movement"] == "given"}
