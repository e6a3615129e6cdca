"""The locked program over HTTP: what answers, what does not, how it is unlocked, and when it locks by itself."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from outreach.home import Home
from outreach.services import passphrase, safety, settings
from outreach.services.locking import Clocks, Watch
from outreach.services.program import Program
from outreach.web.app import make_app

WORDS = "harbor lantern mitten orchid quarry velvet"
NAME, SITE, PHONE = "Night van of the harbor", "Corner by the fountain", "555-0100"
TODAY = time.strftime("%Y-%m-%d")

OPEN_TO_ALL = {"/staff/", "/staff/open"}
"""The way in: it shows nothing of the program."""
ANSWERS = {
    # The lock, and new words for who has the recovery key.
    "/staff/lock",
    "/staff/<tag>/lock",
    "/staff/<tag>/lock/state",
    "/staff/<tag>/unlock",
    "/staff/<tag>/passphrase/new",
    "POST /staff/<tag>/passphrase",
    # Cards.
    "/staff/<tag>/print",
    "/staff/<tag>/print/<number>",
    "/staff/<tag>/print/<number>/stop",
    "/staff/<tag>/print/<number>/<any(front, back):side>.png",
    "/staff/<tag>/print/<number>/<int:n>-<any(front, back):side>.png",
    "/staff/<tag>/print/<number>/cards.pdf",
    "/staff/<tag>/print/<number>/tagged.pdf",
    "/staff/<tag>/print/<number>/browser/",
    "/staff/<tag>/print/<number>/browser/sheets.css",
    "/staff/<tag>/print/<number>/browser/<int:n>/<any(front, back):side>",
    "/staff/<tag>/print/<number>/browser/<int:n>/<any(front, back):side>-<any(tight):kind>",
    "/staff/<tag>/print/<number>/browser/<int:n>/<path:name>",
    "/staff/<tag>/cards",
    "/staff/<tag>/cards/<card>/<any(front, back):side>.png",
    "/staff/<tag>/blank",
    # What the files show to whoever has them, locked as they are.
    "/staff/<tag>/holds",
    "/staff/<tag>/holds.pdf",
    # An open sheet and its taps.
    "/staff/<tag>/tally/<sheet>",
    "/staff/<tag>/tally/<sheet>/taps",
    "/staff/<tag>/weighing/estimate",
}
"""Rules of staff pages that may answer while the program is locked. Every other one says 423."""


@pytest.fixture(scope="session")
def closed_home() -> Callable[[Path], Program]:
    """Make a home with a passphrase, names of its own, a closed sheet, and nobody in it."""

    def make(path: Path, **choices: Any) -> Program:
        program = Program(Home(path))
        settings.change(program, {"program-name": NAME, "program-phone": PHONE})
        settings.add_site(program, "fountain", SITE, "street")
        passphrase.set_passphrase(program, WORDS)
        if choices:
            safety.set_safety(program, **choices)
        program.lock()
        return program

    return make


@pytest.fixture
def locked(home: Path, closed_home: Any, serve: Any, client: Any) -> Any:
    """A client of a running server that was started on a home with a passphrase."""
    closed_home(home)
    return client(serve()).enter()


def unlock(client: Any, words: str = WORDS, then: str = "") -> Any:
    return client.post("/staff/en/unlock", {"words": words, "then": then})


def lock(client: Any) -> Any:
    return client.post("/staff/en/lock", {"then": ""})


def rules() -> list[tuple[str, str, str]]:
    """Every staff page of the program: method, rule, and an address that fits it."""
    app = make_app(Program(Home(Path("/nonexistent"))), "token")
    values: dict[str, Any] = {"tag": "en", "n": 0}
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            choices = {name: choice.split(",")[0] for choice, name in re.findall(r"<any\(([^)]+)\):(\w+)>", rule.rule)}
            given = dict.fromkeys(rule.arguments, "none") | choices
            given |= {name: values[name] for name in rule.arguments & set(values)} | dict(rule.defaults or {})
            with app.test_request_context():
                address = app.url_map.bind("x").build(rule.endpoint, given)
            found += [
                (method, rule.rule, address) for method in sorted(rule.methods or ()) if method in ("GET", "POST")
            ]
    return found


def test_every_staff_page_is_locked_but_those_named_here(locked: Any) -> None:
    """Each address of the staff pages says 423 while locked, as a page and as JSON; unlocked none of them does."""
    every = rules()
    assert len(every) > 100, "the control: the pages are walked"
    expected = {
        (method, rule) for method, rule, _ in every if rule in OPEN_TO_ALL | ANSWERS or f"{method} {rule}" in ANSWERS
    }
    shut = [each for each in every if each[:2] not in expected]

    def ask(method: str, address: str) -> Any:
        return locked.get(address) if method == "GET" else locked.post(address)

    for method, rule, address in every:
        answer = ask(method, address)
        if (method, rule) not in expected:
            assert answer.status == 423, (method, rule)
            assert "Unlock" in answer.text
            assert answer.headers["Cache-Control"] == "no-store"
        for secret in (NAME, SITE, PHONE):
            assert secret not in answer.text, (method, rule)
    for method, rule, address in shut:
        if method == "POST":
            told = locked.post_json(address, {})
            assert (told.status, "sentence" in told.text) == (423, True), rule
    words_page = ("/lock", "/unlock")
    for method, rule, address in every:
        if method == "GET" and (method, rule) in expected and rule not in OPEN_TO_ALL and not rule.endswith(words_page):
            assert ask(method, address).status != 423, f"{rule} is said to answer"

    assert unlock(locked).status == 200
    for method, rule, address in shut:
        if "passphrase" not in rule:
            assert ask(method, address).status != 423, f"the control: unlocked, {rule} answers"
    assert NAME in locked.get("/staff/en/settings").text
    assert SITE in locked.get("/staff/en/tally").text


def test_the_guide_and_the_way_in_work(locked: Any) -> None:
    """Whoever needs the guide finds it as ever, and a page that was locked leads there."""
    assert locked.get("/en/overdose-response").status == 200
    page = locked.get("/staff/en/")
    assert page.status == 423
    assert 'href="/en/"' in page.text
    assert 'href="/staff/en/print"' in page.text


def test_unlocking_goes_on_to_the_page_that_was_asked_for(locked: Any) -> None:
    """The page after the words is the one before them; an address that is none of ours leads to the desk."""
    asked = "/staff/en/reports/totals?period=2026-10&by=site"
    page = locked.get(asked)
    then = html.unescape(re.search(r'name="then" value="([^"]+)"', page.text)[1])  # type: ignore[index]
    assert unlock(locked, WORDS.upper(), then).url == locked.server.address + asked

    for foreign in (
        "https://evil.test/",
        "//evil.test/staff/",
        "/staff/en/unlock",
        "/en/",
        "/staff/../x",
        "javascript:x",
    ):
        lock(locked)
        assert unlock(locked, then=foreign).url == f"{locked.server.address}/staff/en/", foreign


def test_other_pages_can_neither_unlock_nor_lock(locked: Any, client: Any) -> None:
    """A form of another site does nothing, nor does a program without the token; our own page's form does."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert locked.post("/staff/en/unlock", {"words": WORDS}, **elsewhere).status == 403
    assert client(locked.server).post("/staff/en/unlock", {"words": WORDS}).status == 403
    assert locked.get("/staff/en/settings").status == 423
    assert unlock(locked).status == 200
    assert locked.post("/staff/lock", **elsewhere).status == 403
    assert client(locked.server).post("/staff/lock").status == 403
    assert locked.get("/staff/en/settings").status == 200
    assert locked.post("/staff/lock").status == 200
    assert locked.get("/staff/en/settings").status == 423


