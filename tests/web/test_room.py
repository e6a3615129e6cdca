"""The guide for phones in the room: the guide alone, at named addresses, and the private pages stay private."""

from __future__ import annotations

import re
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from outreach.core.codes import NotAHotspot, wifi_text

ROOM = "127.0.0.2"
"""An address of this computer that is not the private one; it stands for the one on the hotspot."""


@pytest.fixture(scope="module")
def room(serve_all: Any, client: Any) -> Any:
    """The private server with the guide shared at a second address, and a client for each."""
    server = serve_all(options=("--lan-address", ROOM))
    phone = client(SimpleNamespace(address=f"http://{ROOM}:{server.port}", door=""))
    return SimpleNamespace(server=server, phone=phone, staff=client(server).enter())


def test_a_phone_reads_the_guide_and_nothing_else(room: Any) -> None:
    """Guide pages, fonts and saved files answer at the room's address; every staff address is not there."""
    for path in ("/", "/en/", "/ar/overdose-response", "/fonts/NotoSans-Bold.woff2", "/save/en/test-strips"):
        assert room.phone.get(path).status == 200, path
    key = room.server.door.partition("?key=")[2]
    for path in (
        "/staff/",
        "/staff/en/",
        f"/staff/open?key={key}",
        "/staff/en/tally",
        "/staff/en/reports/totals",
        "/staff/en/settings",
        "/staff/en/codes",
        "/staff/en/print",
    ):
        with_key = room.phone.get(path, Cookie=f"outreach={key}")
        assert with_key.status == 404, path
        assert key not in with_key.text and "For staff" not in with_key.text
        if path != f"/staff/open?key={key}":
            assert room.staff.get(path).status == 200, "the control: the private server has it"
    assert room.phone.post("/staff/en/tally", {"site": "outreach"}).status in (403, 404, 405)
    assert "/staff" not in room.phone.get("/en/").text
    assert room.phone.get("/healthz?ask=x").headers["X-Outreach"] is None
    assert room.phone.get("/en/").headers["Content-Security-Policy"].startswith("default-src 'none'")


def ask(address: str, port: int, host: str) -> bytes:
    with socket.create_connection((address, port)) as raw:
        raw.sendall(f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := raw.recv(65536):
            answer += chunk
    return answer


def test_only_the_address_itself_is_answered(room: Any) -> None:
    """The room's listener refuses every other name, the private one's too, and the private one refuses the room's."""
    port = room.server.port
    assert ask(ROOM, port, f"{ROOM}:{port}").split()[1] == b"200", "the control"
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "evil.test", f"evil.test:{port}", ROOM, f"{ROOM}:1"):
        assert ask(ROOM, port, host).split()[1] == b"400", host
    assert ask("127.0.0.1", port, f"{ROOM}:{port}").split()[1] == b"400"


def test_without_lan_nothing_listens_elsewhere(untouched: Any) -> None:
    """The plain start answers on 127.0.0.1 and at no other address of this computer."""
    server = untouched
    socket.create_connection(("127.0.0.1", server.port)).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ROOM, server.port))
    assert "network" not in server.said


def test_the_terminal_says_what_is_shown_to_whom(room: Any) -> None:
    """The address, who can read it, and what."""
    assert f"http://{ROOM}:{room.server.port}/" in room.server.said
    assert "Anyone on this network can read the guide" in room.server.said


def test_the_staff_page_shows_a_code_of_the_address_without_the_key(room: Any) -> None:
    """The code reads back as the guide's address and nothing more; without --lan the page says how to share."""
    page = room.staff.get("/staff/en/codes")
    key = room.server.door.partition("?key=")[2]
    assert read_codes(page.text) == [f"http://{ROOM}:{room.server.port}/"]
    assert key not in page.text
    assert 'href="/staff/en/codes"' in room.staff.get("/staff/en/").text


def test_without_lan_the_page_says_how(reading: Any) -> None:
    """No code is shown when nothing is shared."""
    page = reading.get("/staff/en/codes").text
    assert "outreach serve --lan" in page and read_codes(page) == []


