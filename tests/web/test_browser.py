"""A real browser opens the pages: nothing leaves, nothing breaks, everyone can use them.

What a shift opens is looked at here in English and Arabic. `./start prove` follows every link, and looks at every page
for barriers, in Simplified Chinese too; topics have `test_topics_in_browser.py`.
"""

from __future__ import annotations

import html
import http.server
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from outreach.home import Home
from outreach.services.program import Program

PROGRAM = Program(Home(Path("/nonexistent")))
LANGUAGES = {row.tag: row for row in PROGRAM.languages.rows}
TAGS = tuple(LANGUAGES)
WHOLE = tuple(tag for tag in ("en", "ar", "zh-Hans") if tag in LANGUAGES)
STAFFED = tuple(row.tag for row in PROGRAM.staff_languages.rows)
PROGRAM_PAGES = tuple(
    f"/staff/{{tag}}/{each}"
    for each in (
        *(
            "",
            "tally",
            "blank",
            "counted",
            "monthly",
            "load",
            "paper",
            "print",
            "print/stock",
            "print/printers",
            "cards",
            "law",
            "law/TX",
        ),
        *(
            "codes",
            "phones",
            "alerts",
            "settings",
            "passphrase",
            "passphrase/new",
            "holds",
            "keep",
            "exchange",
            "laptops",
            "funders",
            "funders/county",
            "weighing",
            "stock",
            "reports/charts",
        ),
        *(f"stock/{each}" for each in ("receive", "count", "discard", "assemble", "levels", "book")),
        "reports",
        *(f"reports/{each}" for each in ("numbers", "sent", "month", "letter", "past", "packs/utah-quarterly")),
    )
)


@pytest.fixture(scope="module")
def filled(shared: Any) -> tuple[Any, list[str]]:
    """A home with a little in it, so that no page is walked empty; addresses that links alone do not name."""
    own = shared
    first, second = own.open_sheet(), own.open_sheet()
    tab = own.tab(first)
    own.tap(first, tab, 1, "given:naloxone-nasal")
    own.tap(first, tab, 2, "given:kit-naloxone-nasal")
    own.tap(first, tab, 3, "encounters")
    closed = own.post(f"/staff/en/tally/{first}/close", {"as-it-is": "1"}).url.rpartition("/")[2]
    own.post("/staff/en/funders", {"code": "county", "name": "County health", "kind": "samhsa"})
    box = {
        "site": "outreach",
        "day": time.strftime("%Y-%m-%d"),
        "item": "naloxone-im",
        "quantity": "40",
        "lot": "A1",
        "expires": "2026-01-31",
    }
    own.post("/staff/en/stock/receive", box | {"funder": "county", "sure": "1"})
    own.post("/staff/en/law/CA", {"by": "Lawyer, Legal Aid North", "day": time.strftime("%Y-%m-%d")})
    printed = own.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-ar": "3", "skip": "2"})
    number = printed.url.rpartition("/")[2]
    sheets = [f"tally/{second}", f"tally/closed/{closed}", f"print/{number}"]
    sheets += [f"tally/{second}/few", f"tally/closed/{closed}/correct"]
    invited = own.post("/staff/en/laptops/invite", {"own": "Office", "name": "Van 2"})
    sheets += [f"laptops/invited/{invited.url.rpartition('/')[2]}"]
    return own, [f"/staff/{{tag}}/{each}" for each in sheets]