def test_wrong_words_open_nothing_and_take_longer_each_time(locked: Any) -> None:
    """Anyone may try as often as they like; a machine that guesses is made to wait, and nothing is wiped."""
    said = [unlock(locked, "other words that are wrong") for _ in range(6)]
    assert {each.status for each in said} == {423}
    assert "not the words" in said[0].text
    assert re.search(r"Wait \d seconds", said[-1].text)
    assert locked.get("/staff/en/settings").status == 423


def test_the_page_of_the_words_loads_again_where_wrong_words_left_the_browser(locked: Any) -> None:
    """Words that were not the right ones lead to an address that shows the page again, and the desk once unlocked."""
    again = locked.get(urlsplit(unlock(locked, "other words that are wrong").url).path)
    assert (again.status, "<h1>Locked</h1>" in again.text) == (423, True)
    unlock(locked)
    assert locked.get("/staff/en/unlock").url == f"{locked.server.address}/staff/en/"


def test_nothing_typed_is_told_apart_from_wrong_words(locked: Any) -> None:
    """A field left empty, or only spaces, says so, and makes nobody wait; words that are wrong still do."""
    said = [unlock(locked, words).text for words in ("", "   ") * 3]
    assert all("Type the words first." in each and "not the words" not in each for each in said)
    assert "not the words" in unlock(locked, "other words that are wrong").text, "the control"


