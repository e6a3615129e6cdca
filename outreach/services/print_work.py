"""An order while it is being made: how far it is, how it ended, and the way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

from outreach.core.cards import PrintingNotPossible
from outreach.core.refusal import Refusal
from outreach.core.sheets import ClosedSheet
from outreach.printing.job import Printed, PrintJob
from outreach.printing.press import Press, Progress
from outreach.printing.refusals import PartMissing, PrintStopped
from outreach.services.browser_sheets import BrowserSheets, browser_sheets


class PrintWork:
    """Begins at once, in a thread of its own. One of `printed` and `refusal` is there once it is `done`."""

    def __init__(self, press: Press, job: PrintJob) -> None:
        self.job, self.order = job, job.order
        self.progress = Progress()
        self.progress.faces = len(list(job.faces()))
        self.printed: Printed | None = None
        self.refusal: Refusal | None = None
        self.once = Lock()
        self.stocked: ClosedSheet | None = None
        """What was saved when someone said that the cards had printed; held under `once`."""
        self._press = press
        self._sheets: BrowserSheets | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.printed = self._press.print(self.job, self.progress)
        except Refusal as refusal:
            self.refusal = refusal
        except Exception:
            self.refusal = Refusal()  # no traceback reaches a person, and none is written down

    @property
    def done(self) -> bool:
        return bool(self.printed or self.refusal)

    def wait(self, seconds: float) -> bool:
        """Whether it was done within that time."""
        self._thread.join(seconds)
        return self.done

    def stop(self) -> None:
        """End it now, also while it waits for another one; it is refused then. One that is done stays done."""
        if not self.done:
            self.refusal = PrintStopped()
            self.progress.stop()

    @property
    def not_here(self) -> Refusal | None:
        """Why this computer cannot draw any card at all, so that its browser has to print them."""
        return self.refusal if isinstance(self.refusal, PrintingNotPossible | PartMissing) else None

    @property
    def english_backs(self) -> set[str]:
        """The languages whose cards repeat their front in English on the back, and leave out what else stands there."""
        backs = {each.language: each.context.get("back") for each in self.job.designs.values() if "back" in each.sides}
        return {str(tag) for tag, back in backs.items() if back and back["kind"] == "english"}

    def for_browser(self, font_address: Callable[[Path], str]) -> BrowserSheets:
        """The same order for a browser's own print."""
        if self._sheets is None:
            self._sheets = browser_sheets(self._press, self.job, font_address)
        return self._sheets
