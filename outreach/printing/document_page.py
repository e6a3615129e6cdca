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
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 8.5pt }
  @top-center { content: %(mark)s; font-weight: 700; font-size: 9pt; letter-spacing: .1em } }
body { margin: 0; font-size: 10.5pt; line-height: 1.4 }
:lang(ar), :lang(fa), :lang(my), :lang(km) { line-height: 1.65 }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 4mm }
h2 { font-size: 13pt; line-height: 1.3; margin: 7mm 0 2mm; break-after: avoid }
p { margin: 0 0 3mm }
p.lead { font-size: 13pt; margin-bottom: 5mm }
p.note { font-size: 8.5pt; color: #333; margin: 0 0 2mm }
table { border-collapse: collapse; width: 100%%; margin: 0 0 4mm; font-size: 9.5pt }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { text-align: start; vertical-align: top; padding: 1.1mm 2mm 1.1mm 0; font-weight: 400;
  border-bottom: .3pt solid #777 }
thead th { font-weight: 700; border-bottom: 1pt solid #000; vertical-align: bottom }
.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; padding-inline-start: 3mm }
figure { margin: 2mm 0 5mm; break-inside: avoid }
figure svg { width: 100%%; height: auto }
.big { break-inside: avoid; text-align: center; margin: 8mm 0 }
.big b { display: block; font-size: 64pt; line-height: 1.1 }
.big span { font-size: 20pt; line-height: 1.3 }
"""


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
    style = STYLE % {"paper": document.paper, "mark": mark}
    body = "".join(map(_block, document.blocks))
    return (
        f'<!DOCTYPE html><html lang="{escape(document.language)}" dir="{document.direction}"><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{font_css}{style}</style><body>{body}</body></html>"
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
        return f"<{element.replace('ead', '')}{scope}{figure}>{escape(text)}</{element.replace('ead', '')}>"

    head = "".join(cell("thead", i, text) for i, text in enumerate(block.heads))
    rows = "".join(
        "<tr>" + "".join(cell("td" if i else "th", i, text) for i, text in enumerate(row)) + "</tr>"
        for row in block.rows
    )
    return f"<table{lang}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
