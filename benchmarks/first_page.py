"""The first page after a cold start beside a bare Flask app's: from starting the process to the answer's last byte.

Two processes that take turns, each started anew for every figure: the installed `outreach serve` on a fresh home, and
the bare app of `guide_page.py`, one route and one small template, under waitress with the settings `outreach serve`
uses. The clock runs from before the process is started until its first answer has been read whole. Who asks tries to
connect every two milliseconds. "CPU" is what the process used in that time, and some while it was stopped: on a shared
computer it says more than seconds do.

    python benchmarks/first_page.py                       15 rounds, two minutes
    python benchmarks/first_page.py --rounds 5 --page /en/
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from guide_page import a_port

PAGES = ("/", "/en/", "/staff/en/")
MOST = 2.5
"""The guide's; the staff's page, where the window opens, waits for what only the staff need."""
HELD = "benchmark"
HERE = Path(__file__).parent
Taken = tuple[float, float]
"""Seconds, and seconds of the CPU."""


def first_answer(command: Sequence[str | Path], port: int, page: str) -> Taken:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"DISPLAY": ""})
    try:
        while True:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                asked.request("GET", page, headers={"Cookie": f"outreach={HELD}"})
                answer = asked.getresponse()
                answer.read()
            except ConnectionError:
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} did not start") from None
                time.sleep(0.002)
            else:
                break
            finally:
                asked.close()
        took = time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    if answer.status != 200:
        raise SystemExit(f"{page} answered {answer.status}")
    return took, used.ru_utime + used.ru_stime


def ours(page: str) -> Taken:
    port, outreach = a_port(), Path(sys.executable).with_name("outreach")
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as home:
        (Path(home) / "token").write_text(HELD, encoding="ascii")
        command = [outreach, "--home", home, "serve", "--port", str(port), "--no-browser"]
        return first_answer(command, port, page)


def bare() -> Taken:
    port = a_port()
    return first_answer([sys.executable, HERE / "guide_page.py", "--bare", str(port)], port, "/")


def measured(pages: Sequence[str], rounds: int) -> tuple[list[Taken], dict[str, list[Taken]]]:
    """What the bare app took and what each page took, round by round."""
    floor: list[Taken] = []
    found: dict[str, list[Taken]] = {page: [] for page in pages}
    bare(), ours(pages[0])  # the files are read from disk once before anything is timed
    for _ in range(rounds):
        floor.append(bare())
        for page in pages:
            found[page].append(ours(page))
    return floor, found


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the first page after a cold start beside a bare app's.")
    parser.add_argument("--rounds", type=int, default=15, help="cold starts for each figure")
    parser.add_argument("--page", action="append", help="an address to measure; may be given again")
    asked = parser.parse_args()
    floor, found = measured(asked.page or PAGES, asked.rounds)
    middle = [statistics.median(each) for each in zip(*floor, strict=True)]
    print(f"{'':12}{'seconds':>9}{'CPU':>9}{'times':>8}{'CPU':>8}")
    print(f"{'bare Flask':12}{middle[0]:8.3f}s{middle[1]:8.3f}s")
    for page, taken in found.items():
        seconds, cpu = (statistics.median(each) for each in zip(*taken, strict=True))
        print(f"{page:12}{seconds:8.3f}s{cpu:8.3f}s{seconds / middle[0]:8.2f}{cpu / middle[1]:8.2f}")
    print(f"At most {MOST} times the bare page for the guide's.")


if __name__ == "__main__":
    main()
