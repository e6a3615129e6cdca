"""The same card in other hands: WeasyPrint as one document, Chromium, ReportLab and Typst, each in its own process.

`print_cards.py` lays the card into a folder first: `card.json` with its English words, pictures, code and places,
`front.html`, `back.html` and `card.css` as the press fills them, and its two fonts. Nothing here imports outreach, so
nobody waits for it. Everyone gets our words, pictures, code, fonts, size of the words, stock and mirrored backs. What
they leave out:

    all          the search for the largest words that fit (the size is given), refusals, codes read back, white edges
    document     nothing else: our template and style, each card laid out where it lies on its sheet
    chromium     nothing else: the same page, printed by the browser
    reportlab    lines that no word may leave, kerning; steps share the height evenly
    typst        lines that no word may leave; steps share the height evenly; tags, as our repeated sheets have none

ReportLab and Typst are timed twice: once as their manuals teach for what repeats (a form, an image of the card as PDF;
the file holds it once), and once with every card drawn anew.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MM = 72 / 25.4
TITLE, SMALL, LINE = 1.5, 6.5, 1.18  # the title and the height of a line as parts of the size, the smallest words

Card = dict[str, Any]
Way = Callable[[Card, Path, int, Path], float]
"""Card, its folder, sheets and the file to write; the answer is seconds of work without imports."""


def as_one_page(card: Card, folder: Path, sheets: int) -> str:
    """Every card of the order in one HTML page."""
    turns = {"front": "rotate(-90deg) translateX(-100%)", "back": "rotate(90deg) translateY(-100%)"}
    sheet = ""
    for side, slots in card["slots"].items():
        html = (folder / f"{side}.html").read_text(encoding="utf-8")
        body = html[html.index("<body") : html.index("</body>")].replace("<body", "<div", 1).strip() + "</div>"
        body = body.replace('class="', 'class="card ', 1)
        cards = [f'<div class="slot" style="transform:translate({x}mm,{y}mm) {turns[side]}">{body}' for x, y in slots]
        sheet += f"<section>{'</div>'.join(cards)}</div></section>"
    faces = "".join(
        f'@font-face{{font-family:"Noto Sans";font-weight:{weight};src:url("{(folder / font).as_uri()}")}}'
        for font, weight in (("fonts/regular.ttf", 400), ("fonts/bold.ttf", 700))
    )
    wide, high = f"{card['wide']}mm", f"{card['high']}mm"
    style = (
        f'{faces}@page{{size:letter;margin:0}}:root{{font-family:"Noto Sans";font-size:{card["size"]}pt;'
        f"--width:{wide};--height:{high};--safe:{card['safe']}mm;--smallest:{SMALL}pt}}"
        f"{(folder / 'card.css').read_text(encoding='utf-8').replace('body {', '.card {')}"
        "section{position:relative;height:279mm;break-after:page}section:last-child{break-after:auto}"
        f".slot{{position:absolute;left:0;top:0;width:{wide};height:{high};transform-origin:0 0}}"
    )
    head = f'<!DOCTYPE html><html lang="en" class="latin"><meta charset="utf-8"><style>{style}</style>'
    return head + sheet * sheets


def document(card: Card, folder: Path, sheets: int, target: Path) -> float:
    warnings.simplefilter("ignore")
    from weasyprint import HTML

    began = time.perf_counter()
    HTML(string=as_one_page(card, folder, sheets)).write_pdf(target)
    return time.perf_counter() - began


def chromium(card: Card, folder: Path, sheets: int, target: Path) -> float:
    assert CHROMIUM
    began = time.perf_counter()
    page = target.with_suffix(".html")
    page.write_text(as_one_page(card, folder, sheets), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/user"]
    # A browser without one font of the system does not start.
    own = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    command = [CHROMIUM, *flags, f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, env=own)
    return time.perf_counter() - began


def reportlab(card: Card, folder: Path, sheets: int, target: Path, *, anew: bool) -> float:
    from reportlab.graphics import renderPDF
    from reportlab.lib.pagesizes import LETTER
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph
    from svglib.svglib import svg2rlg

    began = time.perf_counter()
    for font in ("regular", "bold"):
        pdfmetrics.registerFont(TTFont(font, folder / f"fonts/{font}.ttf"))
    canvas = Canvas(str(target), pagesize=LETTER, pageCompression=1)
    wide, high, safe, size = card["wide"] * MM, card["high"] * MM, card["safe"] * MM, card["size"]
    every = {step["picture"] for told in card["sides"].values() for step in told["steps"]} - {""}
    drawings = {svg: svg2rlg(io.StringIO(svg.replace("currentColor", "#000"))) for svg in every}

    def words(text: str, left: float, top: float, right: float, points: float, font: str = "regular") -> float:
        """Words from their top down; the answer is where they end."""
        style = ParagraphStyle("", fontName=font, fontSize=points, leading=points * LINE)
        paragraph = Paragraph(text, style)
        end = top - paragraph.wrap(right - left, high)[1]
        paragraph.drawOn(canvas, left, end)
        return end

    def draw(side: str) -> None:
        told, code = card["sides"][side], card["code"]
        module, edge = code["module"] * MM, wide - safe
        dark = edge - code["modules"] * module
        beside = dark - 4 * module if told["says"] else edge
        end = words(told["title"], safe, high - safe, beside, size * TITLE, "bold")
        if told["says"]:
            words(told["says"], safe, end, beside, SMALL)
            for x, y, run in code["runs"]:
                canvas.rect(dark + x * module, high - safe - (y + 1) * module, run * module, module, stroke=0, fill=1)
        if told["foot"]:
            words(told["foot"], safe, safe + 8, edge, SMALL)
            canvas.line(safe, safe + 10, edge, safe + 10)
        row = told["row"] * MM
        for n, step in enumerate(told["steps"]):
            middle, left = high - told["top"] * MM - (n + 0.5) * row, safe + 12
            words(str(n + 1), safe, middle + size, left, 1.7 * size, "bold")
            if step["picture"]:
                picture, drawing = row - 2, drawings[step["picture"]]
                canvas.saveState()
                canvas.translate(left, middle - picture / 2)
                canvas.scale(picture / drawing.width, picture / drawing.height)
                renderPDF.draw(drawing, canvas, 0, 0)
                canvas.restoreState()
                left += picture + 3
            lines = Paragraph(step["text"], ParagraphStyle("", fontName="regular", fontSize=size, leading=size * LINE))
            lines.drawOn(canvas, left, middle - lines.wrap(edge - left, row)[1] / 2)

    if not anew:
        for side in card["slots"]:
            canvas.beginForm(side, 0, 0, wide, high)
            draw(side)
            canvas.endForm()
    for _ in range(sheets):
        for side, slots in card["slots"].items():
            for x, y in ((x * MM, LETTER[1] - y * MM) for x, y in slots):
                canvas.saveState()
                canvas.transform(*((0, 1, -1, 0, x + high, y - wide) if side == "front" else (0, -1, 1, 0, x, y)))
                draw(side) if anew else canvas.doForm(side)
                canvas.restoreState()
            canvas.showPage()
    canvas.save()
    return time.perf_counter() - began


FACE = """
#let card = json("card.json")
#set text(font: "Noto Sans", size: card.size * 1pt, fallback: false)
#set par(leading: .35em)
#let face(side) = block(width: card.wide * 1mm, height: card.high * 1mm, inset: card.safe * 1mm, {
  let told = card.sides.at(side)
  let small(words) = text(size: 6.5pt, words)
  let beside = if told.says != "" { (card.code.modules + 4) * card.code.module * 1mm } else { 0mm }
  place(block(width: 100% - beside, {
    text(size: 1.5em, strong(told.title))
    if told.says != "" { linebreak(); small(told.says) }
  }))
  if told.says != "" {
    place(top + right, image(bytes(card.code.svg), format: "svg", width: card.code.modules * card.code.module * 1mm))
  }
  if told.foot != "" { place(bottom, { line(length: 100%, stroke: .25mm); small(told.foot) }) }
  place(dy: (told.top - card.safe) * 1mm, grid(
    columns: (4.2mm, auto, 1fr), rows: told.row * 1mm, align: horizon,
    ..told.steps.enumerate().map(((n, step)) => (
      text(size: 1.7em, strong(str(n + 1))),
      if step.picture == "" { none } else { pad(right: 1mm, image(bytes(step.picture), format: "svg",
        height: told.row * 1mm - 2pt)) },
      step.text,
    )).flatten(),
  ))
})
"""
ONE = (
    FACE
    + """