def test_what_was_sent_while_locked_waits_for_the_words(locked: Any) -> None:
    """A form that met the lock is not in the page that asks for the words, and goes on as it was sent."""
    typed = {"code": "pier", "name": "Old pier", "model": "street"}
    asks = locked.post("/staff/en/sites", typed)
    assert asks.status == 423
    assert "pier" not in asks.text
    address = html.unescape(re.search(r'<form method="post" action="([^"]+held=[^"]+)"', asks.text)[1])  # type: ignore[index]
    assert locked.post(address, {"words": "wrong"}).status == 423
    saved = locked.post(address, {"words": WORDS})
    assert saved.status == 200
    assert "Old pier" in saved.text
    assert WORDS not in saved.text


def _main(page: str) -> str:
    """What the page says; names that are drawn anew each time left out."""
    return re.sub("[0-9a-f]{16}", "", page.partition("<main")[2])


def test_a_file_sent_while_locked_waits_too(locked: Any) -> None:
    """A table that met the lock is taken in after the words."""
    head = b'Content-Disposition: form-data; name="file"; filename="old.csv"'
    body = b"--m\r\n" + head + b"\r\n\r\nDay,Visits\r\n2026-01-05,4\r\n--m--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=m", "Sec-Fetch-Site": "same-origin"}
    asks = locked.ask("POST", "/staff/en/reports/past", body, headers)
    assert asks.status == 423
    address = html.unescape(re.search(r'action="([^"]+held=[^"]+)"', asks.text)[1])  # type: ignore[index]
    unlocked = locked.post(address, {"words": WORDS})
    again = locked.ask("POST", "/staff/en/reports/past", body, headers)
    assert "Visits" in unlocked.text
    assert _main(unlocked.text) == _main(again.text), "the control: sent unlocked"


def test_an_open_sheet_goes_on_counting(locked: Any) -> None:
    """Taps are taken while locked and after a restart; the place goes by its code; closing asks for the words."""
    unlock(locked)
    sheet = locked.open_sheet("fountain")
    page = f"/staff/en/tally/{sheet}"
    assert SITE in locked.get(page).text
    tab = locked.tab(sheet)
    assert locked.tap(sheet, tab, 1, "encounters").status == 200
    lock(locked)
    assert locked.tap(sheet, tab, 2, "encounters").status == 200
    locked.server.kill()
    locked.server.start()
    assert locked.tap(sheet, tab, 3, "encounters").status == 200
    shown = locked.get(page)
    assert shown.status == 200
    assert SITE not in shown.text
    assert "fountain" in shown.text
    assert page in locked.get("/staff/en/").text, "the page that asks for the words leads to it"

    asks = locked.post(f"{page}/close", {"as-it-is": "1"})
    assert asks.status == 423
    assert locked.tap(sheet, tab, 4, "encounters", 2).status == 200
    address = html.unescape(re.search(r'action="([^"]+held=[^"]+)"', asks.text)[1])  # type: ignore[index]
    closed = locked.post(address, {"words": WORDS})
    assert closed.status == 200
    assert re.search(r"Visits</th>\s*<td class=\"n\">\s*5\s", closed.text), "every tap is in what was saved"


