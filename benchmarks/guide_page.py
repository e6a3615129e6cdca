"""What a guide page costs beside a bare Flask and Jinja page, under the same server in the same run.

Two processes: the installed `outreach serve` on a home of its own, and a bare Flask app with one route and one template
of about 2 kB, autoescaped, under waitress with the settings that `outreach serve` uses. Requests alternate between the
two over kept-alive connections; the figures are the median and the fastest tenth, from sending a request to having read
its answer. Neither keeps a page: every answer is rendered. The bare page's own rendering is small, so most of its time
is the server's and Flask's: that is the floor the ratio is measured from.

    python benchmarks/guide_page.py                       2,000 rounds, under a minute
    python benchmarks/guide_page.py --rounds 500 --page /en/test-strips
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PAGES = ("/en/overdose-response", "/ar/overdose-response", "/en/")
MOST = 6.0

TEMPLATE = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title><link rel="stylesheet" href="{{ url_for('static', filename='page.css') }}"></head>
<body><header><a href="{{ url_for('page') }}">{{ title }}</a></header>
<main id="main"><h1>{{ title }}</h1><p>{{ summary }}</p>
<ol>
{% for step in steps %}
<li id="step-{{ loop.index }}"><span class="number">{{ loop.index }}</span><p>{{ step.text }}</p>
{% if step.note %}<p class="note">{{ step.note }}</p>{% endif %}</li>
{% endfor %}
</ol></main>
<footer><p>{{ foot }}</p></footer></body></html>
"""


def serve_bare(port: int) -> None:
    """A page as small as an honest one gets, served the way the product is."""
    import waitress
    from flask import Flask, render_template

    app = Flask(__name__)
    folder = Path(tempfile.mkdtemp())
    (folder / "page.html").write_text(TEMPLATE, encoding="utf-8")
    app.template_folder = str(folder)
    steps = [
        {"text": f"Step {n}: do this & then that. Say what happened <and> where you are.", "note": "A note." * (n % 2)}
        for n in range(12)
    ]

    @app.get("/")
    def page() -> str:
        return render_template("page.html", title="A page", summary="What it is for.", steps=steps, foot="The end.")

    waitress.serve(
        app, host="127.0.0.1", port=port, threads=8, ident=None, max_request_body_size=262144,
        clear_untrusted_proxy_headers=True, _quiet=True,
    )  # fmt: skip


class Asked:
    """One kept-alive connection to one server."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.times: dict[str, list[float]] = {}
        self.sizes: dict[str, int] = {}

    def get(self, path: str, keep: bool) -> None:
        began = time.perf_counter()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        self.sizes[path] = len(body)
        if keep:
            self.times.setdefault(path, []).append(took)

    def median(self, path: str) -> float:
        return statistics.median(self.times[path])

    def quick(self, path: str) -> float:
        """The fastest tenth ends here: what a request takes when nothing else wants the processor."""
        return statistics.quantiles(self.times[path], n=10)[0]


def a_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server takes connections; it says so by nothing else."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("a server did not start")


def asked(pages: Sequence[str], rounds: int) -> tuple[Asked, Asked]:
    """What the product took for these pages and the bare app for its own, in turns."""
    ours, bare = a_port(), a_port()
    outreach = Path(sys.executable).with_name("outreach.exe" if os.name == "nt" else "outreach")
    with tempfile.TemporaryDirectory() as home:
        started = [
            subprocess.Popen(
                [outreach, "serve", "--port", str(ours), "--no-browser"],
                stdout=subprocess.DEVNULL,
                env=os.environ | {"OUTREACH_HOME": home},
            ),
            subprocess.Popen([sys.executable, __file__, "--bare", str(bare)], stdout=subprocess.DEVNULL),
        ]
        try:
            wait_for(ours)
            wait_for(bare)
            product, floor = Asked(ours), Asked(bare)
            for n in range(rounds + 50):
                for page in pages:
                    floor.get("/", n >= 50)
                    product.get(page, n >= 50)
        finally:
            for process in started:
                process.terminate()
                process.wait()
    return product, floor


def measure(pages: list[str], rounds: int) -> bool:
    product, floor = asked(pages, rounds)
    print(f"{'page':28}{'bytes':>9}{'median':>11}{'ratio':>8}{'fast tenth':>13}{'ratio':>8}")
    bare_median, bare_quick = floor.median("/"), floor.quick("/")
    row(f"{'bare Flask and Jinja':28}{floor.sizes['/']:9,}", bare_median, 1, bare_quick, 1)
    within = True
    for page in pages:
        median, quick = product.median(page), product.quick(page)
        within &= median / bare_median <= MOST
        row(f"{page:28}{product.sizes[page]:9,}", median, median / bare_median, quick, quick / bare_quick)
    print(f"At most {MOST:.0f} times the bare page, by the medians: {'yes' if within else 'NO'}")
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1):
        print("Other programs wanted the processors too. That holds a longer answer up more often: run it again alone.")
    return within


def row(name: str, median: float, ratio: float, quick: float, quick_ratio: float) -> None:
    print(f"{name}{median * 1000:8.2f} ms{ratio:8.2f}{quick * 1000:10.2f} ms{quick_ratio:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a guide page beside a bare page.")
    parser.add_argument("--rounds", type=int, default=2000, help="requests a page")
    parser.add_argument("--page", action="append", help="an address to measure; may be given again")
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        serve_bare(given.bare)
        return
    sys.exit(0 if measure(given.page or list(PAGES), given.rounds) else 1)


if __name__ == "__main__":
    main()
