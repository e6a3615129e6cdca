"""Who may speak to the server: hosts, origins, the token, and the headers every answer carries."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

POST = "/staff/en/tally"
FORM = {"site": "outreach", "day": time.strftime("%Y-%m-%d"), "model": "street"}


def opened(served: Any) -> int:
    """How many sheets are open."""
    return served.get("/staff/en/tally").text.count('href="/staff/en/tally/')


def test_every_answer_carries_the_headers(reading: Any) -> None:
    """Pages, refusals, fonts and pictures all forbid framing, sniffing and anything from elsewhere."""
    for path in (
        "/",
        "/en/",
        "/en/overdose-response",
        "/nothing-here/",
        "/staff/en/",
        "/healthz",
        "/staff/en/tally/zzz",
    ):
        headers = reading.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers or "waitress" not in headers["Server"]


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.test:{port}", ""]
)
def test_other_hosts_are_refused(reading: Any, host: str) -> None:
    """A request for any other name, as DNS rebinding makes it, reads nothing."""
    port = reading.server.port
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(f"GET /en/ HTTP/1.1\r\nHost: {host.format(port=port)}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := raw.recv(65536):
            answer += chunk
    assert answer.split()[1] == b"400"
    assert b"<html" not in answer


def test_posts_from_elsewhere_write_nothing(served: Any) -> None:
    """A form sent by another page is refused before anything is done; our own page's is taken."""
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.test"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": "http://evil.test"},
        {"Sec-Fetch-Site": "none", "Origin": "http://127.0.0.1:1"},
    ):
        assert served.post(POST, FORM, **headers).status == 403, headers
        assert opened(served) == 0, headers
    served.post(POST, FORM)
    assert opened(served) == 1, "the control: the same form from our own page is taken"


def test_a_post_with_neither_header_is_refused(reading: Any) -> None:
    """A program that is no browser sends neither Origin nor Sec-Fetch-Site and changes nothing."""
    assert reading.ask("POST", POST, b"site=outreach", {}).status == 403
    assert reading.ask("PUT", POST, b"", {"Sec-Fetch-Site": "same-origin"}).status == 405


@pytest.mark.parametrize(
    "path", ["/staff/en/", "/staff/en/tally", "/staff/en/print", "/staff/en/reports/totals", "/staff/en/settings"]
)
def test_without_the_token_staff_pages_are_closed(reading: Any, client: Any, path: str) -> None:
    """Another user of this computer, or a program without the token, sees one sentence and no count."""
    stranger = client(reading.server)
    answer = stranger.get(path)

    assert answer.status == 403
    assert reading.get(path).status == 200
    assert stranger.get("/staff/open?key=wrong").status == 403
    assert stranger.get("/en/").status == 200, "the guide is for everyone"


def test_the_token_survives_a_restart(served: Any) -> None:
    """A page that was open before the server was started again still works."""
    served.server.kill()
    served.server.start()

    assert served.get("/staff/en/tally").status == 200


def test_a_second_start_finds_the_running_one(served: Any, outreach: Any) -> None:
    """Starting twice does not start two servers; it names the running one."""
    again = outreach("serve", "--no-browser")

    assert again.code == 0
    assert f"already running at {served.server.address}/" in again.out


def test_a_taken_port_is_said(served: Any, tmp_path: Any) -> None:
    """Another home on the same port is refused with the port to try."""
    import subprocess
    import sys
    from pathlib import Path

    command = Path(sys.executable).with_name("outreach")
    port = str(served.server.port)
    ran = subprocess.run(
        [command, "--home", tmp_path / "other", "serve", "--port", port, "--no-browser"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 1
    assert f"uses port {port}" in ran.stderr


def test_the_server_listens_on_this_computer_only_and_prints_nothing(served: Any) -> None:
    """After its opening lines the server says nothing, whatever is asked of it."""
    for path in ("/", "/en/overdose-response", "/nothing/", "/staff/en/tally/zzz", "/staff/en/"):
        served.get(path)
    out, err = served.server.stop()

    assert out.replace("Stop it with Ctrl+C.\n", "") == ""
    assert err == ""