@pytest.mark.parametrize("chosen", [True, False])
def test_closing_a_sheet_locks_where_the_program_wants_it(
    chosen: bool, home: Path, closed_home: Any, serve: Any, client: Any
) -> None:
    """With the choice the page after closing is the lock, and says that it was saved; without it the saved sheet."""
    closed_home(home, lock_on_close=chosen)
    served = client(serve()).enter()
    unlock(served)
    sheet = served.open_sheet("fountain")
    served.tap(sheet, served.tab(sheet), 1, "encounters", 9)
    after = served.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"})
    assert after.status == (423 if chosen else 200)
    assert "Closed and saved" in after.text
    assert (SITE in after.text) is not chosen


def pdf_text(pdf: bytes) -> str:
    import pypdfium2

    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf)))


def test_cards_print_while_locked(locked: Any) -> None:
    """Cards say of the program what they said before it was locked; started locked, they leave it out and say so."""

    def printed() -> str:
        made = locked.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-en": "10"})
        locked.finished(made.url.removeprefix(locked.server.address))
        return pdf_text(locked.get(made.url.removeprefix(locked.server.address) + "/cards.pdf").body)

    left_out = "leave out the name and phone"
    assert left_out in locked.get("/staff/en/print").text
    assert PHONE not in printed()
    unlock(locked)
    assert left_out not in locked.get("/staff/en/print").text
    lock(locked)
    assert left_out not in locked.get("/staff/en/print").text
    assert PHONE in printed(), "what cards need is known from before"
    locked.server.kill()
    locked.server.start()
    needs = {"card": "program-card", "copies-en": "10"}
    assert locked.post("/staff/en/print", needs).status == 423, "a card that is nothing without it asks for the words"


# --- when it locks by itself ---


class Bench:
    """A program under clocks that the test sets."""

    def __init__(self, program: Program) -> None:
        self.whole = self.awake = 1000.0
        self.program = program
        watch = Watch(program, Clocks(lambda: self.whole, lambda: self.awake))
        app = make_app(program, "token", watch)
        self.client = app.test_client()
        self.client.set_cookie("outreach", "token")
        self.watch = watch

    def get(self, path: str) -> int:
        return self.client.get(path).status_code

    def passes(self, seconds: float) -> None:
        self.whole += seconds
        self.awake += seconds

    def sleeps(self, seconds: float) -> None:
        self.whole += seconds


@pytest.fixture
def bench(home: Path, closed_home: Any) -> Callable[..., Bench]:
    def make(**choices: Any) -> Bench:
        program = closed_home(home, **choices)
        program.unlock(WORDS)
        return Bench(program)

    return make


def test_a_closed_lid_locks_before_anything_is_answered(bench: Any) -> None:
    """After a sleep the first answer is the lock; time that merely passes does not lock."""
    table = bench()
    table.passes(100_000)
    assert table.get("/staff/en/settings") == 200
    table.sleeps(1)
    assert table.get("/staff/en/settings") == 200, "two clocks are never read at the same moment"
    table.sleeps(60)
    assert table.get("/staff/en/settings") == 423
    table.program.unlock(WORDS)
    assert table.get("/staff/en/settings") == 200, "one sleep locks once"


def test_a_lid_that_is_not_to_lock_does_not(bench: Any) -> None:
    """The choice is the program's."""
    table = bench(lock_on_lid=False)
    table.sleeps(3600)
    assert table.get("/staff/en/settings") == 200


def test_left_alone_it_locks_and_counting_does_not_keep_it_open(bench: Any) -> None:
    """After the minutes that were chosen, without a page asked for; a tap on the open sheet is no use of the rest."""
    table = bench(lock_after_minutes=10)
    for _ in range(5):
        table.passes(9 * 60)
        assert table.get("/staff/en/settings") == 200, "used, it stays open"
    opened = table.client.post("/staff/en/tally", data={"site": "fountain", "day": TODAY, "sure": "1"})
    address = opened.headers["Location"]
    table.passes(9 * 60)
    assert table.get(address) == 200
    table.passes(2 * 60)
    assert table.get(address) == 200, "the open sheet goes on"
    assert table.get("/staff/en/settings") == 423


def test_a_page_that_is_worked_on_keeps_it_open(bench: Any) -> None:
    """Who types a long form asks for no page: the open one says that somebody is there, and only then."""
    table = bench(lock_after_minutes=10)
    for _ in range(5):
        table.passes(9 * 60)
        assert table.client.get("/staff/en/lock/state?used").json == {"locked": False}
    for _ in range(5):
        table.passes(3 * 60)
        answer = table.client.get("/staff/en/lock/state").json
    assert answer == {"locked": True}