def walk(page: Any, start: str, keep: Callable[[str], bool]) -> Iterator[str]:
    """Open every page that links lead to from `start`, each once; yields its address once it stands open."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(start))
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        yield address
        for link in page.eval_on_selector_all("a[href]:not([download])", "links => links.map(each => each.href)"):
            link = link.partition("#")[0]
            path = urlsplit(link).path
            if (
                link.startswith(origin)
                and link not in seen
                and not path.endswith((".csv", ".json", ".pdf"))
                and keep(link)
            ):
                waiting.append(link)


def worth_a_visit(address: str) -> bool:
    """Follow everything but endless variations of one question, the other states, and languages looked at elsewhere."""
    path = urlsplit(address).path
    if "?" in address or (re.search(r"/law/[A-Z]{2}$", path) and not path.endswith("/TX")):
        return False
    named = set(path.split("/")) & set(TAGS)
    return not named or bool(named & set(WHOLE)) or path in {f"/{tag}/" for tag in named}


def linked_pages(tag: str, sheets: list[str]) -> list[str]:
    """Every page of a language that links must lead to."""
    pages = [f"/{tag}/{page}" for page in (*PROGRAM.topics, "law/", "law/TX", "point")]
    if tag in STAFFED:
        pages += [each.format(tag=tag) for each in ("/staff/{tag}/reports/totals", *PROGRAM_PAGES, *sheets[:2])]
    return pages


def reached(filled: tuple[Any, list[str]], browser: Any, tags: tuple[str, ...], keep: Callable[[str], bool]) -> None:
    """Walk by links alone and hold what was opened against what there is, in these languages."""
    served, sheets = filled
    asked: list[str] = []
    wrong: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    listen(page, asked, wrong)
    page.goto(served.server.door)
    paths, linked = set(), set()
    for address in walk(page, served.server.address + "/", keep):
        paths.add(urlsplit(address).path)
        linked |= set(page.eval_on_selector_all("main a[href]", "links => links.map(each => each.pathname)"))
    context.close()

    for tag in TAGS:
        assert f"/{tag}/" in paths
        assert [topic for topic in PROGRAM.topics if f"/{tag}/{topic}" not in linked] == []
    for tag in tags:
        assert [each for each in linked_pages(tag, sheets) if each not in paths] == []
    assert wrong == []
    assert asked_hosts(asked) == {f"127.0.0.1:{served.server.port}"}
    assert len(paths) >= len(tags) * (len(PROGRAM.topics) + 8), "pages were lost"


def listen(page: Any, asked: list[str], wrong: list[str]) -> None:
    """Write down what a page asks for, and what goes wrong on it."""
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))


def asked_hosts(asked: list[str]) -> set[str]:
    return {urlsplit(url).netloc for url in asked if not url.startswith("data:")}


def in_english(address: str) -> bool:
    """As `worth_a_visit`, and of the other languages only the list of topics."""
    named = set(urlsplit(address).path.split("/")) & set(TAGS)
    return worth_a_visit(address) and (named <= {"en"} or urlsplit(address).path in {f"/{tag}/" for tag in named})


LINK = re.compile(r'<a (?![^>]*\bdownload\b)[^>]*\bhref="([^"#]+)')


def test_every_page_is_reached_by_links(filled: tuple[Any, list[str]]) -> None:
    """From / every English page is reached, and of every other language its list of topics.

    Read without a browser; `./start prove` walks the same links in one, in three languages.
    """
    own, sheets = filled
    waiting, paths = [own.server.address + "/"], set[str]()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if path in paths or not address.startswith(own.server.address) or not in_english(address):
            continue
        paths.add(path)
        if not path.endswith((".csv", ".json", ".pdf")):
            answer = own.get(path)
            assert answer.status == 200, path
            waiting += [urljoin(address, html.unescape(link)) for link in LINK.findall(answer.text)]

    assert {f"/{tag}/" for tag in TAGS} <= paths
    assert [each for each in linked_pages("en", sheets) if each not in paths] == []


DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Resolved once the page stands in its new colors."""

LOOKED_AT_ONCE = "en"
"""Axe sees structure and colors of staff pages, the same in every language; the others are held to a width."""


def every_page(sheets: list[str], tag: str) -> list[str]:
    """Every page in a language but the topics, which have a test of their own."""
    guide = [f"/{tag}/", f"/{tag}/overdose-response", f"/{tag}/law/", f"/{tag}/law/TX", f"/{tag}/point"]
    staff = [*PROGRAM_PAGES, *sheets, "/staff/{tag}/reports/totals?by=site&by=month", "/staff/{tag}/tally/" + "0" * 32]
    staff += ["/staff/{tag}/law/CA", "/staff/{tag}/law/NY"]
    staff = staff if tag in STAFFED else []
    return ["/", "/xx/", *guide, *(each.format(tag=tag) for each in staff)]


