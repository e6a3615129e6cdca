"""One side of a card in one language, drawn by WeasyPrint with the largest words that fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from outreach.core.cards import CardDoesNotFit
from outreach.printing import fonts
from outreach.printing.closed import OwnFilesOnly, heard
from outreach.printing.filling import Filler, css_mm, lengths
from outreach.printing.fitting import (
    BESIDE,
    COMFORTABLE,
    SMALL,
    Misfit,
    comfortable_size,
    is_turned,
    largest,
    lost,
    misfit,
)
from outreach.printing.job import Design, PrintJob
from outreach.printing.refusals import DesignMistake, FontMissing

KEPT = 24  # faces that a worker remembers: more copies of a card, or another place to start, cost no drawing


@dataclass(frozen=True, slots=True)
class Face:
    """One laid-out side; `size` is that of its words in points, `turned` that it lies on the sheet turned by 90°."""

    size: float
    turned: bool
    document: Document


class Renderer:
    """Draws faces one after another. One font configuration for its life: each one costs memory that never returns."""

    def __init__(self) -> None:
        self.font_config = FontConfiguration()
        self.filler = Filler()
        self._kept: dict[object, Face] = {}

    def face(self, job: PrintJob, design: Design, side: str) -> Face:
        """The side with the largest words that fit, or a refusal; drawn again only when a word or file changed."""
        files = sorted((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in design.folder.iterdir())
        key = (*files, job.layout.label, job.layout.safe_edge, repr(design), side)
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = self._draw(job, design, side)
        return self._kept[key]

    def _draw(self, job: PrintJob, design: Design, side: str) -> Face:
        drawing = _Drawing(self, job, design, side)
        with heard(design.card, design.language):
            answer = drawing.largest()
            if not answer or answer[1] < drawing.floor + SMALL:
                # Tried once more with the smallest code, and less of whatever else can give way: words come first.
                tight = drawing.largest(tight=True)
                if tight and (not answer or tight[1] > answer[1]):
                    answer = tight
            if not answer and design.scripts == fonts.CUT_ANYWHERE:
                answer = drawing.in_pieces()
        if isinstance(answer, Misfit):
            raise CardDoesNotFit(layout=job.layout.id, floor=f"{drawing.floor:g}", words=answer.words, **drawing.about)
        document, size = answer
        return Face(size, drawing.turned, document)


class _Drawing:
    """One face while it is being fitted."""

    def __init__(self, renderer: Renderer, job: PrintJob, design: Design, side: str) -> None:
        self.renderer, self.job, self.design, self.side = renderer, job, design, side
        self.about = {"card": design.card, "language": design.language}
        self.floor = fonts.floor(design.scripts)
        self.turned, self.comfortable = False, COMFORTABLE
        try:
            files = fonts.font_files(design.scripts)
        except fonts.NoFont as missing:
            raise FontMissing(font=missing, **self.about) from None
        self.font_css = fonts.font_css(files)
        self.fetcher = OwnFilesOnly(design.folder, files.values())

    def largest(self, *, tight: bool = False) -> tuple[Document, float] | Misfit:
        html = self._parsed(tight)
        return largest(partial(self._lay, html), self.floor, self.comfortable)

    def _parsed(self, tight: bool) -> HTML:
        base = self.design.folder.resolve().as_uri() + "/"
        filled = self.renderer.filler.html(self.job.layout, self.design, self.side, tight=tight)
        html = HTML(string=filled, base_url=base, url_fetcher=self.fetcher)
        root = html.etree_element.attrib
        self.turned = is_turned(self.job.layout, root)
        try:
            self.comfortable = comfortable_size(root, self.floor)
        except ValueError:
            raise DesignMistake(why="data-comfortable is not a number of points", **self.about) from None
        return html

    def in_pieces(self) -> tuple[Document, float] | Misfit:
        """The last way out, for a word that is longer than its line even in the smallest letters: it goes on below."""
        document, wrong = self._lay(self._parsed(tight=True), self.floor, "*{overflow-wrap:break-word;hyphens:auto}")
        return (document, self.floor) if wrong is None else wrong

    def _lay(self, html: HTML, size: float, more: str = "") -> tuple[Document, Misfit | None]:
        safe = self.job.layout.safe_edge
        width, height = (css_mm(each) for each in self.job.layout.label)
        if self.turned:
            width, height = height, width
        variables = lengths(self.job.layout, self.turned, self.floor)
        variables += f"--beside:{max(self.floor, size * BESIDE):g}pt;"
        sheet = (
            f"{self.font_css}@page{{size:{width} {height} !important;margin:0 !important}}"
            f":root{{font-size:{size}pt !important;{variables}}}*{{bookmark-level:none !important}}{more}"
        )
        font_config = self.renderer.font_config
        style = CSS(string=sheet, font_config=font_config, url_fetcher=self.fetcher)
        document = html.render(font_config=font_config, stylesheets=[style])
        pages = [page._page_box for page in document.pages]
        wrong = misfit(pages, float(safe), self.floor)
        return document, lost(pages, html.etree_element) if wrong is None else wrong