def test_nobody_asks_for_a_page_and_the_keys_are_let_go(bench: Any) -> None:
    """The look of now and then locks, too: the keys do not stay in memory until someone comes back."""
    table = bench(lock_after_minutes=10)
    table.passes(11 * 60)
    table.watch.look()
    assert table.program.is_locked


def test_choices_that_cannot_be_read_are_the_careful_ones(bench: Any) -> None:
    """A damaged file of choices does not leave a closed lid open."""
    table = bench(lock_on_lid=False)
    table.program.home.safety.write_text("lock_on_lid = perhaps")
    table.sleeps(60)
    assert table.get("/staff/en/settings") == 423


ASLEEP = """
import sys, time
from pathlib import Path

slept, real = Path(sys.argv.pop(1)), time.clock_gettime

def reading(clock):
    return real(clock) + (float(slept.read_text() or 0) if clock == time.CLOCK_BOOTTIME else 0)

time.clock_gettime = reading
from outreach.cli.entry import main
main()
"""


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has another clock for it")
def test_the_installed_server_notices_that_it_slept(tmp_path: Path, closed_home: Any, serve: Any, client: Any) -> None:
    """The server of the wheel on the system's own clocks: one of them is moved on as a sleep moves it, and it locks."""
    home, slept = tmp_path / "home", tmp_path / "slept"
    closed_home(home, lock_on_lid=True)
    slept.write_text("0")
    served = serve(home)
    served.kill()
    options = ("--home", home, "serve", "--no-browser", "--port", str(served.port))
    command = [sys.executable, "-P", "-c", ASLEEP, slept, *options]
    quiet = os.environ | {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    served.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet)
    while "For staff" not in (line := served.process.stdout.readline()):
        assert line, served.process.stderr.read()
    asks = client(served).enter()
    unlock(asks)
    assert asks.get("/staff/en/settings").status == 200
    slept.write_text("30")
    assert asks.get("/staff/en/settings").status == 423


# --- in a browser ---


def enter(browser: Any, server: Any) -> Any:
    page = browser.new_context().new_page()
    page.goto(server.door)
    return page


def unlock_in(page: Any, address: str) -> None:
    page.goto(address)
    page.fill("#words", WORDS)
    page.click("text=Unlock")
    page.wait_for_url(address)


def test_nothing_is_left_behind_back_nor_in_another_tab(browser: Any, locked: Any) -> None:
    """Locked by its button, Back leads to the lock, and a page that lies open in another tab goes away by itself."""
    base = locked.server.address
    page = enter(browser, locked.server)
    unlock_in(page, f"{base}/staff/en/settings")
    assert page.input_value("#program-name") == NAME
    page.goto(f"{base}/staff/en/tally")
    page.go_back()
    assert page.input_value("#program-name") == NAME, "the control: unlocked, Back shows it"
    other = page.context.new_page()
    other.goto(f"{base}/staff/en/settings")
    page.goto(f"{base}/staff/en/tally")

    page.click(".lock button")
    page.wait_for_selector("text=What works while locked")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "Unlock" in page.content() or "/staff/" not in page.url
        assert NAME not in page.content()
        assert SITE not in page.content()
    assert other.input_value("#program-name") == NAME, "the control: it is still there before the page looks again"
    other.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    other.wait_for_selector("text=What works while locked")
    assert NAME not in other.content()
    other.fill("#words", WORDS)
    other.click("text=Unlock")
    other.wait_for_url(f"{base}/staff/en/settings")


def test_locked_from_an_open_sheet_the_page_stays(browser: Any, locked: Any) -> None:
    """The page of a sheet is where counting goes on: its button locks the rest, says so, and taps are saved."""
    unlock(locked)
    sheet = locked.open_sheet("fountain")
    page = enter(browser, locked.server)
    page.goto(f"{locked.server.address}/staff/en/tally/{sheet}")
    page.click("[data-counter=encounters] .add")
    assert not page.locator(".while-locked").is_visible(), "the control: nothing is locked yet"
    page.click(".lock button")
    page.wait_for_selector(".lock a:visible")
    assert page.locator(".while-locked").is_visible()
    assert locked.get("/staff/en/settings").status == 423
    page.click("[data-counter=encounters] .add")
    page.wait_for_selector("[data-state=saved]")
    assert page.locator("[data-sum=encounters]").inner_text() == "2"


