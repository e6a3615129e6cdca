"""A home with something of everything in it, served; and every page that this server can show, from its own routes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app

EVERY = os.environ.get("OUTREACH_EVERY") == "yes"
"""Whether each page is opened in each language, where else one stands for others that are built alike: an hour."""
WORDS = "harbor lantern mitten orchid quarry velvet"
NO_PAGE = re.compile(
    r"\.(?:png|pdf|opus|woff2|csv)|form>|^/static|^/save|/healthz|/state$|/open$|/browser/(?:<int|sheets)|/estimate$"
    r"|/found$|<name>$|/workbook$|/tagged|^/staff/$|^/staff/lock$"
)
"""Routes that answer with a file, a picture or a line for a script, and two that only lead on."""


def furnish(own: Any) -> dict[str, list[str]]:
    """Put something of everything into a served home; what its pages can be asked for, by part of an address."""
    first, second = own.open_sheet(), own.open_sheet()
    tab = own.tab(first)
    for n, counter in enumerate(("given:naloxone-nasal", "given:kit-naloxone-nasal", "encounters"), 1):
        own.tap(first, tab, n, counter)
    own.tap(second, own.tab(second), 1, "given:fentanyl-strip", 12)
    closed = _last(own.post(f"/staff/en/tally/{first}/close", {"as-it-is": "1"}).url)
    own.post("/staff/en/funders", {"code": "county", "name": "County health", "kind": "samhsa"})
    today = time.strftime("%Y-%m-%d")
    box = {"site": "outreach", "day": today, "item": "naloxone-im", "quantity": "40", "lot": "A1"}
    own.post("/staff/en/stock/receive", box | {"expires": "2026-12-31", "funder": "county", "sure": "1"})
    own.post("/staff/en/law/CA", {"by": "Lawyer, Legal Aid North", "day": today})
    own.post("/staff/en/reports/packs/utah-quarterly/copy", {"name": "ours", "title": "Ours"})
    sent = own.post("/staff/en/reports/packs/utah-quarterly/sent", {"period": "2026-Q3"})
    printed = own.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-ar": "3", "skip": "2"})
    own.finished(urlsplit(printed.url).path)
    invited = own.post("/staff/en/laptops/invite", {"own": "Office", "name": "Van 2"})
    laptop = re.search(r"/staff/en/laptops/([0-9a-f]{16,})", own.get("/staff/en/laptops").text)
    return {
        "state": ["TX", "CA", "NY"],
        "sheet": [second, closed],
        "code": ["county"],
        "indicator": ["naloxone-given", "syringes-given"],
        "pack": ["utah-quarterly", "ours", "national-ssp-survey"],
        "release": [_last(sent.url)],
        "number": [_last(printed.url)],
        "key": [_last(invited.url)],
        "device": [laptop[1]] if laptop else [],
    }


def routes(known: dict[str, list[str]]) -> list[str]:
    """Every address of a page of the guide and the staff's, `{tag}` in it; one for each value that is known."""
    program = Program(Home(Path("/nonexistent")))
    known = {"tag": ["{tag}"], "topic": list(program.topics)} | known
    found: list[str] = []
    for rule in make_app(program, "key").url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or NO_PAGE.search(rule.rule):
            continue
        made = [re.sub(r"<any\(([^)]*)\):\w+>", "<any>", rule.rule)]
        choices = re.findall(r"<any\(([^)]*)\):\w+>", rule.rule)
        for part in re.findall(r"<(?:[^<>:]*:)?(\w+)>", made[0]):
            values = re.split(r",\s*", choices[0]) if part == "any" else known.get(part, [])
            named = re.compile(rf"<(?:[^<>:]*:)?{part}>")
            made = [named.sub(quote(value, safe="{}"), each) for each in made for value in values]
        found += made
    return sorted(set(found) - {"/"}, key=lambda each: (each.startswith("/staff"), each))


ASKED = (
    "/staff/{tag}/reports/totals?by=site&by=month",
    "/staff/{tag}/reports/charts?period=2026",
    "/staff/{tag}/tally/" + "0" * 32,
    "/staff/{tag}/print?card=kit-label",
    "/staff/{tag}/reports/totals?from=2026-13-01",
)
"""Questions that change how a page looks, and two that are refused."""


def pages(own: Any, known: dict[str, list[str]]) -> list[str]:
    """The addresses that answer with a page in English, and a few questions that make other pages of them."""
    return [each for each in (*routes(known), *ASKED) if _is_page(own, each)]


def _is_page(own: Any, address: str) -> bool:
    answer = own.get(address.format(tag="en"))
    # What a route knows nothing of is a page too, the same for all: one of them is among those asked.
    gone = answer.status == 404 and "0" * 32 not in address
    return "html" in answer.headers.get("Content-Type", "") and not gone


def split(addresses: Iterable[str]) -> tuple[list[str], list[str]]:
    """The guide's and the staff's."""
    every = list(addresses)
    return [each for each in every if not each.startswith("/staff")], [each for each in every if "/staff" in each]


def _last(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]
