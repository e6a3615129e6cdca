"""The doors: an old bookmark, the window that a start opens, and a room of phones that means no good."""

from __future__ import annotations

import http.server
import resource
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from werkzeug.test import Client

from outreach.home import Home
from outreach.services.program import Program
from outreach.web import room as shared
from outreach.web.room import guide_server

ROOM = "127.0.0.3"
FORM = {"site": "outreach", "day": time.strftime("%Y-%m-%d"), "model": "street"}


def test_an_old_bookmark_says_one_sentence_and_its_button_helps(serve: Any, browser: Any, client: Any) -> None:
    """After a restart a browser that forgot its cookie: one sentence, one button; once outreach opened a window in
    it, the same button leads to the bookmarked page."""
    server = serve()
    sheet = client(server).enter().open_sheet()
    server.kill()
    server.start()
    page = browser.new_context().new_page()
    bookmark = f"{server.address}/staff/en/tally/{sheet}"
    assert page.goto(bookmark).status == 403
    assert page.locator("main p.line").count() == page.locator("main .actions > *").count() == 1
    page.click("main .do")
    assert page.url == bookmark and page.locator("h1").inner_text() == "This page is for staff"

    window = page.context.new_page()
    window.goto(server.door)
    page.click("main .do")
    assert page.url == bookmark and page.locator("[data-tab]").count() == 1


def test_the_staff_address_opens_the_staff_pages_in_the_browsers_language(serve: Any, browser: Any) -> None:
    """What `serve` prints leads straight to Show, Print, Count; in English for a browser of no language of ours."""
    server = serve()
    for locale, tag in (("es-MX", "es"), ("ar", "ar"), ("xx", "en")):
        page = browser.new_context(locale=locale).new_page()
        page.goto(server.door)
        assert page.url == f"{server.address}/staff/{tag}/", locale
        page.context.close()


def test_what_is_still_english_on_a_page_that_refuses_says_so(reading: Any, client: Any) -> None:
    """A voice that reads Persian is told where English begins: at the door, and where there is no page."""
    stranger = client(reading.server)
    for path, words in (("/staff/fa/", "This page is for staff"), ("/fa/nothing-like-it", "Not here")):
        answer = stranger.get(path)
        assert '<html lang="fa"' in answer.text and f'<span lang="en" dir="ltr">{words}</span>' in answer.text
        assert f"<h1>{words}</h1>" in stranger.get(path.replace("fa", "en", 1)).text
    assert 'lang="en"' not in stranger.get("/staff/ar/").text.split("<main")[1]


def test_led_here_by_another_page_the_button_opens_it(served: Any, browser: Any) -> None:
    """A browser keeps the cookie to itself when another page leads it here; our own button is another matter."""
    page = browser.new_context().new_page()
    page.goto(served.server.door)
    page.route("http://elsewhere.test/", lambda route: route.fulfill(
        content_type="text/html", body=f'<a href="{served.server.address}/staff/en/tally?x=1">Count</a>'
    ))  # fmt: skip
    page.goto("http://elsewhere.test/")
    page.click("a")
    assert page.locator("h1").inner_text() == "This page is for staff"
    page.click("main .do")
    assert page.url.endswith("/staff/en/tally?x=1") and page.locator("h1").inner_text() != "This page is for staff"


def test_a_form_that_comes_too_late_leads_to_the_staff_pages(reading: Any, client: Any) -> None:
    """A form without the cookie does nothing; its button asks for no address that only takes forms."""
    answer = client(reading.server).post("/staff/en/tally", FORM)
    assert answer.status == 403 and '<a class="do" href="/staff/"' in answer.text
    wrong = client(reading.server).get("/staff/open?key=wrong")
    assert wrong.status == 403 and "wrong" not in wrong.text