def test_a_hotspot_code_is_made_and_nothing_is_kept(room: Any) -> None:
    """The second code joins the hotspot; name and password are in no file and on no later page."""
    secret = 'van;"7\\:,pass'
    page = room.staff.post("/staff/en/codes", {"name": "Reading", "password": secret})
    assert page.status == 200 and "First join the hotspot" in page.text, page.text
    guide = f"http://{ROOM}:{room.server.port}/"
    assert read_codes(page.text) == [r"WIFI:T:WPA;S:Reading;P:van\;\"7\\\:\,pass;;", guide]
    assert secret not in page.text and page.headers["Cache-Control"] == "no-store"
    assert "Reading" not in room.staff.get("/staff/en/codes").text.replace("Guide, Reading or", "")
    for file in room.server.home.rglob("*"):
        assert file.is_dir() or b"van;" not in file.read_bytes()
    assert room.staff.post("/staff/en/codes", {"name": "Reading", "password": "short"}).status == 422


def read_codes(page: str) -> list[str]:
    """Every code on a page, drawn and read as a phone's camera would."""
    import pypdfium2
    import weasyprint
    import zxingcpp

    found = []
    for svg in re.findall(r'<span class="code"[^>]*>(<svg.*?</svg>)', page, re.DOTALL):
        # On no line of text: where a test before took the system's fonts away, a line has no height, and no code.
        sized = svg.replace("<svg ", '<svg style="position:absolute;left:4em;top:4em" width="300" height="300" ')
        picture = pypdfium2.PdfDocument(weasyprint.HTML(string=sized).write_pdf())[0].render(scale=2).to_pil()
        read = [each.text for each in zxingcpp.read_barcodes(picture)]
        assert read, f"this code is read by no camera: {svg}"
        found += read
    return found


@pytest.mark.parametrize(
    ("name", "password", "text"),
    [
        ("Guide", "", "WIFI:T:nopass;S:Guide;;"),
        ("a:b", "12345678", r"WIFI:T:WPA;S:a\:b;P:12345678;;"),
        ("c\\d", 'q"q,q;q:', r"WIFI:T:WPA;S:c\\d;P:q\"q\,q\;q\:;;"),
    ],
)
def test_what_a_hotspot_code_says(name: str, password: str, text: str) -> None:
    """Signs that mean something in the code are escaped; an open hotspot says so."""
    assert wifi_text(name, password) == text


@pytest.mark.parametrize(
    ("name", "password"), [("", "12345678"), ("x" * 33, ""), ("x", "1234567"), ("x", "1" * 64), ("a\nb", "12345678")]
)
def test_what_no_hotspot_can_have(name: str, password: str) -> None:
    """A name or password that no hotspot takes is refused with a sentence."""
    with pytest.raises(NotAHotspot, match="Nothing was kept"):
        wifi_text(name, password)


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "10.99.98.97", "localhost", "nonsense"])
def test_an_address_that_is_not_ours_or_public(outreach: Any, home: Any, address: str) -> None:
    """Never a public address, never all of them, never another computer's."""
    ran = outreach("serve", "--no-browser", "--port", "8765", "--lan-address", address)
    assert ran.code == 1 and "Nothing was shared" in ran.err and "Traceback" not in ran.err
    assert not (home / "running").exists()


def test_started_a_second_time_with_lan(served: Any, outreach: Any) -> None:
    """A server that runs for this computer only does not begin to share on its own."""
    again = outreach("serve", "--no-browser", "--lan-address", ROOM)
    assert again.code == 1 and "--lan" in again.err


def test_too_many_at_once_wait(room: Any) -> None:
    """Beyond the pace the room's server asks to wait; the private one does not notice."""
    from outreach.web.room import Pace

    clock = [0.0]
    codes: list[str] = []
    paced = Pace(lambda *_: [b"page"], per_second=10, burst=20, now=lambda: clock[0])
    answers = [list(paced({}, lambda status, headers: codes.append(status))) for _ in range(25)]
    assert answers.count([b"page"]) == 20 and len(codes) == 5 and codes[0].startswith("429")
    clock[0] += 1
    assert [list(paced({}, lambda *_: None)) for _ in range(11)].count([b"page"]) == 10
    assert room.staff.get("/en/").status == 200
