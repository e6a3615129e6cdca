"""Eight processes that send to a hub while its server crashes, and what they were told; for the proofs of the hub."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

UPLOADERS, CRASHES = 8, 5


class Uploads:
    """Eight processes with connections of their own; what they were told, as they were told it."""

    def __init__(self, script: str, jobs: list[str]) -> None:
        self.heard: queue.Queue[list[str]] = queue.Queue()
        self.running = [
            subprocess.Popen(
                [sys.executable, "-P", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(UPLOADERS)
        ]
        for n, each in enumerate(self.running):
            threading.Thread(target=self._feed, args=(each, jobs[n::UPLOADERS]), daemon=True).start()
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()

    def _feed(self, process: subprocess.Popen[str], jobs: list[str]) -> None:
        assert process.stdin
        process.stdin.write("".join(f"{job}\n" for job in jobs))
        process.stdin.close()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.heard.put(line.rstrip("\n").split("\t"))


def through_crashes(
    hub: Any, script: str, jobs: list[str], done: Callable[[list[str]], None], crashed: Callable[[], None]
) -> Counter[str]:
    """Every job done while the server crashes five times; how often each word was said.

    The script takes jobs on lines and says `done` of each when the hub has it, else `again` and why.
    `done` is told the rest of such a line; `crashed` is called when the server is there again, with eight at work.
    """
    uploads, told, began = Uploads(script, jobs), Counter[str](), time.monotonic()
    crash_at = [len(jobs) * (n + 1) // (CRASHES + 1) for n in range(CRASHES)]

    def hear(word: str, *rest: str) -> None:
        told[word] += 1
        if word == "done":
            done(list(rest))
        else:
            told[rest[1]] += 1

    while told["done"] < len(jobs):
        hear(*uploads.heard.get(timeout=120))
        if crash_at and told["done"] >= crash_at[0]:
            crash_at.pop(0)
            while not uploads.heard.empty():  # what was said before the crash counts, too
                hear(*uploads.heard.get())
            hub.crash()
            hub.start()
            crashed()
            told["crashes"] += 1
    told["seconds"] = int(time.monotonic() - began)
    for each in uploads.running:
        assert each.wait(timeout=30) == 0
    return told


def wait_in_a_circle(hub: Any, database: str = "hub") -> None:
    """Two connections that each wait for what the other holds, until the server ends it."""
    hub.ask("CREATE TABLE public.circle AS SELECT n FROM generate_series(1, 2) AS n", database=database)
    one, two = (psycopg.connect(hub.address(database=database)) for _ in range(2))
    one.execute("UPDATE public.circle SET n = n WHERE n = 1")
    two.execute("UPDATE public.circle SET n = n WHERE n = 2")

    def cross(connection: Any, n: int) -> None:
        try:
            connection.execute("UPDATE public.circle SET n = n WHERE n = %s", (n,))
            connection.rollback()
        except psycopg.Error:
            connection.rollback()

    crossing = [threading.Thread(target=cross, args=each) for each in ((one, 2), (two, 1))]
    for each in crossing:
        each.start()
    for each in crossing:
        each.join()
    one.close(), two.close()