def no_barrier(served: Any, browser: Any, barriers: Any, tag: str, pages: list[str]) -> None:
    """axe finds nothing on these pages; none scrolls sideways at 320 px.

    Each page is opened once, in light: dark changes its colors, and those are looked at again. No foreign request here
    either, and nothing in the console but the two pages that are not there.
    """
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(served.server.door)
    asked: list[str] = []
    wrong: list[str] = []
    listen(page, asked, wrong)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}
    for path in pages:
        page.goto(served.server.address + path)
        # Before axe, which scrolls the page about.
        width = page.evaluate("document.documentElement.scrollWidth")
        if not path.startswith("/staff/") or tag == LOOKED_AT_ONCE:
            hits = barriers(page)
            page.emulate_media(color_scheme="dark")
            page.evaluate(DRAWN)
            hits += [f"in the dark, {each}" for each in barriers(page, "color-contrast")]
            page.emulate_media(color_scheme="light")
            if hits:
                found[path] = hits
        if width > 320:
            wide[path] = width
        if path not in ("/", "/xx/"):
            assert page.evaluate("document.documentElement.lang") == tag
            assert page.evaluate("document.documentElement.dir") == LANGUAGES[tag].direction.value  # type: ignore[index]
        assert not re.search(r"overdose|drug|naloxone|fentanyl", page.title(), re.IGNORECASE), page.title()
    context.close()

    assert found == {}
    assert wide == {}
    assert [each for each in wrong if "404 (" not in each and "409 (" not in each] == []
    assert asked_hosts(asked) == {f"127.0.0.1:{served.server.port}"}


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_no_barrier_on_what_a_shift_opens(filled: tuple[Any, list[str]], browser: Any, barriers: Any, tag: str) -> None:
    """axe finds nothing on what a shift opens, none scrolls sideways at 320 px; `./start prove` looks at every page."""
    served, sheets = filled
    shift = {"", "tally", "print", "stock", "reports", "settings", sheets[0].removeprefix("/staff/{tag}/")}
    looked = [f"/{tag}/", f"/{tag}/law/TX", *(f"/staff/{tag}/{each}" for each in sorted(shift))]
    assert set(looked) <= set(every_page(sheets, tag))
    no_barrier(served, browser, barriers, tag, looked)


def test_the_wall_of_cards_leaves_room_for_the_next_page(served: Any, browser: Any) -> None:
    """One picture is asked for at a time, so that no page has to wait until all cards are drawn; then they show."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(served.server.door)
    waiting: set[str] = set()
    most = [0]

    def asked(request: Any) -> None:
        if request.url.endswith(".png"):
            waiting.add(request.url)
            most[0] = max(most[0], len(waiting))

    page.on("request", asked)
    page.on("requestfinished", lambda request: waiting.discard(request.url))
    page.goto(served.server.address + "/staff/en/cards")
    shown = "[...document.images].filter(each => each.naturalWidth).map(each => each.dataset.src)"
    wait_until(lambda: len(page.evaluate(shown)) > 2, 120)
    assert most == [1]
    context.close()


def test_axe_would_find_a_barrier(reading: Any, browser: Any, barriers: Any) -> None:
    """The control: the same tool finds a picture without words, a button without a name, words too pale in the dark."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(reading.server.address + "/en/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\"><button></button>')"
    )
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color: #333\">pale</p>')")
    hits = {each.partition(":")[0] for each in barriers(page)}
    page.emulate_media(color_scheme="dark")
    dark = {each.partition(":")[0] for each in barriers(page, "color-contrast")}
    context.close()

    assert {"image-alt", "button-name"} <= hits and "color-contrast" not in hits
    assert dark == {"color-contrast"}


def test_a_shift_by_touch(served: Any, browser: Any, outreach: Any) -> None:
    """On a phone: open a sheet, tap, undo, type a number, close; the screen and the ledger agree."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(served.server.door)
    page.goto(served.server.address + "/staff/en/tally")
    page.locator("form.form button.do").tap()
    page.wait_for_url("**/tally/*")
    tile = page.locator("[data-counter='given:naloxone-nasal']")
    for _ in range(12):
        tile.locator(".add").tap()
    tile.locator(".less").tap()
    assert tile.locator(".exact").input_value() == "11"
    page.locator("input[name=way][value=type]").check(force=True)
    strips = page.locator("[data-counter='given:fentanyl-strip'] .exact")
    strips.fill("40")
    strips.press("Enter")
    wait_until(lambda: page.locator("[data-state]").first.get_attribute("data-state") == "saved")
    page.reload()
    assert page.locator("[data-counter='given:naloxone-nasal'] .exact").input_value() == "11"
    page.locator("form[action$='/close'] button").first.click()
    page.wait_for_url("**/closed/*")
    context.close()

    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    assert {row["item"]: row["quantity"] for row in rows} == {"naloxone-nasal": 11, "fentanyl-strip": 40}


def test_a_leave_fast_button_and_key(reading: Any, browser: Any) -> None:
    """One button, or Escape twice, leaves a guide page, and going back does not show it at once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(reading.server.address + "/en/overdose-response")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "overdose" not in url)
    context.close()


