"""Documents on paper: blocks set by WeasyPrint as tagged pages that a screen reader can read."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from outreach.printing import fonts
from outreach.printing.closed import OwnFilesOnly, heard
from outreach.printing.document import Block, Document
from outreach.printing.refusals import FontMissing

# Black carries everything: these pages are copied and faxed. Figures stand under one another in one column.
STYLE = """@page { size: %(paper)s; margin: 18mm 18mm 20mm;
  @bottom-center { content: %(foot)s; font-size: 8.5pt }
  @top-center { content: %(mark)s; font-weight: 700; font-size: 9pt; letter-spacing: .1em } }
body { margin: 0; font-size: 10.5pt; line-height: 1.4 }
:lang(ar), :lang(fa), :lang(my), :lang(km) { line-height: 1.65 }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 4mm }
h2 { font-size: 13pt; line-height: 1.3; margin: 7mm 0 2mm; break-after: avoid }
p { margin: 0 0 3mm }
h2 + p, p.caption { break-after: avoid }
p.caption { font-weight: 700; margin: 0 0 1mm }
p.lead { font-size: 13pt; margin-bottom: 5mm }
p.note { font-size: 8.5pt; color: #333; margin: 0 0 2mm }
table { border-collapse: collapse; width: 100%%; margin: 0 0 4mm; font-size: 9.5pt }
thead { display: table-header-group }
tr, table.short { break-inside: avoid }
td small, th small { font-size: 8.5pt; color: #333 }
th, td { text-align: start; vertical-align: top; padding: 1.1mm 2mm 1.1mm 0; font-weight: 400;
  border-bottom: .3pt solid #777 }
thead .n { white-space: normal }
.n + :not(.n) { padding-inline-start: 3mm }
thead th { font-weight: 700; border-bottom: 1pt solid #000; vertical-align: bottom }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-inline-start: 3mm }
figure { margin: 2mm 0 5mm; break-inside: avoid }
figure svg { width: 100%%; height: auto }
.wall { text-align: center }
.wall h1 { font-size: 32pt; margin: 2mm 0 4mm }
.wall .lead { font-size: 15pt; margin-bottom: 6mm }
.wall .note { font-size: 16pt; font-weight: 700; color: #000; margin: 5mm 0 0 }
.big { break-inside: avoid; text-align: center; margin: 0 0 9mm }
.big b { display: block; font-size: 72pt; line-height: 1.1; color: #0A5F5B }
.big span { font-size: 20pt; line-height: 1.3 }
.many .big { display: inline-block; vertical-align: top; width: 46%%; min-height: 36mm; margin: 0 1.9%%; padding: 3mm 0;
  border-top: 1.5pt solid #0A5F5B }
.many .big b { font-size: 50pt }
.many .big span { font-size: 14pt }
"""

WALL = {"title", "lead", "big", "note"}
"""What a poster is made of; with anything else in it, a document is to be read."""
SHORT = 15
"""A table of so many rows at most is not broken over two pages."""


def draw(document: Document, font_config: FontConfiguration) -> bytes:
    """The document as a PDF: the same blocks give the same bytes; no time, no author, no path."""
    about = (document.title, document.language)
    try:
        files = fonts.font_files(document.scripts)
    except fonts.NoFont as missing:
        raise FontMissing(card=about[0], language=about[1], font=missing) from None
    fetcher = OwnFilesOnly(Path(__file__).parent / "none", files.values())
    with heard(*about):
        html = HTML(string=html_of(document, fonts.font_css(files)), url_fetcher=fetcher)
        return bytes(html.write_pdf(font_config=font_config, pdf_tags=True, finisher=_plain_about(document)))


def _plain_about(document: Document) -> Callable[[Any, Any], None]:
    def finish(_document: Any, pdf: Any) -> None:
        import pydyf

        pdf.info.clear()
        pdf.info["Title"] = pydyf.String(document.title)
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})

    return finish


def html_of(document: Document, font_css: str = "") -> str:
    """The document as one page of HTML."""
    mark = '"' + "".join(each for each in document.mark if each.isalnum() or each == " ") + '"'
    figures = sum(block.kind == "big" for block in document.blocks)
    for_wall = figures and {block.kind for block in document.blocks} <= WALL
    foot = "none" if for_wall else 'counter(page) " / " counter(pages)'
    style = STYLE % {"paper": document.paper, "mark": mark, "foot": foot}
    # On a wall all of it is one page: more than three figures stand in two columns.
    wall = f' class="wall{" many" if figures > 3 else ""}"' if for_wall else ""
    body = "".join(map(_block, document.blocks))
    return (
        f'<!DOCTYPE html><html lang="{escape(document.language)}" dir="{document.direction}"><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{font_css}{style}</style><body{wall}>{body}</body></html>"
    )


def _block(block: Block) -> str:
    lang = f' lang="{escape(block.lang)}" dir="auto"' if block.lang else ""
    text = escape(block.text)
    if block.kind == "table":
        return _table(block, lang)
    if block.kind == "chart":
        # Drawn by our own code with every text escaped; what it shows stands in the table after it.
        return f'<figure role="img" aria-label="{text}">{block.svg}</figure>'
    if block.kind == "big":
        return f'<p class="big"{lang}><b>{text}</b> <span>{escape(block.rows[0][0])}</span></p>'
    element = {"title": "h1", "heading": "h2"}.get(block.kind, "p")
    named = f' class="{block.kind}"' if element == "p" and block.kind != "text" else ""
    return f"<{element}{named}{lang}>{text}</{element}>"


def _table(block: Block, lang: str) -> str:
    def cell(element: str, i: int, text: str) -> str:
        figure = ' class="n"' if i in block.numbers else ""
        scope = {"th": ' scope="row"', "thead": ' scope="col"'}.get(element, "")
        first, *more = map(escape, text.split("\n"))
        under = "".join(f"<br><small>{line}</small>" for line in more)
        return f"<{element.replace('ead', '')}{scope}{figure}>{first}{under}</{element.replace('ead', '')}>"

    head = "".join(cell("thead", i, text) for i, text in enumerate(block.heads))
    rows = "".join(
        "<tr>" + "".join(cell("td" if i else "th", i, text) for i, text in enumerate(row)) + "</tr>"
        for row in block.rows
    )
    short = ' class="short"' if len(block.rows) <= SHORT else ""
    return f"<table{lang}{short}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
