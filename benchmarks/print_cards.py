"""How long an order takes, by the press and as one WeasyPrint document of the same cards.

Every figure comes from a process of its own: 10, 1,000 and 10,000 cards by the press, and 1,000 cards as one document
that lays every card out. "work" starts when the drawing libraries are loaded; "whole" is the process from start to end.

    python benchmarks/print_cards.py            all, a few minutes, nearly all of it the one document
    python benchmarks/print_cards.py --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from outreach.content.layouts import read_layouts
from outreach.content.printables import read_cards
from outreach.core.cards import Copies, Order, sheets_of
from outreach.core.languages import SOURCE
from outreach.home import Home
from outreach.printing.fonts import NO_FONTCONFIG
from outreach.printing.job import PrintJob
from outreach.printing.press import Press
from outreach.services.cards import design
from outreach.services.program import Program

LAYOUT = "avery-5371"


def a_job(copies: int) -> PrintJob:
    home = Home(Path("/nonexistent"))
    program, folder = Program(home), read_cards(home)["response"]
    order = Order("response", (Copies(SOURCE, copies),), LAYOUT)
    words = {SOURCE: design(program, folder, program.source)}
    return PrintJob(folder.card, folder.folder, read_layouts(home)[LAYOUT], order, words)


def by_the_press(copies: int) -> dict[str, float]:
    """Render, prove, repeat and preview, as `outreach print` does."""
    job = a_job(copies)
    with Press() as press:
        assert press.refusal() is None
        began = time.perf_counter()
        printed = press.print(job)
        return {"work": time.perf_counter() - began, "size": len(printed.pdf), "sheets": printed.sheets}


def as_one_document(copies: int) -> dict[str, float]:
    """The same template, style, fonts and code, every card laid out by WeasyPrint where it goes on its sheet.

    The text size is given, not searched for, and nothing is proved: the comparison leans towards this way.
    """
    warnings.simplefilter("ignore")
    from weasyprint import CSS, HTML

    from outreach.core.layouts import SAFE_EDGE
    from outreach.printing.render import Renderer, _Drawing, css_mm

    job = a_job(copies)
    renderer = Renderer()
    began = time.perf_counter()
    size = 7.0
    bodies, sheets = {}, []
    for side in job.card.sides:
        drawing = _Drawing(renderer, job, job.designs[SOURCE], side)
        html = drawing._html(tight=False)
        start = html.index("<body")
        bodies[side] = html[start : html.index("</body>")].replace("<body", "<div data-body").strip() + "</div>"
        bodies[side] = bodies[side].replace('class="', 'class="card ', 1)
    label = [css_mm(each) for each in job.layout.label]
    for placed in sheets_of(job.order, job.layout):
        for side in job.card.sides:
            cards = []
            for each in placed:
                slot = job.layout.back_of(each.slot) if side == "back" else each.slot
                x, y = (css_mm(edge) for edge in job.layout.corner(slot))
                turn = "rotate(-90deg) translateX(-100%)" if side == "front" else "rotate(90deg) translateY(-100%)"
                cards.append(
                    f'<div style="position:absolute;left:0;top:0;width:{label[1]};height:{label[0]};'
                    f'transform-origin:0 0;transform:translate({x},{y}) {turn}">{bodies[side]}</div>'
                )
            sheets.append(
                f'<section style="position:relative;height:279mm;break-after:page">{"".join(cards)}</section>'
            )
    own = (job.folder / "card.css").read_text(encoding="utf-8").replace("body {", ".card {")
    given = {"width": label[1], "height": label[0], "safe": css_mm(SAFE_EDGE), "smallest": "6.5pt"}
    style = CSS(
        string=f"{drawing.font_css}@page{{size:letter;margin:0}}:root{{font-size:{size}pt;"
        + "".join(f"--{name}:{value};" for name, value in given.items())
        + f"}}{own}",
        font_config=renderer.font_config,
        url_fetcher=drawing.fetcher,
    )
    page = f'<!DOCTYPE html><html lang="en" class="latin">{"".join(sheets)}'
    pdf = HTML(string=page, url_fetcher=drawing.fetcher).write_pdf(
        font_config=renderer.font_config, stylesheets=[style]
    )
    target = os.environ.get("OUTREACH_BENCH_PDF")
    if target:
        Path(target).write_bytes(pdf)
    return {"work": time.perf_counter() - began, "size": len(pdf), "sheets": len(sheets) / 2}


WAYS = {"press": by_the_press, "document": as_one_document}


def measured(way: str, copies: int, rounds: int) -> dict[str, float]:
    """Medians over cold processes without a system font."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        no_fonts = Path(folder) / "fonts.conf"
        no_fonts.write_text(NO_FONTCONFIG, encoding="utf-8")
        env = os.environ | {"FONTCONFIG_FILE": str(no_fonts)}
        for _ in range(rounds):
            began = time.perf_counter()
            command = [sys.executable, __file__, "--one", way, str(copies)]
            ran = subprocess.run(command, capture_output=True, check=True, env=env)
            found.append(json.loads(ran.stdout) | {"whole": time.perf_counter() - began})
    return {key: statistics.median(each[key] for each in found) for key in found[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the printing of cards.")
    parser.add_argument("--rounds", type=int, default=3, help="cold processes for each of the press's figures")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(WAYS[asked.one[0]](int(asked.one[1]))))
        return
    print(f"{'':28}{'work':>9}{'whole':>9}{'file':>12}{'sheets':>8}")
    rows = {}
    for way, copies in (("press", 10), ("press", 1_000), ("press", 10_000), ("document", 1_000)):
        row = rows[way, copies] = measured(way, copies, asked.rounds if way == "press" else 1)
        name = f"{copies:,} cards, {'the press' if way == 'press' else 'one document'}"
        kilobytes = row["size"] / 1000
        print(f"{name:28}{row['work']:8.2f}s{row['whole']:8.2f}s{kilobytes:9.1f} kB{row['sheets']:8.0f}", flush=True)
    ten, thousand, many, document = rows.values()
    for measure in ("work", "whole"):
        print(
            f"{measure}: 1,000 cards {document[measure] / thousand[measure]:.0f} times faster than one document; "
            f"10,000 cards take {many[measure] / ten[measure]:.2f} times the time of 10"
        )
    print(f"file: 1,000 cards {document['size'] / thousand['size']:.0f} times smaller than one document")


if __name__ == "__main__":
    main()