def test_a_passphrase_is_set_changed_recovered_and_removed_on_the_pages(
    browser: Any, served: Any, tmp_path: Path
) -> None:
    """Six words are shown once, typed again, and open from then on; the recovery key brings new ones."""
    base = served.server.address
    page = enter(browser, served.server)

    def choose(**fields: str) -> str:
        page.goto(f"{base}/staff/en/passphrase")
        page.click("main .do")
        return take(**fields)

    def take(**fields: str) -> str:
        words = page.inner_text("#proposed")
        assert len(words.split()) == 6
        page.click("text=I wrote them down")
        page.wait_for_selector("text=Type the words again")
        assert words not in page.content(), "shown once"
        page.fill("#words", words.title() + " ")
        for name, value in fields.items():
            page.fill(f"#{name}", value)
        return words

    first = choose()
    page.check("[name=recovery]")
    page.click("main .do")
    with page.expect_download() as saved:
        page.click("text=Save the recovery key")
    saved.value.save_as(tmp_path / "key.txt")
    key = (tmp_path / "key.txt").read_text()
    assert "AGE-SECRET-KEY-" in key
    assert not any(key.encode() in each.read_bytes() for each in served.server.home.rglob("*") if each.is_file())
    page.goto(f"{base}/staff/en/passphrase")
    assert "AGE-SECRET-KEY-" not in page.content()

    second = choose(now="not the words")
    page.click("main .do")
    assert "not the words of the passphrase" in page.inner_text("[role=alert]")
    page.fill("#words", second)
    page.fill("#now", first)
    page.click("main .do")
    page.wait_for_selector("[role=status]")
    lock(served)
    assert unlock(served, first).status == 423
    assert unlock(served, second).status == 200
    lock(served)

    page.goto(f"{base}/staff/en/settings")
    page.click("text=The words are lost")
    page.click("text=I have the recovery key")
    third = take()
    page.set_input_files("#key", tmp_path / "key.txt")
    page.click("main .do")
    page.wait_for_selector("[role=status]")
    lock(served)
    assert unlock(served, second).status == 423
    assert unlock(served, third).status == 200

    page.goto(f"{base}/staff/en/passphrase")
    page.click("summary:has-text('Remove')")
    page.fill("#words", third)
    page.click("button:has-text('Remove')")
    page.wait_for_selector("[role=status]")
    assert served.post("/staff/lock").status == 422, "there is nothing to lock with any more"
    assert served.get("/staff/en/settings").status == 200


def test_words_are_kept_by_no_browser(locked: Any) -> None:
    """Fields for the words are none that browsers fill in, correct or offer to keep; pages with them are not stored."""
    unlock(locked)
    for path in ("/staff/en/lock", "/staff/en/passphrase", "/staff/en/passphrase/new"):
        if path.endswith("lock"):
            lock(locked)
        page = locked.get(path)
        unlock(locked)
        assert page.headers["Cache-Control"] == "no-store"
        fields = re.findall(r'<input[^>]*class="hidden-words"[^>]*>', page.text)
        assert fields, path
        for each in fields:
            assert 'autocomplete="off"' in each
            assert 'spellcheck="false"' in each
            assert 'type="password"' not in each


def test_without_a_passphrase_the_lock_is_named(served: Any, home: Path) -> None:
    """The staff's first page, Settings and the page on the passphrase say what a lock waits for, and lead there."""
    said = "This computer can be locked once it has a passphrase."
    pages = ("/staff/en/", "/staff/en/settings", "/staff/en/passphrase")
    assert all(said in served.get(each).text for each in pages)
    assert re.search(r'href="/staff/en/passphrase"><span class="words"><strong>Lock<', served.get(pages[0]).text)
    assert served.get("/staff/en/lock").url.endswith("/staff/en/passphrase")
