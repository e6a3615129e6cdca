"""An order as sheets for a browser's own print: each different sheet once, and how often it is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.core.cards import CardDoesNotFit, Placed, Printable, PrintRefused, sheets_of
from outreach.core.refusal import N_, Refusal
from outreach.printing import fonts
from outreach.printing.browser_page import BrowserPage, browser_page
from outreach.printing.filling import css_mm
from outreach.printing.fitting import SMALL
from outreach.printing.job import Design, PrintJob
from outreach.printing.placing import Rectangle, css_page, css_place, cut_lines
from outreach.printing.press import Press


class FileNotLoaded(PrintRefused):
    sentence = N_(
        "The card {card} in {language} was not printed: a picture or a font of it could not be loaded. "
        "Load this page again."
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper, and how many like it an order takes."""

    placed: tuple[Placed, ...]
    times: int


@dataclass(frozen=True, slots=True)
class BrowserFace:
    """One side of one design. `small` is the size in points below which its words are worth more room."""

    n: int
    side: str
    design: Design
    page: BrowserPage

    @property
    def name(self) -> str:
        return f"{self.n}-{self.side}"

    @property
    def small(self) -> float:
        return self.page.sizes[0] + SMALL

    @property
    def may_be_cut(self) -> bool:
        """Whether a word may go on below, when nothing else is left."""
        return self.design.scripts == fonts.CUT_ANYWHERE

    def does_not_fit(self, layout: str) -> Refusal:
        """Why it is refused, with a place for the words that the browser finds."""
        about = {"card": self.design.card, "language": self.design.language}
        return CardDoesNotFit(layout=layout, floor=f"{self.page.sizes[0]:g}", words="{words}", **about)

    @property
    def not_loaded(self) -> Refusal:
        return FileNotLoaded(card=self.design.card, language=self.design.language)


@dataclass(frozen=True, slots=True)
class BrowserSheets:
    job: PrintJob
    faces: dict[tuple[Printable, str], BrowserFace]
    sheets: tuple[Sheet, ...]

    def find(self, n: int, side: str) -> BrowserFace | None:
        return next((each for each in self.faces.values() if (each.n, each.side) == (n, side)), None)

    def on(self, sheet: Sheet, side: str) -> Iterator[tuple[int, BrowserFace]]:
        """The faces on one side of a sheet by slot; a card without a back has none on a sheet that has one."""
        for each in sheet.placed:
            if face := self.faces.get((each.printable, side)):
                yield each.slot, face

    @property
    def has_codes(self) -> bool:
        return any(each.qr_text for each in self.job.designs.values())

    @property
    def cut_lines(self) -> list[Rectangle]:
        """In millimetres from the paper's upper left corner; none on stock that is cut already."""
        return [] if self.job.layout.die_cut else list(cut_lines(self.job.layout))

    def css(self) -> str:
        """The paper, and the place of every face on it."""
        layout = self.job.layout
        paper, label = (tuple(map(css_mm, each)) for each in (layout.paper_size, layout.label))
        rules = [
            f"@page{{size:{paper[0]} {paper[1]};margin:0}}",
            f".view{{--paper-width:{paper[0]};--paper-height:{paper[1]};"
            f"aspect-ratio:{paper[0].removesuffix('mm')}/{paper[1].removesuffix('mm')}}}",
            # A pixel more, as a frame is cut to whole ones.
            f".face{{width:calc({label[0]} + 1px);height:calc({label[1]} + 1px)}}",
            f".face.turned{{width:calc({label[1]} + 1px);height:calc({label[0]} + 1px)}}",
        ]
        rules += [f".{side} .marks{{transform:{css_page(self.job, side)}}}" for side in self.job.sides]
        places = {
            (side, slot, face.page.turned): None
            for sheet in self.sheets
            for side in self.job.sides
            for slot, face in self.on(sheet, side)
        }
        for side, slot, turned in places:
            which = f".{side} .slot-{slot}" + (".turned" if turned else ":not(.turned)")
            rules.append(f"{which}{{transform:{css_place(self.job, side, slot, turned)}}}")
        return "\n".join(rules)


def browser_sheets(press: Press, job: PrintJob, font_address: Callable[[Path], str]) -> BrowserSheets:
    """Everything that a browser prints, or the refusals that can be known before anything is drawn."""
    filled = press.fill(job)
    numbers = {printable: n for n, printable in enumerate(job.order.printables)}
    faces = {}
    for design, side in job.faces():
        key = design.printable, side
        page = browser_page(job.layout, design, filled[key], font_address)
        faces[key] = BrowserFace(numbers[design.printable], side, design, page)
    sheets = Counter(sheets_of(job.order, job.layout))
    return BrowserSheets(job, faces, tuple(Sheet(placed, times) for placed, times in sheets.items()))