#set page(width: card.wide * 1mm, height: card.high * 1mm, margin: 0mm)
#face("front")
#pagebreak()
#face("back")
"""
)
SHEETS = """
#set page("us-letter", margin: 0mm)
#let drawn = (front: %s, back: %s)
#for _ in range(%d) {
  for (side, turn) in (("front", -90deg), ("back", 90deg)) {
    page(for (x, y) in card.slots.at(side) {
      place(dx: x * 1mm, dy: y * 1mm, rotate(turn, reflow: true, drawn.at(side)))
    })
  }
}
"""


def typst(card: Card, folder: Path, sheets: int, target: Path, *, anew: bool) -> float:
    from typst import compile as set_type

    began = time.perf_counter()
    ours: dict[str, Any] = {"font_paths": [folder / "fonts"], "ignore_system_fonts": True, "pdf_tags": False}
    if anew:
        whole = FACE + SHEETS % ('face("front")', 'face("back")', sheets)
    else:
        (folder / "one.typ").write_text(ONE, encoding="utf-8")
        set_type(folder / "one.typ", output=folder / "one.pdf", **ours)
        images = (f'image("one.pdf", page: {page}, height: card.high * 1mm)' for page in (1, 2))
        whole = '#let card = json("card.json")' + SHEETS % (*images, sheets)
    (folder / "sheets.typ").write_text(whole, encoding="utf-8")
    set_type(folder / "sheets.typ", output=target, **ours)
    return time.perf_counter() - began


WAYS: dict[str, tuple[str, tuple[str, ...], int, Way]] = {
    "document": ("WeasyPrint, one document", ("weasyprint",), 1_000, document),
    "chromium": ("Chromium, printed to PDF", ("chromium",), 1_000, chromium),
    "reportlab": ("ReportLab, card as a form", ("reportlab", "svglib"), 10_000, partial(reportlab, anew=False)),
    "reportlab-anew": ("ReportLab, drawn each time", ("reportlab", "svglib"), 10_000, partial(reportlab, anew=True)),
    "typst": ("Typst, card as an image", ("typst",), 10_000, partial(typst, anew=False)),
    "typst-anew": ("Typst, drawn each time", ("typst",), 10_000, partial(typst, anew=True)),
}
"""By name: what it is called, what it needs, the most copies it is asked for, and how it is done."""


def missing(way: str) -> str:
    """What a way needs and this computer does not have, or nothing."""
    have = {"chromium": CHROMIUM}
    lacks = (part for part in WAYS[way][1] if not have.get(part, importlib.util.find_spec(part)))
    return ", ".join(lacks)


if __name__ == "__main__":
    name, place, count, file = sys.argv[1:]
    told = json.loads((Path(place) / "card.json").read_text(encoding="utf-8"))
    print(json.dumps(WAYS[name][3](told, Path(place), int(count), Path(file))))
