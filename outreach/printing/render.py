"""One side of a card in one language, drawn by WeasyPrint from its own folder and nothing else."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from outreach.core.cards import CardDoesNotFit
from outreach.core.layouts import length
from outreach.printing import fonts, qr
from outreach.printing.fitting import PX_PER_MM, Misfit, largest, misfit
from outreach.printing.job import SAFE_EDGE, Design, PrintJob
from outreach.printing.refusals import CardReachesOut, CodeDoesNotFit, DesignMistake, FontMissing, LetterMissing

NOTDEF = ".notdef glyph"


class Reached(FatalURLFetchingError):
    """A card asked for an address that is not its own; ends the rendering at once."""


class OwnFilesOnly(URLFetcher):
    """Reads data: addresses, the files of one folder, and the fonts named; nothing else, whoever asks."""

    def __init__(self, folder: Path, files: Iterator[Path]) -> None:
        super().__init__(allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True)
        self.folder, self.files = folder.resolve(), {file.resolve() for file in files}

    def fetch(self, url: str, headers: Any = None) -> Any:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            file = Path(url2pathname(unquote(parts.path) if "%" in parts.path else parts.path)).resolve()
            if file in self.files or self.folder in file.parents:
                return super().fetch(url, headers)
        raise Reached(url)


class Heard(logging.Handler):
    """Keeps what WeasyPrint says; whatever it says, something on the card is not as it was meant."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Image:
    """An SVG as an `<img>` of a given size that a template can print; the drawing is ours, so it is not escaped."""

    def __init__(self, svg: str, attributes: str = "") -> None:
        data = base64.b64encode(svg.encode()).decode()
        self._html = f'<img alt="" {attributes} src="data:image/svg+xml;base64,{data}">'

    def __html__(self) -> str:
        return self._html


class CodeImage(Image):
    """A code with the sizes that a style sheet needs: `side` is its dark square, `quiet` the white around it."""

    def __init__(self, code: qr.Code) -> None:
        self.side, self.quiet = css_mm(code.side), css_mm(code.quiet)
        white = float(code.quiet) * PX_PER_MM
        super().__init__(code.svg, f'data-quiet="{white:.3f}" style="width:{self.side};height:{self.side}"')


@dataclass(frozen=True, slots=True)
class Face:
    """One laid-out side; `size` is that of its words in points, `portrait` that it stands upright."""

    language: str
    side: str
    size: float
    portrait: bool
    document: Document


class Renderer:
    """Draws faces one after another. One font configuration for its life: each one costs memory that never returns."""

    def __init__(self) -> None:
        self.font_config = FontConfiguration()
        self.environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)

    def face(self, job: PrintJob, design: Design, side: str) -> Face:
        """The side with the largest text that fits, or a refusal that names the words without room."""
        about = {"card": job.card.id, "language": design.language}
        try:
            found = fonts.font_files(design.scripts)
        except fonts.NoFont as missing:
            raise FontMissing(font=missing, **about) from None
        fetcher = OwnFilesOnly(job.folder, iter(found.values()))
        floor = fonts.floor(design.scripts)
        answer: tuple[Document, float] | Misfit = Misfit("")
        with heard(about, job.designs):
            for small in (False, True):
                html = self._html(job, design, side, small)
                answer = largest(partial(self._lay, job, html, fonts.font_css(found), fetcher, floor, about), floor)
                if not isinstance(answer, Misfit):
                    return Face(design.language, side, answer[1], answer[0])
        raise CardDoesNotFit(layout=job.layout.id, floor=f"{floor:g}", words=answer.words, **about)

    def _html(self, job: PrintJob, design: Design, side: str, small: bool) -> str:
        about = {"card": job.card.id, "language": design.language}

        def code(room: str) -> CodeImage | None:
            if not design.qr_text:
                return None
            made = qr.code_for(design.qr_text, length(room), small=small)
            if made is None:
                raise CodeDoesNotFit(room=room.removesuffix("mm"), **about)
            return CodeImage(made)

        try:
            source = (job.folder / "card.html").read_text(encoding="utf-8")
            return self.environment.from_string(source).render(
                design.context,
                side=side,
                language=design.language,
                direction=design.direction,
                scripts=design.scripts,
                code=code,
                picture=Image,
            )
        except (OSError, TemplateError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as problem:
            raise DesignMistake(why=str(problem) or type(problem).__name__, **about) from problem

    def _lay(
        self, job: PrintJob, html: str, font_css: str, fetcher: URLFetcher, floor: float, about: dict[str, str],
        size: float,
    ) -> tuple[Document, Misfit | None]:  # fmt: skip
        base = job.folder.resolve().as_uri() + "/"
        page = HTML(string=html, base_url=base, url_fetcher=fetcher)
        width, height = (css_mm(each) for each in upright(job.layout.label, page))
        sheet = (
            f"{font_css}@page{{size:{width} {height} !important;margin:0 !important}}"
            f":root{{font-size:{size}pt !important;--width:{width};--height:{height};--safe:{css_mm(SAFE_EDGE)};--smallest:{floor}pt}}"
        )
        try:
            style = CSS(string=sheet, font_config=self.font_config, url_fetcher=fetcher)
            document = page.render(font_config=self.font_config, stylesheets=[style])
        except Reached as reached:
            raise CardReachesOut(address=reached, **about) from None
        return document, misfit([page._page_box for page in document.pages], float(SAFE_EDGE), floor)


def upright(label,page):
    w,h=label
    return (h,w) if page.etree_element.get("data-portrait") is not None else (w,h)


def css_mm(millimetres: Fraction) -> str:
    """An exact length as CSS, without a float or a locale in between."""
    whole, rest = divmod(round(millimetres * 100_000), 100_000)
    return f"{whole}.{rest:05}".rstrip("0").rstrip(".") + "mm"


@contextmanager
def heard(about: dict[str, str], designs: Mapping[Any, Design]) -> Iterator[None]:
    """Refuse when WeasyPrint says anything at all while this lasts."""
    listener, log = Heard(), logging.getLogger("weasyprint")
    log.addHandler(listener)
    try:
        yield
    finally:
        log.removeHandler(listener)
    for record in listener.records:
        if NOTDEF in record.getMessage() and isinstance(record.args, tuple):
            letter = str(record.args[0])
            blamed = [tag for tag, design in designs.items() if letter in str(design.context)]
            language = blamed[0] if blamed else about["language"]
            raise LetterMissing(letter=letter, code=f"U+{ord(letter):04X}", **about | {"language": language})
        raise DesignMistake(why=record.getMessage(), **about)