@pytest.fixture
def screen(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A browser that only writes down what it was started with, and what makes outreach start it."""
    said, script = tmp_path / "said", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$@" >>{said}\n')
    script.chmod(0o755)
    return said, {"DISPLAY": ":9", "BROWSER": f"{script} %s"}


def test_what_a_browser_is_started_with_opens_once(
    served: Any, client: Any, screen: tuple[Path, dict[str, str]], home: Path, shell: Any
) -> None:
    """Others on this computer can read it: it holds no key of the home, opens one window, and none after a restart."""
    said, env = screen
    for _ in range(2):
        outreach = shell(home)
        outreach.env = env
        assert "already running" in outreach("serve").out
    first, second = said.read_text().split()
    key = (home / "token").read_text().strip()
    assert key not in first + second and first != second

    path = first.removeprefix(served.server.address)
    assert client(served.server).get(path).url == f"{served.server.address}/staff/en/"
    assert client(served.server).get(path).status == 403, "the second time"
    assert client(served.server).get(path[:-1] + "0").status == 403
    served.server.kill()
    served.server.start()
    assert client(served.server).get(second.removeprefix(served.server.address)).status == 403


def test_a_stranger_on_the_old_port_is_not_told_the_key(serve: Any, home: Path) -> None:
    """After a pulled plug another program may answer on the port that was noted down: it hears no key, nor is it
    believed."""
    server = serve()
    key = (home / "token").read_text().strip()
    server.kill()
    assert (home / "running").read_text() == str(server.port), "a killed server leaves its note"
    heard: list[str] = []

    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.path} {self.headers}")
            self.send_response(200)
            self.send_header("X-Outreach", "yours")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as strange:
        threading.Thread(target=strange.serve_forever, daemon=True).start()
        (home / "running").write_text(str(strange.server_address[1]))
        server.start()
        strange.shutdown()
    assert "outreach is running" in server.said and "already" not in server.said
    assert len(heard) == 1 and key not in heard[0]


@pytest.fixture(scope="module")
def room(serve_all: Any, client: Any) -> Any:
    """The guide shared at a second address of this computer."""
    server = serve_all(options=("--lan-address", ROOM))
    phone = client(SimpleNamespace(address=f"http://{ROOM}:{server.port}", door=""))
    return SimpleNamespace(server=server, phone=phone, staff=client(server).enter(), address=(ROOM, server.port))


def test_thirty_phones_at_once_are_all_answered(room: Any, browser: Any) -> None:
    """Each asks for all that a first page needs, as Chromium does; every answer is the page, none "wait"."""
    page, needed = browser.new_context().new_page(), []
    page.on("request", lambda each: needed.append(each.url))
    page.goto(f"{room.phone.server.address}/ar/overdose-response")
    page.wait_for_load_state("networkidle")
    paths = [each.removeprefix(room.phone.server.address) for each in needed if each.startswith("http")]
    assert len(paths) > 3

    def read(codes: list[int]) -> None:
        codes += [room.phone.get(path).status for path in paths]

    answers: list[int] = []
    phones = [threading.Thread(target=read, args=(answers,)) for _ in range(30)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert len(answers) == 30 * len(paths) and set(answers) == {200}


def test_asked_to_wait_the_answer_is_as_closed_as_any() -> None:
    """One that asks without end gets 429 with a sentence and the headers of every page; asking as another name does
    not use up what phones may ask."""
    phone = Client(guide_server(Program(Home(Path("/nonexistent"))), 8000, [ROOM]))
    ours, other = {"Host": f"{ROOM}:8000"}, {"Host": "elsewhere.test"}
    assert {phone.get("/healthz", headers=other).status_code for _ in range(1000)} == {400}
    codes = [phone.get("/healthz", headers=ours).status_code for _ in range(600)]
    assert set(codes) == {200}, "a room of phones"
    answer = next(each for _ in range(9000) if (each := phone.get("/healthz", headers=ours)).status_code != 200)
    assert answer.status_code == 429 and "Wait a moment" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Retry-After"] and answer.headers["Cache-Control"] == "no-store"


def test_files_to_keep_count_for_what_they_cost() -> None:
    """A file of the whole guide keeps the laptop busy for as long as many pages: few at once, then they wait."""
    paced = shared.Pace(lambda *_: [b"page"], now=lambda: 0.0)
    files = [list(paced({"PATH_INFO": "/save/en"}, lambda *_: None)) for _ in range(30)]
    assert files.count([b"page"]) == 600 // shared.FILE_COST == 20


def test_huge_and_endless_requests_are_turned_away(room: Any) -> None:
    """A body, a head or an address without end: refused with little read of it, and the laptop's memory stays small."""
    began = resident(room.server)
    host = f"Host: {ROOM}:{room.server.port}\r\n"
    for head in (
        f"POST /en/ HTTP/1.1\r\n{host}Content-Length: 1000000000\r\n\r\n",
        f"POST /en/ HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n",
        f"GET /en/ HTTP/1.1\r\n{host}X: ",
        "GET /",
    ):
        for _ in range(10):
            with socket.create_connection(room.address, timeout=10) as raw:
                raw.sendall(head.encode())
                sent = 0
                try:
                    while sent < 32 << 20:
                        sent += raw.send(b"10000\r\n" + b"x" * 65536 + b"\r\n" if "chunked" in head else b"x" * 65536)
                except OSError:
                    pass
                assert sent < 32 << 20, head
    assert resident(room.server) < began + (64 << 20)
    assert room.phone.get("/en/").status == 200


def test_slow_readers_and_writers_keep_no_one_out(room: Any) -> None:
    """A hundred and fifty phones that say nothing, drip their request in or never read the answer: the next is read."""
    slow = [socket.create_connection(room.address) for _ in range(150)]
    for n, each in enumerate(slow):
        if n % 3 == 1:
            each.sendall(b"GET /en/ HTTP/1.1\r\nHost:")
        if n % 3 == 2:
            each.sendall(f"GET /en/naloxone HTTP/1.1\r\nHost: {ROOM}:{room.server.port}\r\n\r\n".encode())
    assert room.phone.get("/en/").status == 200, "in half a minute at most, or it raises"
    assert resident(room.server) < 400 << 20
    for each in slow:
        each.close()


def test_a_request_that_drips_in_is_given_up(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose request is not whole in time is closed at its next byte; one in time is not."""
    clock = [100.0]
    monkeypatch.setattr(shared, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    here, there = socket.socketpair()
    server = SimpleNamespace(active_channels={}, add_task=lambda _: None, effective_port=1, effective_host="x")
    for late, closed in ((shared.PATIENCE - 1, False), (shared.PATIENCE + 1, True)):
        channel = shared.Brisk(server, here.dup(), ("", 1), Adjustments(), map={})
        channel.received(b"GET / HT")
        clock[0] += late
        channel.received(b"TP/1.1\r\n")
        assert channel.will_close is closed
        channel.close()
    here.close()
    there.close()


def resident(server: Any) -> int:
    """Bytes of memory that the server holds."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * resource.getpagesize()


def test_a_topic_without_a_word_of_the_language_says_that_it_is_english(reading: Any) -> None:
    """No page says that its words wait for a speaker where there are none; one that is translated does."""
    sentence, waits = "이 페이지는 아직 사용자의 언어로 번역되지 않았습니다", "checked by a speaker"
    english, korean = reading.get("/ko/rescue-breathing").text, reading.get("/ko/overdose-response").text
    assert sentence in english and waits not in english and "checked by a clinician" in english
    assert sentence not in korean and waits in korean
    assert "not in your language" not in reading.get("/en/rescue-breathing").text