def test_the_guide_without_javascript(reading: Any, browser: Any) -> None:
    """With JavaScript off the whole guide is there, and nothing is offered that would not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reading.server.address + "/es/overdose-response")
    assert "911" in (page.text_content("main") or "")
    assert page.locator("main svg").count() >= 6
    context.close()


def test_answers_stand_on_paper(served: Any, browser: Any, home: Path) -> None:
    """A question's answer is folded on the screen, unfolds at a touch, and is printed in full without one."""
    (home / "topics").mkdir(parents=True, exist_ok=True)
    (home / "topics" / "our-check.toml").write_text(QUESTION, encoding="utf-8")
    served.server.kill()
    served.server.start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.server.address + "/en/our-check")

    def answers_seen() -> int:
        return sum(each.is_visible() for each in page.get_by_text("Every 5 seconds.").all())

    assert answers_seen() == 0
    page.locator("summary", has_text="Show the answer").click()
    assert answers_seen() == 1
    page.reload()
    page.emulate_media(media="print")
    assert answers_seen() == 1
    context.close()


QUESTION = """
id = "our-check"
class = "S2"
checked = 2026-11-22
order = 900
title = "Our quick check"
summary = "For the team."
[[section]]
id = "questions"
kind = "questions"
title = "Questions"
[[section.step]]
id = "breaths"
text = "How often do you give a breath?"
answer = "Every 5 seconds."
facts = ["own: standing order, 2026-01-05"]
"""


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    """Poll until something is true; a page under our policy cannot be asked to wait by itself."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)


ATTACK = """<!doctype html><title>x</title>
<form id=f method=post action="{target}/staff/en/tally" target=_self>
<input name=site value=outreach><input name=day value={day}><input name=model value=street></form>
<script>
fetch("{target}/staff/en/tally", {{method: "POST", mode: "no-cors", credentials: "include",
  headers: {{"Content-Type": "application/x-www-form-urlencoded"}}, body: "site=outreach&day={day}&model=street"}})
  .catch(() => 0).finally(() => document.getElementById("f").submit());
</script>"""

UNGUARDED = """
import sys, waitress
from pathlib import Path
from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.serving import home_token
home = Home(Path(sys.argv[1]))
print("For staff http://127.0.0.1:" + sys.argv[2] + "/staff/open?key=" + home_token(home), flush=True)
waitress.serve(make_app(Program(home), home_token(home)), host="127.0.0.1", port=int(sys.argv[2]), threads=4)
"""


@pytest.fixture
def foreign() -> Iterator[Callable[[str], str]]:
    """A page on another origin of this computer that does its worst to the address it is given."""
    started: list[http.server.ThreadingHTTPServer] = []

    def serve_attack(target: str) -> str:
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - the library's name
                body = ATTACK.format(target=target, day=time.strftime("%Y-%m-%d")).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        started.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve_attack
    for server in started:
        server.shutdown()
        server.server_close()


def visit(browser: Any, door: str, attack: str) -> None:
    """A worker who is logged in opens the foreign page in the same browser."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(door)
    page.goto(attack)
    page.wait_for_url("**/staff/**")
    context.close()


def test_a_page_on_another_origin_writes_nothing(
    served: Any, browser: Any, foreign: Callable[[str], str], home: Path
) -> None:
    """A foreign page that posts by form and by fetch, with the worker's cookie at hand, opens no sheet."""
    visit(browser, served.server.door, foreign(served.server.address))

    assert list((home / "open").glob("*.db")) == []


def test_without_the_guard_it_would(browser: Any, foreign: Callable[[str], str], client: Any, tmp_path: Path) -> None:
    """The control: the same page, the same app without its guard, and sheets are written."""
    from types import SimpleNamespace

    with __import__("socket").socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path / "unguarded"
    process = subprocess.Popen([sys.executable, "-c", UNGUARDED, home, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        door = process.stdout.readline().split()[-1]
        ready = client(SimpleNamespace(address=f"http://127.0.0.1:{port}", door=door))
        wait_until(lambda: answers(ready))
        visit(browser, door, foreign(f"http://127.0.0.1:{port}"))
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()

    assert list((home / "open").glob("*.db")) != []


def answers(own: Any) -> bool:
    try:
        return bool(own.get("/healthz").status == 200)
    except OSError:
        return False
