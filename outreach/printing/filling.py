"""A design's words in its template: one side of a card as HTML, before anything is drawn.

Knows nothing of WeasyPrint: a computer without it fills the same templates for its browser.
"""

from __future__ import annotations

import _thread
import base64
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from html import escape
from traceback import extract_tb

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from outreach.core.layouts import Layout, length
from outreach.printing import qr
from outreach.printing.job import Design
from outreach.printing.refusals import CodeDoesNotFit, DesignMistake

TEMPLATE = "card.html"
LIMIT = 8.0
"""Seconds. A template that ships takes a hundredth; one that loops is refused with its line before anybody gives up."""
PX_PER_MM = 96 / 25.4
FAULTS = (
    TemplateError,
    OSError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Image:
    """An SVG as an `<img>` that a template can print; the drawing is ours, so it is not escaped."""

    def __init__(self, svg: str, attributes: str = "", alternative: str = "") -> None:
        data = base64.b64encode(svg.encode()).decode()
        self._html = f'<img alt="{escape(alternative)}" {attributes} src="data:image/svg+xml;base64,{data}">'

    def __html__(self) -> str:
        return self._html


class CodeImage(Image):
    """A code, with the sizes that a style sheet needs: `side` is its dark square, `quiet` the white around it."""

    def __init__(self, code: qr.Code, text: str) -> None:
        self.side, self.quiet = css_mm(code.side), css_mm(code.quiet)
        white = float(code.quiet) * PX_PER_MM
        super().__init__(code.svg, f'data-quiet="{white:.3f}" style="width:{self.side};height:{self.side}"', text)


class Filler:
    """Fills templates one after another, in a sandbox: a template reads its words, and nothing of this computer."""

    def __init__(self) -> None:
        self.environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)

    def html(self, layout: Layout, design: Design, side: str, *, tight: bool = False) -> str:
        """The whole page of one side; `tight` asks for the smallest code. Refuses with the template's line."""
        about = {"card": design.card, "language": design.language}

        def code(room: str) -> CodeImage | None:
            if not design.qr_text:
                return None
            made = qr.code_for(design.qr_text, length(room), small=tight)
            if made is None:
                raise CodeDoesNotFit(room=room.removesuffix("mm"), most=qr.holds(length(room)), **about)
            return CodeImage(made, design.qr_text)

        try:
            source = (design.folder / TEMPLATE).read_text(encoding="utf-8")
            with _no_longer_than(LIMIT):
                return self.environment.from_string(source).render(
                    design.context,
                    side=side,
                    tight=tight,
                    language=design.language,
                    direction=design.direction,
                    scripts=design.scripts,
                    code=code,
                    picture=Image,
                    short_side=float(min(layout.label)),
                )
        except TooLong as fault:
            raise DesignMistake(why=f"{_place(fault)}: it was not filled in {LIMIT:g} seconds", **about) from None
        except FAULTS as fault:
            raise DesignMistake(why=f"{_place(fault)}: {str(fault) or type(fault).__name__}", **about) from fault


class TooLong(Exception):
    """A template that is still being filled when its time is over."""


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    """Interrupt the main thread, in which templates are filled, as Ctrl+C would: there is no other way everywhere."""
    over = threading.Event()

    def end() -> None:
        over.set()
        _thread.interrupt_main()

    def interrupted(_signal: int, _frame: object) -> None:
        raise TooLong() if over.is_set() else KeyboardInterrupt()

    before = signal.signal(signal.SIGINT, interrupted)
    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def _place(fault: BaseException) -> str:
    """Where in the template a fault is; Jinja puts the template's own lines into the traceback."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{TEMPLATE}, line {fault.lineno}"
    lines = [frame.lineno for frame in extract_tb(fault.__traceback__) if frame.filename == "<template>"]
    return f"{TEMPLATE}, line {lines[-1]}" if lines else TEMPLATE


def lengths(layout: Layout, turned: bool, floor: float) -> str:
    """The lengths that every style sheet of a card may use, as CSS."""
    width, height = map(css_mm, layout.label)
    if turned:
        width, height = height, width
    given = {"width": width, "height": height, "safe": css_mm(layout.safe_edge), "smallest": f"{floor}pt"}
    return "".join(f"--{name}:{value};" for name, value in given.items())


def css_mm(millimetres: Fraction) -> str:
    """An exact length as CSS, without a float or a locale in between."""
    whole, rest = divmod(round(millimetres * 100_000), 100_000)
    return f"{whole}.{rest:05}".rstrip("0").rstrip(".") + "mm"
