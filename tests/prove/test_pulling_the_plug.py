"""Saved means saved, counted means once: eight people tap while the server is killed forty times."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import threading
import time
import urllib.error
from collections.abc import Callable
from functools import partial
from typing import Any

KILLS, CLIENTS, TAPS = 40, 8, 300
ITEMS = ("naloxone-nasal", "fentanyl-strip", "syringe-1ml")


def test_forty_kills_lose_and_double_nothing(
    serve: Callable[..., Any], client: Callable[..., Any], outreach: Any
) -> None:
    """Every acknowledged tap of 8 x 300 is in the closed sheet exactly once, though the server died 40 times."""
    server = serve()
    sheet = client(server).enter().open_sheet()
    acknowledged = [0] * CLIENTS
    repeats = [0] * CLIENTS
    restarted = threading.Lock()
    done = threading.Event()
    failures: list[str] = []

    def tapping(number: int) -> None:
        try:
            own = patiently(lambda: client(server).enter())
            tab = patiently(lambda: own.tab(sheet))
            for n in range(1, TAPS + 1):
                nonce = os.urandom(16)
                counter = f"given:{ITEMS[n % len(ITEMS)]}"
                if n % 10 == 0:
                    # A reply that gets lost on the way: the touch is sent, the answer never read.
                    send_and_hang_up(
                        own, sheet, {"tab": tab, "n": n, "nonce": nonce.hex(), "counter": counter, "change": 1}
                    )
                answer = patiently(partial(own.tap, sheet, tab, n, counter, nonce=nonce))
                assert answer.status == 200, answer.text
                acknowledged[number] += 1
                repeats[number] += json.loads(answer.text)["again"]
        except BaseException as problem:
            failures.append(f"client {number}: {problem!r}")
            raise

    def killing() -> None:
        draw = random.Random(40)
        for _ in range(KILLS):
            if done.is_set():
                return
            before = sum(acknowledged)
            # Wait for work, not for time: a kill between taps proves nothing.
            goal = before + draw.randint(10, 50)
            while sum(acknowledged) < goal and not done.is_set():
                time.sleep(0.001)
            with restarted:
                server.kill()
                server.start()
                killed.append(1)

    killed: list[int] = []
    threads = [threading.Thread(target=tapping, args=(number,)) for number in range(CLIENTS)]
    killer = threading.Thread(target=killing)
    for thread in (*threads, killer):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    killer.join()

    assert failures == []
    assert acknowledged == [TAPS] * CLIENTS
    assert len(killed) == KILLS
    assert sum(repeats) > 100, "hardly a reply was lost, so little was proved"
    assert client(server).enter().post(f"/staff/en/tally/{sheet}/close").status == 200
    rows = outreach.json("report", "totals", "--period", time.strftime("%Y"), "--format", "json")["rows"]
    counted = {row["item"]: row["loose"] for row in rows if row["movement"] == "given"}
    assert counted == {item: CLIENTS * TAPS // len(ITEMS) for item in ITEMS}
    print(f"{KILLS} kills, {sum(acknowledged)} taps acknowledged, {sum(repeats)} answered twice, all counted once")


def send_and_hang_up(own: Any, sheet: str, touch: dict[str, Any]) -> None:
    """Send a tap and close the connection before its answer comes."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in own.jar)
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": cookies}
    connection = http.client.HTTPConnection("127.0.0.1", own.server.port, timeout=10)
    with contextlib.suppress(OSError):
        connection.request("POST", f"/staff/en/tally/{sheet}/taps", json.dumps(touch), headers)
    connection.close()


def patiently(ask: Callable[[], Any]) -> Any:
    """Ask until the server answers, as the page's own script does."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask()
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            assert time.monotonic() < deadline, "the server never came back"
            time.sleep(0.02)
