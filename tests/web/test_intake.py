"""How large a body the pages take: what is larger is read past, stays in no memory, and is answered with a sentence."""

from __future__ import annotations

import http.client
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BRING = "/staff/en/exchange/bring"
MOST = 32 << 20
LATITUDE = 200 << 20


def resident(pid: int) -> int:
    """Bytes that a process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Told:
    status: int
    text: str
    headers: Any
    most: int
    """Bytes that the server held at most while it was being sent to."""


def body_of(client: Any, path: str, size: int, **headers: str) -> Told:
    """Send `size` bytes and no file to a page, a piece at a time."""
    pid, most = client.server.process.pid, 0
    head = {
        "Host": f"127.0.0.1:{client.server.port}",
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "multipart/form-data; boundary=edge",
        "Content-Length": str(size),
        "Cookie": "; ".join(f"{each.name}={each.value}" for each in client.jar),
    } | headers
    wire = http.client.HTTPConnection("127.0.0.1", client.server.port, timeout=60)
    wire.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
    for name, value in head.items():
        wire.putheader(name, value)
    wire.endheaders()
    piece, left = bytes(1 << 20), size
    while left:
        wire.send(piece[:left])
        left -= min(left, len(piece))
        most = max(most, resident(pid))
    answer = wire.getresponse()
    told = Told(answer.status, answer.read().decode(), answer.headers, most)
    wire.close()
    return told


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says what a process holds")
def test_a_huge_body_is_read_past(served: Any) -> None:
    """1 GB is answered with a sentence once it is through, stays in no memory, and the next page is there at once."""
    before = resident(served.server.process.pid)
    told = body_of(served, BRING, 1 << 30)
    assert told.status == 413 and "Nothing was read, and nothing was changed" in told.text
    assert "Content-Security-Policy" in told.headers
    assert told.most - before < LATITUDE
    assert served.get("/staff/en/").status == 200
    fits = body_of(served, BRING, MOST)
    assert "Nothing was read" not in fits.text, "the control: that much is taken in"
    assert fits.most - before > MOST // 2


def test_only_that_page_takes_large_bodies(served: Any) -> None:
    """Elsewhere the limit is that of a table, and from a page of another site nothing is taken in."""
    told = body_of(served, "/staff/en/reports/past", MOST)
    assert told.status == 413 and "more than this page takes" in told.text
    assert body_of(served, BRING, 1 << 20, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert body_of(served, BRING, 1 << 20, Host="evil.test").status == 400
    assert body_of(served, "/staff/en/reports/past", 1 << 20, Cookie="").status == 403
    control = body_of(served, "/staff/en/reports/past", 1 << 20)
    assert control.status == 413 and "Nothing was changed" in control.text, "the control: it is read, and is no form"
